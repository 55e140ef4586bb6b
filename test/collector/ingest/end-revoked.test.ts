// Streams of hosts that are revoked or quarantined end, also one that is opened while that happens.
import t from 'tap'
import { createConnections } from '../../../collector/ingest/connections.ts'
import { endRevoked } from '../../../collector/ingest/end-revoked.ts'
import { fakeStream } from '../fake-stream.ts'
import { openDomain } from '../open-domain.ts'

t.test('every look ends what is connected, and leaves the others', async t => {
  const { store } = await openDomain(t)
  const add = (hostname: string) => {
    const attributes = { hostname, machineId: '', bootId: '', agentVersion: '1' }
    return store.write(transaction => transaction.addEnrolledHost({ ...attributes, grantedLabels: {}, atMs: 1 }))
  }
  const [good, bad] = [await add('good'), await add('bad')]
  const number = async (id: string) => (await store.read.hostNumber(id)) ?? 0
  const connections = createConnections(store)
  const [kept, first, second] = [fakeStream(), fakeStream(), fakeStream()]
  connections.open(await number(good), kept)
  connections.open(await number(bad), first)
  await endRevoked(store, connections)
  t.same([kept.events, first.events], [[], []])
  const standing = { hostId: bad, standing: 'revoked', reason: '', sinceMs: 5 } as const
  await store.write(transaction => transaction.setStanding(standing))
  await endRevoked(store, connections)
  t.same(first.events, ['revoked'])
  connections.close(await number(bad), first)
  connections.open(await number(bad), second)
  await endRevoked(store, connections)
  t.same(second.events, ['revoked'], 'one that slipped in')
  t.same(kept.events, [])
})
