// Lists over many rows: each row once, in order, whatever the filter and the size of a page.
import t from 'tap'
import type { DriftRecord, HostRecord, ResultRecord } from '../../../../collector/store/records.ts'
import { smallState } from '../../../small-facet.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { startTestCollector } from '../../start-collector.ts'
import { pages } from '../request.ts'

const collector = await startTestCollector(t)
const count = 45
const fleet = await fillFleet(t, collector, count, {
  hostname: index => (index % 5 === 0 ? 'same-name' : `Node_${String(index).padStart(3, '0')}%`),
  labels: index => ({ role: index % 3 === 0 ? 'worker' : 'plane', 'a.b/c': 'x=y' }),
  value: index => (index % 4 === 0 ? 20 : 1),
})
for (const { agent } of fleet.slice(0, 20)) await agent.deliver(2, smallState({ a: 1, extra: 1 }))

const ids = <T extends { readonly id: unknown }>(found: readonly (readonly T[])[]) =>
  found.flat().map(({ id }) => String(id))

t.test('hosts', async t => {
  for (const query of ['hosts?limit=7', 'hosts?limit=7&sort=score', 'hosts?limit=45', 'hosts?limit=1']) {
    const found = await pages<HostRecord>(collector.base, query)
    t.same(ids(found).sort(), fleet.map(({ id }) => id).sort(), `${query}: each host once`)
    t.ok(found.slice(0, -1).every(page => page.length === found[0]?.length))
  }
  const byName = (await pages<HostRecord>(collector.base, 'hosts?limit=7')).flat()
  t.same(
    byName.map(host => host.hostname),
    byName.map(host => host.hostname).sort(),
  )
  const scores = (await pages<HostRecord>(collector.base, 'hosts?limit=7&sort=score'))
    .flat()
    .map(host => host.score ?? 100)
  t.same(
    scores,
    scores.toSorted((a, b) => a - b),
  )
  const size = async (query: string) => ids(await pages<HostRecord>(collector.base, `hosts?limit=4&${query}`)).length
  t.equal(await size('q=same-NAME'), 9)
  t.equal(await size('q=_0'), 36, 'an underscore is no wildcard')
  t.equal(await size('q=%25'), 36, 'a percent sign neither')
  t.equal(await size(`q=${fleet[3]?.id}`), 1)
  t.equal(await size('q=not-in-any-name'), 0)
  t.equal(await size('label=role=worker'), 15)
  t.equal(await size('label=role=nobody'), 0)
  t.equal(await size(`label=${encodeURIComponent('a.b/c=x=y')}`), count)
  t.equal(await size('state=connected'), count)
  t.equal(await size('state=disconnected'), 0)
})

t.test('results', async t => {
  const all = (await pages<ResultRecord>(collector.base, 'results?limit=13')).flat()
  t.equal(all.length, 4 * count)
  t.equal(new Set(all.map(result => `${result.hostId} ${result.check}`)).size, 4 * count)
  const order = ['critical', 'high', 'medium', 'low']
  const severities = all.map(result => order.indexOf(result.severity))
  t.same(
    severities,
    severities.toSorted((a, b) => a - b),
    'the severest first',
  )
  const failing = (await pages<ResultRecord>(collector.base, 'results?limit=3&state=fail')).flat()
  t.equal(failing.length, 7, 'those of the last 25 hosts whose value is not small')
  t.ok(failing.every(result => result.state === 'fail' && result.evidence.length > 0))
  const size = async (query: string) => (await pages(collector.base, `results?limit=11&${query}`)).flat().length
  t.equal(await size('check=values-small'), count)
  t.equal(await size('check=values-small&state=pass'), count - 7)
  t.equal(await size('check=nothing'), 0)
  t.equal(await size('severity=critical'), count)
  t.equal(await size(`host=${fleet[1]?.id}`), 4)
  t.equal((await pages(collector.base, `hosts/${fleet[1]?.id}/results?limit=1`)).flat().length, 4)
  t.equal(await size('host=nobody'), 0)
})

