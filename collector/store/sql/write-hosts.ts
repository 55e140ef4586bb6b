// Writing hosts: opening a stream, how far an outbox came, when a host was seen, what it was judged to be.
import { randomBytes } from 'node:crypto'
import { coverageOf, packTally, scoreOf } from '../tally.ts'
import type { HostOpening, OpenedHost, StoreTransaction } from '../transaction.ts'
import { mergedLabels } from './cluster-hosts.ts'
import { type Connection, slot } from './connection.ts'
import { holding } from './hold-hosts.ts'

/** Outboxes per host whose progress is remembered; an agent makes a new one when its state directory is lost. */
const keptOutboxes = 4

type HostWrites = Pick<
  StoreTransaction,
  'openHost' | 'holdHost' | 'touchHosts' | 'appliedSequence' | 'setAppliedSequence' | 'setJudged'
>

export function hostWrites(connection: Connection): HostWrites {
  const sql = { ...prepareHostStatements(connection), ...prepareProgressStatements(connection) }

  async function openHost(opening: HostOpening): Promise<OpenedHost> {
    const { hostKey } = opening
    const id = newHostId()
    const known = await sql.byKey.get({ hostKey })
    const added = known ? undefined : await sql.insert.get({ ...attributesOf(opening, '{}'), id, hostKey })
    const before = known ?? (added ? undefined : await sql.byKey.get({ hostKey }))
    const attributes = attributesOf(opening, before?.granted_labels ?? '{}')
    if (before) sql.update.send({ ...attributes, host: before.host_no })
    const attributesChanged =
      before !== undefined && (before.hostname !== attributes.hostname || before.labels !== attributes.labels)
    const host = before?.host_no ?? added?.host_no
    if (host === undefined) throw new Error('a host came and went while it connected')
    const digests = new Map((await sql.digests.all({ host })).map(row => [row.facet, row.digest]))
    const appliedSequence = await progressOf(host, opening.outboxId)
    const labels = JSON.parse(attributes.labels) as OpenedHost['labels']
    return { host, id: before?.id ?? id, created: !before, labels, attributesChanged, appliedSequence, digests }
  }

  async function progressOf(host: number, outbox: string): Promise<number> {
    return (await sql.progress.get({ host, outbox }))?.applied_sequence ?? 0
  }

  return {
    openHost,
    holdHost: async host => (await sql.hold.get({ host }))?.judged_revision,
    touchHosts: async seen => {
      for (const [host, at] of [...seen].sort(([a], [b]) => a - b)) sql.touch.send({ host, at })
    },
    appliedSequence: progressOf,
    setAppliedSequence: async (host, outbox, sequence, at) => {
      if ((await sql.advance.run({ host, outbox, sequence, at })) > 0) return
      sql.startOutbox.send({ host, outbox, sequence, at })
      sql.forgetOutboxes.send({ host, kept: keptOutboxes })
    },
    setJudged: async (host, { tally, judgedWith, profiles, nextJudgementMs, token }) => {
      sql.judged.send({
        host,
        tally: packTally(tally),
        score: scoreOf(tally),
        coverage: coverageOf(tally),
        judgedWith,
        profiles: JSON.stringify(profiles),
        next: nextJudgementMs,
      })
      sql.judgedMarks.send({ host, token })
    },
  }
}

/** @param grantedBefore JSON of what stays granted when the opening brings nothing else */
function attributesOf(opening: HostOpening, grantedBefore: string) {
  const agentLabels = JSON.stringify(opening.labels)
  const granted = opening.grantedLabels ? JSON.stringify(opening.grantedLabels) : grantedBefore
  return {
    ...mergedLabels(agentLabels, granted),
    agentLabels,
    hostname: opening.hostname,
    machineId: opening.machineId,
    bootId: opening.bootId,
    agentVersion: opening.agentVersion,
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

/** Of a host that nobody knew before; the score is its place among others: last, as long as nobody judged it. */
export const newHost = {
  ...{ score: 100, coverage: 100, tally: '', profiles: '[]', judged_with: '', next_judgement: 0, judged_revision: 0 },
  ...{ granted_labels: '{}', agent_labels: '{}', standing: 'active' as const, standing_reason: '', standing_since: 0 },
}

const host = slot<number>('host')

/** Rows of hosts stay as they are until the transaction ends: nobody else writes to the same host. */
function prepareHostStatements(connection: Connection) {
  const { database } = connection
  const locked = holding(database, database.selectFrom('host'))
  const attributes = {
    hostname: slot<string>('hostname'),
    machine_id: slot<string>('machineId'),
    boot_id: slot<string>('bootId'),
    agent_version: slot<string>('agentVersion'),
    labels: slot<string>('labels'),
    granted_labels: slot<string>('granted'),
    agent_labels: slot<string>('agentLabels'),
    skew_ms: slot<number>('skew'),
    last_seen: slot<number>('at'),
  }
  return {
    byKey: connection.prepare(
      locked
        .select(['host_no', 'id', 'granted_labels', 'hostname', 'labels'])
        .where('host_key', '=', slot<string>('hostKey')),
    ),
    insert: connection.prepare(
      database
        .insertInto('host')
        .values({
          ...newHost,
          ...attributes,
          id: slot<string>('id'),
          host_key: slot<string>('hostKey'),
          first_seen: slot<number>('at'),
        })
        .onConflict(conflict => conflict.column('host_key').doNothing())
        .returning('host_no'),
    ),
    update: connection.prepare(database.updateTable('host').set(attributes).where('host_no', '=', host)),
    hold: connection.prepare(locked.select('judged_revision').where('host_no', '=', host)),
    touch: connection.prepare(
      database
        .updateTable('host')
        .set({ last_seen: slot<number>('at') })
        .where('host_no', '=', host)
        .where('last_seen', '<', slot<number>('at')),
    ),
    digests: connection.prepare(
      database
        .selectFrom('facet_current')
        .innerJoin('blob', 'blob.blob_no', 'facet_current.blob_no')
        .select(['facet_current.facet', 'blob.digest'])
        .where('host_no', '=', host),
    ),
    judged: connection.prepare(
      database
        .updateTable('host')
        .set(({ eb }) => ({
          judged_revision: eb('judged_revision', '+', 1),
          tally: slot<string>('tally'),
          score: slot<number>('score'),
          coverage: slot<number>('coverage'),
          judged_with: slot<string>('judgedWith'),
          profiles: slot<string>('profiles'),
          next_judgement: slot<number>('next'),
        }))
        .where('host_no', '=', host),
    ),
    judgedMarks: connection.prepare(
      database.deleteFrom('judgement_pending').where('host_no', '=', host).where('token', '=', slot<number>('token')),
    ),
  }
}

function prepareProgressStatements(connection: Connection) {
  const { database } = connection
  const outbox = slot<string>('outbox')
  return {
    progress: connection.prepare(
      database
        .selectFrom('outbox_progress')
        .select('applied_sequence')
        .where('host_no', '=', host)
        .where('outbox_id', '=', outbox),
    ),
    advance: connection.prepare(
      database
        .updateTable('outbox_progress')
        .set({ applied_sequence: slot<number>('sequence'), updated_at: slot<number>('at') })
        .where('host_no', '=', host)
        .where('outbox_id', '=', outbox),
    ),
    startOutbox: connection.prepare(
      database.insertInto('outbox_progress').values({
        host_no: host,
        outbox_id: outbox,
        applied_sequence: slot<number>('sequence'),
        updated_at: slot<number>('at'),
      }),
    ),
    forgetOutboxes: connection.prepare(
      database
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
