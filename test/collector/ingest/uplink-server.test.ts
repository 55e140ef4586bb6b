// Agents that break the protocol, by mistake or on purpose: each ends its own stream and leaves nothing behind.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import { canonicalJson, digestBytes, facetDigest, hostDigest } from '../../../proto/canonical.ts'
import { keysOf, makeDelta } from '../../../proto/delta.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { Change } from '../../../proto/generated/gabion/v1/Change.ts'
import type { ConnectRequest } from '../../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { Hello } from '../../../proto/generated/gabion/v1/Hello.ts'
import type { Offer } from '../../../proto/generated/gabion/v1/Offer.ts'
import { sealFailed } from '../../../proto/seal.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { bodyOf, connectRawAgent, helloOf, offerOf, refusal } from '../raw-agent.ts'
import { startTestCollector } from '../start-collector.ts'

const collector = await startTestCollector(t)
const state = smallState({ a: 1 })

/** A present state of the small facet with any facts, sealed by hand. */
function sealed(facts: unknown, text = canonicalJson(facts)): { digest: string; body: Buffer } {
  return { digest: facetDigest('small', 1, 'present', text), body: Buffer.from(text) }
}

t.test('a stream begins with a hello that holds', async t => {
  const cases: readonly [string, ConnectRequest, RegExp][] = [
    ['an offer first', { offer: offerOf(1, state) }, /first message/],
    ['nothing at all', {}, /first message/],
    ['another protocol', { hello: helloOf({ protocolVersion: 2 }) }, /speaks protocol 1, the agent 2/],
    ...(
      [
        [{ hostKey: '../../etc/passwd' }, /host_key/],
        [{ hostKey: '' }, /host_key/],
        [{ outboxId: 'x'.repeat(65) }, /outbox_id/],
        [{ agentVersion: '1.0\n' }, /agent_version/],
        [{ hostname: 'h'.repeat(256) }, /hostname/],
        [{ hostname: 'a\0b' }, /NUL/],
        [{ labels: { 'a\0': 'b' } }, /NUL/],
        [{ clockMs: -1 }, /clock_ms/],
        [{ clockMs: '9223372036854775807' }, /clock_ms/],
        [{ labels: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`l${i}`, 'x'])) }, /64 labels/],
        [{ labels: { role: 'x'.repeat(257) } }, /label/],
      ] satisfies [Partial<Hello>, RegExp][]
    ).map(([change, detail]): [string, ConnectRequest, RegExp] => [
      JSON.stringify(change).slice(0, 60),
      { hello: helloOf(change) },
      detail,
    ]),
  ]
  for (const [name, message, detail] of cases) {
    const agent = connectRawAgent(t, collector.grpcAddress)
    agent.send(message)
    t.match(await refusal(t, agent), { code: /^(hello|protocol_version)$/, detail }, name)
  }
  t.same(await collector.hosts(), [], 'none of them became a host')
})

t.test('a second hello ends the stream', async t => {
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  agent.send({ hello: helloOf() })
  t.match(await refusal(t, agent), { code: 'hello' })
})

t.test('offers that are no offers are refused', async t => {
  const cases: readonly [Partial<Offer>, string][] = [
    [{ facet: 'Small' }, 'malformed'],
    [{ facet: '../small' }, 'malformed'],
    [{ facet: '' }, 'malformed'],
    [{ sequence: 0 }, 'malformed'],
    [{ sequence: '18446744073709551615' }, 'malformed'],
    [{ schemaVersion: 0 }, 'malformed'],
    [{ digest: 'sha256:xyz' }, 'malformed'],
    [{ baseDigest: 'md5:1' }, 'malformed'],
    [{ status: 'FACET_STATUS_UNSPECIFIED' }, 'malformed'],
    [{ status: 99 as never }, 'malformed'],
    [{ observedAtMs: -5 }, 'malformed'],
    [{ bodyBytes: 9 * 1024 * 1024 }, 'too_large'],
  ]
  for (const [change, code] of cases) {
    const agent = connectRawAgent(t, collector.grpcAddress)
    await agent.hello()
    agent.send({ offer: offerOf(1, state, change) })
    t.match(await refusal(t, agent), { code }, JSON.stringify(change))
  }
})

