// Tests of reading TOML into plain values.
import fc from 'fast-check'
import t from 'tap'
import { boolAt, parseTomlTable, tableAt, tablesAt, textAt, textsAt } from '../../../agent/parse/toml-table.ts'

t.test('values of every type arrive as plain ones', async t => {
  const parsed = parseTomlTable(
    's = "x"\nn = 3\nb = true\nl = ["a", "b"]\nd = 1979-05-27\n[t.u]\nv = 1\n[[r]]\nk = 1\n',
  )
  t.equal(parsed.state, 'table')
  if (parsed.state !== 'table') return
  const { table } = parsed
  t.equal(textAt(table, 's', ''), 'x')
  t.equal(boolAt(table, 'b', false), true)
  t.strictSame(textsAt(table, 'l'), ['a', 'b'])
  t.strictSame(tableAt(table, 't', 'u'), { v: 1 })
  t.strictSame(tablesAt(table, 'r'), [{ k: 1 }])
  t.equal(table['d'], '1979-05-27')
})

t.test('what is of another type counts as not given', async t => {
  const parsed = parseTomlTable('s = 1\nb = "true"\nl = "a"\nt = 2\n')
  if (parsed.state !== 'table') throw new Error('not read')
  const { table } = parsed
  t.equal(textAt(table, 's', 'otherwise'), 'otherwise')
  t.equal(boolAt(table, 'b', false), false)
  t.equal(textsAt(table, 'l'), undefined)
  t.strictSame(tableAt(table, 't', 'u'), {})
  t.strictSame(tablesAt(table, 'l'), [])
})

t.test('a mistake is told by its line, never by its content', async t => {
  t.strictSame(parseTomlTable('a = 1\n\nsecret = hunter2\n'), { state: 'malformed', line: 3 })
  t.match(parseTomlTable('a = 1\na = 2\n'), { state: 'malformed', line: 2 })
  t.match(parseTomlTable('a = 99999999999999999999\n'), { state: 'malformed', line: 1 })
  t.strictSame(parseTomlTable(`a = ${'['.repeat(60)}${']'.repeat(60)}`), { state: 'malformed', line: 0 }, 'too deep')
  t.match(parseTomlTable(`a = ${'['.repeat(5000)}`), { state: 'malformed' })
  t.match(parseTomlTable('a = 1\r\nb = \udcff\r\n'), { state: 'malformed' }, 'bytes that are not UTF-8')
})

t.test('empty files and CRLF are TOML', async t => {
  t.strictSame(parseTomlTable(''), { state: 'table', table: {} })
  t.strictSame(parseTomlTable('a = 1\r\n[b]\r\nc = "d"\r\n'), { state: 'table', table: { a: 1, b: { c: 'd' } } })
})

t.test('keys that mean something to JavaScript are keys like others', async t => {
  const parsed = parseTomlTable('__proto__ = "x"\n[constructor]\nprototype = 1\n')
  t.equal(parsed.state, 'table')
  if (parsed.state !== 'table') return
  t.strictSame(Object.keys(parsed.table), ['__proto__', 'constructor'])
  t.strictSame(tableAt(parsed.table, 'toString'), {})
  t.equal(({} as Record<string, unknown>)['prototype'], undefined)
})

t.test('every prefix of a file is a table or malformed in one of its lines', async t => {
  const text =
    'version = 2\nimports = ["/a/*.toml"]\n[plugins."io.x".y]\n  k = """\na\nb"""\n  z = { a = 1, b = [1,2] }\n'
  for (let end = 0; end <= text.length; end += 1) {
    const parsed = parseTomlTable(text.slice(0, end))
    const lines = text.slice(0, end).split('\n').length
    if (parsed.state === 'malformed') t.ok(parsed.line <= lines, `line ${parsed.line} of ${lines}`)
  }
})

t.test('whatever the text is, reading ends without throwing', async t => {
  const piece = fc.constantFrom('[', ']', '"', "'", '=', '.', '\n', '#', '{', '}', ',', 'a', '1', '\\', '"""', '\u0000')
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 60 }).map(pieces => pieces.join('')),
  )
  fc.assert(fc.property(text, one => ['table', 'malformed'].includes(parseTomlTable(one).state)))
  t.pass('random texts')
})
