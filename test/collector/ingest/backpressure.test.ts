// Too much of anything is put off or refused before it costs memory, over real sockets.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectHttp2, constants } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import t from 'tap'
import { createByteBudget } from '../../../collector/ingest/byte-budget.ts'
import { smallState } from '../../small-facet.ts'
import { bodyOf, connectRawAgent, helloOf, offerOf } from '../raw-agent.ts'
import { startTestCollector } from '../start-collector.ts'

t.test('a budget is shared by all, and nothing of it is lost when one leaves', async t => {
  const budget = createByteBudget(10)
  const [one, two] = [budget.share(), budget.share()]
  t.ok(budget.fits(1_000), 'what is larger than all of it passes alone, or it would never pass')
  one.take(6)
  t.notOk(budget.fits(5))
  t.ok(budget.fits(4))
  two.take(4)
  one.give(2)
  one.close()
  t.equal(budget.taken, 4)
  one.give(4)
  one.take(3)
  t.equal(budget.taken, 4, 'who left changes nothing any more')
  two.give(4)
  t.equal(budget.taken, 0)
})

const state = smallState({ a: 1 })
const size = bodyOf(state).length

t.test('the bytes of all streams are reserved before a body is asked for', async t => {
  const collector = await startTestCollector(t, { limits: { reservedBytes: size + 10, retryAfterMs: 1_234 } })
  const [one, two] = [connectRawAgent(t, collector.grpcAddress), connectRawAgent(t, collector.grpcAddress)]
  await one.hello()
  await two.hello()
  one.send({ offer: offerOf(1, state) })
  t.equal((await one.expect('decision')).kind, 'KIND_WANT_FULL')
  const other = smallState({ b: 2 })
  two.send({ offer: offerOf(1, other) })
  t.match(await two.expect('decision'), { kind: 'KIND_RETRY_LATER', retryAfterMs: 1_234 })
  t.match(await metrics(collector.base), /^gabion_ingest_shed_total\{reason="all_bytes"\} 1$/m)
  t.match(await metrics(collector.base), new RegExp(`^gabion_reserved_bytes ${size}$`, 'm'))

  one.send({ change: { sequence: 1, full: bodyOf(state) } })
  t.equal((await one.expect('ack')).sequence, 1)
  t.match(await metrics(collector.base), /^gabion_reserved_bytes 0$/m, 'given back when it is on disk')
  t.equal(await two.deliver(1, other), 'KIND_WANT_FULL', 'and nothing that was put off is lost')
  one.send({ offer: offerOf(2, other) })
  t.equal((await one.expect('decision')).kind, 'KIND_KNOWN')
  await one.expect('ack')
  t.match(await metrics(collector.base), /^gabion_reserved_bytes 0$/m, 'what is known reserves nothing')
})

t.test('who leaves, and who never sends what was asked for, keeps no room', async t => {
  const collector = await startTestCollector(t, { limits: { reservedBytes: size + 10, bodyMs: 50 } })
  const slow = connectRawAgent(t, collector.grpcAddress)
  await slow.hello()
  slow.send({ offer: offerOf(1, state) })
  t.equal((await slow.expect('decision')).kind, 'KIND_WANT_FULL')
  t.match(await slow.expect('refusal'), { code: 'silent', detail: /body of sequence 1/ })
  t.match(await metrics(collector.base), /^gabion_reserved_bytes 0$/m)
  const next = connectRawAgent(t, collector.grpcAddress)
  await next.hello()
  await next.deliver(1, state)
  t.match(await metrics(collector.base), /^gabion_reserved_bytes 0$/m)
})

t.test('a request with ten thousand headers is refused, and others do not notice', async t => {
  const collector = await startTestCollector(t)
  const session = connectHttp2(`http://${collector.grpcAddress}`, { maxSendHeaderBlockLength: 1_000_000 })
  t.teardown(() => session.destroy())
  session.on('error', () => undefined)
  const headers: Record<string, string> = {
    ':method': 'POST',
    ':path': '/gabion.v1.UplinkService/Connect',
    'content-type': 'application/grpc',
  }
  for (let index = 0; index < 10_000; index++) headers[`x-${index}`] = 'x'
  const stream = session.request(headers)
  stream.on('error', () => undefined)
  await new Promise(resolve => stream.once('close', resolve))
  t.not(stream.rstCode, constants.NGHTTP2_NO_ERROR, `the stream is reset with code ${stream.rstCode}`)
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  await agent.deliver(1, smallState({ others: 1 }))
})

t.test('connections that never become a stream are closed: silent ones, and those without a hello', async t => {
  const collector = await startTestCollector(t, { limits: { idleConnectionMs: 100, helloMs: 100, lingerMs: 100 } })
  const [host = '', port] = collector.grpcAddress.split(':')
  const silent = connectTcp(Number(port), host)
  silent.resume()
  await once(silent, 'close')
  t.pass('a socket that says nothing')

  const session = connectHttp2(`http://${collector.grpcAddress}`)
  session.on('error', () => undefined)
  await once(session, 'close')
  t.pass('a connection without streams')

  const dribble = connectHttp2(`http://${collector.grpcAddress}`)
  dribble.on('error', () => undefined)
  const stream = dribble.request({
    ':method': 'POST',
    ':path': '/gabion.v1.UplinkService/Connect',
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  stream.on('error', () => undefined)
  // The beginning of a message of eight megabytes, and then nothing more.
  stream.write(Buffer.from([0, 0, 0x80, 0, 0, 10]))
  stream.resume()
  await once(dribble, 'close')
  t.pass('a hello that never ends')
})

t.test('connections beyond the cap are turned away, those that are there stay, and room is used again', async t => {
  const collector = await startTestCollector(t, { limits: { connections: 2 } })
  const [first, second] = [connectRawAgent(t, collector.grpcAddress), connectRawAgent(t, collector.grpcAddress)]
  await first.hello()
  await second.hello()
  const third = connectRawAgent(t, collector.grpcAddress)
  third.send({ hello: helloOf() })
  t.match(await third.over, /UNAVAILABLE/, 'which agents take for a reason to come again later')
  third.close()
  await first.deliver(1, state)
  second.close()
  for (let isIn = false; !isIn; ) {
    const next = connectRawAgent(t, collector.grpcAddress)
    isIn = await next.hello().then(
      () => true,
      () => false,
    )
  }
})

t.test('a connection does not live for ever, and who was on it comes again', async t => {
  const collector = await startTestCollector(t, { limits: { connectionAgeMs: 200, connectionGraceMs: 100 } })
  const identity = { hostKey: randomUUID(), outboxId: randomUUID() }
  const old = connectRawAgent(t, collector.grpcAddress)
  await old.hello(identity)
  await old.deliver(1, state)
  t.not(await old.over, '', 'the stream breaks')
  const young = connectRawAgent(t, collector.grpcAddress)
  t.equal((await young.hello(identity)).appliedSequence, 1)
})

async function metrics(base: string): Promise<string> {
  return (await fetch(`${base}/metrics`)).text()
}
