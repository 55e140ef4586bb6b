// The collector's running tally gives the same score as the engine's over all results.
import * as fc from 'fast-check'
import t from 'tap'
import { countsOf, emptyTally, markOf, packTally, unpackTally } from '../../../collector/store/tally.ts'
import { type Check, type ResultState, resultStates, type Severity, severities } from '../../../policy/check.ts'
import { score } from '../../../policy/score.ts'

const results = fc.array(fc.tuple(fc.constantFrom(...severities), fc.constantFrom(...resultStates)), { maxLength: 60 })

function tallyOf(list: readonly (readonly [Severity, ResultState])[]) {
  const count = (severity: Severity, state: ResultState) =>
    list.filter(result => result[0] === severity && result[1] === state).length
  return unpackTally(JSON.stringify(severities.map(severity => resultStates.map(state => count(severity, state)))))
}

t.test('score, coverage and counts agree with the engine', async t => {
  fc.assert(
    fc.property(results, list => {
      const checks = list.map(([severity], index) => ({ id: String(index), severity })) as unknown as readonly Check[]
      const { waived: _, ...expected } = score(
        list.map(([, state], index) => ({ check: String(index), state })),
        checks,
      )
      const tally = tallyOf(list)
      t.strictSame({ ...markOf(tally), counts: countsOf(tally) }, expected)
      t.same(unpackTally(packTally(tally)), tally)
    }),
  )
  t.same(unpackTally(''), emptyTally)
  t.strictSame(markOf(emptyTally), {})
})
