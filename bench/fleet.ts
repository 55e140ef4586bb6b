// What a fleet costs its collector, and how soon it answers: agents over the real protocol, the whole catalog, SQLite.
// node bench/fleet.ts [hosts] [seconds of asking] [directory that is kept]
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Joined, Order, Stopped } from './fleet-agents.ts'
import type { Addresses, Condition, Question } from './fleet-collector.ts'
import { askPages, type Page, prepare, type Timing } from './fleet-pages.ts'

const hosts = Number(process.argv[2] ?? 10_000)
const askSeconds = Number(process.argv[3] ?? 90)
const kept = process.argv[4]
const changesPerSecond = 200
/** What an ordinary host does on an ordinary day: somebody logs in with another key, a service is deployed, a package is newer. */
const changesPerDay = 3
const directory = kept ?? mkdtempSync(join(tmpdir(), 'gabion-fleet-'))
const database = join(directory, 'collector.db')
const started = performance.now()
const perHost = (bytes: number) => (bytes / hosts / 1_000).toFixed(1)
const percent = (share: number) => `${(100 * share).toFixed(0)} %`
const secondsSince = (from: number) => (performance.now() - from) / 1_000

const collector = start('fleet-collector.ts', [directory])
const { base, grpc } = await said<Addresses>(collector)
const agents = start('fleet-agents.ts', [grpc])
await once(agents, 'message')
try {
  await run()
} finally {
  for (const child of [agents, collector]) if (child.connected) child.disconnect()
  for (const child of [agents, collector]) if (child.exitCode === null) await once(child, 'exit')
  if (kept === undefined) rmSync(directory, { recursive: true, force: true })
}

async function run(): Promise<void> {
  await tellJoin()
  await tellPages()
  await tellQueries()
  await tellPolicy()
}

async function tellJoin(): Promise<void> {
  const joined = await order<Joined>({ join: hosts })
  const seconds = secondsSince(started)
  const after = await ask('judged')
  const share = Object.entries(joined.distinct).map(([facet, { hosts: having, bodies }]) => {
    return `${facet} ${percent(bodies / having)} of ${having}`
  })
  tell(
    `${hosts} agents joined with ${joined.facets} facets in ${seconds.toFixed(0)} s, judged after ${secondsSince(started).toFixed(0)} s`,
  )
  tell(`different bodies: ${share.join(', ')}`)
  tellCondition('the collector then', after)
  const { bytes, tables } = diskUse()
  tell(`database: ${perHost(bytes)} KB per host: ${shares(tables, perHost)}`)
}

async function tellPages(): Promise<void> {
  await prepare(base)
  const before = diskUse()
  const idle = await askPages(base, askSeconds * 250)
  const idleCondition = await ask('how')
  agents.send({ changesPerSecond } satisfies Order)
  const busy = await askPages(base, askSeconds * 1_000)
  const stopped = await order<Stopped>({ stop: true })
  const during = await ask('how')
  const at = (share: number) => stopped.waits[Math.floor(stopped.waits.length * share)]?.toFixed(0) ?? '-'
  tell(
    `${stopped.sent} changes in ${askSeconds} s, ${stopped.acknowledged} acknowledged (p50 ${at(0.5)} ms, p95 ${at(0.95)} ms), ${stopped.putOff} put off, ${stopped.lost} streams lost`,
  )
  tell(
    `the collector used ${percent((during.cpuSeconds - idleCondition.cpuSeconds) / askSeconds)} of a processor, pages included`,
  )
  tellCondition('the collector under changes and questions', during)
  await ask('judged')
  const after = diskUse()
  const perChange = (bytes: number) => (bytes / Math.max(stopped.acknowledged, 1)).toFixed(0)
  const grown = new Map([...after.tables].map(([name, bytes]) => [name, bytes - (before.tables.get(name) ?? 0)]))
  const each = (after.bytes - before.bytes) / Math.max(stopped.acknowledged, 1)
  tell(`database: grew by ${each.toFixed(0)} bytes per change of a facet: ${shares(grown, perChange)}`)
  tell(`a host with ${changesPerDay} changes a day: ${((changesPerDay * each) / 1_000).toFixed(1)} KB per host and day`)
  tell(`\n${'page'.padEnd(66)} quiet: p50  p95   busy: p50   p95   max ms  bytes`)
  const quiet = new Map(idle.map(timing => [timing.page.name, timing]))
  for (const timing of [...busy].sort((a, b) => b.p95 - a.p95))
    tellTiming(timing.page, quiet.get(timing.page.name), timing)
  const over = busy.filter(({ p95 }) => p95 > 50)
  tell(`${busy.length - over.length} of ${busy.length} pages answer within 50 ms at p95\n`)
}

