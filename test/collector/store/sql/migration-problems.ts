// Says why a migration is not what it says it is: one that expands only adds.
import type { Ddl } from '../../../../collector/store/sql/ddl.ts'
import type { Migration } from '../../../../collector/store/sql/migration.ts'

const table = /^create table (\w+) \(/
const index = /^create (unique )?index \w+ on (\w+) \(/
const column = /^alter table (\w+) add column \w+ (?:integer|text|blob)( not null)?( default (?:-?\d+|x?'[^']*'))?$/

/** @returns sentences, empty when it is sound */
export function migrationProblems(migration: Migration): readonly string[] {
  const { kind, number } = migration
  if (kind === 'rebuild') return []
  const range =
    migration.worksWith > number || migration.worksWith < 1
      ? [`works with ${migration.worksWith}, which is not before it`]
      : []
  if (kind === 'contract') return range
  const same = migration.worksWith === number ? ['works with none before it'] : []
  const moves = 'move' in migration ? ['moves rows'] : []
  return [...range, ...same, ...moves, ...statementProblems(migration.statements)]
}

function statementProblems(statements: readonly Ddl[]): readonly string[] {
  const made = new Set<string>()
  const problems: string[] = []
  const texts = statements.flatMap(one => (typeof one === 'string' ? [one] : [one.sqlite, one.postgres]))
  for (const text of texts.map(one => one.trim().replace(/\s+/g, ' ').toLowerCase()).filter(one => one !== '')) {
    const problem = problemOf(text, made)
    if (problem !== '') problems.push(`${problem}: ${text}`)
  }
  return problems
}

/** @param made tables that it made before, which nobody older uses */
function problemOf(text: string, made: Set<string>): string {
  if (text.includes(';')) return 'more than one statement'
  const [, newTable = ''] = table.exec(text) ?? []
  if (newTable !== '') {
    made.add(newTable)
    const referred = [...text.matchAll(/references (\w+)/g)].map(([, name = '']) => name)
    // Whoever does not know the new rows could not take away what they refer to.
    return referred.every(name => made.has(name)) ? '' : 'refers to a table that collectors before take rows from'
  }
  const [isIndex, unique, indexed = ''] = index.exec(text) ?? []
  if (isIndex !== undefined) return unique && !made.has(indexed) ? 'an index that refuses rows' : ''
  const [isColumn, , notNull, byDefault] = column.exec(text) ?? []
  if (isColumn === undefined) return 'does not only add'
  return notNull && !byDefault ? 'a column that collectors before do not fill' : ''
}
