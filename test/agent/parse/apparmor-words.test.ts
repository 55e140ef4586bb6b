// Tests of how AppArmor policy is cut into words, with the line of each.
import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { apparmorTokens } from '../../../agent/parse/apparmor-words.ts'
import { anyText } from '../../damaged-text.ts'

const marks = { open: '{', close: '}', comma: ',' }

/** Tokens as `text@line`, a variable as `@name=a|b@line`. */
const cut = (text: string) =>
  [...apparmorTokens(text)].map(token => {
    if (token.kind === 'word') return `${token.text}@${token.line}`
    if (token.kind === 'variable') return `@${token.name}=${token.values.join('|')}@${token.line}`
    return `${marks[token.kind]}@${token.line}`
  })

t.test('words, block braces and commas with their lines', async t => {
  t.strictSame(cut('profile a {\n  /x r,\n}\n'), ['profile@1', 'a@1', '{@1', '/x@2', 'r@2', ',@2', '}@3'])
  t.strictSame(cut('a{ }'), ['a{@1', '}@1'], 'a brace in a word belongs to it')
  t.strictSame(cut('/x r,}'), ['/x@1', 'r@1', ',@1', '}@1'], 'a comma before a brace ends a rule')
  t.strictSame(cut('/x r,# why\n/y'), ['/x@1', 'r@1', ',@1', '/y@2'], 'as does one before a comment')
  t.strictSame(cut('/x r,'), ['/x@1', 'r@1', ',@1'], 'or at the end')
  t.strictSame(cut('a,b c}'), ['a,b@1', 'c@1', '}@1'], 'one inside a word does not')
})

t.test('alternations belong to their word, whatever is in them', async t => {
  t.strictSame(cut('/usr/{bin,sbin}/x r,'), ['/usr/{bin,sbin}/x@1', 'r@1', ',@1'])
  t.strictSame(cut('{,usr/}bin/x {bin,sbin}/y {a,b{c,d}}'), [
    '{,usr/}bin/x@1',
    '{bin,sbin}/y@1',
    '{@1',
    'a,b{c,d}@1',
    '}@1',
  ])
  t.strictSame(cut('{a,}x'), ['{a,}x@1'])
  t.strictSame(cut('{ a, b}'), ['{@1', 'a@1', ',@1', 'b@1', '}@1'], 'blanks make a block of it')
  t.strictSame(cut('{a b,c}'), ['{@1', 'a@1', 'b,c@1', '}@1'])
  t.strictSame(cut('/a{b,{c,d}} r'), ['/a{b,{c,d}}@1', 'r@1'])
  t.strictSame(cut('/a{b,}, r'), ['/a{b,}@1', ',@1', 'r@1'], 'a brace inside a word closes what the word opened')
})

t.test('a brace after an arrow begins a name', async t => {
  t.strictSame(cut('change_profile -> {b{c,d},e},'), ['change_profile@1', '->@1', '{b{c,d},e}@1', ',@1'])
  t.strictSame(cut('->\t {b{c,d},e}'), ['->@1', '{b{c,d},e}@1'], 'blanks between do not matter')
  t.strictSame(cut('-> {b{c,d},e} {f'), ['->@1', '{b{c,d},e}@1', '{@1', 'f@1'], 'the next one opens a block')
  t.strictSame(cut('-> x {y'), ['->@1', 'x@1', '{@1', 'y@1'])
  t.strictSame(cut('->\n{y'), ['->@1', '{@2', 'y@2'], 'nor does one on the next line')
})

t.test('quotes hold a word together and count their lines', async t => {
  t.strictSame(cut('"/a b" r'), ['/a b@1', 'r@1'])
  t.strictSame(cut('"/a\n\nb" r\nx'), ['/a\n\nb@1', 'r@3', 'x@4'])
  t.strictSame(cut('/a"{ ,"b r'), ['/a{ ,b@1', 'r@1'])
  t.strictSame(cut('"a\\"b" c'), ['a\\"b@1', 'c@1'], 'an escaped quote does not end them')
  t.strictSame(cut('"a\\\\" c'), ['a\\\\@1', 'c@1'], 'an escaped backslash escapes nothing')
  t.strictSame(cut('"open {'), ['open {@1'])
  t.strictSame(cut('""'), ['@1'])
})

t.test('a backslash takes the next character into the word', async t => {
  t.strictSame(cut('/a\\ b\\{ c\\, d'), ['/a\\ b\\{@1', 'c\\,@1', 'd@1'])
  t.strictSame(cut('/a\\\nb c'), ['/a\\\nb@1', 'c@2'], 'also the end of a line')
  t.strictSame(cut('/a\\x\nc'), ['/a\\x@1', 'c@2'])
  t.strictSame(cut('/a\\'), ['/a\\@1'])
})

t.test('comments and includes are passed over', async t => {
  t.strictSame(cut('# a {\nb # c {\nd'), ['b@2', 'd@3'])
  for (const line of [
    ...[
      'include <tunables/global>',
      '#include <tunables/global>',
      'include "a/b"',
      '#include "a/b"',
      'include /etc/a.d',
    ],
    ...[
      'include if exists <local/x>',
      'include  if\texists\t<local/x>',
      'include<x>',
      'include\t"x y"',
      'include  if  exists "x"',
    ],
  ])
    t.strictSame(cut(`${line}\nx`), ['x@2'], line)
  t.strictSame(cut('x { include <a> include "b" y }'), ['x@1', '{@1', 'y@1', '}@1'])
  t.strictSame(cut('x include <a>'), ['x@1', 'include@1', '<a>@1'], 'not in the middle of a rule')
  t.strictSame(cut('include /a{\n'), ['{@1'], 'a name without quotes ends at a brace')
  t.strictSame(cut('includes <a>\n'), ['includes@1', '<a>@1'])
})

