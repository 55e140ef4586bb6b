// One stream's conversation as seen by the agent, message by message.
import { zstdDecompressSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { openDiskOutbox } from '../../../agent/uplink/outbox/disk-outbox.ts'
import { openSession } from '../../../agent/uplink/session.ts'
import type { SessionOptions } from '../../../agent/uplink/session-options.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { ConnectRequest } from '../../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse__Output } from '../../../proto/generated/gabion/v1/ConnectResponse.ts'
import { canonicalBody } from '../../../proto/seal.ts'
import type { Clock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'

const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`row${index}`, index]))
const first = smallState(many)
const second = smallState({ ...many, row7: 700 })

const open = (t: Pick<Test, 'testdir' | 'teardown'>, wish?: SessionOptions['wish']) =>
  openWith(t, createFakeClock(), wish)

function openWith<C extends Clock>(t: Pick<Test, 'testdir' | 'teardown'>, clock: C, wish?: SessionOptions['wish']) {
  const outbox = openDiskOutbox(t.testdir({}), silentLog)
  t.teardown(() => outbox.close())
  const sent: ConnectRequest[] = []
  const calls: string[] = []
  const connections: boolean[] = []
  const current = new Map<string, FacetState>()
  const session = openSession({
    outbox,
    hello: () => ({ protocolVersion: 1, outboxId: outbox.id }),
    current: () => current,
    requeue: () => calls.push('requeue'),
    rescan: async facets => {
      calls.push(`rescan ${facets.join(',')}`)
    },
    giveUp: reason => calls.push(`give up: ${reason}`),
    ...(wish && { wish }),
    onConnection: isConnected => connections.push(isConnected),
    onAck: () => calls.push('ack'),
    send: message => sent.push(message),
    clock,
    log: silentLog,
  })
  const receive = (message: Partial<ConnectResponse__Output>) => session.receive(message as ConnectResponse__Output)
  const welcome = (appliedSequence = 0) =>
    receive({
      welcome: {
        hostId: 'h',
        collectorVersion: '1',
        appliedSequence,
        clockMs: 0,
        heartbeatSeconds: 120,
        facets: [],
        settings: null,
      },
    })
  const decide = (sequence: number, kind: 'KIND_KNOWN' | 'KIND_WANT_DELTA' | 'KIND_WANT_FULL' | 'KIND_RETRY_LATER') =>
    receive({ decision: { sequence, kind, retryAfterMs: 500 } })
  const add = async (state: FacetState, observedAtMs: number, baseline: boolean) => {
    current.set('small', state)
    outbox.add(SmallFacet, state, observedAtMs, baseline)
    await outbox.flushed()
  }
  return { add, clock, outbox, sent, calls, connections, current, session, receive, welcome, decide }
}

t.test('greets at once, offers nothing before it is welcome', async t => {
  const { add, outbox, sent, welcome } = open(t)
  await add(first, 1_000, true)
  t.same(sent, [{ hello: { protocolVersion: 1, outboxId: outbox.id } }])
  welcome()
  t.match(sent[1], {
    offer: {
      sequence: 1,
      facet: 'small',
      schemaVersion: 1,
      status: 'FACET_STATUS_PRESENT',
      digest: first.digest,
      baseDigest: '',
      bodyBytes: Buffer.byteLength(canonicalBody(first)),
      deltaBytes: 0,
      observedAtMs: 1_000,
      baseline: true,
    },
  })
})

t.test(
  'sends no body unasked: the whole or the delta, as the collector decides, and nothing when it knows',
  async t => {
    const { add, outbox, sent, welcome, decide } = open(t)
    await add(first, 1_000, true)
    await add(second, 2_000, false)
    await add(first, 3_000, false)
    welcome()
    t.same(
      sent.slice(1).map(message => message.offer?.sequence),
      [1, 2, 3],
    )
    decide(1, 'KIND_WANT_FULL')
    t.equal(sent[4]?.change?.encoding, 'ENCODING_ZSTD', 'what is longer than a kilobyte is packed')
    t.equal(zstdDecompressSync(sent[4]?.change?.full as Buffer).toString(), canonicalBody(first))
    decide(2, 'KIND_WANT_DELTA')
    t.match(JSON.parse(String(sent[5]?.change?.delta)), { lists: { rows: { upsert: [{ name: 'row7', value: 700 }] } } })
    t.equal(sent[5]?.change?.encoding, 'ENCODING_UNSPECIFIED')
    decide(3, 'KIND_KNOWN')
    t.equal(sent.length, 6)
    t.equal(outbox.size, 3, 'and forgets nothing before it is acknowledged')
  },
)

