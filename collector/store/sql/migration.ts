// What a migration is: one numbered step of the schema, the same on every database.
import type { Kysely } from 'kysely'
import type { Ddl } from './ddl.ts'
import type { Tables } from './tables.ts'

interface Step {
  /** from 1; each number once, ascending */
  readonly number: number
  readonly name: string
  /** what changes the tables, in one transaction with `move` */
  readonly statements: readonly Ddl[]
}

interface Moving extends Step {
  /** moves what is in them; it takes as long as there are rows, so it says how far it came, and waits until that is told */
  move?(database: Kysely<Tables>, progress: (text: string) => Promise<void>): Promise<void>
}

/** Changes tables so that collectors of earlier schemas cannot go on: all of them are stopped for it. */
export interface Rebuild extends Moving {
  readonly kind: 'rebuild'
}

/** Only adds, so that collectors of earlier schemas go on beside those that use what is new. */
export interface Expand extends Step {
  readonly kind: 'expand'
  /** oldest schema whose collectors work with the tables afterwards */
  readonly worksWith: number
}

/**
 * Takes away what only collectors of earlier schemas used. The program that brings it works before and after it, and applies
 * it when no collector of a schema before `worksWith` works any more; migrations of higher numbers do not wait for it.
 */
export interface Contract extends Moving {
  readonly kind: 'contract'
  /** oldest schema whose collectors work with the tables afterwards */
  readonly worksWith: number
}

export type Migration = Rebuild | Expand | Contract

/** Oldest schema whose collectors work with the tables after it. */
export const worksWith = (migration: Migration): number =>
  migration.kind === 'rebuild' ? migration.number : migration.worksWith
