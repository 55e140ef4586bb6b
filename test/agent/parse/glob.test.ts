// Tests of shell patterns, also against the shell.
import { equal } from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { isGlob, matchesGlob } from '../../../agent/parse/glob.ts'

t.test('stars, question marks and brackets match', async t => {
  t.ok(matchesGlob('usb*', 'usb_storage'))
  t.ok(matchesGlob('*', ''))
  t.ok(matchesGlob('a?c', 'abc'))
  t.ok(matchesGlob('net_pf_[0-9]', 'net_pf_5'))
  t.notOk(matchesGlob('net_pf_[!0-9]', 'net_pf_5'))
  t.ok(matchesGlob('[]a]b', ']b'))
  t.ok(matchesGlob('a*b*c', 'aXbYbZc'))
  t.notOk(matchesGlob('a?c', 'ac'))
  t.notOk(matchesGlob('', 'a'))
  t.ok(matchesGlob('a\\*', 'a*'))
  t.ok(matchesGlob('[a', '[a'), 'a bracket without end is itself')
  t.ok(isGlob('usb*'))
  t.notOk(isGlob('usb_storage'))
})

t.test('a character after a backslash, in a bracket or after a star is exactly itself', async t => {
  t.notOk(matchesGlob('a\\*', 'ab'), 'an escaped star is a star')
  t.ok(matchesGlob('a\\b', 'ab'))
  t.notOk(matchesGlob('a\\b', 'ac'))
  t.ok(matchesGlob('a\\', 'a\\'), 'a backslash at the end is itself')
  t.notOk(matchesGlob('a\\', 'a'))
  t.ok(matchesGlob('[^a]', 'b'))
  t.notOk(matchesGlob('[^a]', 'a'))
  t.ok(matchesGlob('[a^]', '^'), 'a sign that is not the first is a member')
  t.notOk(matchesGlob('[abc]', 'd'))
  t.notOk(matchesGlob('[a-c]', 'd'))
  t.ok(matchesGlob('[a-c]', 'a'))
  t.ok(matchesGlob('[a-c]', 'c'))
  t.notOk(matchesGlob('[a-c]', '-'))
  t.ok(matchesGlob('[a-]', '-'), 'a dash at the end is itself')
  t.notOk(matchesGlob('[acz]', 'b'), 'three members are no range')
  t.notOk(matchesGlob('[x', 'x'), 'a bracket without end is not what it holds')
  t.ok(matchesGlob('a*', 'a*b'), 'a star in the text is nothing special')
  t.ok(matchesGlob('*?', '*'))
  t.notOk(matchesGlob('*?', ''))
  t.notOk(matchesGlob('ab', 'a'))
})

t.test('the answer is that of the shell', async t => {
  const pattern = fc.array(fc.constantFrom('a', 'b', '*', '?', '[ab]', '[!a]', '[a-c]', '-', '_'), { maxLength: 6 })
  const text = fc.array(fc.constantFrom('a', 'b', 'c', '-', '_'), { maxLength: 6 })
  const cases = fc.sample(fc.tuple(pattern, text), 500).map(([one, two]) => [one.join(''), two.join('')] as const)
  const script = cases.map(([one, two]) => `case '${two}' in ${one || "''"}) echo y;; *) echo n;; esac`).join('\n')
  const answers = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).trim().split('\n')
  t.equal(answers.length, cases.length)
  for (const [index, [one, two]] of cases.entries())
    t.equal(matchesGlob(one, two), answers[index] === 'y', `${one} ${two}`)
})

t.test('many stars take no time', async t => {
  t.notOk(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(255)))
})

t.test('any pattern means what its regular expression means', async () => {
  const piece = fc.constantFrom(
    ...[
      ['a', 'a'],
      ['-', '-'],
      ['*', '.*'],
      ['?', '.'],
      ['[ab]', '[ab]'],
      ['[!a-c]', '[^a-c]'],
      ['[^-]', '[^-]'],
      ['\\*', '\\*'],
    ],
    ...[
      ['[]x]', '[\\]x]'],
      ['\\a', 'a'],
      ['.', '\\.'],
      ['**', '.*'],
      ['[', '\\['],
      ['(', '\\('],
      ['[a-]', '[a-]'],
      ['é', 'é'],
    ],
  )
  const text = fc.string({ unit: fc.constantFrom(...'abcx-*[]^!.(é\n'), maxLength: 8 })
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), text, (pieces, candidate) => {
      // A bracket that nothing closes is only the last one.
      const closed = pieces.filter(([glob], index) => glob !== '[' || index === pieces.length - 1)
      const expression = new RegExp(`^(?:${closed.map(([, one]) => one).join('')})$`, 's')
      const pattern = closed.map(([glob]) => glob).join('')
      equal(matchesGlob(pattern, candidate), expression.test(candidate), `${pattern} ${JSON.stringify(candidate)}`)
      equal(
        isGlob(candidate),
        ['*', '?', '['].some(sign => candidate.includes(sign)),
      )
    }),
    { numRuns: 2000 },
  )
})
