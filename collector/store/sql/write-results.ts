// Writing results, the counters that follow them, the checks in force, and drift.
import type { CatalogEntry, StoreTransaction } from '../transaction.ts'
import type { AtCommit } from './at-commit.ts'
import { checkNumbers } from './check-numbers.ts'
import { severityCode, severityOfCode, stateCode, stateOfCode } from './codes.ts'
import { type Connection, slot } from './connection.ts'
import { prepareRows } from './put-rows.ts'

type ResultWrites = Pick<
  StoreTransaction,
  'results' | 'putResult' | 'deleteResult' | 'countResults' | 'appendDrift' | 'putCatalog'
>

export function resultWrites(connection: Connection, atCommit: AtCommit): ResultWrites {
  const sql = prepareResultStatements(connection)
  const put = prepareResultRows(connection)
  const count = prepareCountRows(connection)
  const checks = checkNumbers(connection)
  const drift = atCommit.rows(prepareDriftRows(connection))
  return {
    results: async host => {
      const rows = await sql.ofHost.all({ host })
      await checks.know()
      return rows.map(row => ({
        check: checks.nameOf(row.check_no),
        state: stateOfCode(row.state),
        severity: severityOfCode(row.severity),
        detail: row.detail,
        sinceMs: row.since,
        validUntilMs: row.valid_until,
      }))
    },
    putResult: async (host, { check, state, severity, detail, sinceMs, validUntilMs }) => {
      const codes = { state: stateCode(state), severity: severityCode(severity) }
      const check_no = await checks.numberOf(check)
      put([{ host_no: host, check_no, ...codes, detail, since: sinceMs, valid_until: validUntilMs }])
    },
    deleteResult: async (host, check) => {
      sql.remove.send({ host, check: await checks.numberOf(check) })
    },
    countResults: async changes => {
      await checks.know()
      const rows = [...changes]
        .filter(([, , change]) => change !== 0)
        .map(([check, state, hosts]) => ({ check_no: checks.known(check), state: stateCode(state), hosts }))
      count(rows.sort((a, b) => a.check_no - b.check_no || a.state - b.state))
    },
    appendDrift: async (host, rows) => {
      for (const { before, after, atMs, receivedAtMs, ...row } of rows) {
        const times = { at: atMs, received_at: receivedAtMs }
        drift.push({ host_no: host, ...row, before: json(before), after: json(after), ...times })
      }
    },
    putCatalog: entries => putCatalog(connection, entries),
  }
}

const json = (value: unknown) => (value === undefined ? '' : JSON.stringify(value))

async function putCatalog({ database }: Connection, entries: readonly CatalogEntry[]): Promise<void> {
  await database.updateTable('check_known').set({ in_force: 0 }).where('in_force', '=', 1).execute()
  for (const { check, severity, title, facets } of entries) {
    const entry = { severity: severityCode(severity), title, facets: JSON.stringify(facets), in_force: 1 }
    await database
      .insertInto('check_known')
      .values({ id: check, ...entry })
      .onConflict(conflict => conflict.column('id').doUpdateSet(entry))
      .execute()
  }
}

function prepareResultStatements(connection: Connection) {
  const { database } = connection
  const host = slot<number>('host')
  return {
    ofHost: connection.prepare(
      database
        .selectFrom('result_current')
        .select(['check_no', 'state', 'severity', 'detail', 'since', 'valid_until'])
        .where('host_no', '=', host),
    ),
    remove: connection.prepare(
      database.deleteFrom('result_current').where('host_no', '=', host).where('check_no', '=', slot<number>('check')),
    ),
  }
}

const prepareResultRows = (connection: Connection) =>
  prepareRows(connection, {
    table: 'result_current',
    columns: {
      ...{ host_no: 'bigint', check_no: 'bigint', state: 'bigint', severity: 'bigint' },
      ...{ detail: 'text', since: 'bigint', valid_until: 'bigint' },
    },
    conflict: {
      keys: ['host_no', 'check_no'],
      replace: ['state', 'severity', 'detail', 'since', 'valid_until'],
    },
  })

const prepareCountRows = (connection: Connection) =>
  prepareRows(connection, {
    table: 'result_count',
    columns: { check_no: 'bigint', state: 'bigint', hosts: 'bigint' },
    conflict: { keys: ['check_no', 'state'], add: ['hosts'] },
  })

const prepareDriftRows = (connection: Connection) =>
  prepareRows(connection, {
    table: 'drift',
    columns: {
      ...{ host_no: 'bigint', kind: 'text', subject: 'text', change: 'text', field: 'text', text: 'text' },
      ...{ before: 'text', after: 'text', at: 'bigint', received_at: 'bigint' },
    },
  })
