// From a change on a host to its drift row at the API: an agent and a collector as programs, with mutual TLS between them.
// node bench/latency.ts [changes]
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../test/free-port.ts'
import { materializeFixture } from '../test/materialize-fixture.ts'
import type { LatencyCollector } from './latency-collector.ts'

const count = Number(process.argv[2] ?? 100)
/** Hosts poll listening sockets every two seconds; files are watched. */
const targets = { watched: 1_000, polled: 3_000 } as const
const patienceMs = 30_000
/** The API is asked so often. */
const askEveryMs = 5
/** Changes of polled facts under way at the same time, each begun at a moment of its own. */
const atOnce = 5

const undo: (() => unknown)[] = []
const launcher = join(import.meta.dirname, '../agent/bin/gabion-agent.js')
const directory = mkdtempSync(join(tmpdir(), 'gabion-latency-'))
undo.push(() => rmSync(directory, { recursive: true, force: true }))
try {
  const { base, enrollmentString } = await startCollector()
  const watch = createDriftWatch(base)
  const root = materializeFixture({ teardown: handler => undo.push(handler) }, 'debian12-vm')
  const results = [
    await withAgent('watched', ['--root', root], () => measureWatched(root, watch.seen)),
    await withAgent('polled', [], () => measurePolled(watch.seen)),
  ]
  await watch.end()
  process.stdout.write(`${results.join('\n')}\n`)

  async function withAgent(
    what: keyof typeof targets,
    args: readonly string[],
    measure: () => Promise<readonly number[]>,
  ): Promise<string> {
    const agent = await startAgent(what, args, enrollmentString)
    const times = await measure()
    agent.kill('SIGTERM')
    await once(agent, 'exit')
    return summary(what, times)
  }
} finally {
  for (const handler of undo.reverse()) await handler()
}

function summary(what: keyof typeof targets, times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0)
  const isMet = at(0.99) <= targets[what]
  if (!isMet) process.exitCode = 1
  const numbers = `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`
  return `${what}: ${numbers} of ${times.length} changes (target: p99 ${targets[what]} ms, ${isMet ? 'met' : 'missed'})`
}

async function startCollector(): Promise<LatencyCollector> {
  const script = join(import.meta.dirname, 'latency-collector.ts')
  const child = fork(script, [join(directory, 'collector'), String(await freePort())])
  undo.push(() => child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the collector does not begin')))
  const [where] = await Promise.race([once(child, 'message'), ended])
  ended.catch(() => undefined)
  return where as LatencyCollector
}

/** Enrolled as a person would; resolves when its first sweep is done. */
async function startAgent(name: string, args: readonly string[], enrollmentString: string): Promise<ChildProcess> {
  const state = ['--state-dir', join(directory, name)]
  execFileSync(process.execPath, [launcher, 'enroll', '-', ...state], { input: enrollmentString, stdio: 'pipe' })
  const child = spawn(process.execPath, [launcher, 'run', ...state, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  undo.push(() => child.kill('SIGKILL'))
  let log = ''
  for await (const chunk of child.stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    log += chunk
    if (log.includes('first sweep done')) break
    if (log.length > 1_000_000) throw new Error(`the agent does not begin: ${log.slice(0, 500)}`)
  }
  child.stderr.resume()
  // What the first sweep found is no drift, but it is under way.
  await sleep(3_000)
  return child
}

/** A file of modprobe.d is replaced, as programs replace files. */
async function measureWatched(root: string, seen: Seen): Promise<readonly number[]> {
  const path = join(root, 'etc/modprobe.d/bench.conf')
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    await sleep(Math.random() * 400)
    const name = `bench_${index}_end`
    writeFileSync(`${path}.new`, `install ${name} /bin/false\n`)
    times.push(await seen(name, () => renameSync(`${path}.new`, path)))
  }
  return times
}

/** Ports of loopback are opened at random moments. */
async function measurePolled(seen: Seen): Promise<readonly number[]> {
  const times: number[] = []
  const work = async () => {
    while (times.length < count) {
      await sleep(Math.random() * 2_000)
      const [server, port] = [createServer(), await freePort()]
      times.push(await seen(`:${port}/tcp`, () => void server.listen(port, '127.0.0.1')))
      server.close()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return times.slice(0, count)
}

/** Makes a change and resolves with the milliseconds until a row that came up names it. */
type Seen = (text: string, change: () => void) => Promise<number>

interface DriftRow {
  readonly change: string
  readonly text: string
}

function createDriftWatch(base: string): { readonly seen: Seen; end(): Promise<void> } {
  const waiting = new Map<string, (rows: number) => void>()
  const over = new AbortController()
  const watching = (async () => {
    while (!over.signal.aborted) {
      const response = await fetch(`${base}/api/v1/drift?limit=50`)
      const { items } = (await response.json()) as { readonly items: readonly DriftRow[] }
      const now = performance.now()
      for (const [text, tell] of waiting) {
        if (items.some(row => row.change === 'added' && row.text.includes(text))) tell(now)
      }
      await sleep(askEveryMs)
    }
  })()
  return {
    end() {
      over.abort()
      return watching
    },
    seen(text, change) {
      const { promise, resolve, reject } = Promise.withResolvers<number>()
      const late = setTimeout(() => reject(new Error(`${text} did not show up within ${patienceMs} ms`)), patienceMs)
      const began = performance.now()
      waiting.set(text, at => {
        clearTimeout(late)
        waiting.delete(text)
        resolve(at - began)
      })
      change()
      return promise
    },
  }
}
