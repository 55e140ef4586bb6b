// Two collectors on one database and one cluster: labels once, reports once, and when one goes the other does it.
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createFakeClock } from '../../fake-clock.ts'
import { smallState } from '../../small-facet.ts'
import { startPostgres, whyNoPostgres } from '../../start-postgres.ts'
import { until } from '../../until.ts'
import { serveKubernetesApi } from '../kubernetes-api.ts'
import { startInCluster } from '../start-in-cluster.ts'

const why = whyNoPostgres()

t.test('two collectors write each report once, and one takes over', { skip: why ?? false }, async t => {
  const server = await startPostgres(t)
  const database = { kind: 'postgres', url: await server.database(), passwordFile: '' } as const
  const root = t.testdir({ api: {} })
  const cluster = await serveKubernetesApi(t, join(root, 'api'))
  cluster.reportStore.installed.add('clusterreports')
  const watched = { watchNodes: true, retireAfterMinutes: 10, policyReports: 'openreports' } as const
  const clock = createFakeClock(Date.now())
  const start = async (name: string) => {
    mkdirSync(join(root, name), { recursive: true })
    return startInCluster(t, watched, { cluster, clock, database, dataDirectory: join(root, name) })
  }
  const one = await start('one')
  // One CA for all, as the Secret of the manifests has it.
  mkdirSync(join(root, 'other'))
  cpSync(join(root, 'one/pki'), join(root, 'other/pki'), { recursive: true })
  const other = await start('other')
  await until(() => cluster.nodeStore.watching === 2)
  const agent = other.connect(cluster.mint())
  await agent.hello({ hostname: 'a', nodeName: 'node-a' })
  await agent.deliver(1, smallState({ a: 50 }))
  cluster.nodeStore.label('node-a', { team: 'web' })
  const labelled = async () => (await one.collector.hosts())[0]?.labels['team']
  await until(async () => (await labelled()) === 'web')
  const pass = async () => {
    await other.collector.judged()
    await clock.advance(5_000)
  }
  await until(async () => {
    await pass()
    return cluster.reportStore.reports.size === 1
  })
  for (let round = 0; round < 10; round++) await pass()
  t.equal(cluster.reportStore.applied, 1, 'one of them wrote it')
  await one.collector.close()
  await agent.deliver(2, smallState({ a: 60 }))
  await until(async () => {
    await pass()
    return cluster.reportStore.applied > 1
  })
  const written = async () => other.metric('gabion_policy_report_writes{cluster="local",outcome="written"}')
  t.ok((await written()) >= 1)
  t.equal(cluster.reportStore.applied, 2)
  cluster.nodeStore.label('node-a', { team: 'db' })
  await until(async () => (await other.collector.hosts())[0]?.labels['team'] === 'db')
})
