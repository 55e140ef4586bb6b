// Which migrations are applied now, which wait, and who is in the way of those that cannot.
import { GabionError } from '../../../runtime/errors.ts'
import { silentMs } from '../replicas.ts'
import { type Contract, type Migration, worksWith } from './migration.ts'
import type { Schema } from './schema.ts'

/** Another collector that works with the database. */
export interface OtherCollector {
  readonly id: string
  /** newest that it knows */
  readonly schema: number
}

export interface Plan {
  /** in the order of their numbers */
  readonly now: readonly Migration[]
  /** for which somebody still works who would not afterwards */
  readonly later: readonly Contract[]
}

/**
 * @param list what the program knows
 * @throws GabionError with code `store` when something has to be applied with which others that work would not
 */
export function planMigrations(list: readonly Migration[], schema: Schema, others: readonly OtherCollector[]): Plan {
  const now: Migration[] = []
  const later: Contract[] = []
  for (const migration of missingOf(list, schema)) {
    const inTheWay = others.filter(other => other.schema < worksWith(migration))
    if (inTheWay.length === 0) now.push(migration)
    else if (migration.kind === 'contract') later.push(migration)
    else throw refusal(schema, inTheWay)
  }
  return { now, later }
}

/** What was not applied yet. */
export const missingOf = (list: readonly Migration[], { applied }: Schema): readonly Migration[] =>
  list.filter(({ number }) => !applied.has(number))

function refusal({ number }: Schema, others: readonly OtherCollector[]): GabionError {
  const who = others.length === 1 ? 'another collector works' : `${others.length} other collectors work`
  const names = others.map(({ id, schema }) => `${id} of schema ${schema}`).join(', ')
  const remedy = `stop every collector, then start this version; one that was killed counts for ${silentMs / 1_000} seconds`
  return new GabionError('store', `the database has schema ${number} and ${who} with it (${names}): ${remedy}`)
}

/** What is said of a migration that waits. */
export const waitingText = ({ number, name, worksWith }: Contract): string =>
  `migration ${number} (${name}) waits until no collector works that knows a schema before ${worksWith} only`
