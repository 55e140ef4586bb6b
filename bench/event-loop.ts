// For how long upkeep holds up the event loop of a collector on a large SQLite file: retention of every kind, bodies and details
// that nobody refers to, pages given back, sizes, and a backup beside it. argv: hosts (default 10000), directory to keep it in
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pruneOnce, type RetentionRules } from '../collector/domain/retention.ts'
import { backUpStore } from '../collector/store/look-after.ts'
import { openStore } from '../collector/store/open-store.ts'
import { prunedKinds } from '../collector/store/retention.ts'
import { openWriter, type SqliteHandle } from '../collector/store/sqlite/open-database.ts'
import type { Store } from '../collector/store/store.ts'
import { systemClock } from '../runtime/clock.ts'
import { silentLog } from '../runtime/log.ts'
import { watchTurns } from './turns.ts'

const hosts = Number(process.argv[2] ?? 10_000)
const kept = process.argv[3]
const directory = kept ?? mkdtempSync(join(tmpdir(), 'gabion-event-loop-'))
const path = join(directory, 'collector.db')
const dayMs = 86_400_000
const nowMs = Date.now()
const allowedMs = 50

const tell = (text: string) => void process.stdout.write(`${text}\n`)
const over: string[] = []

/** The longest time for which nothing else could run meanwhile: on the clock, and of the processor, which others do not share. */
async function measure<T>(what: string, work: () => Promise<T>): Promise<T> {
  const longest = { ms: 0, cpuMs: 0 }
  const unwatch = watchTurns(({ ms, cpuMs }) => {
    longest.ms = Math.max(longest.ms, ms)
    longest.cpuMs = Math.max(longest.cpuMs, cpuMs)
  })
  const startedMs = performance.now()
  try {
    return await work()
  } finally {
    unwatch()
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1)
    const said = `${longest.ms.toFixed(0).padStart(5)} ms at most, ${longest.cpuMs.toFixed(1)} of the processor, in ${seconds} s`
    tell(`${what.padEnd(44)} ${said}`)
    if (longest.cpuMs > allowedMs) over.push(what)
  }
}

/** Hosts with 18 facets of 4 KB each, ten of which changed, 240 results, and a year of drift and of results that ended. */
function fill(handle: SqliteHandle): void {
  const rows = (count: number) => `with recursive n (n) as (select 1 union all select n + 1 from n where n < ${count})`
  const past = (days: number) => `${nowMs} - (n % ${days}) * ${dayMs} - n % 86400000`
  const put = (what: string, ...statements: readonly string[]) => {
    const startedMs = performance.now()
    handle.exec('begin')
    for (const statement of statements) handle.exec(statement)
    handle.exec('commit')
    tell(`${what.padEnd(44)} put in ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`)
  }
  handle.exec('pragma synchronous = OFF')
  put(
    'hosts and checks',
    `${rows(hosts)} insert into host (host_no, id, host_key, hostname, machine_id, boot_id, agent_version, labels, skew_ms,
      first_seen, last_seen, score, coverage, tally, profiles, judged_with, next_judgement)
      select n, 'h' || n, 'k' || n, 'node-' || n, '', '', '1', '{}', 0, 1, ${nowMs}, 100, 100, '', '[]', 'x 1', 0 from n`,
    `${rows(240)} insert into check_known (check_no, id, severity, title, facets, in_force)
      select n, 'check-' || n, n % 4, 'title', '["f1"]', 1 from n`,
    `${rows(50_000)} insert into result_detail (detail_no, key, detail, used_at) select n, 'key' || n, '["detail ' || n || '",""]', 1 from n`,
  )
  const states = hosts * 28
  put(
    'bodies',
    `${rows(states)} insert into blob (blob_no, digest, facet, schema_version, state, body, packed)
      select n, 'sha256:' || n, 'f' || (n % 18), 1, 'present', '', randomblob(4000) from n`,
  )
  put(
    'states of facets',
    `${rows(states)} insert into facet_history (host_no, facet, revision, blob_no, valid_from, valid_to, observed_at, received_at)
      select 1 + n % ${hosts}, 'f' || (n / ${hosts} % 18), 1 + n / ${hosts} / 18, n, ${past(180)} - ${dayMs},
        case when n / ${hosts} < 10 then ${past(180)} else 0 end, 1, 1 from n`,
    `${rows(hosts * 18)} insert into facet_current (host_no, facet, blob_no, since, received_at, revision, agent_version, good_blob_no, good_since)
      select 1 + n % ${hosts}, 'f' || (n / ${hosts} % 18), n + ${hosts * 10}, 1, 1, 1, '1', 0, 0 from n where n / ${hosts} < 18`,
  )
  put(
    'results',
    `${rows(hosts * 240)} insert or ignore into result_current (host_no, check_no, state, severity, detail_no, since, valid_until)
      select 1 + (n / 240) % ${hosts}, 1 + n % 240, n % 3, n % 4, 1 + n % 40000, 1, 0 from n`,
    `${rows(hosts * 60)} insert into result_history (host_no, check_no, state, detail_no, since, until)
      select 1 + n % ${hosts}, 1 + n % 240, 0, 1 + n % 40000, 1, ${past(700)} from n`,
  )
  put(
    'drift',
    `${rows(hosts * 60)} insert into drift (host_no, kind, subject, change, field, text, before, after, at, received_at)
      select 1 + n % ${hosts}, 'fact', 'f1', 'changed', 'field', 'something of this host became something else', '1', '2',
        ${nowMs} - (${hosts * 60} - n) * ${Math.floor((700 * dayMs) / (hosts * 60))},
        ${nowMs} - (${hosts * 60} - n) * ${Math.floor((700 * dayMs) / (hosts * 60))} from n`,
  )
}

