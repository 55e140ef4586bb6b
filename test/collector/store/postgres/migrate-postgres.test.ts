// Tables change beside collectors that go on, and wait for those that would not.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import type { CollectorOptions } from '../../../../collector/collector.ts'
import { applyChange } from '../../../../collector/domain/apply-change.ts'
import { pruneOnce } from '../../../../collector/domain/retention.ts'
import { FlappingSchema, flapRules } from '../../../../collector/flapping-config.ts'
import { RetentionSchema, retentionRules } from '../../../../collector/retention-config.ts'
import { checkStore } from '../../../../collector/store/look-after.ts'
import { contractPostgres, migratePostgres } from '../../../../collector/store/postgres/migrate-postgres.ts'
import { openClient, patiently } from '../../../../collector/store/postgres/open-client.ts'
import { openPostgresStore } from '../../../../collector/store/postgres/open-store.ts'
import { databaseOn } from '../../../../collector/store/postgres/postgres-connection.ts'
import { migrations, newestSchema } from '../../../../collector/store/sql/migrate.ts'
import type { Migration } from '../../../../collector/store/sql/migration.ts'
import { readSchema } from '../../../../collector/store/sql/schema.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { silentLog } from '../../../../runtime/log.ts'
import { createFakeClock } from '../../../fake-clock.ts'
import { smallState } from '../../../small-facet.ts'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { until } from '../../../until.ts'
import { changeOf, openDomain } from '../../open-domain.ts'
import { startTestCollector } from '../../start-collector.ts'
import { storeSuite } from '../store-suite.ts'
import { contract, expand, rebuild, tomorrow } from '../tomorrow.ts'

t.setTimeout(400_000)
const why = whyNoPostgres()
const skip = why ?? false
const server = why ? undefined : await startPostgres(t)
const anew = [...tomorrow, rebuild]

/** The same, so that there is time to be killed. */
function sleeping<M extends Migration>(migration: M): M {
  return { ...migration, statements: [...migration.statements, 'select pg_sleep(3)'] }
}

async function emptyDatabase() {
  const url = (await server?.database()) ?? ''
  return { url, schema: () => patiently({ url }, client => readSchema(databaseOn(client))) }
}

