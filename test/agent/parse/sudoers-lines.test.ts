// Tests of cutting sudoers text into logical lines.
import t from 'tap'
import { sudoersLines } from '../../../agent/parse/sudoers-lines.ts'

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
