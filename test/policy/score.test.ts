import t from 'tap'
import type { Check, ResultState, Severity } from '../../policy/check.ts'
import { score } from '../../policy/score.ts'

const checks = (['critical', 'high', 'medium', 'low'] as const).map(severity => ({
  id: severity,
  severity,
})) as unknown as readonly Check[]
const of = (...results: (readonly [Severity, ResultState])[]) =>
  score(
    results.map(([check, state]) => ({ check, state })),
    checks,
  )

t.test('severities weigh 10, 5, 2 and 1, and the score is rounded down', async t => {
  t.equal(of(['critical', 'pass'], ['high', 'fail'], ['medium', 'fail'], ['low', 'fail']).score, 55)
  t.equal(of(['critical', 'fail'], ['high', 'pass'], ['medium', 'pass'], ['low', 'pass']).score, 44)
  t.equal(of(['low', 'pass'], ['low', 'pass'], ['low', 'fail']).score, 66)
})

t.test('an error counts as much as a failure, and what was not judged counts nothing', async t => {
  t.equal(of(['high', 'pass'], ['high', 'error']).score, 50)
  t.equal(of(['high', 'pass'], ['critical', 'manual'], ['critical', 'not_applicable']).score, 100)
})

t.test('coverage is what was judged of what concerns the host', async t => {
  t.equal(of(['high', 'pass'], ['low', 'fail'], ['low', 'error'], ['low', 'manual']).coverage, 50)
  t.equal(of(['high', 'pass'], ['low', 'not_applicable']).coverage, 100)
})

t.test('nothing has neither score nor coverage', async t => {
  const none = { pass: 0, fail: 0, manual: 0, not_applicable: 0, error: 0 }
  t.strictSame(of(), { counts: none, waived: 0 })
  t.strictSame(of(['high', 'not_applicable']), { counts: { ...none, not_applicable: 1 }, waived: 0 })
  t.strictSame(of(['high', 'manual']), { coverage: 0, counts: { ...none, manual: 1 }, waived: 0 })
  t.match(of(['high', 'error']), { score: 0, coverage: 0 })
})

t.test('results are counted by state, and an unknown check weighs as a medium one', async t => {
  t.same(of(['high', 'pass'], ['low', 'pass'], ['low', 'error']).counts, {
    pass: 2,
    fail: 0,
    manual: 0,
    not_applicable: 0,
    error: 1,
  })
  t.equal(
    score(
      [
        { check: 'gone', state: 'fail' },
        { check: 'medium', state: 'pass' },
      ],
      checks,
    ).score,
    50,
  )
})

t.test('what is waived is left out of the score, and still counts as judged or not', async t => {
  const waiver = { id: 'w', reason: 'r', owner: 'o', ticket: '', expiresAt: '2027-01-01T00:00:00.000Z' }
  const accepted = score(
    [
      { check: 'high', state: 'pass' },
      { check: 'critical', state: 'fail', waiver },
      { check: 'low', state: 'error', waiver },
    ],
    checks,
  )
  t.match(accepted, { score: 100, coverage: 66, waived: 2, counts: { pass: 1, fail: 1, error: 1 } })
})
