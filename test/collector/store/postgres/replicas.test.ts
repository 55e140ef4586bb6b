// Several collectors on one database: killed at any moment, without their server for a while, on the same hosts at once.
import t, { type Test } from 'tap'
import { applyChange } from '../../../../collector/domain/apply-change.ts'
import { checkStore } from '../../../../collector/store/look-after.ts'
import { openStore } from '../../../../collector/store/open-store.ts'
import { ifAlone } from '../../../../collector/store/postgres/locks.ts'
import type { Signal } from '../../../../collector/store/signals.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { smallState } from '../../../small-facet.ts'
import { startPostgres, type TestServer, whyNoPostgres } from '../../../start-postgres.ts'
import { changeOf, openDomain } from '../../open-domain.ts'
import { runUntilKilled } from '../run-until-killed.ts'

t.setTimeout(120_000)

const unavailable = { code: 'store', message: /cannot be reached/ }

const why = whyNoPostgres()
if (why) t.plan(0, why)
else await test(t)

async function test(t: Test): Promise<void> {
  const server = await startPostgres(t)

  t.test(
    'two collectors, each killed again and again: nothing acknowledged is lost, nothing is there twice',
    async t => {
      const url = await server.database()
      const acknowledged = new Map<string, number>()
      const run = async (...args: readonly string[]) => {
        for (let round = 0; round < 2; round++) {
          const seen = await runUntilKilled([url, ...args], 20 + Math.floor(Math.random() * 60))
          for (const [key, sequence] of seen) acknowledged.set(key, sequence)
        }
      }
      await openDomain(t, { database: url })
      await Promise.all([run('a,b'), run('c,d')])
      await run('a,b,c,d')
      const { problems, rows } = await checkStore({ kind: 'postgres', url, passwordFile: '' })
      t.same([problems, rows['hosts'], acknowledged.size], [[], 4, 4])
      const { open } = await openDomain(t, { database: url })
      let applied = 0
      for (const [key, last] of acknowledged) {
        const { appliedSequence } = await open(key)
        applied += appliedSequence
        t.ok(
          appliedSequence >= last && appliedSequence <= last + 1,
          `${key}: ${last} acknowledged, ${appliedSequence} on disk`,
        )
      }
      t.equal(rows['states'], applied, 'one row of history per change')
    },
  )

  t.test('two collectors write to the same host, in turn', async t => {
    const url = await server.database()
    const domains = await Promise.all([openDomain(t, { database: url }), openDomain(t, { database: url })])
    const opened = await Promise.all(domains.map(({ open }, index) => open('same', `outbox-${index}`)))
    t.equal(opened[0]?.host, opened[1]?.host, 'it was made once')
    await Promise.all(
      domains.map(async ({ commits, apply }, index) => {
        for (let sequence = 1; sequence <= 20; sequence++) {
          const change = changeOf(sequence, smallState({ [`of-${index}`]: sequence }), { outboxId: `outbox-${index}` })
          await commits.submit(opened[index]?.host ?? 0, unit => applyChange(unit, change, apply))
        }
      }),
    )
    t.match(await checkStore({ kind: 'postgres', url, passwordFile: '' }), { problems: [], rows: { states: 40 } })
  })

  t.test('collectors that start at once make the tables once', async t => {
    const location = { kind: 'postgres', url: await server.database(), passwordFile: '' } as const
    const stores = await Promise.all([1, 2, 3].map(() => openStore(location, systemClock)))
    for (const store of stores) await store.ping()
    await Promise.all(stores.map(store => store.close()))
    t.match(await checkStore(location), { problems: [] })
  })

  t.test('one at a time does what one collector does for all', async t => {
    const options = { url: await server.database() }
    const inner = await ifAlone(options, 'retention', () => ifAlone(options, 'retention', async () => 'second'))
    t.equal(inner, undefined)
    t.equal(await ifAlone(options, 'retention', () => ifAlone(options, 'trends', async () => 'other')), 'other')
    t.equal(await ifAlone(options, 'retention', async () => 'after'), 'after')
  })

  await withoutServer(t, server)
}

function withoutServer(t: Test, server: TestServer): Promise<unknown> {
  return t.test('while the server is away nothing is written or acknowledged, and then all goes on', async t => {
    const { store, commits, apply, open } = await openDomain(t, { database: await server.database() })
    const { host, id } = await open('a')
    const write = (sequence: number) =>
      commits.submit(host, unit => applyChange(unit, changeOf(sequence, smallState({ a: sequence })), apply))
    await write(1)
    const heard = new Promise<Signal>(resolve => {
      t.teardown(store.signals.listen(signal => signal.kind === 'missed' && resolve(signal)))
    })
    await server.crash()
    await t.rejects(write(2), unavailable)
    await t.rejects(Promise.all([write(2), write(3)]), unavailable)
    await t.rejects(store.ping(), unavailable)
    await t.rejects(store.read.fleet())
    await server.start()
    t.equal((await heard).kind, 'missed')
    await store.ping()
    t.equal((await open('a')).appliedSequence, 1)
    await write(2)
    t.equal((await store.read.facet(id, 'small'))?.current.digest, smallState({ a: 2 }).digest)
  })
}
