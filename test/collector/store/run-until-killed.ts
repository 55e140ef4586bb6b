// Runs a process that applies changes, and kills it in the midst of them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/**
 * @param args of `apply-until-killed.ts`
 * @param lines acknowledgements after which it is killed
 * @returns the highest sequence that was acknowledged, by host
 */
export async function runUntilKilled(args: readonly string[], lines: number): Promise<ReadonlyMap<string, number>> {
  const script = join(import.meta.dirname, 'apply-until-killed.ts')
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged = new Map<string, number>()
  let seen = 0
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const complete = (rest + chunk).split('\n')
    rest = complete.pop() ?? ''
    for (const line of complete) {
      const [key = '', sequence] = line.split(' ')
      acknowledged.set(key, Number(sequence))
      if (++seen === lines) child.kill('SIGKILL')
    }
  })
  const [code, signal] = await once(child, 'close')
  if (signal !== 'SIGKILL') throw new Error(`it ended by itself with ${code}`)
  return acknowledged
}
