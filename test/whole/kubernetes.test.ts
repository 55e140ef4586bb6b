// A cluster's way from nothing to facts, with both programs: the bundle published, a token shown, the node's host there.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { apiTokenHeader } from '../api-token.ts'
import { serveKubernetesApi } from '../collector/kubernetes-api.ts'
import { freePort } from '../free-port.ts'
import { daemon, type HostItem } from './system.ts'

async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 90_000
  for (;;) {
    const found = await Promise.resolve(ask()).catch(() => undefined)
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`${what}: not within 90 s`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

t.test('serve, publish, run with a projected token, lose the pod', async t => {
  const directory = t.testdir({ api: {}, mounted: {} })
  const path = (...names: readonly string[]) => join(directory, ...names)
  const api = await serveKubernetesApi(t, path('api'))
  const cluster = {
    ...{ name: 'east', apiServer: api.url, caFile: api.caFile, tokenFile: api.tokenFile },
    ...{ serviceAccounts: ['gabion:gabion-agent'], publishNamespace: 'gabion' },
  }
  const configuration = path('collector.yaml')
  writeFileSync(configuration, JSON.stringify({ kubernetes: [cluster], advertise: ['localhost'] }))
  const [http, grpc, enrolled] = [await freePort(), await freePort(), await freePort()]
  const collector = daemon(t, 'collector', [
    ...['serve', '--config', configuration, '--data-dir', path('collector'), '--http-address', `127.0.0.1:${http}`],
    ...['--grpc-address', `127.0.0.1:${grpc}`, '--enrolled-port', String(enrolled), '--exchange-port', '0'],
  ])
  const files = ['--token-file', path('mounted', 'token'), '--ca-file', path('mounted', 'ca.crt')]
  const agent = daemon(t, 'agent', [
    ...['run', '--collector', `localhost:${grpc}`, ...files, '--node-name', 'node-a'],
    ...['--state-dir', path('agent'), '--no-port-probes'],
  ])
  agent.start()
  await until('waiting for its token', () => (/token: cannot be read \(ENOENT\)/.test(agent.log) ? true : undefined))
  collector.start()
  const published = await until(
    'published',
    () => (api.configMaps.get('gabion/gabion-ca') as { data: Record<string, string> } | undefined)?.data['ca.crt'],
  )
  t.match(published, /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/)
  writeFileSync(path('mounted', 'ca.crt'), published)
  writeFileSync(path('mounted', 'token'), api.mint())

  const headers = await apiTokenHeader(path('collector'))
  const get = async <T>(what: string) =>
    (await (await fetch(`http://127.0.0.1:${http}/api/v1/${what}`, { headers })).json()) as T
  type Host = HostItem & { readonly hostKey: string }
  const host = await until('connected', async () =>
    (await get<{ items: readonly Host[] }>('hosts')).items.find(item => item.connected),
  )
  t.equal(host.hostKey, `kubernetes:east/${api.nodes.get('node-a')}`)
  await until('facets', async () => {
    const { items } = await get<{ items: readonly unknown[] }>(`hosts/${host.id}/facets`)
    return items.length >= 18 ? items : undefined
  })

  t.same(await collector.stop('SIGTERM'), { code: 0, signal: null })
  api.pods.delete('gabion/agent-a')
  collector.start()
  await until('refused', () => (/refused: identity: .*has been invalidated/.test(agent.log) ? true : undefined))
  const { items } = await get<{ items: readonly Host[] }>('hosts')
  t.match(items, [{ id: host.id, connected: false }])
  t.same(await agent.stop('SIGTERM'), { code: 0, signal: null })
  t.same(await collector.stop('SIGTERM'), { code: 0, signal: null })
  for (const text of [agent.log, collector.log]) {
    t.notMatch(text, api.ownToken)
    t.notMatch(text, /eyJ[\w-]+\.[\w-]+/, 'no token is in a log')
  }
})
