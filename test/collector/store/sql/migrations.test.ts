// The list of migrations keeps its law: numbers ascend, and what says that it only adds does.
import { join } from 'node:path'
import t from 'tap'
import { migrations } from '../../../../collector/store/sql/migrate.ts'
import type { Contract, Expand } from '../../../../collector/store/sql/migration.ts'
import { planMigrations } from '../../../../collector/store/sql/plan-migrations.ts'
import { openReader } from '../../../../collector/store/sqlite/open-database.ts'
import { openSqliteStore } from '../../../../collector/store/sqlite/open-store.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { contract, expand, rebuild, tomorrow } from '../tomorrow.ts'
import { migrationProblems } from './migration-problems.ts'

t.test('every migration is what it says, and has the number of its place', t => {
  for (const [place, migration] of migrations.entries()) {
    t.equal(migration.number, place + 1, `${migration.number} ${migration.name}`)
    t.same(migrationProblems(migration), [])
  }
  t.ok(migrations.some(({ kind }) => kind === 'expand'))
  t.end()
})

t.test('what only adds is told from what changes', t => {
  const expanding = (...statements: string[]): Expand => ({ ...expand, statements })
  const sound = [
    'create table a (id integer primary key, n integer not null, check (n > 0)) strict',
    'create index host_by_b on host (b)',
    "create index host_by_c on host (c) where c <> ''",
    'alter table host add column b text',
    "alter table host add column b text not null default ''",
    "alter table host add column b blob not null default x''",
    'alter table host\n  add column b integer not null default -1',
    '',
  ]
  for (const text of sound) t.same(migrationProblems(expanding(text)), [], text)
  t.same(migrationProblems(expanding('create table a (b text) strict', 'create unique index a_b on a (b)')), [])
  t.same(
    migrationProblems(
      expanding('create table a (id integer primary key)', 'create table b (a integer references a, c text)'),
    ),
    [],
    'tables that come together may refer to each other',
  )
  const unsound = [
    ['drop table host', /does not only add/],
    ['drop index host_by_b', /does not only add/],
    ['alter table host rename column id to name', /does not only add/],
    ['alter table host rename to node', /does not only add/],
    ['alter table host drop column id', /does not only add/],
    ['alter table host alter column id type integer', /does not only add/],
    ['alter table host alter column id set not null', /does not only add/],
    ['alter table host add constraint c check (score > 0)', /does not only add/],
    ['alter table host add column b integer check (b > 0)', /does not only add/],
    ['alter table host add column b integer references blob', /does not only add/],
    ['alter table host add column b integer unique', /does not only add/],
    ['alter table host add column b integer not null default (random())', /does not only add/],
    ['alter table host add column b integer not null', /do not fill/],
    ['create unique index host_by_b on host (b)', /refuses rows/],
    ['create table b (host_no integer references host)', /take rows from/],
    ['create trigger a before insert on host begin select 1', /does not only add/],
    ["update host set id = ''", /does not only add/],
    ['delete from host', /does not only add/],
    ['insert into host values (1)', /does not only add/],
    ['create index a on host (b); drop table host', /more than one/],
  ] as const
  for (const [text, reason] of unsound) t.match(migrationProblems(expanding(text)), [reason], text)
  const forked: Expand = { ...expand, statements: [{ sqlite: '', postgres: 'drop table host' }] }
  t.match(migrationProblems(forked), [/does not only add/], 'whatever is told to one database only')
  t.match(migrationProblems({ ...expand, move: async () => undefined } as Expand), [/moves rows/])
  t.match(migrationProblems({ ...expand, worksWith: expand.number }), [/none before/])
  t.match(migrationProblems({ ...expand, worksWith: expand.number + 1 }), [/not before it/])
  const own: Contract = { ...contract, worksWith: contract.number }
  t.same(migrationProblems(own), [], 'what is taken away may leave those only that bring it')
  t.match(migrationProblems({ ...contract, worksWith: contract.number + 1 }), [/not before it/])
  t.end()
})

t.test('what has to wait waits, and what comes after it does not', t => {
  const later: Expand = { ...expand, number: rebuild.number, name: 'later' }
  const list = [...tomorrow, later]
  const number = migrations.length
  const schema = { number, worksWith: number, applied: new Set(migrations.map(one => one.number)) }
  const plan = (...others: number[]) =>
    planMigrations(
      list,
      schema,
      others.map(known => ({ id: `of-${known}`, schema: known })),
    )
  t.same(plan(), { now: [expand, contract, later], later: [] })
  t.same(plan(number), { now: [expand, later], later: [contract] })
  t.same(plan(number, expand.number), { now: [expand, later], later: [contract] })
  t.same(plan(expand.number), { now: [expand, contract, later], later: [] })
  t.throws(() => plan(number - 1), { code: 'store', message: /another collector works with it \(of-\d+ of schema/ })
  t.throws(() => planMigrations([...tomorrow, rebuild], schema, [{ id: 'x', schema: contract.number }]), {
    code: 'store',
  })
  t.end()
})

t.test('items that stopped flapping are found by an index of their own', async t => {
  const path = join(t.testdir({}), 'collector.db')
  await openSqliteStore(path, systemClock).then(store => store.close())
  const handle = openReader(path)
  t.teardown(() => handle.close())
  const plan = handle
    .prepare(
      `explain query plan select host_no from drift_item where last_at <= 5 and began_at > 0 order by last_at limit 10`,
    )
    .all([])
  t.match(plan, [{ detail: /drift_item_flapping/ }])
})
