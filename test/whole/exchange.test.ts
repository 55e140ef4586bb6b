// Networks that break HTTP/2: the agent goes on by POST, nothing is lost, nothing comes twice.
import { join } from 'node:path'
import t from 'tap'
import { plaintextChannel } from '../../agent/uplink/channel.ts'
import { encodeRequests, exchangePath, exchangeType } from '../../proto/exchange.ts'
import { helloOf } from '../collector/raw-agent.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { startFaultProxy } from '../fault-proxy.ts'
import { smallStateOf, startSmallUplink } from '../small-uplink.ts'
import { isComplete, readHistory } from './history.ts'

const exchange = { host: '127.0.0.1', port: 0 }

t.test('streams that break five times are replaced by POSTs', { timeout: 120_000 }, async t => {
  const directory = t.testdir({ agent: {}, collector: {} })
  const collector = await startTestCollector(t, { dataDirectory: join(directory, 'collector'), exchange })
  const streams = await startFaultProxy(t, collector.grpcAddress)
  streams.faults.breakHttp2 = true
  const posts = await startFaultProxy(t, collector.exchangeAddress)
  posts.faults.breakHttp2 = true
  const rescanned = Promise.withResolvers<void>()
  const agent = startSmallUplink({
    directory: join(directory, 'agent'),
    openChannel: plaintextChannel(streams.address, posts.address),
    onRescan: rescanned.resolve,
  })
  t.teardown(agent.stop)
  const digest = () => smallStateOf(agent.change()).digest
  const arrived = (wanted: string) =>
    collector.waitFor(
      async () => (await collector.store.read.bodyHead(wanted)) !== undefined,
      AbortSignal.timeout(30_000),
    )
  await arrived(digest())
  t.equal(streams.accepted >= 5, true, 'after so many streams')
  for (let count = 0; count < 40; count++) {
    const wanted = digest()
    if (count % 4 === 3) await arrived(wanted)
    if (count % 10 === 9) posts.cut('reset')
  }
  await arrived(digest())
  const [host] = await collector.hosts()
  t.match(host, { connected: true, sync: { state: 'current' } }, 'connected and current also in between')
  const rescan = await fetch(`${collector.base}/api/v1/hosts/${host?.id}/rescan`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  t.ok(rescan.ok, `a rescan is taken: ${rescan.status}`)
  await arrived(digest())
  await rescanned.promise
  t.pass('and comes with the next exchange')
  await agent.stop()
  const history = readHistory(join(collector.dataDirectory, 'collector.db'))
  isComplete(t, history)
  t.equal(history.rows.length, 43, 'each change once')
  t.equal(history.gaps.size, 0)
})

t.test('what is no exchange is denied before it is read', async t => {
  const collector = await startTestCollector(t, { exchange, limits: { exchangeBytes: 10_000 } })
  const url = `http://${collector.exchangeAddress}${exchangePath}`
  const post = async (
    body: Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    method = 'POST',
    to = url,
  ) => {
    const init = method === 'GET' ? { method } : { method, headers: { 'content-type': exchangeType, ...headers }, body }
    return (await fetch(to, init)).status
  }
  const hello = new Uint8Array(encodeRequests([{ hello: helloOf() }]))
  t.equal(await post(hello), 200)
  t.equal(await post(hello, {}, 'POST', `http://${collector.exchangeAddress}/`), 404)
  t.equal(await post(hello, {}, 'GET'), 405)
  t.equal(await post(hello, { 'content-type': 'text/plain' }), 415)
  t.equal(await post(new Uint8Array(10_001)), 413)
  for (let length = 1; length < hello.length; length++) {
    if ((await post(hello.slice(0, length))) !== 400) t.fail(`the first ${length} bytes are malformed`)
  }
  t.equal(await post(new Uint8Array([255, 255, 255, 255, 1])), 400)
  t.equal((await collector.hosts()).length, 1)
})
