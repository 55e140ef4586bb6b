// Two collectors on one PostgreSQL database: what one takes the other tells, and asks for.
import { join } from 'node:path'
import t from 'tap'
import { createConnectedFleet } from '../../collector/ingest/connected-fleet.ts'
import { createConnections } from '../../collector/ingest/connections.ts'
import { openPostgresStore } from '../../collector/store/postgres/open-store.ts'
import type { Signal } from '../../collector/store/signals.ts'
import { systemClock } from '../../runtime/clock.ts'
import { smallState } from '../small-facet.ts'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { connectRawAgent } from './raw-agent.ts'
import { startTestCollector } from './start-collector.ts'

const why = whyNoPostgres()
const server = why ? undefined : await startPostgres(t)

t.test('what one collector took is served, judged and told by the other', { skip: why ?? false }, async t => {
  const database = { kind: 'postgres', url: (await server?.database()) ?? '', passwordFile: '' } as const
  const root = t.testdir({})
  const [one, other] = await Promise.all(
    ['one', 'other'].map(name => startTestCollector(t, { database, dataDirectory: join(root, name) })),
  )
  if (!one || !other) return t.fail('two collectors')
  const agent = connectRawAgent(t, one.grpcAddress)
  const { hostId } = await agent.hello({ hostname: 'node-1' })
  await agent.deliver(1, smallState({ a: 1 }))
  await agent.deliver(2, smallState({ a: 20 }))
  await other.waitFor(async () => (await other.store.read.drift({}, { limit: 5 })).items.length > 0)
  await one.judged()
  t.match(await other.hosts(), [{ id: hostId, hostname: 'node-1' }])
  t.same(await other.results(), await one.results())
  t.ok((await other.results()).length > 0)
  await agent.deliver(3, smallState({ a: 1 }))
  await other.waitFor(
    async () => (await other.store.read.facetHistory(hostId, 'small', { limit: 9 })).items.length === 3,
  )
  t.pass('it heard of the next change, too')
})

t.test('a host that is connected to one is known to the other, which has it asked', { skip: why ?? false }, async t => {
  const url = (await server?.database()) ?? ''
  const stores = await Promise.all([1, 2].map(() => openPostgresStore({ url }, systemClock)))
  t.teardown(() => Promise.all(stores.map(store => store.close())))
  const [holder, asker] = stores
  if (!holder || !asker) return t.fail('two stores')
  const connections = createConnections(holder)
  const stream = { hostId: 'seven', heardMs: 1, end: () => undefined }
  connections.open(7, stream as never)
  const here = createConnectedFleet(holder, connections, systemClock, () => '')
  const there = createConnectedFleet(asker, createConnections(asker), systemClock, () => '')
  t.equal(await there.rescan(7, 'r', []), false, 'nobody knows')
  await here.refresh()
  await there.refresh()
  t.same([...there.hosts], [7])
  const asked = new Promise<Signal>(resolve => t.teardown(holder.signals.listen(resolve)))
  t.equal(await there.rescan(7, 'r', ['small']), true)
  t.same(await asked, { kind: 'rescan', host: 7, requestId: 'r', facets: ['small'] })
  await here.leave()
  await there.refresh()
  t.same([...there.hosts], [])
})
