// Collectors as processes of their own, on a database that they may share.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from '../../free-port.ts'

export interface Replica {
  readonly base: string
  readonly grpc: number
  /** what it logs, of all its lives */
  readonly log: string
  /** resolves when it is ready */
  start(): Promise<void>
  /** @param line that it is killed by when it logs it; resolves when it is dead */
  startAndKillAt(line: RegExp): Promise<void>
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<readonly [number | null, string | null]>
}

/**
 * @param url of its database, empty for a file in its directory
 * @param root of the sources that it runs from
 */
export async function makeReplica(
  t: Pick<Test, 'teardown'>,
  directory: string,
  url: string,
  root = join(import.meta.dirname, '../../..'),
): Promise<Replica> {
  const [http, grpc] = [await freePort(), await freePort()]
  const script = join(root, 'test/whole/replica/collector.ts')
  const base = `http://127.0.0.1:${http}`
  let child: ChildProcess | undefined
  t.teardown(() => child?.kill('SIGKILL'))
  mkdirSync(directory, { mode: 0o700, recursive: true })
  let log = ''
  const begin = (onLog: () => void = () => undefined) => {
    const args = [script, directory, String(http), String(grpc), url]
    const started = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    started.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk
      onLog()
    })
    child = started
    return started
  }
  return {
    base,
    grpc,
    get log() {
      return log
    },
    async start() {
      const from = log.length
      const started = begin()
      await until(async () => isGone(started) || (await fetch(`${base}/readyz`)).ok, 'a collector is ready')
      if (isGone(started)) throw new Error(`it ended by itself: ${log.slice(from)}`)
    },
    async startAndKillAt(line) {
      const from = log.length
      const started = begin(() => {
        if (line.test(log.slice(from))) started.kill('SIGKILL')
      })
      const [, signal] = (await once(started, 'close')) as [number | null, string | null]
      if (signal !== 'SIGKILL') throw new Error(`it ended by itself: ${log}`)
    },
    async kill(signal) {
      if (!child) throw new Error('it was never started')
      if (isGone(child)) throw new Error(`it had ended by itself: ${log.slice(-2_000)}`)
      const ended = once(child, 'exit')
      child.kill(signal)
      return (await ended) as [number | null, string | null]
    },
  }
}

const isGone = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

/** @param what it is that has to come */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 120_000
  while (!(await holds().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`not within two minutes: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
