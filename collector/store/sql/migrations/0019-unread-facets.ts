// Bodies without facts that were meant to have some: few among many, and counted whenever metrics are asked for.
import type { Migration } from '../migration.ts'

export const unreadFacets: Migration = {
  kind: 'rebuild',
  number: 19,
  name: 'unread facets',
  statements: ["create index blob_unread on blob (blob_no, facet, state) where state in ('unreadable', 'error')"],
}
