// What is told of two states of one facet: rows where both have facts, one sentence where not.
import * as fc from 'fast-check'
import t from 'tap'
import { diffStates, stateChange } from '../../policy/diff-states.ts'
import type { FacetState } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { sealAbsent, sealFailed } from '../../proto/seal.ts'
import { arbitraryState } from '../arbitrary-facts.ts'
import { SmallFacet, smallState } from '../small-facet.ts'

const gone = sealAbsent(SmallFacet, 'notInstalled', 'small')
const unreadable = sealFailed(SmallFacet, 'unreadable', 'EACCES', '/etc/small')
const failed = sealFailed(SmallFacet, 'error', 'deadline', '')
const texts = (before: FacetState, after: FacetState) => diffStates(SmallFacet, before, after).map(({ text }) => text)

t.test('facts are compared row by row', async t => {
  t.same(texts(smallState({ a: 1, b: 2 }), smallState({ b: 3, c: 4 })), [
    'rows a removed',
    'rows c added',
    'rows b value changed from 2 to 3',
  ])
  t.same(texts(smallState({ a: 1 }, '', 1), smallState({ a: 1 }, '', 2)), [], 'observations are no difference')
})

t.test('a turn from state to state is one sentence with the reason', async t => {
  const here = smallState({ a: 1 })
  t.same(diffStates(SmallFacet, here, gone), [
    {
      change: 'removed',
      field: 'state',
      text: 'small is gone: notInstalled: small',
      before: 'present',
      after: 'absent',
    },
  ])
  t.same(diffStates(SmallFacet, gone, here), [
    { change: 'added', field: 'state', text: 'small is there', before: 'absent', after: 'present' },
  ])
  t.same(texts(here, unreadable), ['small can no longer be read: EACCES: /etc/small'])
  t.same(texts(unreadable, here), ['small can be read again'])
  t.same(texts(unreadable, failed), ['small: the probe fails: deadline'])
  const other = sealFailed(SmallFacet, 'unreadable', 'ELOOP', '/etc/small')
  t.same(texts(unreadable, other), ['small is still unreadable, now for another reason: ELOOP: /etc/small'])
  t.equal(stateChange('absent', unreadable).change, 'added')
})

t.test(
  'without a schema, or of facts in a form that the schema does not have, only that they changed is told',
  async t => {
    const [before, after] = [smallState({ a: 1 }), smallState({ a: 2 })]
    t.same(diffStates(undefined, before, after), [{ change: 'changed', field: '', text: 'small changed' }])
    const odd = { ...after, facts: { rows: [[1], 'x', 7], note: { a: [] }, gaps: 'none' } } as FacetState
    t.ok(diffStates(SmallFacet, before, odd).length > 0)
    t.ok(diffStates(SmallFacet, odd, before).length > 0)
  },
)

t.test('states that differ are never told to be equal, whatever they hold', async () => {
  for (const facet of facets) {
    fc.assert(
      fc.property(arbitraryState(facet), arbitraryState(facet), (before, after) => {
        const changes = diffStates(facet, before, after)
        return changes.length > 0 === (before.digest !== after.digest)
      }),
      { numRuns: 30 },
    )
  }
})