t.test('bodies that are not what was offered are refused, and nothing of them is kept', async t => {
  const other = smallState({ a: 2 })
  const deep = sealed(JSON.parse(`${'['.repeat(40)}1${']'.repeat(40)}`))
  const list = sealed([1, 2])
  const spaced = sealed({}, '{"gaps": []}')
  const doubled = sealed({}, '{"a":1,"a":1}')
  const fraction = sealed({}, '{"a":1.5}')
  const nothing = sealed({}, '{"a":null}')
  const huge = '{'.repeat(100_000)
  const cases: readonly [string, string, Buffer, string][] = [
    ['another digest', state.digest, bodyOf(other), 'digest'],
    ['not JSON', state.digest, Buffer.from('{"a":'), 'malformed'],
    ['empty', state.digest, Buffer.alloc(0), 'malformed'],
    ['not UTF-8', state.digest, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 'malformed'],
    ['not canonical: spaces', spaced.digest, spaced.body, 'malformed'],
    ['not canonical: a key twice', doubled.digest, doubled.body, 'malformed'],
    ['a fraction', fraction.digest, fraction.body, 'malformed'],
    ['null', nothing.digest, nothing.body, 'malformed'],
    ['a list', list.digest, list.body, 'malformed'],
    ['too deep', deep.digest, deep.body, 'malformed'],
    ['a hundred thousand brackets', state.digest, Buffer.from(huge), 'malformed'],
  ]
  for (const [name, digest, body, code] of cases) {
    const agent = connectRawAgent(t, collector.grpcAddress)
    const { hostId } = await agent.hello()
    agent.send({ offer: offerOf(1, state, { digest, bodyBytes: body.length }) })
    t.equal((await agent.expect('decision')).kind, 'KIND_WANT_FULL')
    agent.send({ change: { sequence: 1, full: body } })
    t.match(await refusal(t, agent), { code }, name)
    t.same((await collector.get<{ items: [] }>(`hosts/${hostId}/facets`)).items, [], `${name}: nothing is kept`)
    t.equal(await collector.store.read.body(digest), undefined)
  }
})

t.test('a reason has the form of a reason', async t => {
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  const failed = sealFailed(SmallFacet, 'error', 'x', 'y')
  const text = '{"code":"x"}'
  const digest = facetDigest('small', 1, 'error', text)
  agent.send({ offer: offerOf(1, failed, { digest, bodyBytes: text.length }) })
  await agent.expect('decision')
  agent.send({ change: { sequence: 1, full: Buffer.from(text) } })
  t.match(await refusal(t, agent), { code: 'malformed', detail: /form of a facet that is error/ })
})

t.test('a body that was not asked for, is larger than offered or of the other kind ends the stream', async t => {
  const cases: readonly [string, Change, string][] = [
    ['not asked for', { sequence: 7, full: bodyOf(state) }, 'sequence'],
    ['larger', { sequence: 1, full: Buffer.concat([bodyOf(state), Buffer.from(' ')]) }, 'too_large'],
    ['a delta', { sequence: 1, delta: Buffer.from('{}') }, 'malformed'],
    ['neither', { sequence: 1 }, 'malformed'],
  ]
  for (const [name, change, code] of cases) {
    const agent = connectRawAgent(t, collector.grpcAddress)
    await agent.hello()
    agent.send({ offer: offerOf(1, smallState({ never: 1 }), { bodyBytes: bodyOf(state).length }) })
    await agent.expect('decision')
    agent.send({ change })
    t.match(await refusal(t, agent), { code }, name)
  }
})

t.test('a message beyond the limit ends the stream with the status of gRPC', async t => {
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  agent.send({ offer: offerOf(1, smallState({ never: 2 }), { bodyBytes: 8 * 1024 * 1024 }) })
  await agent.expect('decision')
  agent.send({ change: { sequence: 1, full: Buffer.alloc(9 * 1024 * 1024) } })
  t.match(await agent.over, /RESOURCE_EXHAUSTED/)
})

t.test('sequences go up: what was acknowledged is acknowledged again, what goes back is refused', async t => {
  const identity = { hostKey: randomUUID(), outboxId: randomUUID() }
  const first = connectRawAgent(t, collector.grpcAddress)
  await first.hello(identity)
  await first.deliver(1, smallState({ a: 1 }))
  await first.deliver(4, smallState({ a: 2 }))
  first.close()

  const second = connectRawAgent(t, collector.grpcAddress)
  const welcome = await second.hello(identity)
  t.equal(welcome.appliedSequence, 4)
  second.send({ offer: offerOf(2, smallState({ a: 77 })) })
  t.equal((await second.expect('decision')).kind, 'KIND_KNOWN')
  t.equal((await second.expect('ack')).sequence, 4)
  await second.deliver(5, smallState({ a: 3 }))
  const { items } = await collector.get<{ items: unknown[] }>(`hosts/${welcome.hostId}/facets/small/history`)
  t.equal(items.length, 3, 'the replay changed nothing')
  second.send({ offer: offerOf(5, smallState({ a: 4 })) })
  t.match(await refusal(t, second), { code: 'sequence' })
})

t.test('another outbox of the same host counts anew', async t => {
  const hostKey = randomUUID()
  for (let outbox = 0; outbox < 6; outbox++) {
    const agent = connectRawAgent(t, collector.grpcAddress)
    t.equal((await agent.hello({ hostKey })).appliedSequence, 0)
    await agent.deliver(1, smallState({ outbox }))
    agent.close()
  }
})

