// Accepted results in the order that they are listed in: they are few among many.
import type { Migration } from '../migration.ts'

export const waivedResults: Migration = {
  kind: 'rebuild',
  number: 16,
  name: 'waived results',
  statements: ["create index result_waived on result_current (severity, check_no, host_no) where waiver <> ''"],
}
