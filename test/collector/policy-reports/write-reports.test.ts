// Reports about nodes through the whole collector: what the cluster has after facts, waivers and ends of nodes.
import t, { type Test } from 'tap'
import { reportOwner } from '../../../collector/policy-reports/report-of-node.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { recordingLog } from '../../recording-log.ts'
import { smallState } from '../../small-facet.ts'
import { until } from '../../until.ts'
import { startInCluster } from '../start-in-cluster.ts'

const openreports = { watchNodes: true, retireAfterMinutes: 10, policyReports: 'openreports' } as const

interface Report {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>>; readonly ownerReferences: unknown }
  readonly scope: unknown
  readonly summary: Readonly<Record<string, number>>
  readonly results: readonly { readonly policy: string; readonly message: string; readonly result: string }[]
}

async function start(t: Test, change: Partial<Parameters<typeof startInCluster>[1]> = {}) {
  const clock = createFakeClock(Date.now())
  const { log, lines } = recordingLog()
  const cluster = await startInCluster(t, { ...openreports, ...change }, { clock, log })
  const { api, collector } = cluster
  const owner = reportOwner(cluster.authority.pin)
  const nameOf = (node: string) => `gabion-${owner}-${api.nodes.get(node)}`
  const report = (name: string) => api.reportStore.reports.get(name) as unknown as Report | undefined
  /** Time passes until it holds. */
  const passing = (holds: () => boolean | Promise<boolean>) =>
    until(async () => {
      await collector.judged()
      await clock.advance(5_000)
      return holds()
    })
  return { ...cluster, owner, clock, lines, nameOf, report, passing }
}

t.test('each node that was judged has a report, which changes with its results and only then', async t => {
  const { api, connect, nameOf, report, passing } = await start(t)
  api.reportStore.installed.add('clusterreports')
  const agent = connect(api.mint())
  await agent.hello({ hostname: 'lies', nodeName: 'node-a' })
  await agent.deliver(1, smallState({ a: 50 }))
  await passing(() => report(nameOf('node-a'))?.summary['fail'] === 1)
  const reference = { apiVersion: 'v1', kind: 'Node', name: 'node-a', uid: api.nodes.get('node-a') }
  t.match(report(nameOf('node-a')), {
    ...{ apiVersion: 'openreports.io/v1alpha1', kind: 'ClusterReport', source: 'gabion', scope: reference },
    metadata: { labels: { 'app.kubernetes.io/managed-by': 'gabion' }, ownerReferences: [reference] },
    results: [{ policy: 'values-small', result: 'fail', severity: 'high', message: 'Values are small: a is 50' }],
  })
  t.equal(api.reportStore.reports.size, 1, 'and none for a node whose agent never spoke')
  const { applied } = api.reportStore
  await agent.deliver(2, smallState({ a: 50, b: 1 }))
  for (let round = 0; round < 5; round++) await passing(() => true)
  t.equal(api.reportStore.applied, applied, 'the same results are not written again')
  await agent.deliver(3, smallState({ a: 1 }))
  await passing(() => report(nameOf('node-a'))?.summary['fail'] === 0)
  t.match(report(nameOf('node-a')), {
    summary: { pass: 2, fail: 0, error: 1, warn: 0, skip: 1 },
    results: [{ policy: 'seen-seldom', result: 'error' }],
  })
})

/** A report that somebody wrote about a node that is not there. */
function strange(owner: string, kind = 'ClusterReport') {
  const name = `gabion-${owner}-of-nobody`
  const labels = { 'app.kubernetes.io/managed-by': 'gabion', 'gabion.io/collector': owner }
  return { kind, metadata: { name, labels, annotations: {} } }
}

t.test('a report goes with its host, one of nobody goes, too, and those of another collector stay', async t => {
  const { api, collector, connect, nameOf, report, passing, owner } = await start(t)
  api.reportStore.installed.add('clusterreports')
  const { reports } = api.reportStore
  const nobodys = `gabion-${owner}-of-nobody`
  reports.set(nobodys, strange(owner))
  reports.set('of another collector', strange('another'))
  reports.set('foreign', { kind: 'ClusterReport', metadata: { name: 'foreign', labels: { a: 'b' } } })
  const agent = connect(api.mint())
  const { hostId } = await agent.hello({ nodeName: 'node-a' })
  await agent.deliver(1, smallState({ a: 50 }))
  await passing(() => report(nameOf('node-a')) !== undefined && report(nobodys) === undefined)
  t.match(report(nameOf('node-a')), { metadata: { labels: { 'gabion.io/collector': owner } } })
  await collector.store.write(transaction => transaction.retireHost(hostId, 'scrapped', 1))
  await passing(() => report(nameOf('node-a')) === undefined)
  t.same([...reports.keys()], ['of another collector', 'foreign'])
})

