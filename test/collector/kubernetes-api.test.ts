// The stand-in of an API server as another client sees it: the official one lists, watches, applies and deletes.
import { readFileSync } from 'node:fs'
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node'
import t from 'tap'
import { reportOfNode } from '../../collector/policy-reports/report-of-node.ts'
import { until } from '../until.ts'
import { type KubernetesApi, startKubernetesApi } from './kubernetes-api.ts'

function configOf(api: KubernetesApi): KubeConfig {
  const config = new KubeConfig()
  const caData = readFileSync(api.caFile).toString('base64')
  config.loadFromClusterAndUser(
    { name: 'c', server: api.url, caData, skipTLSVerify: false },
    { name: 'u', token: api.ownToken },
  )
  return config
}

t.test('the official client follows nodes through ends of watches and 410, as ours does', async t => {
  const api = await startKubernetesApi(t)
  const { nodeStore, nodes } = api
  const config = configOf(api)
  const client = config.makeApiClient(CoreV1Api)
  const seen = new Map<string, Readonly<Record<string, string>>>()
  const informer = makeInformer(config, '/api/v1/nodes', () => client.listNode())
  const put = (node: { readonly metadata?: { readonly name?: string; readonly labels?: Record<string, string> } }) =>
    void seen.set(node.metadata?.name ?? '', node.metadata?.labels ?? {})
  informer.on('add', put)
  informer.on('update', put)
  informer.on('delete', node => void seen.delete(node.metadata?.name ?? ''))
  let isOver = false
  informer.on('error', () => void (isOver || informer.start()))
  await informer.start()
  await until(() => seen.size === 2 && nodeStore.watching === 1)
  nodeStore.label('node-a', { team: 'web' })
  await until(() => seen.get('node-a')?.['team'] === 'web')
  nodes.delete('node-b')
  await until(() => !seen.has('node-b'))
  nodeStore.compact()
  nodeStore.endWatches('end')
  nodes.set('node-c', 'u-3')
  await until(() => seen.has('node-c'))
  t.same([...seen.keys()].sort(), ['node-a', 'node-c'])
  isOver = true
  await informer.stop()
})

t.test('the official client applies a report of ours, lists and deletes it', async t => {
  const api = await startKubernetesApi(t)
  api.reportStore.installed.add('clusterreports')
  const custom = configOf(api).makeApiClient(CustomObjectsApi)
  const resource = { group: 'openreports.io', version: 'v1alpha1', plural: 'clusterreports' }
  const counts = { pass: 1, fail: 0, manual: 0, not_applicable: 0, error: 0 }
  const node = { name: 'node-a', uid: 'u-1' }
  const report = reportOfNode('openreports', { owner: 'me', node, host: { id: 'h', counts }, failing: [] })
  const { name = '', object } = report ?? {}
  const apply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply)
  await custom.patchClusterCustomObject({ ...resource, name, body: object, fieldManager: 'f', force: true }, apply)
  const labelSelector = 'app.kubernetes.io/managed-by=gabion,gabion.io/collector=me'
  const { items } = await custom.listClusterCustomObject({ ...resource, labelSelector })
  t.match(items, [{ kind: 'ClusterReport', metadata: { name: 'gabion-me-u-1' }, summary: { pass: 1 } }])
  await custom.deleteClusterCustomObject({ ...resource, name })
  t.equal(api.reportStore.reports.size, 0)
})
