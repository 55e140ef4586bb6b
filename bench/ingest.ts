// How many facets per second the collector takes over real gRPC into SQLite (FULL), beside the raw limits of the same
// run: better-sqlite3 in batches, and messages of the same size over grpc-js.
// node bench/ingest.ts [agents] [changes per agent] [postgres://…]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { loadPackageDefinition, Server, ServerCredentials } from '@grpc/grpc-js'
import Database from 'better-sqlite3'
import { startCollector } from '../collector/collector.ts'
import { catalog } from '../policy/catalog.generated.ts'
import { facets } from '../proto/facets.generated.ts'
import type { ProtoGrpcType } from '../proto/generated/uplink.ts'
import { wireDefinition } from '../proto/wire.ts'
import { systemClock } from '../runtime/clock.ts'
import { silentLog } from '../runtime/log.ts'

const agents = Number(process.argv[2] ?? 200)
const changes = Number(process.argv[3] ?? 20)
const root = join(import.meta.dirname, '..')
/** URL of an empty PostgreSQL database; without it SQLite */
const url = process.argv[4] ?? ''
const directory = mkdtempSync(join(tmpdir(), 'gabion-bench-'))

interface Load {
  /** seconds until everything was acknowledged, by phase */
  readonly seconds: Readonly<Record<'join' | 'full' | 'delta', number>>
  readonly facets: Readonly<Record<'join' | 'full' | 'delta', number>>
  readonly bodyBytes: number
}

try {
  const { load, cpuSeconds, disk, stall, rows } = await measureCollector()
  const sqlite = rawSqlite(load.bodyBytes)
  const grpc = await rawGrpc(load.bodyBytes)
  const rate = (phase: 'join' | 'full' | 'delta') => Math.round(load.facets[phase] / load.seconds[phase])
  const lower = Math.min(sqlite, grpc)
  const of = (value: number) => `${Math.round((100 * value) / lower)} % of the lower raw limit`
  process.stdout.write(
    [
      `${agents} agents, ${load.facets.join} first states, ${changes} changes each whole and ${changes} each as a delta, ${load.bodyBytes} bytes`,
      `raw better-sqlite3, FULL, 256 rows a transaction   ${Math.round(sqlite)} rows/s`,
      `raw grpc-js, one way, ${agents} streams              ${Math.round(grpc)} messages/s`,
      `collector: fleet joins, judged                      ${rate('join')} facets/s, ${of(rate('join'))}`,
      `collector: changes as whole bodies, judged          ${rate('full')} facets/s, ${of(rate('full'))}`,
      `collector: changes as deltas, judged                ${rate('delta')} facets/s, ${of(rate('delta'))}`,
      `collector process: ${cpuSeconds.toFixed(1)} CPU-s in all, ${rows}`,
      `event loop of the collector: held up ${stall.p99.toFixed(0)} ms at p99, ${stall.longest.toFixed(0)} ms at most`,
      ...disk,
      '',
    ].join('\n'),
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function measureCollector() {
  const dataDirectory = join(directory, 'data')
  const collector = await startCollector({
    ...{ http: { host: '127.0.0.1', port: 0 }, api: { isOpen: true, names: [] }, grpc: { host: '127.0.0.1', port: 0 } },
    ...(url !== '' && { database: { kind: 'postgres' as const, url, passwordFile: '' } }),
    ...{ dataDirectory, catalog, facets, clock: systemClock, log: silentLog },
  })
  const before = process.cpuUsage()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const load = await runAgents(collector.grpcAddress, 'collector')
  await collector.judged()
  const { user, system } = process.cpuUsage(before)
  const fleet = await collector.store.read.fleet()
  const results = Object.values(fleet.results).flatMap(states => Object.values(states))
  await collector.close()
  return {
    load,
    cpuSeconds: (user + system) / 1e6,
    disk: url === '' ? diskUse(join(dataDirectory, 'collector.db')) : [],
    stall: { p99: delay.percentile(99) / 1e6, longest: delay.max / 1e6 },
    rows: `${fleet.hosts} hosts, ${results.reduce((a, b) => a + b, 0)} results, ${fleet.lastDriftId} drift rows`,
  }
}

async function runAgents(address: string, mode: 'collector' | 'raw', bodyBytes = 0): Promise<Load> {
  const script = join(import.meta.dirname, 'ingest-agents.ts')
  const args = [script, address, mode, String(agents), String(changes), String(bodyBytes)]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`the agents ended with ${code}`)
  return JSON.parse(text)
}

/** Bytes per host, in all and of each table with its indexes. */
function diskUse(path: string): readonly string[] {
  const database = new Database(path, { readonly: true })
  const rows = database
    .prepare('select tbl_name as name, sum(pgsize) as bytes from dbstat join sqlite_master using (name) group by 1')
    .all() as readonly { readonly name: string; readonly bytes: number }[]
  database.close()
  const kilobytes = (bytes: number) => (bytes / agents / 1_000).toFixed(1)
  const tables = [...rows]
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, 8)
    .map(({ name, bytes }) => `${name} ${kilobytes(bytes)}`)
  const total = statSync(path).size
  return [`database ${(total / 1e6).toFixed(1)} MB, ${kilobytes(total)} KB per host: ${tables.join(', ')}`]
}

function rawSqlite(bodyBytes: number): number {
  const database = new Database(join(directory, 'raw.db'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  database.exec('create table row (host integer, facet text, seq integer, body text, primary key (host, facet, seq))')
  const insert = database.prepare('insert into row values (?, ?, ?, ?)')
  const body = 'x'.repeat(bodyBytes)
  const started = performance.now()
  let rows = 0
  while (performance.now() - started < 3_000) {
    database.transaction(() => {
      for (let index = 0; index < 256; index++, rows++) insert.run(rows % agents, 'ports', rows, body)
    })()
  }
  database.close()
  return (1000 * rows) / (performance.now() - started)
}

async function rawGrpc(bodyBytes: number): Promise<number> {
  const { gabion } = loadPackageDefinition(wireDefinition) as unknown as ProtoGrpcType
  const server = new Server({ 'grpc.max_concurrent_streams': 1_000 })
  server.addService(gabion.v1.UplinkService.service, {
    Connect: (stream: import('@grpc/grpc-js').ServerDuplexStream<{ change?: { sequence: number } }, unknown>) => {
      stream.on('data', ({ change }) => {
        if (change && change.sequence % 50 === 0) stream.write({ ack: { sequence: change.sequence } })
      })
      stream.on('end', () => stream.end())
    },
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  const { facets: sent, seconds } = await runAgents(`127.0.0.1:${port}`, 'raw', bodyBytes)
  server.forceShutdown()
  return sent.full / seconds.full
}