t.test('tables are rebuilt when nobody else uses them', { skip }, async t => {
  const clock = createFakeClock()
  const { url } = await emptyDatabase()
  const upgrade = (list: readonly Migration[]) => migratePostgres({ url }, { clock, list })

  const before = await openPostgresStore({ url }, clock)
  t.teardown(() => before.close())
  const work = (id: string) =>
    before.write(transaction =>
      transaction.putReplica({ id, hosts: new Set(), schema: newestSchema, policy: '' }, clock.now()),
    )
  await work('before')
  await openPostgresStore({ url }, clock).then(store => store.close())
  t.pass('as long as nothing is to change, another one may come beside it')

  const one = new RegExp(`another collector works with it \\(before of schema ${newestSchema}\\): stop every coll`)
  await t.rejects(upgrade(anew), { code: 'store', message: one })
  await work('other')
  await t.rejects(upgrade(anew), { code: 'store', message: /2 other collectors work with it \(before of.*, other of/ })
  await before.write(async transaction => {
    await transaction.deleteReplica('before')
    await transaction.deleteReplica('other')
  })
  t.equal(await upgrade([...migrations, expand]), expand.number, 'those that ended have left')

  await work('killed')
  await t.rejects(upgrade(anew), { code: 'store' })
  await clock.advance(90_001)
  t.equal(await upgrade(anew), rebuild.number, 'one that was killed counts for 90 seconds')
})

t.test('a collector is there before it has started, and left when it could not', { skip }, async t => {
  const { url } = await emptyDatabase()
  const upgrade = () => migratePostgres({ url }, { clock: systemClock, list: anew })
  const opened = await openPostgresStore({ url }, systemClock, { isCollector: true })
  await t.rejects(upgrade(), { code: 'store', message: /another collector works with it/ }, 'whatever it has said yet')
  await opened.close()

  const database = { kind: 'postgres', url, passwordFile: '' } as const
  const root = t.testdir({})
  const start = (name: string, options: Partial<CollectorOptions>) =>
    startTestCollector(t, { dataDirectory: join(root, name), ...options })
  const collector = await start('one', { database })
  await t.rejects(upgrade(), { code: 'store', message: /another collector works with it/ })
  await collector.close()

  const { grpcAddress } = await start('elsewhere', {})
  const grpc = { host: '127.0.0.1', port: Number(grpcAddress.split(':').at(-1)) }
  await t.rejects(start('other', { database, grpc }), { code: 'address_in_use' })
  t.equal(await upgrade(), rebuild.number)
})

t.test('collectors of two versions work side by side, and what the older used goes after it', { skip }, async t => {
  const clock = createFakeClock()
  const { url, schema } = await emptyDatabase()
  const open = (list: readonly Migration[], told: string[] = []) =>
    openPostgresStore({ url }, clock, { isCollector: true, list, progress: text => void told.push(text) })
  const older = await open(migrations)
  const other = await open(migrations)
  const told: string[] = []
  const newer = await open(tomorrow, told)
  t.teardown(() => Promise.all([older, other, newer].map(store => store.close())))
  t.same(told, [
    `migration ${expand.number} of ${contract.number}: more`,
    `migration ${contract.number} (less) waits until no collector works that knows a schema before ${expand.number} only`,
  ])
  t.match(await schema(), { number: expand.number, worksWith: newestSchema })
  const location = { kind: 'postgres', url, passwordFile: '' } as const
  t.match(await checkStore(location), {
    problems: [],
    notes: [`a newer version made schema ${expand.number}; this one knows up to ${newestSchema} and works with it`],
  })

  await other.close()
  t.equal(await newer.upkeep.contract(() => undefined), true, 'one of the older still works')
  const again = await open(migrations)
  t.pass('the older may start again meanwhile')
  const beside = await open(migrations.slice(0, -1)).catch(error => error as Error)
  t.match(beside, { code: 'store', message: /written by a newer version/ }, 'but not one that is older still')

  await again.close()
  await older.close()
  const applied: string[] = []
  const contracting = [newer, await open(tomorrow)].map(store => store.upkeep.contract(text => void applied.push(text)))
  await Promise.all(contracting)
  t.equal(await newer.upkeep.contract(() => undefined), false)
  t.same(
    applied.filter(text => text.includes('less')),
    [],
    'the second had applied it as it started',
  )
  t.match(await schema(), { number: contract.number, worksWith: expand.number })
  await t.rejects(open(migrations), { code: 'store', message: /written by a newer version/ })
  t.match(await checkStore(location), { problems: [/this program knows 1 to/] })
})

t.test('collectors that say no schema know the last before it was said', { skip }, async t => {
  const clock = createFakeClock()
  const { url, schema } = await emptyDatabase()
  await migratePostgres({ url }, { clock, list: migrations.slice(0, 19) })
  await patiently({ url }, client =>
    client.query("insert into replica (id, hosts, seen_at) values ('silent', '[]', $1)", [clock.now()]),
  )
  t.equal(await migratePostgres({ url }, { clock, list: migrations.slice(0, 20) }), 20, 'tables grow beside them')
  t.match(await schema(), { worksWith: 19 })
  const skipping = migratePostgres({ url }, { clock, list: tomorrow })
  await t.rejects(skipping, { message: /\(silent of schema 19\)/ }, 'but what skips a version may not work with them')
})

t.test('one that was killed holds up what is taken away for 90 seconds', { skip }, async t => {
  const clock = createFakeClock()
  const { url, schema } = await emptyDatabase()
  const older = await openPostgresStore({ url }, clock)
  t.teardown(() => older.close())
  const killed = { id: 'killed', hosts: new Set<number>(), schema: newestSchema, policy: '' }
  await older.write(transaction => transaction.putReplica(killed, clock.now()))
  const newer = await openPostgresStore({ url }, clock, { isCollector: true, list: tomorrow })
  t.teardown(() => newer.close())
  t.equal(await newer.upkeep.contract(() => undefined), true)
  await clock.advance(90_001)
  const applied: string[] = []
  t.equal(await newer.upkeep.contract(text => void applied.push(text)), false)
  t.same(applied, [`migration ${contract.number} of ${contract.number}: less`])
  const tooLate = new RegExp(`those of schema ${expand.number}, this program knows up to ${newestSchema}`)
  await t.rejects(older.ping(), { message: tooLate }, 'and is not ready when it comes back')
  await newer.ping()
  t.match(await schema(), { number: contract.number, worksWith: expand.number })
})

t.test('what is open goes on while tables are expanded, and after it', { skip }, async t => {
  const { url, schema } = await emptyDatabase()
  const domain = await openDomain(t, { database: url, flapping: flapRules(FlappingSchema.parse(undefined)) })
  const hosts = await Promise.all(['a', 'b', 'c'].map(name => domain.open(name)))
  let sequence = 0
  const round = async () => {
    sequence++
    await Promise.all(
      hosts.map(({ host }, index) => {
        const change = changeOf(sequence, smallState({ a: sequence, [`of-${index}`]: sequence % 3 }))
        return domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
      }),
    )
  }
  const look = async () => {
    const page = { limit: 500 }
    const { read } = domain.store
    const { items } = await read.hosts({ connected: new Set(), sort: 'hostname' }, page)
    t.equal(items.length, 3)
    for (const { id } of items) {
      t.ok((await read.facet(id, 'small'))?.current)
      t.equal((await read.facetHistory(id, 'small', page)).items.length, sequence, 'every change')
    }
    t.ok((await read.results({}, page)).items.length > 0)
    t.ok((await read.drift({}, page)).items.length > 0)
    await read.fleet()
    await read.checks()
    await read.waivers()
  }
  for (let count = 0; count < 5; count++) await round()
  await domain.judging.idle()
  await look()
  const list = [...migrations, expand]
  const expanding = migratePostgres({ url }, { clock: systemClock, list })
  let isDone = false
  void expanding.finally(() => {
    isDone = true
  })
  while (!isDone) await round()
  await expanding
  t.match(await schema(), { number: expand.number })
  for (let count = 0; count < 5; count++) await round()
  await domain.judging.idle()
  await look()
  const rules = retentionRules(RetentionSchema.parse({ drift: '1h', history: '1h' }))
  const retention = { store: domain.store, rules, clock: systemClock, log: silentLog, onPruned: () => undefined }
  await pruneOnce(retention, await domain.store.upkeep.newestBody(), new AbortController().signal)
  const checked = await checkStore({ kind: 'postgres', url, passwordFile: '' })
  t.match(checked, { problems: [], rows: { hosts: 3, states: 3 } }, 'what is past its time goes, too')
})

t.test('tables that are in use are waited for, and nobody waits behind that', { skip }, async t => {
  const { url, schema } = await emptyDatabase()
  const store = await openPostgresStore({ url }, systemClock)
  t.teardown(() => store.close())
  const reader = await openClient({ url })
  t.teardown(() => reader.end())
  await reader.query('begin')
  await reader.query('select * from host')
  const told: string[] = []
  const waits = Promise.withResolvers<void>()
  const expanding = migratePostgres(
    { url },
    {
      clock: systemClock,
      list: [...migrations, expand],
      progress: text => {
        told.push(text)
        if (text.includes('waits')) waits.resolve()
      },
    },
  )
  await waits.promise
  t.equal((await store.read.fleet()).hosts, 0, 'others read the table meanwhile')
  await reader.query('commit')
  t.equal(await expanding, expand.number)
  t.same(told.slice(1), [`migration ${expand.number}: waits for tables that are in use`])

  const again = await openClient({ url })
  t.teardown(() => again.end())
  await again.query('begin')
  await again.query('select * from drift_item')
  const options = { clock: systemClock, list: tomorrow }
  const contracting = contractPostgres({ url }, options)
  t.equal(await contracting, true, 'what is to go is left for the next time')
  t.match(await schema(), { number: expand.number })
  await again.query('commit')
  t.equal(await contractPostgres({ url }, options), false)
  t.match(await schema(), { number: contract.number })
})

for (const [kind, list, still] of [
  ['expands', [...migrations, sleeping(expand)], newestSchema],
  ['contracts', [...migrations, expand, sleeping(contract)], expand.number],
] as const) {
  t.test(`one that ${kind} is killed in the midst of it, and another one begins again`, { skip }, async t => {
    const { url, schema } = await emptyDatabase()
    const first = await openPostgresStore({ url }, systemClock)
    t.teardown(() => first.close())
    const script = join(import.meta.dirname, 'migrate-with.ts')
    const child = spawn(process.execPath, [script, url, JSON.stringify(list)], { stdio: 'inherit' })
    const ended = once(child, 'exit')
    const sleeps =
      "select count(*) as count from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'"
    await patiently({ url }, async client => {
      await until(async () => (await client.query<{ count: number }>(sleeps)).rows[0]?.count === 1)
    })
    child.kill('SIGKILL')
    t.same(await ended, [null, 'SIGKILL'])
    const told: string[] = []
    const progress = (text: string) => void told.push(text)
    t.equal(await migratePostgres({ url }, { clock: systemClock, list: tomorrow, progress }), contract.number)
    const begun = tomorrow.filter(({ number }) => number > still)
    t.same(
      told.filter(text => text.includes(' of ')),
      begun.map(({ number, name }) => `migration ${number} of ${contract.number}: ${name}`),
    )
    t.match(await schema(), { number: contract.number, worksWith: expand.number })
    await first.read.fleet()
  })
}

t.test('what fails leaves the tables as they were', { skip }, async t => {
  const { url, schema } = await emptyDatabase()
  await openPostgresStore({ url }, systemClock).then(store => store.close())
  for (const [list, numberBefore] of [
    [
      [...migrations, { ...expand, statements: [...expand.statements, 'create table tomorrow (id integer) strict'] }],
      newestSchema,
    ],
    [
      [...tomorrow.slice(0, -1), { ...contract, statements: [...contract.statements, 'drop table nobody'] }],
      expand.number,
    ],
  ] as const) {
    await t.rejects(migratePostgres({ url }, { clock: systemClock, list }))
    t.match(await schema(), { number: numberBefore })
    t.equal((await checkStore({ kind: 'postgres', url, passwordFile: '' })).problems.length, 0)
    await migratePostgres({ url }, { clock: systemClock, list: tomorrow.slice(0, -1) })
  }
  t.equal(await migratePostgres({ url }, { clock: systemClock, list: tomorrow }), contract.number)
})

if (server) {
  t.test('the suite of every store, by a collector of today on tables of tomorrow', t => {
    storeSuite(t, async (t, options) => {
      const url = await server.database()
      await migratePostgres({ url }, { clock: systemClock, list: [...migrations, expand] })
      return openDomain(t, { ...options, database: url })
    })
    t.end()
  })
}
