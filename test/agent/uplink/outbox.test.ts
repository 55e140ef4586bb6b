// The outbox: every change in order, as the smaller of delta and whole, until it is acknowledged.
import t from 'tap'
import { createMemoryOutbox } from '../../../agent/uplink/outbox.ts'
import { applyDelta } from '../../../proto/delta.ts'
import type { FacetState, JsonObject } from '../../../proto/facet.ts'
import { canonicalBody, sealFailed } from '../../../proto/seal.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'

const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`row${index}`, index]))

t.test('sequences count from 1 without holes and outlive acknowledgement', t => {
  const outbox = createMemoryOutbox('box')
  for (const value of [1, 2, 3]) outbox.add(SmallFacet, smallState({ a: value }), 1_000, value === 1)
  t.same(
    outbox.after(0, 10).map(entry => entry.sequence),
    [1, 2, 3],
  )
  t.same(
    outbox.after(0, 10).map(entry => entry.baseline),
    [true, false, false],
  )
  outbox.acknowledge(2)
  t.equal(outbox.size, 1)
  outbox.add(SmallFacet, smallState({ a: 4 }), 1_000, false)
  t.same(
    outbox.after(0, 10).map(entry => entry.sequence),
    [3, 4],
  )
  t.same(
    outbox.after(3, 10).map(entry => entry.sequence),
    [4],
  )
  t.same(
    outbox.after(0, 1).map(entry => entry.sequence),
    [3],
  )
  t.end()
})

t.test('a small change of a large facet is offered as a delta that gives the new state', t => {
  const outbox = createMemoryOutbox('box')
  const before = smallState(many)
  const after = smallState({ ...many, row7: 700, extra: 1 })
  outbox.add(SmallFacet, before, 1_000, true)
  outbox.add(SmallFacet, after, 2_000, false)
  const [first, second] = outbox.after(0, 10)
  t.match(first, { baseDigest: '', delta: '' }, 'the first state has nothing to start from')
  t.equal(second?.baseDigest, before.digest)
  t.ok(second && second.delta.length < second.body.length / 5, 'and is much smaller')
  const applied = applyDelta(factsOf(before), JSON.parse(second?.delta ?? ''))
  t.same(applied, factsOf(after))
  t.equal(second?.body, canonicalBody(after))
  t.end()
})

t.test('a delta that is no smaller than the whole is not offered', t => {
  const outbox = createMemoryOutbox('box')
  outbox.add(SmallFacet, smallState({ a: 1 }), 1_000, true)
  outbox.add(SmallFacet, smallState({ b: 2 }), 2_000, false)
  t.match(outbox.after(1, 1)[0], { baseDigest: '', delta: '' })
  t.end()
})

t.test('between a present and a failed state there is no delta', t => {
  const outbox = createMemoryOutbox('box')
  outbox.add(SmallFacet, smallState(many), 1_000, true)
  outbox.add(SmallFacet, sealFailed(SmallFacet, 'error', 'deadline', 'no answer'), 2_000, false)
  outbox.add(SmallFacet, smallState(many), 3_000, false)
  t.same(
    outbox.after(1, 2).map(entry => entry.delta),
    ['', ''],
  )
  t.end()
})

t.test('who listens is told of each addition until it stops listening', t => {
  const outbox = createMemoryOutbox('box')
  let told = 0
  const stop = outbox.onAdd(() => told++)
  outbox.add(SmallFacet, smallState({ a: 1 }), 1_000, true)
  stop()
  outbox.add(SmallFacet, smallState({ a: 2 }), 1_000, false)
  t.equal(told, 1)
  t.end()
})

function factsOf(state: FacetState): JsonObject {
  if (state.state !== 'present') throw new Error('not present')
  return state.facts
}
