// A pod behind an HTTP proxy that passes on no HTTP/2: its node is heard by POST, with the token as it is at that time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { tokenChannel } from '../../agent/uplink/channel.ts'
import { openAuthority } from '../../collector/auth/pki/authority.ts'
import { systemClock } from '../../runtime/clock.ts'
import { type Log, silentLog } from '../../runtime/log.ts'
import { serveKubernetesApi } from '../collector/kubernetes-api.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { startFaultProxy } from '../fault-proxy.ts'
import { smallStateOf, startSmallUplink } from '../small-uplink.ts'

const free = { host: '127.0.0.1', port: 0 }

t.test('token, CONNECT and POST', { timeout: 120_000 }, async t => {
  const directory = t.testdir({ api: {}, collector: {}, agent: {} })
  const path = (...names: readonly string[]) => join(directory, ...names)
  const api = await serveKubernetesApi(t, path('api'))
  const cluster = {
    ...{ name: 'local', apiServer: api.url, caFile: api.caFile, tokenFile: api.tokenFile, issuer: '' },
    ...{ audience: 'gabion-collector', serviceAccounts: ['gabion:gabion-agent'], publishNamespace: '' },
    ...{ apiAudience: '' },
  }
  const collector = await startTestCollector(t, {
    ...{ dataDirectory: path('collector'), exchange: free },
    tls: { enrolled: free, names: ['localhost'], clusters: [cluster] },
  })
  writeFileSync(path('ca.crt'), (await openAuthority(path('collector'), systemClock)).certificates)
  const rotate = (token: string) => writeFileSync(path('token'), token)
  rotate(api.mint())
  const proxy = await startFaultProxy(t)
  proxy.faults.breakHttp2 = true
  process.env['https_proxy'] = `http://${proxy.address}`
  t.teardown(() => void delete process.env['https_proxy'])
  const local = (address: string | undefined) => `localhost:${address?.split(':')[1]}`
  const [streams, posts] = [local(collector.grpcAddress), local(collector.exchangeAddress)]
  const ends: unknown[] = []
  const log: Log = { ...silentLog, warn: (_, fields) => void ends.push(fields?.['reason']) }
  const agent = startSmallUplink({
    ...{ directory: path('agent'), hello: { nodeName: 'node-a' }, log },
    openChannel: tokenChannel(streams, path('token'), path('ca.crt'), posts),
  })
  t.teardown(agent.stop)
  const arrived = (value: number) =>
    collector.waitFor(
      async () => (await collector.store.read.bodyHead(smallStateOf(value).digest)) !== undefined,
      AbortSignal.timeout(60_000),
    )
  await arrived(agent.change())
  t.match(await collector.hosts(), [{ hostKey: `kubernetes:local/${api.nodes.get('node-a')}`, connected: true }])
  t.same(
    new Set(proxy.asked),
    new Set([streams, posts]),
    'streams were tried through the proxy, and POSTs go through it',
  )
  t.ok(ends.length >= 5, `after ${ends.length} streams of no use`)

  const before = ends.length
  const reviews = () => api.requests.filter(request => request.startsWith('POST ')).length
  const reviewed = reviews()
  rotate(api.mint())
  await arrived(agent.change())
  t.equal(reviews(), reviewed + 1, 'the next POST shows the token that the kubelet put there meanwhile')
  t.equal(ends.length, before, 'without an interruption')
  await arrived(agent.change())
  t.equal(reviews(), reviewed + 1, 'which is reviewed once')

  api.pods.delete('gabion/agent-a')
  rotate(`${api.mint({ pod: 'agent-b' })}`)
  agent.change()
  while (ends.length === before) await new Promise(resolve => setTimeout(resolve, 10))
  t.match(ends.at(-1), /refused: identity: the token is of node node-b, the agent claims to run on another/)
})
