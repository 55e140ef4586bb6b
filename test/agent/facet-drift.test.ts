// Changes of a facet from sweep to sweep, also across a time in which it could not be read.
import t from 'tap'
import { createFacetDrift } from '../../agent/facet-drift.ts'
import type { FacetState } from '../../proto/facet.ts'
import { sealAbsent, sealFailed } from '../../proto/seal.ts'
import { SmallFacet, smallState } from '../small-facet.ts'

const failed = sealFailed(SmallFacet, 'error', 'deadline', '')
const gone = sealAbsent(SmallFacet, 'notInstalled', '')

/** Texts told of each state after the first. */
function told(...states: readonly FacetState[]): readonly (readonly string[])[] {
  const drift = createFacetDrift()
  return states.map(state => drift.take(SmallFacet, state).map(({ text }) => text))
}

t.test('the first state is no change, later ones are', async t => {
  t.same(told(smallState({ a: 1 }), smallState({ a: 1 }, '', 9), smallState({ a: 2 })), [
    [],
    [],
    ['rows a value changed from 1 to 2'],
  ])
})

t.test('what changed while a facet could not be read is told when it can be again', async t => {
  t.same(told(smallState({ a: 1 }), failed, failed, smallState({ a: 1, b: 2 })), [
    [],
    ['small: the probe fails: deadline'],
    [],
    ['small can be read again', 'rows b added'],
  ])
  t.same(told(smallState({ a: 1 }), failed, smallState({ a: 1 })).at(-1), ['small can be read again'])
})

t.test('what was gone is not compared with what was before', async t => {
  t.same(told(smallState({ a: 1 }), gone, smallState({ b: 2 })), [
    [],
    ['small is gone: notInstalled'],
    ['small is there'],
  ])
})

t.test('a facet that is rewritten is told in a bounded number of changes', async t => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`row${index}`, index]))
  const changes = told(smallState({}), smallState(many)).at(-1) ?? []
  t.equal(changes.length, 201)
  t.equal(changes.at(-1), 'small: 300 more changes')
})
