// Tests of cutting sudoers text into logical lines.
import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { sudoersLines } from '../../../agent/parse/sudoers-lines.ts'
import { anyText } from '../../damaged-text.ts'

const lines = (text: string) => sudoersLines(text).map(({ line, text }) => `${line} ${text}`)

t.test('a backslash at the end joins lines under the number of the first', async t => {
  t.strictSame(lines('a \\\n b\nc'), ['1 a   b', '3 c'])
  t.strictSame(lines('a\\ \t\nb'), ['1 a b'], 'blanks behind it do not matter')
  t.strictSame(lines('a\\\\\nb'), ['1 a\\\\', '2 b'], 'an escaped one joins nothing')
  t.strictSame(lines('a\\\\\\\nb'), ['1 a\\\\ b'])
  t.strictSame(lines('a\\\r\nb\r\n'), ['1 a b'])
  t.strictSame(lines('\\'), [])
  t.strictSame(lines('a\\'), ['1 a'])
  t.strictSame(lines('\\\n\\\nx'), ['1 x'])
})

t.test('comments end a line, whatever stands at its end', async t => {
  t.strictSame(lines('# a \\\nb # c \\\nd'), ['2 b ', '3 d'])
  t.strictSame(lines('a\\\n# b\nc'), ['1 a ', '3 c'], 'also one that was joined')
  t.strictSame(lines(' \t\n\t  a\n'), ['2 a'], 'blanks in front go, empty lines too')
  t.strictSame(lines('#'), [])
})

t.test('a number sign in quotes, escaped or before a number begins no comment', async t => {
  t.strictSame(lines('a "b # c" # d'), ['1 a "b # c" '])
  t.strictSame(lines('a="b # c"'), ['1 a="b # c"'])
  t.strictSame(lines('"a # b"'), ['1 "a # b"'], 'a quote at the beginning')
  for (const before of [' ', '\t', ',', '=', ':', '!', '(', '>', '@'])
    t.strictSame(lines(`a${before}"b # c"`), [`1 a${before}"b # c"`], `after ${JSON.stringify(before)}`)
  t.strictSame(lines('it"s # a comment"'), ['1 it"s '], 'a quote in the middle of a word is none')
  t.strictSame(lines('a "b" # c"'), ['1 a "b" '], 'the second quote closes')
  t.strictSame(lines('a \\# b # c'), ['1 a \\# b '])
  t.strictSame(lines('#1000 ALL=ALL'), ['1 #1000 ALL=ALL'])
  t.strictSame(lines('a, #-1 ALL=ALL # b'), ['1 a, #-1 ALL=ALL '])
  t.strictSame(lines('a #b1'), ['1 a '])
  t.strictSame(lines('a #- 1'), ['1 a '])
})

t.test('an include in its old form is no comment', async t => {
  t.strictSame(lines('#include /etc/x\n  #includedir /etc/y\n#includes z\n#include'), [
    '1 #include /etc/x',
    '2 #includedir /etc/y',
  ])
  t.strictSame(lines('a #include /x'), ['1 a '], 'only at the beginning of a line')
  t.strictSame(lines('a \\\n#include /x'), ['1 a  '], 'and not of one that was joined')
})

t.test('any lines are cut where they were joined', async () => {
  const word = fc.stringMatching(/^[a-z=,!%/]{1,6}$/)
  const piece = fc.oneof(
    word,
    word.map(text => ` "${text} # ${text}" `),
    word.map(text => `${text}\\# `),
    fc.constant(' #1000 '),
  )
  const physical = fc
    .tuple(word, fc.array(piece, { maxLength: 3 }))
    .map(([first, pieces]) => [first, ...pieces].join(''))
  const logical = fc.record({
    blanks: fc.constantFrom('', ' ', '\t '),
    parts: fc.array(physical, { minLength: 1, maxLength: 3 }),
    end: fc.constantFrom('', '# why', '# why \\', '#', '\r'),
    empty: fc.nat({ max: 2 }),
  })
  fc.assert(
    fc.property(fc.array(logical), fc.constantFrom('\\\n', '\\ \t\n', '\\\r\n'), (all, joint) => {
      const expected: string[] = []
      let line = 1
      const text = all
        .map(({ blanks, parts, end, empty }) => {
          expected.push(`${line} ${parts.join(' ')}`)
          line += parts.length + empty
          return `${blanks}${parts.join(joint)}${end}\n${' \n'.repeat(empty)}`
        })
        .join('')
      deepEqual(lines(text), expected)
    }),
    { numRuns: 300 },
  )
})

t.test('damaged text is cut at its own lines, none of which is blank or begins with one', async () => {
  const real =
    '# This file\nDefaults env_reset, \\\n  use_pty\n#include /etc/x\n%sudo ALL=(ALL:ALL) "a # b" ALL # c \\\nroot\\# x\\\\\n'
  fc.assert(
    fc.property(anyText(real), text => {
      const count = text.split('\n').length
      let last = 0
      for (const { line, text: content } of sudoersLines(text)) {
        equal(line > last && line <= count, true)
        equal(/^[^ \t\n]/.test(content) && !content.includes('\n'), true)
        last = line
      }
    }),
    { numRuns: 300 },
  )
})
