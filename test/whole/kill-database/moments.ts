// Counts the moments before and after each statement and each change of the directory, and dies at one of them.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import Database from 'better-sqlite3'
import pg from 'pg'

type Method = (this: unknown, ...args: unknown[]) => unknown

/**
 * @param dieAt number of the moment, from 1; 0 for none
 * @returns how many were passed
 */
export function countMoments(dieAt: number): () => number {
  let passed = 0
  const pass = () => {
    if (++passed === dieAt) process.kill(process.pid, 'SIGKILL')
  }
  const around = (owner: object, names: readonly string[]) => {
    const methods = owner as Record<string, Method>
    for (const name of names) {
      const method = methods[name]
      if (!method) throw new Error(`${name} is not there`)
      methods[name] = function (...args) {
        pass()
        const answer = method.apply(this, args)
        pass()
        return answer
      }
    }
  }
  const scratch = new Database(':memory:')
  around(Object.getPrototypeOf(scratch.prepare('select 1')) as object, ['run', 'all', 'get', 'iterate'])
  scratch.close()
  around(Database.prototype, ['exec', 'backup'])
  around(pg.Client.prototype, ['query'])
  around(fs, ['mkdirSync', 'cpSync', 'renameSync', 'fsyncSync', 'rmSync'])
  syncBuiltinESMExports()
  return () => passed
}
