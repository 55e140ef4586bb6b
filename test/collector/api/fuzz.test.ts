// The API asked thousands of things on both kinds of database. FAST_CHECK_SEED repeats a run, FAST_CHECK_RUNS says how long.
import { randomInt } from 'node:crypto'
import t from 'tap'
import { startPostgres, whyNoPostgres } from '../../start-postgres.ts'
import { fuzzApi } from './fuzz-api.ts'

/** `GABION_FULL` asks for the long run, as CI does. */
const isLong = process.env['GABION_FULL'] !== undefined
const runs = Number(process.env['FAST_CHECK_RUNS'] ?? (isLong ? 12_000 : 2_500))
const seed = Number(process.env['FAST_CHECK_SEED'] ?? randomInt(2 ** 31))

t.test(`no request of ${runs} makes the collector fail on SQLite (seed ${seed})`, t => fuzzApi(t, { runs, seed }))

t.test(`nor on PostgreSQL (seed ${seed})`, { skip: whyNoPostgres() ?? false }, async t => {
  const server = await startPostgres(t)
  await fuzzApi(t, { runs: Math.ceil(runs / 4), seed: seed + 1, database: await server.database() })
})
