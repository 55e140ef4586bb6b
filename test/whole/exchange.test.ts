// Networks that break HTTP/2: the agent goes on by POST, nothing is lost, nothing comes twice.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type OpenChannel, plaintextChannel } from '../../agent/uplink/channel.ts'
import { openDiskOutbox } from '../../agent/uplink/outbox/disk-outbox.ts'
import { runUplink } from '../../agent/uplink/uplink.ts'
import { encodeRequests, exchangePath, exchangeType } from '../../proto/exchange.ts'
import type { FacetState } from '../../proto/facet.ts'
import { systemClock } from '../../runtime/clock.ts'
import { silentLog } from '../../runtime/log.ts'
import { helloOf } from '../collector/raw-agent.ts'
import { startTestCollector } from '../collector/start-collector.ts'
import { startFaultProxy } from '../fault-proxy.ts'
import { SmallFacet, smallState } from '../small-facet.ts'
import { isComplete, readHistory } from './history.ts'

const exchange = { host: '127.0.0.1', port: 0 }

t.test('streams that break five times are replaced by POSTs', { timeout: 120_000 }, async t => {
  const directory = t.testdir({ agent: {}, collector: {} })
  const collector = await startTestCollector(t, { dataDirectory: join(directory, 'collector'), exchange })
  const streams = await startFaultProxy(t, collector.grpcAddress)
  streams.faults.breakHttp2 = true
  const posts = await startFaultProxy(t, collector.exchangeAddress)
  posts.faults.breakHttp2 = true
  const agent = startAgent(t, join(directory, 'agent'), plaintextChannel(streams.address, posts.address))
  const digest = () => smallState({ a: agent.change(), filler: 1 }).digest
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
  t.match(host, { connected: true }, 'connected also in between')
  const rescan = await fetch(`${collector.base}/api/v1/hosts/${host?.id}/rescan`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  t.ok(rescan.ok, `a rescan is taken: ${rescan.status}`)
  await arrived(digest())
  await agent.rescanned
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

/** The real outbox and uplink, and a value that goes up by one when it is told to. */
function startAgent(t: Pick<Test, 'teardown'>, directory: string, openChannel: OpenChannel) {
  const outbox = openDiskOutbox(directory, silentLog)
  const current = new Map<string, FacetState>()
  const hostKey = randomUUID()
  const end = new AbortController()
  const asked = Promise.withResolvers<void>()
  let value = 0
  const uplink = runUplink(
    {
      ...{ openChannel, outbox, clock: systemClock, log: silentLog, random: () => 0.001, requeue: () => undefined },
      hello: () => helloOf({ hostKey, outboxId: outbox.id }),
      current: () => current,
      rescan: async () => asked.resolve(),
    },
    end.signal,
  )
  const stop = async () => {
    if (end.signal.aborted) return
    end.abort()
    await uplink
    outbox.close()
  }
  t.teardown(stop)
  return {
    change() {
      value++
      const state = smallState({ a: value, filler: 1 })
      current.set('small', state)
      outbox.add(SmallFacet, state, systemClock.now(), value === 1)
      return value
    },
    rescanned: asked.promise,
    stop,
  }
}