t.test('variables with their values, truths without a name', async t => {
  t.strictSame(cut('@{A}=x y\n@{B_1} += "c d" e # f\n'), ['@A=x|y@1', '@B_1=c d|e@2'])
  t.strictSame(cut('@{A} = x, y,z ""\nw'), ['@A=x|y,z@1', 'w@2'])
  t.strictSame(cut('@{A}=\n'), ['@A=@1'])
  t.strictSame(cut(`$FOO=true\n\${BAR} = false\nx`), ['x@3'])
  t.strictSame(cut('$F=true\nx'), ['x@2'])
  t.strictSame(cut('@{A} r,'), ['@{A}@1', 'r@1', ',@1'], 'a use is a word')
  t.strictSame(cut('x @{A}=y'), ['x@1', '@{A}=y@1'], 'as it is in the middle of a rule')
})

/** A piece of policy as text, and the tokens that it is; what has a line end in it moves the lines after it. */
const policyPiece = fc.oneof(
  fc.stringMatching(/^[a-hA-H/.*_]{1,8}$/).map(text => ({ text: `${text} `, tokens: [text] })),
  fc
    .stringMatching(/^\/[a-h]{1,3}\{[a-h]{0,2},[a-h{]?[a-h]?\}[a-h]?$/)
    .filter(text => !/\{.*\{/.test(text))
    .map(text => ({ text: `${text}\t`, tokens: [text] })),
  fc.stringMatching(/^[a-h {},#\n]{1,8}$/).map(text => ({ text: `"${text}" `, tokens: [text] })),
  fc.stringMatching(/^[a-h]{1,3}[ {},#"]$/).map(text => ({
    text: `${text.slice(0, -1)}\\${text.slice(-1)} `,
    tokens: [`${text.slice(0, -1)}\\${text.slice(-1)}`],
  })),
  fc.constantFrom(
    { text: '{ ', tokens: ['{'] },
    { text: '} ', tokens: ['}'] },
    { text: ', ', tokens: [','] },
    { text: ',\n', tokens: [','] },
    { text: '\n', tokens: [] },
    { text: '# a { b, "c\n', tokens: [] },
  ),
)

t.test('any policy is cut into what it was made of, each at its line', async () => {
  fc.assert(
    fc.property(fc.array(policyPiece), pieces => {
      let line = 1
      const expected: string[] = []
      for (const { text, tokens } of pieces) {
        for (const token of tokens) expected.push(`${token}@${line}`)
        line += text.split('\n').length - 1
      }
      deepEqual(cut(pieces.map(({ text }) => text).join('')), expected)
    }),
    { numRuns: 400 },
  )
})

t.test('includes and variables are read where a rule may begin, and nowhere else', async () => {
  const value = fc.stringMatching(/^[a-h/]{1,5}$/)
  const directive = fc.oneof(
    fc
      .tuple(
        fc.stringMatching(/^[A-Z_]{1,4}$/),
        fc.array(value, { maxLength: 3 }),
        fc.constantFrom('=', ' = ', '+=', ' += '),
      )
      .map(([name, values, sign]) => ({
        text: `@{${name}}${sign}${values.join(' ')}`,
        tokens: [`@${name}=${values.join('|')}`],
      })),
    fc
      .tuple(fc.constantFrom('include ', '#include ', 'include if exists '), value)
      .map(([start, path]) => ({ text: `${start}<${path}>`, tokens: [] })),
  )
  const start = fc.constantFrom('', '{', '}', 'a ,', '# x')
  fc.assert(
    fc.property(fc.array(fc.tuple(start, directive)), parts => {
      const tokens = cut(parts.map(([before, { text }]) => `${before}\n${text}\n`).join('')).map(token =>
        token.replace(/@\d+$/, ''),
      )
      const ofStart = (text: string) => (text === 'a ,' ? ['a', ','] : text === '' || text === '# x' ? [] : [text])
      deepEqual(
        tokens,
        parts.flatMap(([before, one]) => [...ofStart(before), ...one.tokens]),
      )
      const inRule = apparmorTokens(parts.map(([, { text }]) => `x ${text}\n`).join(''))
      equal([...inRule].filter(({ kind }) => kind !== 'word').length, 0, 'in the middle of a rule')
    }),
  )
})

t.test('damaged policy is cut to its end: lines never go back, and words stand in their lines', async () => {
  const real =
    'profile x /usr/{bin,sbin}/x flags=(complain) {\n  include <a/b>\n  "/a b" r, # c\n  /x Cx -> {y,z},\n}\n@{V}=a b\n'
  fc.assert(
    fc.property(anyText(real), text => {
      const lines = text.split('\n')
      let last = 1
      for (const token of apparmorTokens(text)) {
        equal(token.line >= last && token.line <= lines.length, true)
        last = token.line
        if (token.kind === 'word' && !/["\\]/.test(text)) equal(lines[token.line - 1]?.includes(token.text), true, text)
      }
    }),
    { numRuns: 400 },
  )
})
