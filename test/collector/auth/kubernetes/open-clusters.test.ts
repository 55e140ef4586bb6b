// Clusters at work: each has its tokens reviewed by its own API server, and the bundle where it is wanted.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Cluster } from '../../../../collector/auth/kubernetes/cluster.ts'
import { openClusters } from '../../../../collector/auth/kubernetes/open-clusters.ts'
import { openAuthority } from '../../../../collector/auth/pki/authority.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { type Log, silentLog } from '../../../../runtime/log.ts'
import { createFakeClock } from '../../../fake-clock.ts'
import { serveKubernetesApi } from '../../kubernetes-api.ts'

async function start(t: Test, certificates: (() => string) | undefined) {
  const directory = t.testdir({ east: {}, west: {}, own: {} })
  const [east, west] = [
    await serveKubernetesApi(t, join(directory, 'east')),
    await serveKubernetesApi(t, join(directory, 'west')),
  ]
  const clusterOf = (name: string, api: typeof east, publishNamespace: string): Cluster => ({
    ...{ name, apiServer: api.url, caFile: api.caFile, tokenFile: api.tokenFile, issuer: '', publishNamespace },
    ...{ audience: `gabion-${name}`, serviceAccounts: ['gabion:gabion-agent'] },
  })
  const warnings: string[] = []
  const log: Log = { ...silentLog, warn: message => warnings.push(message), with: () => log }
  const ended = new AbortController()
  t.teardown(() => ended.abort())
  const clusters = [clusterOf('east', east, ''), clusterOf('west', west, 'gabion')]
  const clock = createFakeClock(Date.now())
  const { identify } = openClusters({ clusters, certificates, limiter: { take: () => 0 }, clock, log }, ended.signal)
  const show = (token: string) => identify({ authorization: `Bearer ${token}`, address: '' })
  return { east, west, warnings, show, directory, clock }
}

t.test('each token goes to its own API server, and the bundle where a namespace is named', async t => {
  let bundle = ''
  const { east, west, show, warnings, directory, clock } = await start(t, () => bundle)
  bundle = (await openAuthority(join(directory, 'own'), systemClock)).certificates
  t.match(await show(east.mint({ audiences: ['gabion-east'] })), { cluster: 'east' })
  t.match(await show(west.mint({ audiences: ['gabion-west'] })), { cluster: 'west' })
  while (!west.configMaps.has('gabion/gabion-ca')) await clock.advance(2_000)
  t.equal(east.configMaps.size, 0)
  t.same(warnings, [])
})

t.test('where nobody said what the collector is verified by, nothing wrong is published', async t => {
  const { west, show, warnings } = await start(t, undefined)
  t.match(await show(west.mint({ audiences: ['gabion-west'] })), { cluster: 'west' })
  t.same(
    west.requests.filter(request => request.includes('configmaps')),
    [],
  )
  t.match(warnings, [/no CA bundle is published: .* tlsCaFile is not set/])
})