t.test('an acknowledgement drops what it covers and lets observations follow, once', async t => {
  const { add, outbox, sent, calls, welcome, decide, receive } = open(t)
  await add(first, 1_000, true)
  welcome()
  decide(1, 'KIND_WANT_FULL')
  receive({ ack: { sequence: 1 } })
  t.equal(outbox.size, 0)
  t.same(calls, ['ack'])
  t.equal(String(sent.at(-1)?.observations?.body), '{"seen":0}')
  await add(second, 2_000, false)
  receive({ ack: { sequence: 2 } })
  t.equal(sent.filter(message => message.observations).length, 1, 'equal observations are not sent again')
})

t.test('each offer says how many changes are queued behind it, also when it comes again', async t => {
  const { add, sent, welcome, receive, clock, decide } = open(t)
  for (const state of [first, second, first]) await add(state, 1_000, false)
  const told = () => sent.flatMap(({ offer }) => (offer ? [[offer.sequence, offer.queuedChanges]] : []))
  welcome(1)
  t.same(told(), [
    [2, 1],
    [3, 0],
  ])
  receive({ ack: { sequence: 2 } })
  await add(second, 2_000, false)
  t.same(told().at(-1), [4, 0])
  decide(3, 'KIND_RETRY_LATER')
  await clock.advance(500)
  t.same(told().at(-1), [3, 1])
})

t.test('what the collector applied before the stream broke is not offered again', async t => {
  const { add, outbox, sent, welcome } = open(t)
  for (const state of [first, second, first]) await add(state, 1_000, false)
  welcome(2)
  t.same(
    sent.slice(1).map(message => message.offer?.sequence),
    [3],
  )
  t.equal(outbox.size, 1)
})

t.test('offers stay within the window until something is acknowledged', async t => {
  const { add, sent, welcome, receive } = open(t)
  for (let index = 0; index < 40; index++) await add(smallState({ a: index }), 1_000, false)
  welcome()
  t.equal(sent.filter(message => message.offer).length, 16)
  receive({ ack: { sequence: 10 } })
  t.equal(sent.filter(message => message.offer).length, 26)
})

t.test('what an outage left is offered at a capped rate, in order', async t => {
  const { add, sent, clock, welcome, receive } = open(t)
  for (let value = 1; value <= 300; value++) await add(smallState({ a: value }), value, false)
  const offered = () => sent.flatMap(({ offer }) => (offer ? [Number(offer.sequence)] : []))
  const acknowledgeAll = () => {
    for (let before = -1; before !== offered().length; ) {
      before = offered().length
      receive({ ack: { sequence: before } })
    }
  }
  welcome()
  acknowledgeAll()
  t.equal(offered().length, 64, 'some at once')
  for (let second = 1; second <= 4; second++) {
    for (let tick = 0; tick < 50; tick++) {
      await clock.advance(20)
      acknowledgeAll()
    }
    t.equal(offered().length, 64 + second * 50, `and 50 in second ${second}`)
  }
  await clock.advance(1_000)
  acknowledgeAll()
  await clock.advance(1_000)
  t.same(
    offered(),
    Array.from({ length: 300 }, (_, index) => index + 1),
    'each once, in order',
  )
})

t.test('offers go on, however early a timer wakes and however time passes meanwhile', async t => {
  let now = 0
  const pauses: { readonly at: number; readonly wake: () => void }[] = []
  const { add, sent, welcome, receive } = openWith(t, {
    now: () => 0,
    // Ten microseconds from one look to the next.
    monotonic: () => (now += 0.01),
    sleep: ms => new Promise(wake => ms <= 20 && pauses.push({ at: now + ms, wake })),
  })
  for (let value = 1; value <= 200; value++) await add(smallState({ a: value }), value, false)
  const offered = () => sent.filter(({ offer }) => offer).length
  welcome()
  for (let acknowledged = 0, wakes = 0; acknowledged < 200; ) {
    if (offered() > acknowledged) {
      acknowledged = offered()
      receive({ ack: { sequence: acknowledged } })
      continue
    }
    const pause = pauses.shift()
    if (!pause) return t.fail(`${acknowledged} were offered, and nothing would ever bring the next`)
    now = Math.max(now, pause.at - (wakes++ % 199) / 200)
    pause.wake()
    await settle()
  }
  t.equal(offered(), 200)
})