t.test('bodies go to the disk in the order of their offers, whatever order they come in', async t => {
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello()
  const states = [1, 2, 3].map(value => smallState({ ordered: value }))
  states.forEach((item, index) => {
    agent.send({ offer: offerOf(index + 1, item) })
  })
  for (const _ of states) t.equal((await agent.expect('decision')).kind, 'KIND_WANT_FULL')
  for (const sequence of [3, 1, 2]) {
    const item = states[sequence - 1]
    if (item) agent.send({ change: { sequence, full: bodyOf(item) } })
  }
  for (const sequence of [1, 2, 3]) t.equal((await agent.expect('ack')).sequence, sequence)
  const { items } = await collector.get<{ items: { digest: string }[] }>(`hosts/${hostId}/facets/small/history`)
  t.same(
    items.map(item => item.digest).reverse(),
    states.map(item => item.digest),
  )
})

t.test('a body that some host has is not asked for again', async t => {
  const shared = smallState({ shared: 1 })
  const one = connectRawAgent(t, collector.grpcAddress)
  await one.hello()
  t.equal(await one.deliver(1, shared), 'KIND_WANT_FULL')
  const two = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await two.hello()
  t.equal(await two.deliver(1, shared), 'KIND_KNOWN')
  t.match(await collector.get(`hosts/${hostId}/facets/small`), { facts: { rows: [{ name: 'shared', value: 1 }] } })

  t.test('and a digest of another facet is refused', async t => {
    const liar = connectRawAgent(t, collector.grpcAddress)
    await liar.hello()
    liar.send({ offer: offerOf(1, { ...shared, facet: 'ports' }) })
    t.match(await refusal(t, liar), { code: 'digest' })
  })
})

t.test('deltas', async t => {
  const rows = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`row-${index}`, index]))
  const before = smallState(rows)
  const after = smallState({ ...rows, 'row-3': 77 })
  const deltaOf = (from: FacetState, to: FacetState) =>
    from.state === 'present' && to.state === 'present'
      ? Buffer.from(JSON.stringify(makeDelta(from.facts, to.facts, keysOf(SmallFacet))))
      : Buffer.alloc(0)
  const delta = deltaOf(before, after)
  const started = async () => {
    const agent = connectRawAgent(t, collector.grpcAddress)
    const { hostId } = await agent.hello()
    await agent.deliver(1, before)
    return { agent, hostId }
  }
  const base = { baseDigest: before.digest, deltaBytes: delta.length }

  t.test('that do not fit their base or are no deltas are refused', async t => {
    const wrong: readonly [string, Buffer][] = [
      ['of another base', deltaOf(smallState({ x: 1 }), after)],
      ['no JSON', Buffer.from('{')],
      ['no delta', Buffer.from('{"set":1}')],
      [
        'hostile keys',
        Buffer.from('{"set":{},"unset":[],"lists":{"rows":{"upsert":[null],"remove":[]}},"keys":{"rows":["a"]}}'),
      ],
      ['a prototype', Buffer.from('{"set":{},"unset":[],"lists":{"__proto__":{"upsert":[1],"remove":[]}},"keys":{}}')],
    ]
    for (const [name, body] of wrong) {
      const { agent } = await started()
      const sizes = { deltaBytes: body.length, bodyBytes: body.length + 1 }
      agent.send({ offer: offerOf(2, smallState({ ...rows, [name]: 1 }), { ...base, ...sizes }) })
      t.equal((await agent.expect('decision')).kind, 'KIND_WANT_DELTA')
      agent.send({ change: { sequence: 2, delta: body } })
      t.match(await refusal(t, agent), { code: /^(malformed|digest)$/ }, name)
    }
  })

  t.test('are not asked for when they start elsewhere or save nothing', async t => {
    for (const change of [
      { baseDigest: after.digest, deltaBytes: 10 },
      { ...base, deltaBytes: bodyOf(after).length },
      { ...base, deltaBytes: 0 },
    ]) {
      const { agent } = await started()
      agent.send({ offer: offerOf(2, after, change) })
      t.equal((await agent.expect('decision')).kind, 'KIND_WANT_FULL')
      agent.close()
    }
  })

  t.test('may start from a state that is still on its way to the disk', async t => {
    const { agent, hostId } = await started()
    let from: FacetState = before
    for (let sequence = 2; sequence < 30; sequence++) {
      const to = smallState({ ...rows, 'row-3': sequence * 1_000, hostId: sequence })
      const body = deltaOf(from, to)
      agent.send({ offer: offerOf(sequence, to, { baseDigest: from.digest, deltaBytes: body.length }) })
      agent.send({ change: { sequence, delta: body } })
      from = to
    }
    const seen = { ack: 0, KIND_WANT_DELTA: 0 }
    while (seen.ack < 29) {
      const message = await agent.next()
      if (message.ack) seen.ack = message.ack.sequence
      else if (message.decision?.kind === 'KIND_WANT_DELTA') seen.KIND_WANT_DELTA++
      else t.fail(JSON.stringify(message))
    }
    t.equal(seen.KIND_WANT_DELTA, 28)
    t.match(await collector.get(`hosts/${hostId}/facets/small`), { digest: from.digest })
  })

  t.test('are applied to the base', async t => {
    const { agent, hostId } = await started()
    agent.send({ offer: offerOf(2, after, base) })
    t.equal((await agent.expect('decision')).kind, 'KIND_WANT_DELTA')
    agent.send({ change: { sequence: 2, delta } })
    t.equal((await agent.expect('ack')).sequence, 2)
    t.match(await collector.get(`hosts/${hostId}/facets/small`), { digest: after.digest })
  })
})

