// The real collector and the real agent as processes, for tests of the whole.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Test } from 'tap'
import { freePort } from '../free-port.ts'

const root = join(import.meta.dirname, '../..')

type TestContext = Pick<Test, 'teardown' | 'testdir'>

export interface Daemon {
  start(): void
  /** ends the process with this signal and tells how it ended */
  stop(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** sends a signal that it lives on after */
  tell(signal: NodeJS.Signals): void
  readonly running: boolean
  /** what it wrote to standard error, of all its lives */
  readonly log: string
}

export interface System {
  readonly collector: Daemon
  readonly agent: Daemon
  readonly base: string
  readonly dataDir: string
  /** what they are started with */
  readonly collectorArgs: readonly string[]
  readonly agentArgs: readonly string[]
  /** GET below /api/v1, parsed */
  get<T>(path: string): Promise<T>
  /** asks until the condition holds; rejects after a minute with what was seen last */
  until<T>(what: string, ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T>
}

export interface HostItem {
  readonly id: string
  readonly hostname: string
  readonly connected: boolean
}

export interface DriftItem {
  readonly id: number
  readonly subject: string
  readonly change: string
  readonly text: string
}

/** Makes both with a data directory and ports of their own; neither is started yet. */
export async function createSystem(t: TestContext, agentArgs: readonly string[] = []): Promise<System> {
  const dataDir = t.testdir({})
  const [http, grpc] = [await freePort(), await freePort()]
  const base = `http://127.0.0.1:${http}`
  const collectorArgs = [
    ...['serve', '--insecure-loopback', '--demo', '--data-dir', join(dataDir, 'collector')],
    ...['--http-address', `127.0.0.1:${http}`, '--grpc-address', `127.0.0.1:${grpc}`],
  ]
  const runArgs = ['run', '--collector', `127.0.0.1:${grpc}`, '--state-dir', join(dataDir, 'agent'), ...agentArgs]
  const collector = daemon(t, 'collector', collectorArgs)
  const agent = daemon(t, 'agent', runArgs)
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${base}/api/v1/${path}`)
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  return {
    ...{ collector, agent, base, dataDir, get, collectorArgs, agentArgs: runArgs },
    async until(what, ask, holds) {
      const deadline = performance.now() + 60_000
      let last: unknown
      while (performance.now() < deadline) {
        try {
          const value = await ask()
          if (holds(value)) return value
          last = value
        } catch (error) {
          last = error
        }
        await new Promise(resolve => setTimeout(resolve, 50))
      }
      throw new Error(`${what}: not within a minute; last seen ${JSON.stringify(last)}\n${collector.log}\n${agent.log}`)
    },
  }
}

export function daemon(t: TestContext, name: 'agent' | 'collector', args: readonly string[]): Daemon {
  return daemonOf(t, join(root, name, 'bin', `gabion-${name}.js`), args)
}

/** @param launcher also of another version */
export function daemonOf(t: TestContext, launcher: string, args: readonly string[]): Daemon {
  let child: ChildProcess | undefined
  let log = ''
  t.teardown(() => child?.kill('SIGKILL'))
  return {
    start() {
      child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
      child.stderr?.setEncoding('utf8').on('data', chunk => {
        log += chunk
      })
    },
    async stop(signal) {
      if (!child || child.exitCode !== null || child.signalCode !== null)
        throw new Error(`${launcher} does not run: ${log}`)
      const ended = once(child, 'exit')
      child.kill(signal)
      const [code, by] = await ended
      return { code, signal: by }
    },
    tell: signal => void child?.kill(signal),
    get running() {
      return child !== undefined && child.exitCode === null && child.signalCode === null
    },
    get log() {
      return log
    },
  }
}
