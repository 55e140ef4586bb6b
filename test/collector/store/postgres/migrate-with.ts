// Migrates a database with what today's list does not have. argv: URL, JSON of a list without moves
import { migratePostgres } from '../../../../collector/store/postgres/migrate-postgres.ts'
import type { Migration } from '../../../../collector/store/sql/migration.ts'
import { systemClock } from '../../../../runtime/clock.ts'

const [url = '', list = '[]'] = process.argv.slice(2)
await migratePostgres({ url }, { clock: systemClock, list: JSON.parse(list) as readonly Migration[] })
