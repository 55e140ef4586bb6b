// Places in a running process at which it can be made to die as by SIGKILL, by wrapping what the program calls there.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import Database from 'better-sqlite3'

export const agentPoints = [
  'before fsync',
  'after fsync',
  'before send',
  'after send',
  'before ack',
  'after ack',
] as const
export const collectorPoints = ['before commit', 'after commit'] as const
export type CrashPoint = (typeof agentPoints)[number] | (typeof collectorPoints)[number]

/** @returns what is to be called at a point; dies when that one is passed for the nth time */
export function crashAt(wanted: string | undefined, times: number): (point: CrashPoint) => void {
  let left = times
  return point => {
    if (point !== wanted || --left > 0) return
    process.kill(process.pid, 'SIGKILL')
  }
}

export function wrapFsync(passing: (point: CrashPoint) => void): void {
  const { fsync } = fs
  const wrapped = (fd: number, done: (error: NodeJS.ErrnoException | null) => void) => {
    passing('before fsync')
    fsync(fd, error => {
      passing('after fsync')
      done(error)
    })
  }
  fs.fsync = wrapped as typeof fs.fsync
  syncBuiltinESMExports()
}

export function wrapCommit(passing: (point: CrashPoint) => void): void {
  const { exec } = Database.prototype
  Database.prototype.exec = function (this: Database.Database, sql: string) {
    if (sql !== 'commit') return exec.call(this, sql)
    passing('before commit')
    const answer = exec.call(this, sql)
    passing('after commit')
    return answer
  }
}
