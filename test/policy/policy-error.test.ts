// Tests of how problems are told, and of the word that was meant.
import t from 'tap'
import { didYouMean, PolicyError, problemLine } from '../../policy/policy-error.ts'

t.test('a problem is one line: place, subject and part, message', async t => {
  const problem = { subject: 'check x', part: 'pass', message: 'is wrong' }
  t.equal(problemLine(problem), 'check x, pass: is wrong')
  t.equal(problemLine({ ...problem, place: 'a.yaml:1:2' }), 'a.yaml:1:2: check x, pass: is wrong')
  t.equal(problemLine({ ...problem, part: '' }), 'check x: is wrong')
  t.equal(problemLine({ ...problem, subject: '', part: '' }), 'is wrong')
  const error = new PolicyError([problem, { ...problem, part: 'id' }])
  t.equal(error.message, 'check x, pass: is wrong\ncheck x, id: is wrong')
  t.equal(error.name, 'PolicyError')
})

/** The known word that is offered for another. */
const meant = (word: string, ...known: string[]) => /"(.*)"/.exec(didYouMean(word, known))?.[1]

t.test('the nearest known word is offered, of equally near ones the first', async t => {
  t.equal(didYouMean('evidnce', ['pass', 'evidence']), ', did you mean "evidence"?')
  t.equal(didYouMean('evidnce', ['pass']), '')
  t.equal(meant('abcd', 'abxx', 'abcx', 'abcy'), 'abcx')
  t.equal(meant('PASS', 'pass'), 'pass', 'letters of another case are near')
  t.equal(meant('pass'), undefined)
})

t.test('a letter added, lost, changed or swapped with its neighbour is one step', async t => {
  for (const word of ['xab', 'axb', 'abx', 'a', 'b', 'xb', 'ax', 'ba']) t.equal(meant(word, 'ab'), 'ab', word)
  t.equal(meant('xy', 'ab'), undefined, 'two letters changed')
  t.equal(meant('bca', 'abc'), undefined, 'a letter that moved two places is two steps')
  t.equal(meant('abxcd', 'abcxd'), 'abcxd')
  t.equal(meant('ca', 'abc'), undefined)
  t.equal(meant('', 'a'), 'a')
  t.equal(meant('', 'ab'), undefined)
})

t.test('a third of the letters may be wrong', async t => {
  t.equal(meant('abcdef', 'abcdxx'), 'abcdxx')
  t.equal(meant('abcdef', 'abcxxx'), undefined)
  t.equal(meant('badcef', 'abcdef'), 'abcdef', 'two swaps')
  t.equal(meant('abcdefghi', 'xbcdxfghx'), 'xbcdxfghx')
  t.equal(meant('abcdefghi', 'xbcxxfghx'), undefined)
})

t.test('words longer than any name are never near', async t => {
  const long = 'a'.repeat(64)
  t.equal(meant(long, `${long.slice(1)}b`), `${long.slice(1)}b`)
  t.equal(meant(`${long}a`, long), undefined)
  t.equal(meant(long, `${long}a`), undefined)
})