t.test('heartbeats', async t => {
  const identity = { hostKey: randomUUID(), outboxId: randomUUID() }
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello(identity)
  await agent.deliver(1, state)
  const beat = async (digest: string) => {
    agent.send({ heartbeat: { hostDigest: digestBytes(digest), clockMs: Date.now() } })
    return (await agent.expect('heartbeatReply')).inStep
  }
  t.equal(await beat(hostDigest([state])), true)
  t.equal(await beat(hostDigest([smallState({ other: 1 })])), false)
  t.equal(await beat('no digest at all'), true, 'nothing is compared where nothing is told')
  agent.send({ heartbeat: { hostDigest: Buffer.from('rubbish') } })
  t.equal((await agent.expect('heartbeatReply')).inStep, false)
  await agent.deliver(2, sealFailed({ ...SmallFacet, name: 'gone' }, 'error', 'x', ''))
  agent.close()

  const later = connectRawAgent(t, collector.grpcAddress)
  await later.hello(identity)
  await later.deliver(3, state)
  later.send({ heartbeat: { hostDigest: digestBytes(hostDigest([state])) } })
  t.equal((await later.expect('heartbeatReply')).inStep, true, 'an agent that stopped to read a facet is in step')
})

t.test('observations that are none end the stream', async t => {
  const observe = { facet: 'small', body: Buffer.from('{"seen":1}'), observedAtMs: Date.now() }
  const cases: readonly [string, Partial<typeof observe>, string][] = [
    ['of a facet never offered', { facet: 'ports' }, 'malformed'],
    ['not JSON', { body: Buffer.from('{') }, 'malformed'],
    ['not an object', { body: Buffer.from('[1]') }, 'malformed'],
    ['with null', { body: Buffer.from('{"a":null}') }, 'malformed'],
    ['too large', { body: Buffer.from(JSON.stringify({ a: 'x'.repeat(1024 * 1024) })) }, 'too_large'],
    ['at no time', { observedAtMs: -1 }, 'malformed'],
  ]
  for (const [name, change, code] of cases) {
    const agent = connectRawAgent(t, collector.grpcAddress)
    await agent.hello()
    await agent.deliver(1, state)
    agent.send({ observations: { ...observe, ...change } })
    t.match(await refusal(t, agent), { code }, name)
  }
})

t.test('the newest stream of a host wins', async t => {
  const hostKey = randomUUID()
  const old = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await old.hello({ hostKey })
  const young = connectRawAgent(t, collector.grpcAddress)
  await young.hello({ hostKey })
  t.match(await refusal(t, old), { code: 'replaced', retryAfterMs: 5_000 })
  t.match(await collector.get(`hosts/${hostId}`), { connected: true })
  await young.deliver(1, smallState({ young: 1 }))
})

t.test('more facets than a host can have are refused', async t => {
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello()
  const facet = (index: number) => sealFailed({ ...SmallFacet, name: `facet-${index}` }, 'error', 'x', '')
  for (let index = 0; index < 128; index++) await agent.deliver(index + 1, facet(index))
  agent.send({ offer: offerOf(200, facet(200)) })
  t.match(await refusal(t, agent), { code: 'too_many_facets' })
  t.equal((await collector.get<{ items: unknown[] }>(`hosts/${hostId}/facets`)).items.length, 128)
})

t.test('nobody else noticed: refusals are counted, and agents go on', async t => {
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  t.equal(await agent.deliver(1, smallState({ last: 1 })), 'KIND_WANT_FULL')
  const text = await (await fetch(`${collector.base}/metrics`)).text()
  for (const code of ['hello', 'digest', 'malformed', 'sequence', 'replaced', 'too_large', 'too_many_facets']) {
    t.match(text, new RegExp(`gabion_ingest_refusals_total\\{code="${code}"\\} [1-9]`))
  }
})
