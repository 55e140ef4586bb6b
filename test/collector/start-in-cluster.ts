// A collector whose agents are pods of a stand-in cluster, over the real listeners.
import { join } from 'node:path'
import { credentials } from '@grpc/grpc-js'
import type { Test } from 'tap'
import type { Cluster } from '../../collector/auth/kubernetes/cluster.ts'
import { openAuthority } from '../../collector/auth/pki/authority.ts'
import type { CollectorOptions } from '../../collector/collector.ts'
import type { Hello } from '../../proto/generated/gabion/v1/Hello.ts'
import { systemClock } from '../../runtime/clock.ts'
import { type KubernetesApi, serveKubernetesApi } from './kubernetes-api.ts'
import { connectRawAgent, helloOf } from './raw-agent.ts'
import { startTestCollector } from './start-collector.ts'

export function clusterOf(api: KubernetesApi, change: Partial<Cluster> = {}): Cluster {
  const files = { caFile: api.caFile, tokenFile: api.tokenFile }
  const accepts = { audience: 'gabion-collector', issuer: '', serviceAccounts: ['gabion:gabion-agent'] }
  return { name: 'local', apiServer: api.url, ...files, ...accepts, publishNamespace: '', ...change }
}

/** @param options `cluster` is one that is there, with the data directory of the collector that it had */
export async function startInCluster(
  t: Test,
  change: Partial<Cluster> = {},
  options: Partial<CollectorOptions> & { readonly cluster?: KubernetesApi } = {},
) {
  // Where both are given, an earlier collector has left them, and its directory stays.
  const directory = options.cluster ? '' : t.testdir({ api: {}, collector: {} })
  const { cluster: api = await serveKubernetesApi(t, join(directory, 'api')), ...given } = options
  const enrolled = { host: '127.0.0.1', port: 0 }
  const tls = { enrolled, names: ['127.0.0.1', 'localhost'], clusters: [clusterOf(api, change)] }
  const collector = await startTestCollector(t, { tls, dataDirectory: join(directory, 'collector'), ...given })
  const authority = await openAuthority(collector.dataDirectory, systemClock)
  const verified = credentials.createSsl(Buffer.from(authority.certificates))
  const connect = (token: string) =>
    connectRawAgent(t, collector.grpcAddress, { credentials: verified, authorization: `Bearer ${token}` })
  return {
    ...{ api, collector, authority, verified, connect },
    async refusalOf(token: string, hello: Partial<Hello> = {}) {
      const agent = connect(token)
      agent.send({ hello: helloOf(hello) })
      return agent.expect('refusal')
    },
    async metric(name: string) {
      const text = await (await fetch(`${collector.base}/metrics`)).text()
      const line = text.split('\n').find(one => one.startsWith(`${name} `))
      return Number(line?.slice(name.length + 1) ?? 0)
    },
  }
}
