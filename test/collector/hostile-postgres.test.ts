// Texts that a database may stumble over, on PostgreSQL: every one is kept, comes back, and is found again.
import t from 'tap'
import { sealFailed } from '../../proto/seal.ts'
import { hostileStrings, nameOf } from '../hostile.ts'
import { SmallFacet } from '../small-facet.ts'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { fillHostileFleet } from './fill-hostile-fleet.ts'
import { startTestCollector } from './start-collector.ts'

t.test('every text of a host is kept as it was said', { skip: whyNoPostgres() ?? false }, async t => {
  const server = await startPostgres(t)
  const database = { kind: 'postgres', url: await server.database(), passwordFile: '' } as const
  const collector = await startTestCollector(t, { database })
  const hosts = await fillHostileFleet(t, collector)
  await collector.judged()
  const found = await collector.hosts()
  t.same(found.map(({ hostname }) => hostname).toSorted(), hostileStrings.map(nameOf).toSorted())
  t.same(found.map(({ labels }) => labels['said'] ?? '').toSorted(), hostileStrings.map(nameOf).toSorted())
  t.equal(
    (await collector.get<{ items: unknown[] }>('findings?check=values-small&limit=500')).items.length,
    hosts.length,
  )
  t.ok((await collector.drift()).length > 0)
  for (const said of hostileStrings.map(nameOf)) {
    const path = `hosts?label=${encodeURIComponent(`said=${said}`)}`
    const { items } = await collector.get<{ items: { hostname: string }[] }>(path)
    t.same(
      items.map(({ hostname }) => hostname),
      [said],
    )
  }
  await hosts[0]?.agent.deliver(3, sealFailed(SmallFacet, 'unreadable', 'EACCES', 'x'))
  t.same(await collector.store.read.unreadFacets(), [{ facet: 'small', state: 'unreadable', hosts: 1 }])
  t.equal(await collector.store.read.apiSessions(0), 0)
  for (const path of [
    'hosts?q=%00',
    'hosts?label=a%3D%00',
    'hosts/a%00',
    'drift?subject=%00',
    'audit?actor=%00',
    'checks/%00',
  ]) {
    const response = await fetch(`${collector.base}/api/v1/${path}`)
    t.match(await response.json(), { status: 400, detail: /a NUL/ }, path)
  }
  // A change that is refused stands in the audit log all the same.
  const refused = await fetch(`${collector.base}/api/v1/hosts/a%00b`, { method: 'DELETE' })
  t.equal(refused.status, 400)
  t.match(await collector.get('audit?limit=1'), {
    items: [{ action: 'hosts.delete', target: 'ab', outcome: 'refused' }],
  })
  const forged = Buffer.from(JSON.stringify(['hosts-by-hostname', '\0', 1])).toString('base64url')
  t.equal((await fetch(`${collector.base}/api/v1/hosts?cursor=${forged}`)).status, 400)
})
