// Bodies from anybody: either exactly what was offered, or refused; never anything else.
import * as fc from 'fast-check'
import t from 'tap'
import { Refused } from '../../../collector/ingest/refusal.ts'
import { verifyDelta, verifyFull, verifyObservations } from '../../../collector/ingest/verify-body.ts'
import { keysOf, makeDelta } from '../../../proto/delta.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { canonicalBody } from '../../../proto/seal.ts'
import { arbitraryState } from '../../arbitrary-facts.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'

const bytes = (text: string) => Buffer.from(text)

t.test('every state that an agent can seal is taken, whole and as a delta from any other', async t => {
  fc.assert(
    fc.property(arbitraryState(SmallFacet), arbitraryState(SmallFacet), (before, after) => {
      t.equal(verifyFull(after, bytes(canonicalBody(after))), canonicalBody(after))
      const delta = bytes(JSON.stringify(makeDelta(before.facts, after.facts, keysOf(SmallFacet))))
      t.equal(verifyDelta(after, canonicalBody(before), delta), canonicalBody(after))
    }),
    { numRuns: 100 },
  )
})

t.test('any bytes are refused, not thrown about', async t => {
  const state = smallState({ a: 1 })
  const refusedOr = (check: () => unknown) => {
    try {
      check()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.json().map(bytes)), input => {
      t.throws(() => verifyFull(state, input), { name: 'Refused' })
      refusedOr(() => verifyDelta(state, canonicalBody(state), input))
      refusedOr(() => verifyObservations('small', input))
    }),
    { numRuns: 500 },
  )
})

t.test('every change of one byte of a good body is refused', async t => {
  const state = smallState({ a: 1 })
  const body = bytes(canonicalBody(state))
  for (let index = 0; index < body.length; index++) {
    const changed = Buffer.from(body)
    changed[index] = (changed[index] ?? 0) ^ 1
    t.throws(() => verifyFull(state, changed), { name: 'Refused' })
  }
})

t.test('a digest holds for its facet, version and state only', async t => {
  const state = smallState({ a: 1 })
  const body = bytes(canonicalBody(state))
  for (const change of [{ facet: 'other' }, { schemaVersion: 2 }, { digest: smallState({}).digest }]) {
    t.throws(() => verifyFull({ ...state, ...change } as FacetState, body), { code: 'digest' })
  }
  t.throws(() => verifyFull({ ...state, state: 'error' } as FacetState, body), { code: 'malformed' })
})

t.test('refusals quote nothing of the body', async t => {
  const secret = 'hunter2hunter2'
  for (const text of [secret, `{"${secret}`, `{"a":"${secret}",}`, `{"${secret}":null}`]) {
    try {
      verifyFull(smallState({}), bytes(text))
      t.fail('was taken')
    } catch (error) {
      t.notMatch(String(error), new RegExp(secret))
    }
  }
})
