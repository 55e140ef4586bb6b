// What a collector makes of what agents tell it: results, drift, history, over the real wire and the real database.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import type { FacetState } from '../../proto/facet.ts'
import { sealAbsent, sealFailed } from '../../proto/seal.ts'
import { SmallFacet, smallState } from '../small-facet.ts'
import { connectRawAgent } from './raw-agent.ts'
import { smallCatalog } from './small-catalog.ts'
import { startTestCollector, type TestCollector } from './start-collector.ts'

const stateOf = async (collector: TestCollector, check: string) =>
  (await collector.results()).find(result => result.check === check)

t.test('a first snapshot is judged and raises no drift', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const welcome = await agent.hello({ hostname: 'node-1', labels: { role: 'worker' } })
  t.equal(welcome.appliedSequence, 0)
  t.equal(await agent.deliver(1, smallState({ a: 1, b: 20 }, 'hm')), 'KIND_WANT_FULL')
  const [host] = await collector.hosts()
  t.match(host, {
    id: welcome.hostId,
    hostname: 'node-1',
    labels: { role: 'worker' },
    connected: true,
    profiles: ['all'],
    score: 0,
    counts: { pass: 0, fail: 2, error: 1, manual: 1 },
    failedBySeverity: { high: 1, low: 1 },
  })
  t.match(await stateOf(collector, 'values-small'), {
    state: 'fail',
    evidence: ['b is 20'],
    remediation: 'do it',
    severity: 'high',
    title: 'Values are small',
    facets: ['small'],
    hostname: 'node-1',
  })
  t.match(await stateOf(collector, 'look-yourself'), { state: 'manual', reason: 'look' })
  t.same(await collector.drift(), [])
})

t.test('a change is told as facts in words and as results that turned', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  await agent.deliver(1, smallState({ a: 1 }))
  await agent.deliver(2, smallState({ a: 1, b: 20 }))
  await agent.deliver(3, smallState({ a: 1, b: 21 }))
  const drift = (await collector.drift()).reverse()
  t.match(drift, [
    { kind: 'fact', subject: 'small', change: 'added', field: 'rows', after: { name: 'b', value: 20 } },
    {
      kind: 'result',
      subject: 'values-small',
      change: 'changed',
      field: 'state',
      before: 'pass',
      after: 'fail',
      text: 'Values are small: pass → fail (b is 20)',
    },
    { kind: 'fact', subject: 'small', change: 'changed' },
  ])
  t.equal(drift.length, 3, 'a fail with other evidence is no drift of the result')
  const result = await stateOf(collector, 'values-small')
  t.same(result?.evidence, ['b is 21'], 'but the evidence is the latest')
  t.equal(result?.since, drift[1]?.at, 'and it fails since it turned')
})

t.test('an unreadable facet keeps its last good facts, and what differs when it can be read again is told', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello()
  await agent.deliver(1, smallState({ a: 1 }))
  await agent.deliver(2, sealFailed(SmallFacet, 'unreadable', 'EACCES', '/etc/small'))
  await agent.deliver(3, sealFailed(SmallFacet, 'error', 'timeout', 'after 10 s'))
  t.match(await collector.get(`hosts/${hostId}/facets/small`), {
    state: 'error',
    reason: { code: 'timeout', detail: 'after 10 s' },
    lastGood: { facts: { rows: [{ name: 'a', value: 1 }] } },
  })
  t.match(await stateOf(collector, 'values-small'), { state: 'error', reason: /timeout/ })
  await agent.deliver(4, smallState({ a: 2 }))
  t.notOk(Object.hasOwn(await collector.get<object>(`hosts/${hostId}/facets/small`), 'lastGood'))
  const facts = (await collector.drift()).reverse().filter(row => row.kind !== 'result')
  t.match(facts, [
    { kind: 'facet', text: 'small can no longer be read: EACCES: /etc/small', before: 'present', after: 'unreadable' },
    { kind: 'facet', text: 'small: the probe fails: timeout: after 10 s' },
    { kind: 'facet', text: 'small can be read again' },
    { kind: 'fact', change: 'changed', field: 'rows' },
  ])
  t.equal(facts.length, 4)
})