t.test('drift', async t => {
  const all = (await pages<DriftRecord>(collector.base, 'drift?limit=4')).flat()
  t.same(
    all.map(row => row.id),
    all.map(row => row.id).toSorted((a, b) => b - a),
    'newest first',
  )
  t.equal(new Set(all.map(row => row.id)).size, all.length)
  const size = async (query: string) => (await pages(collector.base, `drift?limit=3&${query}`)).flat().length
  const kinds = (kind: string) => all.filter(row => row.kind === kind).length
  t.equal(await size('kind=fact'), kinds('fact'))
  t.equal(await size('kind=result'), 5, 'every fourth of twenty hosts passes now')
  t.equal(await size('subject=values-small'), 5)
  t.equal(await size('subject=small'), kinds('fact'))
  t.equal(await size(`host=${fleet[0]?.id}`), all.filter(row => row.hostId === fleet[0]?.id).length)
  t.equal(await size('since=2020-01-01T00:00:00Z'), all.length)
  t.equal(await size('since=2999-01-01T00:00:00%2B02:00'), 0)
  const middle = all[Math.floor(all.length / 2)]?.at ?? ''
  t.equal(await size(`since=${middle}`), all.filter(row => row.at >= middle).length)
})

t.test('history of a facet', async t => {
  const [first] = fleet
  for (let sequence = 3; sequence < 12; sequence++)
    await first?.agent.deliver(sequence, smallState({ a: 1, extra: sequence % 10 }))
  const found = (
    await pages<{ validFrom: string }>(collector.base, `hosts/${first?.id}/facets/small/history?limit=4`)
  ).flat()
  t.equal(found.length, 11)
  t.same(
    found.map(row => row.validFrom),
    found
      .map(row => row.validFrom)
      .toSorted()
      .reverse(),
  )
})

t.test('checks have the counts of the fleet', async t => {
  const { items } = await collector.get<{ items: { id: string; counts: object; profiles: string[] }[] }>('checks')
  t.equal(items.length, 4)
  t.match(
    items.find(check => check.id === 'values-small'),
    { counts: { fail: 7, pass: count - 7 }, profiles: ['all'] },
  )
  t.equal((await collector.get<{ items: [] }>('checks?severity=critical')).items.length, 1)
  t.equal((await collector.get<{ items: [] }>('checks?profile=nothing')).items.length, 0)
  t.match(await collector.get('checks/values-small'), { pass: /all/, rationale: 'why', counts: { fail: 7 } })
  t.notOk('tests' in (await collector.get<object>('checks/values-small')))
  await t.rejects(collector.get('checks/nothing'), /404/)
})

t.test('the summary adds up', async t => {
  const fleetNow = await collector.hosts()
  const summary = await collector.get<{ counts: Record<string, number>; lastDriftId: number }>('summary')
  for (const state of ['pass', 'fail', 'manual', 'error', 'not_applicable'] as const) {
    t.equal(
      summary.counts[state],
      fleetNow.reduce((sum, host) => sum + host.counts[state], 0),
      state,
    )
  }
  t.match(summary, { hosts: { total: count, connected: count }, checks: 4, failedBySeverity: { high: 7 } })
  t.equal(summary.lastDriftId, (await collector.drift())[0]?.id)
})

t.test('a host that went is disconnected, and nobody can ask it again', async t => {
  const last = fleet.at(-1)
  last?.agent.close()
  await collector.waitFor(async () => (await collector.hosts()).some(host => !host.connected))
  const gone = (await pages<HostRecord>(collector.base, 'hosts?state=disconnected')).flat()
  t.same(ids([gone]), [last?.id])
  const response = await fetch(`${collector.base}/api/v1/hosts/${last?.id}/rescan`, { method: 'POST' })
  t.equal(response.status, 409)
})