function tellTiming({ name }: Page, quiet: Timing | undefined, { p50, p95, longest, bytes, failures }: Timing): void {
  const number = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(0)).padStart(5)
  const failed = failures === 0 ? '' : `  ${failures} FAILED`
  tell(
    `${name.padEnd(66)}       ${number(quiet?.p50)}${number(quiet?.p95)}        ${number(p50)} ${number(p95)} ${number(longest)}  ${bytes}${failed}`,
  )
}

/** Questions that were never asked before, while changes arrive; a process starts for the first. */
async function tellQueries(): Promise<void> {
  agents.send({ changesPerSecond } satisfies Order)
  for (const expression of [
    'sysctl.parameters.exists(p, p.name == "kernel.dmesg_restrict")',
    'ports.listeners.exists(l, l.port == 22)',
    `ports.listeners.exists(l, l.port > 40000 && l.scope == 'any')`,
    `accounts.users.exists(u, u.uid == 0 && u.name != 'root')`,
    `containers.workloads.exists(w, w.rootInside && w.seccomp == 'none')`,
    `sysctl.parameters.exists(p, p.name == 'kernel.kptr_restrict' && p.live == '0')`,
    'accounts.users.exists(u, u.uid > 1000) && ports.listeners.exists(l, l.port == 22)',
  ]) {
    const url = `${base}/api/v1/query?expr=${encodeURIComponent(expression)}&all=true`
    const asked = performance.now()
    const response = await fetch(url)
    let first = 0
    let text = ''
    for await (const chunk of response.body ?? []) {
      if (first === 0) first = performance.now() - asked
      text += Buffer.from(chunk as Uint8Array).toString('latin1')
    }
    const last = text.trimEnd().split('\n').at(-1) ?? ''
    const took = performance.now() - asked
    tell(
      `${response.status} ${expression}: first row after ${first.toFixed(0)} ms, all after ${took.toFixed(0)} ms: ${last.slice(0, 120)}`,
    )
  }
  await order<Stopped>({ stop: true })
}

async function tellPolicy(): Promise<void> {
  await ask('judged')
  const changed = performance.now()
  const condition = await ask('policy')
  tell(`another policy, every check another one: all hosts judged after ${secondsSince(changed).toFixed(1)} s`)
  tellCondition('the collector meanwhile', condition)
}

/** Bytes of the database, whatever of it is still in its log, and of each table with its indexes. */
function diskUse(): { readonly bytes: number; readonly tables: ReadonlyMap<string, number> } {
  const opened = new Database(database, { readonly: true })
  const rows = opened
    .prepare('select tbl_name as name, sum(pgsize) as bytes from dbstat join sqlite_master using (name) group by 1')
    .all() as readonly { readonly name: string; readonly bytes: number }[]
  opened.close()
  return {
    bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
    tables: new Map(rows.map(({ name, bytes }) => [name, bytes])),
  }
}

/** The largest first. */
function shares(tables: ReadonlyMap<string, number>, show: (bytes: number) => string): string {
  const largest = [...tables].sort(([, a], [, b]) => b - a).filter(([, bytes]) => bytes > 0)
  return largest
    .slice(0, 8)
    .map(([name, bytes]) => `${name} ${show(bytes)}`)
    .join(', ')
}

function tellCondition(what: string, { rssBytes, cpuSeconds, loop, longestCollection, turns }: Condition): void {
  const rss = (rssBytes / 2 ** 20).toFixed(0)
  tell(
    `${what}: ${rss} MiB resident, ${cpuSeconds.toFixed(0)} CPU-s, event loop held up ${loop.p99.toFixed(0)} ms at p99, ${loop.longest.toFixed(0)} ms at most (collecting garbage ${longestCollection.toFixed(0)} ms)`,
  )
  const { cpuMs, sqliteMs, long, statement } = turns
  tell(
    `  in one turn of it at most ${cpuMs.toFixed(0)} ms of the processor, SQLite ${sqliteMs.toFixed(0)} ms (${statement}); ${long} turns of more than 50 ms of the processor`,
  )
}

function start(script: string, args: readonly string[]): ChildProcess {
  const child = fork(join(import.meta.dirname, script), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  child.once('exit', code => {
    if (code !== 0) process.exit(code ?? 1)
  })
  return child
}

async function said<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message')
  return message as T
}

function order<T>(what: Order): Promise<T> {
  const answer = said<T>(agents)
  agents.send(what)
  return answer
}

function ask(question: Question): Promise<Condition> {
  const answer = said<Condition>(collector)
  collector.send(question)
  return answer
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}