t.test('told to come back later it offers the same again after that time', async t => {
  const { add, sent, welcome, decide, clock } = open(t)
  await add(first, 1_000, true)
  welcome()
  decide(1, 'KIND_RETRY_LATER')
  await clock.advance(499)
  t.equal(sent.length, 2)
  await clock.advance(1)
  t.equal(sent[2]?.offer?.sequence, 1)
})

t.test('observations that changed without a fact go once an hour, and after a rescan', async t => {
  const { sent, welcome, receive, clock, current } = open(t)
  const observations = () => sent.filter(message => message.observations).length
  welcome()
  await settle()
  current.set('small', smallState({ a: 1 }, '', 1))
  await clock.advance(3_600_000)
  t.equal(observations(), 1, 'at the turn of this host within the hour')
  current.set('small', smallState({ a: 1 }, '', 7))
  await clock.advance(3_600_000)
  t.equal(observations(), 2)
  current.set('small', smallState({ a: 1 }, '', 2))
  receive({ rescan: { requestId: 'r', facets: [] } })
  await settle()
  t.equal(observations(), 3)
})

t.test('a rescan is passed on, a refusal ends the stream with its reason', async t => {
  const { calls, receive, session } = open(t)
  receive({ rescan: { requestId: 'r', facets: ['ports'] } })
  t.same(calls, ['rescan ports'])
  receive({ refusal: { code: 'protocol_version', detail: 'too old', retryAfterMs: 60_000 } })
  t.match(await session.refused, { code: 'protocol_version', retryAfterMs: 60_000 })
})

t.test('a ping is answered by a heartbeat at once', async t => {
  const { sent, current, receive, welcome } = open(t)
  current.set('small', first)
  welcome()
  receive({ ping: {} })
  t.same(sent.at(-1), { heartbeat: {} })
})

t.test('a state that the collector does not hold queues everything again', async t => {
  const { calls, welcome, receive } = open(t)
  welcome()
  receive({ heartbeatReply: { inStep: true } })
  t.same(calls, [])
  receive({ heartbeatReply: { inStep: false } })
  t.same(calls, ['requeue'])
})

t.test('wishes come with each welcome and between, and go when a welcome brings none', async t => {
  const wished: unknown[] = []
  const { receive, sent, clock } = open(t, settings => {
    wished.push(settings?.probeSeconds)
    return settings?.heartbeatSeconds ?? 0
  })
  const settings = { heartbeatSeconds: 60, probeSeconds: { small: 30 }, defaultProbeSeconds: 0 }
  const welcomed = { hostId: 'h', collectorVersion: '1', appliedSequence: 0, clockMs: 0, facets: [] }
  const heartbeats = () => sent.filter(({ heartbeat }) => heartbeat).length
  receive({ welcome: { ...welcomed, heartbeatSeconds: 120, settings } })
  await clock.advance(50_000)
  receive({ heartbeatReply: { inStep: true } })
  await clock.advance(50_000)
  t.ok(heartbeats() >= 1, 'heartbeats at the wished pace')
  receive({ settings: { ...settings, probeSeconds: {}, heartbeatSeconds: 0 } })
  receive({ welcome: { ...welcomed, heartbeatSeconds: 120, settings: null } })
  t.same(wished, [{ small: 30 }, {}, undefined])
  t.equal(sent.filter(({ hello }) => hello).length, 1, 'a second welcome is one of an exchange: nothing begins anew')
})

t.test('it is connected from its welcome to its end', async t => {
  const { connections, session, welcome } = open(t)
  t.same(connections, [])
  welcome()
  welcome()
  t.same(connections, [true], 'each POST of an exchange is welcome')
  session.close()
  t.same(connections, [true, false])
})
