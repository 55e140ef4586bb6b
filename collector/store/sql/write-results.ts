// Writing results, the counters that follow them, results that ended, and drift.
import type { StoreTransaction } from '../transaction.ts'
import type { AtCommit } from './at-commit.ts'
import { checkNumbers } from './check-numbers.ts'
import { countedCode, severityCode, stateCode } from './codes.ts'
import { type Connection, slot } from './connection.ts'
import { detailNumbers } from './detail-numbers.ts'
import { prepareRows } from './put-rows.ts'
import type { ResultCount } from './result-counts.ts'

type ResultWrites = Pick<
  StoreTransaction,
  'putResults' | 'deleteResults' | 'putEndedResults' | 'countResults' | 'appendDrift'
>

/** @param details where details are put, see `detailNumbers`; @param counters see `resultCounts` */
export function resultWrites(
  connection: Connection,
  details: Connection,
  { drift, counters }: Pick<Late, 'drift'> & { readonly counters: ResultCount[] },
): ResultWrites {
  const remove = prepareRemoval(connection)
  const put = prepareResultRows(connection)
  const end = prepareEndedRows(connection)
  const checks = checkNumbers(connection)
  const numbersOf = detailNumbers(details)
  const driftRows = drift.rows(prepareDriftRows(connection))
  return {
    putResults: async (host_no, results, atMs) => {
      const numbers = await numbersOf(
        results.map(({ detail }) => detail),
        atMs,
      )
      const rows = await Promise.all(
        results.map(async ({ check, state, severity, detail, sinceMs, failingSinceMs, validUntilMs, waiver }) => ({
          ...{ host_no, check_no: await checks.numberOf(check), state: stateCode(state), waiver },
          ...{ severity: severityCode(severity), since: sinceMs, valid_until: validUntilMs },
          failing_since: failingSinceMs,
          detail_no: numberIn(numbers, detail),
        })),
      )
      put(rows.sort((a, b) => a.check_no - b.check_no))
    },
    deleteResults: async (host, gone) => {
      for (const check of gone) remove.send({ host, check: await checks.numberOf(check) })
    },
    putEndedResults: async (host_no, ended, atMs) => {
      const numbers = await numbersOf(
        ended.map(({ detail }) => detail),
        atMs,
      )
      const rows = ended.map(async ({ check, state, severity, detail, sinceMs, untilMs }) => ({
        ...{ host_no, check_no: await checks.numberOf(check), state: stateCode(state) },
        severity: severityCode(severity),
        ...{ detail_no: numberIn(numbers, detail), since: sinceMs, until: untilMs },
      }))
      end(await Promise.all(rows))
    },
    countResults: async changes => {
      for (const { check, severity, state, change } of changes) {
        const codes = { severity: severityCode(severity), state: countedCode(state) }
        counters.push({ check_no: await checks.numberOf(check), ...codes, hosts: change })
      }
    },
    appendDrift: async (host, rows) => {
      for (const { before, after, atMs, receivedAtMs, flapping = '', ...row } of rows) {
        const times = { at: atMs, received_at: receivedAtMs }
        driftRows.push({ host_no: host, ...row, before: json(before), after: json(after), flapping, ...times })
      }
    },
  }
}

/** Both are put just before the commit: rows that every transaction writes to are locked for a moment only. */
export interface Late {
  readonly counts: AtCommit
  readonly drift: AtCommit
}

function numberIn(numbers: ReadonlyMap<string, number>, detail: string): number {
  const number = numbers.get(detail)
  if (number === undefined) throw new Error('a detail has no number')
  return number
}

const json = (value: unknown) => (value === undefined ? '' : JSON.stringify(value))

const prepareRemoval = (connection: Connection) =>
  connection.prepare(
    connection.database
      .deleteFrom('result_current')
      .where('host_no', '=', slot<number>('host'))
      .where('check_no', '=', slot<number>('check')),
  )

const prepareResultRows = (connection: Connection) =>
  prepareRows(connection, {
    table: 'result_current',
    columns: {
      ...{ host_no: 'bigint', check_no: 'bigint', state: 'bigint', severity: 'bigint' },
      ...{ detail_no: 'bigint', since: 'bigint', failing_since: 'bigint', valid_until: 'bigint', waiver: 'text' },
    },
    conflict: {
      keys: ['host_no', 'check_no'],
      replace: ['state', 'severity', 'detail_no', 'since', 'failing_since', 'valid_until', 'waiver'],
    },
  })

const prepareEndedRows = (connection: Connection) =>
  prepareRows(connection, {
    table: 'result_history',
    columns: {
      ...{ host_no: 'bigint', check_no: 'bigint', state: 'bigint', severity: 'bigint' },
      ...{ detail_no: 'bigint', since: 'bigint', until: 'bigint' },
    },
  })

const prepareDriftRows = (connection: Connection) =>
  prepareRows(connection, {
    table: 'drift',
    columns: {
      ...{ host_no: 'bigint', kind: 'text', subject: 'text', change: 'text', field: 'text', text: 'text' },
      ...{ before: 'text', after: 'text', at: 'bigint', received_at: 'bigint', flapping: 'text' },
    },
  })