t.test('what a collector wrote before goes when it is to write no more, or of the other kind', async t => {
  for (const policyReports of ['none', 'wgpolicyk8s'] as const) {
    const { api, passing, owner, lines, metric } = await start(t, { policyReports })
    const { reports, installed } = api.reportStore
    for (const resource of ['clusterreports', 'clusterpolicyreports'] as const) installed.add(resource)
    const nobodys = `gabion-${owner}-of-nobody`
    reports.set(nobodys, strange(owner))
    reports.set('of another collector', strange('another'))
    await passing(() => !reports.has(nobodys))
    await passing(() => lines.some(({ message }) => message === 'policy reports were removed, nobody wants them'))
    t.same([...reports.keys()], ['of another collector'])
    t.equal(await metric('gabion_policy_report_writes{cluster="local",outcome="removed"}'), 1)
    const asked = api.requests.length
    for (let round = 0; round < 5; round++) await passing(() => true)
    const again = api.requests.slice(asked).filter(request => request.includes('/clusterreports'))
    t.same(again, [], 'that is done once')
  }
})

t.test('without the right to look for what was written before that is said, and nothing is removed', async t => {
  const { api, passing, lines, metric } = await start(t, { policyReports: 'none' })
  api.rights.delete('list clusterreports')
  const said = () => lines.filter(({ message }) => message === 'policy reports written before, if there are any, stay')
  await passing(() => said().length > 0)
  t.match(said(), [{ level: 'info', fields: { reason: 'the collector may not list clusterreports' } }])
  t.equal(await metric('gabion_policy_report_writes{cluster="local",outcome="failed"}'), 0)
})

t.test('without the custom resource or the right that is said once, and written when it is there', async t => {
  const { api, connect, nameOf, report, passing, lines, metric } = await start(t, { policyReports: 'wgpolicyk8s' })
  const agent = connect(api.mint())
  await agent.hello({ nodeName: 'node-a' })
  await agent.deliver(1, smallState({ a: 50 }))
  const said = () => lines.filter(({ message }) => message === 'policy reports are not written')
  await passing(() => said().length > 0)
  for (let round = 0; round < 20; round++) await passing(() => true)
  const reasons = () => said().map(({ fields }) => fields['reason'])
  t.same(reasons(), ['the cluster has no ClusterPolicyReport of wgpolicyk8s.io/v1alpha2: install its CRD'])
  const asked = api.requests.filter(request => request.includes('clusterpolicyreports')).length
  t.ok(asked < 10, `asked ${asked} times: it waits longer each time`)
  const failed = await metric('gabion_policy_report_writes{cluster="local",outcome="failed"}')
  t.ok(failed > 0 && failed <= asked, `${failed} tries failed`)
  api.rights.delete('patch clusterpolicyreports')
  api.reportStore.installed.add('clusterpolicyreports')
  await passing(() => said().length > 1)
  t.same(reasons().slice(1), ['the collector may not create and patch clusterpolicyreports'])
  api.rights.add('patch clusterpolicyreports')
  await passing(() => report(nameOf('node-a')) !== undefined)
  t.equal(await metric('gabion_policy_report_writes{cluster="local",outcome="written"}'), 1)
})

t.test('a conflict is tried again; what is refused as it is waits until it is another', async t => {
  const { api, connect, nameOf, report, passing, lines, metric } = await start(t)
  api.reportStore.installed.add('clusterreports')
  api.reportStore.refusals.push(409, 500, 422)
  const agent = connect(api.mint())
  await agent.hello({ nodeName: 'node-a' })
  await agent.deliver(1, smallState({ a: 50 }))
  await passing(() => api.reportStore.refusals.length === 0)
  const { applied } = api.reportStore
  for (let round = 0; round < 10; round++) await passing(() => true)
  t.equal(api.reportStore.applied, applied, 'not as it was')
  t.equal(
    await metric('gabion_policy_report_writes{cluster="local",outcome="failed"}'),
    3,
    'a server that fails counts, too',
  )
  t.match(
    lines.filter(({ message }) => message === 'a policy report was not taken'),
    [{ fields: { reason: '409 refused with 409' } }, { fields: { reason: '422 refused with 422' } }],
  )
  await agent.deliver(2, smallState({ a: 60 }))
  await passing(() => report(nameOf('node-a')) !== undefined)
  t.equal(report(nameOf('node-a'))?.summary['fail'], 1)
})

t.test('a collector that starts finds what is written, and writes what somebody took away', async t => {
  const { api, clock, connect, nameOf, report, passing, collector } = await start(t)
  api.reportStore.installed.add('clusterreports')
  const agent = connect(api.mint())
  await agent.hello({ nodeName: 'node-a' })
  await agent.deliver(1, smallState({ a: 50 }))
  await passing(() => report(nameOf('node-a')) !== undefined)
  const { applied } = api.reportStore
  await collector.close()
  const again = await startInCluster(t, openreports, { clock, cluster: api, dataDirectory: collector.dataDirectory })
  const asked = api.requests.length
  await until(async () => {
    await clock.advance(5_000)
    return api.requests.slice(asked).some(request => request.includes('/clusterreports?'))
  })
  for (let round = 0; round < 5; round++) await clock.advance(10_000)
  t.equal(api.reportStore.applied, applied)
  api.reportStore.reports.clear()
  await until(async () => {
    await again.collector.judged()
    await clock.advance(600_000)
    return report(nameOf('node-a')) !== undefined
  })
  t.ok(api.reportStore.applied > applied)
})