t.test('a component that goes and comes back is drift of the facet', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello()
  await agent.deliver(1, smallState({ a: 1 }))
  await agent.deliver(2, sealAbsent(SmallFacet, 'notInstalled', 'no small here'))
  t.match(await stateOf(collector, 'values-small'), { state: 'not_applicable' })
  t.notOk((await collector.get<{ lastGood?: unknown }>(`hosts/${hostId}/facets/small`)).lastGood)
  await agent.deliver(3, smallState({ a: 1 }))
  const facets = (await collector.drift()).reverse().filter(row => row.kind === 'facet')
  t.match(facets, [
    { change: 'removed', text: 'small is gone: notInstalled: no small here' },
    { change: 'added', text: 'small is there' },
  ])
})

t.test('an agent that comes back', async t => {
  const collector = await startTestCollector(t)
  const hostKey = randomUUID()
  const first = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await first.hello({ hostKey })
  await first.deliver(1, smallState({ a: 1 }), { baseline: true })
  first.close()

  t.test('with the same state is known and tells nothing', async t => {
    const agent = connectRawAgent(t, collector.grpcAddress)
    const welcome = await agent.hello({ hostKey })
    t.equal(welcome.hostId, hostId)
    t.same(welcome.facets, [{ facet: 'small', digest: smallState({ a: 1 }).digest }])
    t.equal(await agent.deliver(1, smallState({ a: 1 }), { baseline: true }), 'KIND_KNOWN')
    t.same(await collector.drift(), [])
    agent.close()
  })

  t.test('with another state tells what happened while it was away', async t => {
    const agent = connectRawAgent(t, collector.grpcAddress)
    await agent.hello({ hostKey })
    await agent.deliver(1, smallState({ a: 2 }), { baseline: true })
    t.match(await collector.drift(), [{ kind: 'fact', subject: 'small', change: 'changed' }])
    agent.close()
  })

  t.test('as another version with another state tells nothing', async t => {
    const agent = connectRawAgent(t, collector.grpcAddress)
    await agent.hello({ hostKey, agentVersion: '0.2.0' })
    await agent.deliver(1, smallState({ a: 3 }), { baseline: true })
    t.equal((await collector.drift()).length, 1, 'another program looked: that is no drift of the host')
    await agent.deliver(2, smallState({ a: 4 }))
    t.equal((await collector.drift()).length, 2, 'what follows is')
  })
})

t.test('another schema version raises no drift', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  await agent.hello()
  await agent.deliver(1, smallState({ a: 1 }))
  const { facetDigest, canonicalJson } = await import('../../proto/canonical.ts')
  const facts = { gaps: [], rows: [{ name: 'a', value: 50, more: 1 }], note: '', fresh: true }
  const digest = facetDigest('small', 2, 'present', canonicalJson(facts))
  const state: FacetState = { facet: 'small', schemaVersion: 2, state: 'present', digest, facts, observations: {} }
  await agent.deliver(2, state)
  t.same(await collector.drift(), [])
  t.match(await stateOf(collector, 'values-small'), { state: 'fail' }, 'but it is judged')
})

t.test('a facet that nobody knows is kept and told of, not judged', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello()
  const strange = (value: number): FacetState => {
    const state = smallState({ a: value })
    return { ...state, facet: 'strange-thing' }
  }
  const { facetDigest } = await import('../../proto/canonical.ts')
  const { canonicalBody } = await import('../../proto/seal.ts')
  const sealed = (value: number): FacetState => {
    const state = strange(value)
    return { ...state, digest: facetDigest(state.facet, 1, 'present', canonicalBody(state)) }
  }
  await agent.deliver(1, sealed(1))
  await agent.deliver(2, sealed(2))
  t.match(await collector.get(`hosts/${hostId}/facets/strange-thing`), { facts: { rows: [{ name: 'a', value: 2 }] } })
  t.match(await collector.drift(), [{ kind: 'fact', subject: 'strange-thing', text: 'strange-thing changed' }])
})