async function prepare(): Promise<void> {
  if (existsSync(path)) return
  await (await openStore({ kind: 'sqlite', path }, systemClock)).close()
  const handle = openWriter(path)
  fill(handle)
  handle.exec('pragma wal_checkpoint(truncate)')
  handle.close()
}

/** Only some kinds of rows, the others are kept for ever. */
const rulesOf = (days: Partial<RetentionRules>): RetentionRules =>
  Object.fromEntries(prunedKinds.map(kind => [kind, (days[kind] ?? 0) * dayMs])) as RetentionRules

async function retention(store: Store): Promise<void> {
  const signal = new AbortController().signal
  const clock = { ...systemClock, sleep: () => new Promise<void>(resolve => setTimeout(resolve, 2)) }
  const prune = async (what: string, rules: RetentionRules, bodiesUpTo = 0) => {
    const gone: Record<string, number> = {}
    const onPruned = (kind: string, rows: number) => {
      gone[kind] = (gone[kind] ?? 0) + rows
    }
    await measure(what, () => pruneOnce({ store, rules, clock, log: silentLog, onPruned }, bodiesUpTo, signal))
    tell(`  ${JSON.stringify(gone)}`)
  }
  await measure('nothing is done', () => new Promise(resolve => setTimeout(resolve, 3_000)))
  await prune('nothing is past its time', rulesOf({}))
  await prune('states that ended go', rulesOf({ history: 90 }))
  await prune('drift goes', rulesOf({ drift: 365 }))
  await prune('results that ended go', rulesOf({ endedResults: 365 }))
  await prune('bodies go, and pages with them', rulesOf({}), await store.upkeep.newestBody())
  await measure('sizes are asked for', () => store.upkeep.size())
}

try {
  await prepare()
  tell(`${hosts} hosts, ${(statSync(path).size / 1e9).toFixed(2)} GB`)
  const store = await openStore({ kind: 'sqlite', path }, systemClock)
  await retention(store)
  const backup = join(directory, 'backup.db')
  rmSync(backup, { force: true })
  await backUpStore({ kind: 'sqlite', path }, backup)
  rmSync(backup)
  await store.close()
  tell(
    over.length === 0 ? `nothing held it up for more than ${allowedMs} ms` : `over ${allowedMs} ms: ${over.join(', ')}`,
  )
} finally {
  if (kept === undefined) rmSync(directory, { recursive: true, force: true })
}
