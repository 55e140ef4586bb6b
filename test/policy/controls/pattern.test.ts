// Holds our matcher against the one of JavaScript, and to what grep and Go read otherwise.
import * as fc from 'fast-check'
import t from 'tap'
import { compilePattern, PatternError } from '../../../policy/controls/pattern.ts'

t.test('finds what an expression of JavaScript finds', t => {
  const sources = [
    'a',
    'ab*c',
    '^a',
    'b$',
    '^$',
    'a|bc',
    '(ab)+',
    'a?b',
    '[^a]b',
    '[a-c]{2,3}',
    '\\d+',
    'a.c',
    '(a|b)*c',
    '\\bab',
  ]
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' '), maxLength: 12 })
  fc.assert(
    fc.property(fc.constantFrom(...sources), texts, (source, text) => {
      return compilePattern(source, 'go').test(text) === new RegExp(source).test(text)
    }),
  )
  t.pass('for every sample')
  t.end()
})

t.test('basic expressions have their operators behind a backslash', t => {
  const finds = (source: string, text: string) => compilePattern(source, 'basic').test(text)
  t.equal(finds('a+b', 'a+b'), true)
  t.equal(finds('a\\+b', 'aab'), true)
  t.equal(finds('(a)', '(a)'), true)
  t.equal(finds('x\\|y', 'y'), true)
  t.equal(finds('*a', '*a'), true)
  t.equal(finds('a\\{2\\}', 'aa'), true)
  t.equal(finds('[[:digit:]]', '7'), true)
  t.end()
})

t.test('the longest of the leftmost matches is found', t => {
  t.same(compilePattern('a|ab|abc', 'extended').find('xabcd', 0), { start: 1, end: 4 })
  t.equal(compilePattern('z', 'extended').find('xabcd', 0), undefined)
  t.equal(compilePattern('(?i)WebHook', 'go').test('webhook'), true)
  t.end()
})

t.test('what would take a backtracking matcher for ever is answered', t => {
  t.equal(compilePattern('(a*)*(a*)*b', 'go').test('a'.repeat(5000)), false)
  t.end()
})

t.test('what is not supported is refused, never guessed', t => {
  for (const source of ['(', ')', '[a', 'a{2000}', '*a', '\\', '(?=a)', '\\1', '[b-a]', '\\pL', 'a{,3}']) {
    t.throws(() => compilePattern(source, 'go'), PatternError, source)
  }
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab()[]{}*+?|\\^$.-1,:'), maxLength: 15 }), source => {
      try {
        compilePattern(source, 'basic')
        compilePattern(source, 'go')
      } catch (error) {
        return error instanceof PatternError
      }
      return true
    }),
  )
  t.end()
})

t.test('groups take what they took on the way through the match, each as much as it can', t => {
  const groups = (source: string, text: string) => {
    const pattern = compilePattern(source, 'basic')
    const match = pattern.find(text, 0)
    return match && pattern.groups(text, match)
  }
  t.same(groups('.*dir[= ]\\([^ ]*\\).*', 'etcd --dir=/var/a --dir=/var/b --x'), ['/var/b'])
  t.same(groups('\\(a*\\)\\(a\\)\\(b*\\)', 'xaaab'), ['aa', 'a', 'b'])
  t.same(groups('\\(a\\(b\\)\\)c', 'abc'), ['ab', 'b'])
  t.same(groups('^\\(\\)x$', 'x'), [''])
  t.same(groups('[a-z]*', 'abc'), [])
  t.throws(() => groups('\\(a\\|ab\\)\\(c\\|bcd\\)', 'abcd'), PatternError, 'beside alternatives')
  t.throws(() => groups('\\(a\\)*', 'aa'), PatternError, 'within what repeats')
  const long = compilePattern('\\(a*\\)*\\(a*\\)*b', 'basic')
  t.equal(long.find('a'.repeat(5000), 0), undefined, 'no match of a long line is found fast')
  t.end()
})
