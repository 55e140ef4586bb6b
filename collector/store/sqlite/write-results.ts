// Writing results, the counters that follow them, the checks in force, and drift.
import type { StoreTransaction } from '../transaction.ts'
import { severityCode, severityOfCode, stateCode, stateOfCode } from './codes.ts'
import type { Connection } from './open-database.ts'
import { prepare, slot, statements } from './prepared.ts'

type ResultWrites = Pick<
  StoreTransaction,
  'results' | 'putResult' | 'deleteResult' | 'countResults' | 'appendDrift' | 'putCatalog'
>

export function resultWrites(connection: Connection): ResultWrites {
  const sql = prepareResultStatements(connection)
  const catalog = prepareCatalogStatements(connection)
  const drift = prepareDriftInsert(connection)
  const numbers = new Map<string, number>()
  const names = new Map<number, string>()

  function numberOf(check: string): number {
    const known = numbers.get(check)
    if (known !== undefined) return known
    const row = catalog.number.get({ id: check })
    if (!row) throw new Error(`check ${check} is not in the catalog that was put`)
    numbers.set(check, row.check_no)
    return row.check_no
  }

  function nameOf(number: number): string {
    if (!names.has(number)) for (const row of catalog.all.all({})) names.set(row.check_no, row.id)
    const name = names.get(number)
    if (name === undefined) throw new Error(`check number ${number} is not in the store`)
    return name
  }

  return {
    results: async host =>
      sql.ofHost.all({ host }).map(row => ({
        check: nameOf(row.check_no),
        state: stateOfCode(row.state),
        severity: severityOfCode(row.severity),
        detail: row.detail,
        sinceMs: row.since,
        validUntilMs: row.valid_until,
      })),
    putResult: async (host, result) => {
      sql.put.run({
        host,
        check: numberOf(result.check),
        state: stateCode(result.state),
        severity: severityCode(result.severity),
        detail: result.detail,
        since: result.sinceMs,
        validUntil: result.validUntilMs,
      })
    },
    deleteResult: async (host, check) => {
      sql.remove.run({ host, check: numberOf(check) })
    },
    countResults: async changes => {
      for (const [check, state, change] of changes) {
        if (change !== 0) sql.count.run({ check: numberOf(check), state: stateCode(state), change })
      }
    },
    appendDrift: async (host, rows) => {
      for (const { before, after, atMs, receivedAtMs, ...row } of rows) {
        drift.run({ host, ...row, before: json(before), after: json(after), at: atMs, receivedAt: receivedAtMs })
      }
    },
    putCatalog: async entries => {
      catalog.retire.run({})
      for (const { check, severity, title, facets } of entries) {
        catalog.put.run({ id: check, severity: severityCode(severity), title, facets: JSON.stringify(facets) })
      }
    },
  }
}

const json = (value: unknown) => (value === undefined ? '' : JSON.stringify(value))

function prepareResultStatements(connection: Connection) {
  const host = slot<number>('host')
  const check = slot<number>('check')
  const changing = {
    state: slot<number>('state'),
    severity: slot<number>('severity'),
    detail: slot<string>('detail'),
    since: slot<number>('since'),
    valid_until: slot<number>('validUntil'),
  }
  return {
    ofHost: prepare(
      connection,
      statements
        .selectFrom('result_current')
        .select(['check_no', 'state', 'severity', 'detail', 'since', 'valid_until'])
        .where('host_no', '=', host),
    ),
    put: prepare(
      connection,
      statements
        .insertInto('result_current')
        .values({ host_no: host, check_no: check, ...changing })
        .onConflict(conflict => conflict.columns(['host_no', 'check_no']).doUpdateSet(changing)),
    ),
    remove: prepare(
      connection,
      statements.deleteFrom('result_current').where('host_no', '=', host).where('check_no', '=', check),
    ),
    count: prepare(
      connection,
      statements
        .insertInto('result_count')
        .values({ check_no: check, state: slot<number>('state'), hosts: slot<number>('change') })
        .onConflict(conflict =>
          conflict
            .columns(['check_no', 'state'])
            .doUpdateSet(({ eb, ref }) => ({ hosts: eb('result_count.hosts', '+', ref('excluded.hosts')) })),
        ),
    ),
  }
}

function prepareCatalogStatements(connection: Connection) {
  const entry = {
    severity: slot<number>('severity'),
    title: slot<string>('title'),
    facets: slot<string>('facets'),
    in_force: 1,
  }
  return {
    number: prepare(
      connection,
      statements.selectFrom('check_known').select('check_no').where('id', '=', slot<string>('id')),
    ),
    all: prepare(connection, statements.selectFrom('check_known').select(['check_no', 'id'])),
    retire: prepare(connection, statements.updateTable('check_known').set({ in_force: 0 })),
    put: prepare(
      connection,
      statements
        .insertInto('check_known')
        .values({ id: slot<string>('id'), ...entry })
        .onConflict(conflict => conflict.column('id').doUpdateSet(entry)),
    ),
  }
}

function prepareDriftInsert(connection: Connection) {
  return prepare(
    connection,
    statements.insertInto('drift').values({
      host_no: slot<number>('host'),
      kind: slot<string>('kind'),
      subject: slot<string>('subject'),
      change: slot<string>('change'),
      field: slot<string>('field'),
      text: slot<string>('text'),
      before: slot<string>('before'),
      after: slot<string>('after'),
      at: slot<number>('at'),
      received_at: slot<number>('receivedAt'),
    }),
  )
}
