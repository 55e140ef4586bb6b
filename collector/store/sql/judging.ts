// What results are made of: marks of what changed, the policy in force, waivers, and a host as it is to be judged.
import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { HostSelector } from '../../../policy/host-selector.ts'
import type { WaiverRecord } from '../records.ts'
import type { StoreReader } from '../store.ts'
import type { JudgementMark, StoredResult, StoreTransaction } from '../transaction.ts'
import { checkNumbers } from './check-numbers.ts'
import { severityOfCode, stateOfCode } from './codes.ts'
import { type Connection, slot } from './connection.ts'
import { currentFacets, latestObservations } from './read-current.ts'
import type { Tables } from './tables.ts'

type JudgingReads = Pick<
  StoreReader,
  'hostsToJudge' | 'nextJudgementMs' | 'hostToJudge' | 'observations' | 'policyDigests' | 'waivers'
>

const host = slot<number>('host')

export function judgingReads(connection: Connection): JudgingReads {
  const { database } = connection
  const statements = prepareReads(connection)
  const facetsOf = currentFacets(connection)
  const resultsOf = storedResults(connection)
  return {
    hostsToJudge: (judgedWith, nowMs, limit) => readHostsToJudge(database, judgedWith, nowMs, limit),
    nextJudgementMs: async () => {
      const row = await database
        .selectFrom('host')
        .select(({ fn }) => fn.min<number | null>('next_judgement').as('next'))
        .where('next_judgement', '>', 0)
        .executeTakeFirst()
      return row?.next ?? undefined
    },
    // In this order: what changes in between makes another revision, or leaves its mark.
    hostToJudge: async number => {
      const row = await statements.host.get({ host: number })
      if (!row) return undefined
      const pending = await statements.pending.get({ host: number })
      return {
        host: number,
        id: row.id,
        hostname: row.hostname,
        labels: JSON.parse(row.labels),
        judgedWith: row.judged_with,
        profiles: JSON.parse(row.profiles),
        revision: row.judged_revision,
        pending: { token: pending?.token ?? 0, marks: pending ? JSON.parse(pending.marks) : [] },
        facets: await facetsOf(number),
        results: await resultsOf(number),
      }
    },
    observations: latestObservations(connection),
    policyDigests: async version => {
      const row = await statements.digests.get({ version })
      return row && new Map(Object.entries(JSON.parse(row.digests) as Record<string, string>))
    },
    waivers: () => readWaivers(database),
  }
}

async function readHostsToJudge(
  database: Kysely<Tables>,
  judgedWith: string,
  nowMs: number,
  limit: number,
): Promise<readonly number[]> {
  const inFleet = database.selectFrom('host').select('host_no').where('standing', '<>', 'retired').limit(limit)
  const due = await inFleet.where('next_judgement', '>', 0).where('next_judgement', '<=', nowMs).execute()
  const pending = await database
    .selectFrom('judgement_pending')
    // From left to right on SQLite, which would else go over all hosts.
    .crossJoin('host')
    .whereRef('host.host_no', '=', 'judgement_pending.host_no')
    .select('judgement_pending.host_no')
    .where('host.standing', '<>', 'retired')
    .limit(limit)
    .execute()
  const outdated = await inFleet
    .where(or => or.or([or('judged_with', '<', judgedWith), or('judged_with', '>', judgedWith)]))
    .where('judged_with', '>', '')
    .execute()
  return [...new Set([...due, ...pending, ...outdated].map(row => row.host_no))].slice(0, limit)
}

async function readWaivers(database: Kysely<Tables>): Promise<readonly WaiverRecord[]> {
  const accepted = sql<number>`(select count(*) from result_current as result
    where result.waiver = waiver.id and result.waiver <> '')`
  const query = database.selectFrom('waiver').selectAll().select(accepted.as('results'))
  const rows = await query.where('in_force', '=', 1).orderBy('id').execute()
  return rows.map(row => ({
    id: row.id,
    source: row.source,
    hosts: JSON.parse(row.hosts) as HostSelector,
    check: row.check_pattern,
    reason: row.reason,
    owner: row.owner,
    ticket: row.ticket,
    expiresAt: row.expires_at,
    results: Number(row.results),
  }))
}

function prepareReads(connection: Connection) {
  const { database } = connection
  return {
    host: connection.prepare(
      database
        .selectFrom('host')
        .select(['id', 'hostname', 'labels', 'judged_with', 'profiles', 'judged_revision'])
        .where('host_no', '=', host)
        .where('standing', '<>', 'retired'),
    ),
    pending: preparePending(connection),
    digests: connection.prepare(
      database.selectFrom('policy_version').select('digests').where('version', '=', slot<string>('version')),
    ),
  }
}

/** Reads the results of a host as they are stored. */
function storedResults(connection: Connection): (host: number) => Promise<readonly StoredResult[]> {
  const checks = checkNumbers(connection)
  const ofHost = connection.prepare(
    connection.database
      .selectFrom('result_current')
      .innerJoin('result_detail', 'result_detail.detail_no', 'result_current.detail_no')
      .select(['check_no', 'state', 'severity', 'detail', 'since', 'failing_since', 'valid_until', 'waiver'])
      .where('host_no', '=', host),
  )
  return async number => {
    const rows = await ofHost.all({ host: number })
    const nameOf = await checks.namesOf(rows.map(row => row.check_no))
    return rows.map(row => ({
      check: nameOf(row.check_no),
      state: stateOfCode(row.state),
      severity: severityOfCode(row.severity),
      detail: row.detail,
      sinceMs: row.since,
      failingSinceMs: row.failing_since,
      validUntilMs: row.valid_until,
      waiver: row.waiver,
    }))
  }
}

const preparePending = (connection: Connection) =>
  connection.prepare(
    connection.database.selectFrom('judgement_pending').select(['token', 'marks']).where('host_no', '=', host),
  )

export function judgingWrites(connection: Connection): Pick<StoreTransaction, 'markForJudgement'> {
  const pending = preparePending(connection)
  const marks = { token: slot<number>('token'), marks: slot<string>('marks') }
  const put = connection.prepare(
    connection.database
      .insertInto('judgement_pending')
      .values({ host_no: host, ...marks })
      .onConflict(conflict => conflict.column('host_no').doUpdateSet(marks)),
  )
  return {
    markForJudgement: async (number, added) => {
      if (added.length === 0) return
      const row = await pending.get({ host: number })
      const before: readonly JudgementMark[] = row ? JSON.parse(row.marks) : []
      put.send({ host: number, token: newToken(), marks: JSON.stringify(merged(before, added)) })
    },
  }
}

/** Never the one of marks that were there before, even if their row is gone: 48 random bits. */
const newToken = () => randomBytes(6).readUIntBE(0, 6)

function merged(before: readonly JudgementMark[], added: readonly JudgementMark[]): readonly JudgementMark[] {
  const marks = new Map(before.map(mark => [mark.facet, mark]))
  for (const mark of added) {
    const known = marks.get(mark.facet)
    marks.set(mark.facet, {
      facet: mark.facet,
      changed: mark.changed || known?.changed === true,
      quiet: mark.quiet || known?.quiet === true,
      sinceMs: Math.max(mark.sinceMs, known?.sinceMs ?? 0),
    })
  }
  return [...marks.values()]
}
