// Writing hosts: opening a stream, how far an outbox came, when a host was seen, what it was judged to be.
import { randomBytes } from 'node:crypto'
import { coverageOf, packTally, scoreOf, unpackTally } from '../tally.ts'
import type { HostOpening, OpenedHost, StoreTransaction } from '../transaction.ts'
import type { Connection } from './open-database.ts'
import { prepare, slot, statements } from './prepared.ts'

/** Outboxes per host whose progress is remembered; an agent makes a new one when its state directory is lost. */
const keptOutboxes = 4

type HostWrites = Pick<
  StoreTransaction,
  'openHost' | 'hostForWrite' | 'touchHosts' | 'appliedSequence' | 'setAppliedSequence' | 'setJudged'
>

export function hostWrites(connection: Connection): HostWrites {
  const sql = { ...prepareHostStatements(connection), ...prepareProgressStatements(connection) }

  function openHost(opening: HostOpening): OpenedHost {
    const known = sql.byKey.get({ hostKey: opening.hostKey })
    const attributes = attributesOf(opening, known?.granted_labels ?? '{}')
    const id = known?.id ?? newHostId()
    if (known) sql.update.run({ ...attributes, host: known.host_no })
    const host = known?.host_no ?? sql.insert.run({ ...attributes, id, hostKey: opening.hostKey }).id
    const digests = new Map(sql.digests.all({ host }).map(row => [row.facet, row.digest]))
    const appliedSequence = sql.progress.get({ host, outbox: opening.outboxId })?.applied_sequence ?? 0
    return { host, id, created: !known, appliedSequence, digests }
  }

  return {
    openHost: async opening => openHost(opening),
    hostForWrite: async host => {
      const row = sql.forWrite.get({ host })
      return (
        row && { host, tally: unpackTally(row.tally), judgedWith: row.judged_with, profiles: JSON.parse(row.profiles) }
      )
    },
    touchHosts: async seen => {
      for (const [host, at] of seen) sql.touch.run({ host, at })
    },
    appliedSequence: async (host, outbox) => sql.progress.get({ host, outbox })?.applied_sequence ?? 0,
    setAppliedSequence: async (host, outbox, sequence, at) => {
      if (sql.advance.run({ host, outbox, sequence, at }).changes > 0) return
      sql.startOutbox.run({ host, outbox, sequence, at })
      sql.forgetOutboxes.run({ host, kept: keptOutboxes })
    },
    setJudged: async (host, { tally, judgedWith, profiles, nextJudgementMs }) => {
      sql.judged.run({
        host,
        tally: packTally(tally),
        score: scoreOf(tally),
        coverage: coverageOf(tally),
        judgedWith,
        profiles: JSON.stringify(profiles),
        next: nextJudgementMs,
      })
    },
  }
}

/** What the collector granted goes over what the host says of itself. */
function attributesOf(opening: HostOpening, granted: string) {
  return {
    hostname: opening.hostname,
    machineId: opening.machineId,
    bootId: opening.bootId,
    agentVersion: opening.agentVersion,
    labels: JSON.stringify({ ...opening.labels, ...JSON.parse(granted) }),
    skew: opening.skewMs,
    at: opening.atMs,
  }
}

/** 80 random bits in lower-case letters and digits: short in URLs, never guessed, never reused. */
export function newHostId(): string {
  return BigInt(`0x1${randomBytes(10).toString('hex')}`)
    .toString(36)
    .slice(0, 16)
}

const host = slot<number>('host')

function prepareHostStatements(connection: Connection) {
  const attributes = {
    hostname: slot<string>('hostname'),
    machine_id: slot<string>('machineId'),
    boot_id: slot<string>('bootId'),
    agent_version: slot<string>('agentVersion'),
    labels: slot<string>('labels'),
    skew_ms: slot<number>('skew'),
    last_seen: slot<number>('at'),
  }
  return {
    byKey: prepare(
      connection,
      statements
        .selectFrom('host')
        .select(['host_no', 'id', 'granted_labels'])
        .where('host_key', '=', slot<string>('hostKey')),
    ),
    insert: prepare(
      connection,
      statements.insertInto('host').values({
        ...attributes,
        id: slot<string>('id'),
        host_key: slot<string>('hostKey'),
        first_seen: slot<number>('at'),
        score: 100,
        coverage: 100,
        tally: '',
        profiles: '[]',
        judged_with: '',
        next_judgement: 0,
        granted_labels: '{}',
        standing: 'active',
        standing_reason: '',
        standing_since: 0,
      }),
    ),
    update: prepare(connection, statements.updateTable('host').set(attributes).where('host_no', '=', host)),
    forWrite: prepare(
      connection,
      statements.selectFrom('host').select(['tally', 'judged_with', 'profiles']).where('host_no', '=', host),
    ),
    touch: prepare(
      connection,
      statements
        .updateTable('host')
        .set({ last_seen: slot<number>('at') })
        .where('host_no', '=', host)
        .where('last_seen', '<', slot<number>('at')),
    ),
    digests: prepare(
      connection,
      statements.selectFrom('facet_current').select(['facet', 'digest']).where('host_no', '=', host),
    ),
    judged: prepare(
      connection,
      statements
        .updateTable('host')
        .set({
          tally: slot<string>('tally'),
          score: slot<number>('score'),
          coverage: slot<number>('coverage'),
          judged_with: slot<string>('judgedWith'),
          profiles: slot<string>('profiles'),
          next_judgement: slot<number>('next'),
        })
        .where('host_no', '=', host),
    ),
  }
}

function prepareProgressStatements(connection: Connection) {
  const outbox = slot<string>('outbox')
  return {
    progress: prepare(
      connection,
      statements
        .selectFrom('outbox_progress')
        .select('applied_sequence')
        .where('host_no', '=', host)
        .where('outbox_id', '=', outbox),
    ),
    advance: prepare(
      connection,
      statements
        .updateTable('outbox_progress')
        .set({ applied_sequence: slot<number>('sequence'), updated_at: slot<number>('at') })
        .where('host_no', '=', host)
        .where('outbox_id', '=', outbox),
    ),
    startOutbox: prepare(
      connection,
      statements.insertInto('outbox_progress').values({
        host_no: host,
        outbox_id: outbox,
        applied_sequence: slot<number>('sequence'),
        updated_at: slot<number>('at'),
      }),
    ),
    forgetOutboxes: prepare(
      connection,
      statements
        .deleteFrom('outbox_progress')
        .where('host_no', '=', host)
        .where('outbox_id', 'not in', kept =>
          kept
            .selectFrom('outbox_progress')
            .select('outbox_id')
            .where('host_no', '=', host)
            .orderBy('updated_at', 'desc')
            .limit(slot<number>('kept')),
        ),
    ),
  }
}