t.test('observations are kept as the latest, reach the checks that read them, and are no facts', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello()
  await agent.deliver(1, smallState({ a: 1 }))
  const observe = (seen: number) =>
    agent.send({
      observations: { facet: 'small', body: Buffer.from(JSON.stringify({ seen })), observedAtMs: Date.now() },
    })
  observe(1)
  await collector.waitFor(async () => (await stateOf(collector, 'seen-seldom'))?.state === 'pass')
  t.same(await collector.drift(), [], 'the first observations turn results silently')
  observe(7)
  await collector.waitFor(async () => (await stateOf(collector, 'seen-seldom'))?.state === 'fail')
  t.match(await collector.drift(), [{ kind: 'result', subject: 'seen-seldom', before: 'pass', after: 'fail' }])
  t.match(await collector.get(`hosts/${hostId}/facets/small`), { observations: { seen: 7 }, observedAt: /^20/ })
  t.equal((await collector.get<{ items: unknown[] }>(`hosts/${hostId}/facets/small/history`)).items.length, 1)
})

t.test('another catalog judges the fleet anew and raises no drift', async t => {
  const dataDirectory = t.testdir({})
  const before = await startTestCollector(t, { dataDirectory })
  const agent = connectRawAgent(t, before.grpcAddress)
  await agent.hello()
  await agent.deliver(1, smallState({ a: 50 }, 'hm'))
  t.equal((await before.results()).length, 4)
  await before.close()

  const catalog = smallCatalog('small-2', ['note-empty'])
  const after = await startTestCollector(t, { dataDirectory, catalog })
  await after.waitFor(async () => (await after.hosts())[0]?.counts.fail === 1)
  t.same((await after.results()).map(result => result.check).sort(), ['look-yourself', 'seen-seldom', 'values-small'])
  t.same(await after.drift(), [])
  t.match(await after.get('summary'), { counts: { fail: 1, manual: 1, error: 1, pass: 0 }, checks: 3 })
})

t.test('the past can be read back', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello()
  const minute = 60_000
  const now = Date.now()
  await agent.deliver(1, smallState({ a: 1 }), { observedAtMs: now - 10 * minute })
  await agent.deliver(2, smallState({ a: 2 }), { observedAtMs: now - 5 * minute })
  const at = (ms: number) => `hosts/${hostId}/facets/small?at=${new Date(ms).toISOString()}`
  t.match(await collector.get(at(now - 7 * minute)), { facts: { rows: [{ name: 'a', value: 1 }] } })
  t.match(await collector.get(at(now - minute)), { facts: { rows: [{ name: 'a', value: 2 }] } })
  await t.rejects(collector.get(at(now - 20 * minute)), /404/)
})

t.test('times are corrected by the skew and stay between the change before and the receipt', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const hour = 3_600_000
  const { hostId } = await agent.hello({ clockMs: Date.now() - hour })
  const before = Date.now()
  await agent.deliver(1, smallState({ a: 1 }), { observedAtMs: before - hour - 5_000 })
  await agent.deliver(2, smallState({ a: 2 }), { observedAtMs: before - hour - 9_000 })
  await agent.deliver(3, smallState({ a: 3 }), { observedAtMs: before + 5 * hour })
  const { items } = await collector.get<{ items: { validFrom: string; validTo: string; receivedAt: string }[] }>(
    `hosts/${hostId}/facets/small/history`,
  )
  const [third, second, first] = items
  t.ok(Math.abs(Date.parse(first?.validFrom ?? '') - (before - 5_000)) < 2_000, 'corrected by one hour')
  t.equal(second?.validFrom, first?.validFrom, 'not before the state that it ends')
  t.equal(third?.validFrom, third?.receivedAt, 'not after it was received')
  t.equal(first?.validTo, second?.validFrom)
  t.equal(third?.validTo, '')
})
