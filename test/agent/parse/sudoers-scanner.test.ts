// Tests of reading words and marks of one sudoers line.
import { deepEqual, equal, throws } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { SudoersSyntaxError, scanSudoers } from '../../../agent/parse/sudoers-scanner.ts'

t.test('marks and words come one after the other, blanks between them do not matter', async t => {
  const scanner = scanSudoers(' alice,\t%dev = "a b" x\\,y')
  t.equal(scanner.word(',='), 'alice')
  t.equal(scanner.take('='), false)
  t.equal(scanner.take(','), true)
  t.equal(scanner.word(',='), '%dev')
  scanner.expect('=')
  t.equal(scanner.word(','), 'a b')
  t.equal(scanner.atEnd(), false)
  t.equal(scanner.word(','), 'x,y')
  t.equal(scanner.atEnd(), true)
})

t.test('what is missing is told by what was expected', async t => {
  t.throws(() => scanSudoers('x').expect('='), new SudoersSyntaxError('expected ='))
  t.throws(() => scanSudoers(' ').word(''), new SudoersSyntaxError('expected a word'))
  t.throws(() => scanSudoers('""').word(''), new SudoersSyntaxError('expected a word'))
  t.throws(() => scanSudoers(',x').word(','), new SudoersSyntaxError('expected a word'))
  t.throws(() => scanSudoers('"x').word(''), new SudoersSyntaxError('a quote is not closed'))
})

t.test('an expression takes its first group, or all that it matches, after blanks', async t => {
  const scanner = scanSudoers('  NOPASSWD : sha256 x')
  t.equal(scanner.match(/EXEC:/y), undefined)
  t.equal(scanner.match(/(NOPASSWD)[ \t]*:/y), 'NOPASSWD')
  t.equal(scanner.match(/sha[0-9]+/y), 'sha256')
  t.equal(scanner.word(''), 'x')
})

t.test('a backslash takes the next character into a word, and at the end stands for itself', async t => {
  t.equal(scanSudoers('a\\ b c').word(''), 'a b')
  t.equal(scanSudoers('a\\').word(''), 'a\\')
  t.equal(scanSudoers('"a\\"b\\\\c\\d" e').word(''), 'a"b\\c\\d', 'in quotes only before a quote and itself')
})

t.test('what is skipped ends at a mark that is not escaped', async t => {
  const scanner = scanSudoers('/bin/x a\\,b c, /bin/y')
  scanner.skip(',:')
  t.equal(scanner.take(','), true)
  t.equal(scanner.word(','), '/bin/y')
  scanner.skip(',')
  t.equal(scanner.atEnd(), true)
})

const word = fc.string({ unit: fc.constantFrom(...'abz,=:() \t"\\!#%/'), minLength: 1, maxLength: 8 })
const escaped = (text: string) => text.replace(/[\\ \t,=:()"]/g, '\\$&')
const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`

t.test('any words are read as they were meant, escaped or quoted', async () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.boolean(), fc.constantFrom(',', ' ,', '\t, '))), words => {
      const scanner = scanSudoers(
        words.map(([text, inQuotes, mark]) => (inQuotes ? quoted(text) : escaped(text)) + mark).join(''),
      )
      const found: string[] = []
      while (!scanner.atEnd()) {
        found.push(scanner.word(',=:()'))
        scanner.expect(',')
      }
      deepEqual(
        found,
        words.map(([text]) => text),
      )
    }),
    { numRuns: 300 },
  )
})

t.test('skipping any words leads to the mark behind them', async () => {
  fc.assert(
    fc.property(word, word, (one, other) => {
      const scanner = scanSudoers(`${escaped(one)},${escaped(other)}`)
      scanner.skip(',')
      scanner.expect(',')
      equal(scanner.word(',=:()'), other)
    }),
  )
})

t.test('any text comes to its end or breaks the grammar', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab ,"\\\t#') }), text => {
      const scanner = scanSudoers(text)
      const readAll = () => {
        for (let turns = 0; !scanner.atEnd(); turns += 1) {
          equal(turns <= text.length, true, 'each turn takes a character at least')
          if (!scanner.take(',')) scanner.word(',')
        }
      }
      const isBroken = (text.match(/(?<!\\)(?:\\\\)*"/g)?.length ?? 0) > 0
      if (isBroken) {
        try {
          readAll()
        } catch (error) {
          equal(error instanceof SudoersSyntaxError, true)
        }
      } else readAll()
    }),
    { numRuns: 300 },
  )
  throws(() => scanSudoers('"').word(''), SudoersSyntaxError)
})
