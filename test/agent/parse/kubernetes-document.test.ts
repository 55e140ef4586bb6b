// Tests of reading Kubernetes files as plain values with their lines.
import fc from 'fast-check'
import t from 'tap'
import {
  kindOfDocument,
  malformed,
  malformedDetail,
  parseKubernetesDocument,
} from '../../../agent/parse/kubernetes-document.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'

function document(text: string) {
  const parsed = parseKubernetesDocument(text)
  if (parsed.state !== 'document') throw new Error(parsed.detail)
  return parsed
}

t.test('YAML 1.1 and JSON are read, of several documents the first, of repeated keys the last', async t => {
  t.strictSame(document('kind: A\nx: on\nx: off\n---\nkind: B\n').values, { kind: 'A', x: false })
  t.strictSame(document('{"kind": "A", "x": [1, {"y": null}]}').values, { kind: 'A', x: [1, { y: null }] })
  t.strictSame(document('a: &x {b: 1}\nc: *x\n').values, { a: { b: 1 }, c: { b: 1 } })
})

t.test('lines of values are told through mappings and lists', async t => {
  const { lineOf } = document('rules:\n- level: None\n- level: Metadata\n  verbs:\n  - get\n')
  t.equal(lineOf(['rules', 0]), 2)
  t.equal(lineOf(['rules', 1, 'verbs', 0]), 5)
  t.equal(lineOf(['rules', 1, 'users']), 3, 'the nearest parent')
  t.equal(lineOf(['rules', 9]), 2)
})

t.test('what is no document is malformed, with its line where there is one', async t => {
  t.strictSame(parseKubernetesDocument(''), { state: 'malformed', line: 0, detail: 'empty' })
  t.strictSame(parseKubernetesDocument('- a\n'), { state: 'malformed', line: 1, detail: 'not a mapping' })
  t.match(parseKubernetesDocument('a: 1\nb: c: d\n'), { state: 'malformed', line: 2, detail: 'not YAML' })
})

t.test('blanks alone are empty, depth and aliases have bounds', async t => {
  t.strictSame(parseKubernetesDocument(' \n\n'), { state: 'malformed', line: 0, detail: 'empty' })
  t.strictSame(parseKubernetesDocument('null'), { state: 'malformed', line: 1, detail: 'not a mapping' })
  const nested = (depth: number) => `{"a": ${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
  t.equal(parseKubernetesDocument(nested(32)).state, 'document')
  const tooDeep = { state: 'malformed', line: 0, detail: 'nested too deeply or too many aliases' }
  t.strictSame(parseKubernetesDocument(nested(34)), tooDeep)
  const mappings = (depth: number) => `${'{"a": '.repeat(depth)}1${'}'.repeat(depth)}`
  t.equal(parseKubernetesDocument(mappings(32)).state, 'document')
  t.strictSame(parseKubernetesDocument(mappings(33)), tooDeep)
  const laughs = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`)
  t.strictSame(parseKubernetesDocument(`l0: &l0 [x,x]\n${laughs.join('\n')}\n`), tooDeep)
  t.strictSame(parseKubernetesDocument('['.repeat(100_000)).state, 'malformed')
})

t.test('values are those that JSON has', async t => {
  t.strictSame(document('b: 123456789012345678901234567890\nc: ~\nd: .5\n').values, {
    b: 123456789012345680000000000000,
    c: null,
    d: 0.5,
  })
})

t.test('lines of what is not there are those of the nearest parent', async t => {
  const { lineOf } = document('a: 1\nb:\n  c: 2\nb:\n\n  c: 3\n')
  t.equal(lineOf(['b', 'c']), 6, 'the last of repeated keys')
  t.equal(lineOf(['a', 'x', 'y']), 1, 'a value that is no mapping')
  t.equal(lineOf(['x']), 1)
  t.equal(lineOf([]), 1)
})

t.test('what is wrong is said with its line where there is one', async t => {
  t.equal(malformedDetail(malformed(3, 'not YAML')), 'line 3: not YAML')
  t.equal(malformedDetail(malformed(0, 'empty')), 'empty')
})

t.test('a kind is told only where it looks like one', async t => {
  t.equal(kindOfDocument({ kind: 'Policy' }), 'Policy')
  for (const kind of ['a b', '', 7, null, 'x'.repeat(65)]) t.equal(kindOfDocument({ kind }), '')
})

t.test('any mapping is read back, with every value at a line of the text', async t => {
  const numbers = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(one => one + 0),
  )
  const { value } = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      ...[fc.constant(null), fc.boolean(), numbers, fc.string({ unit: 'grapheme' })],
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.stringMatching(/^[a-zA-Z0-9./ -]{1,12}$/), tie('value'), { maxKeys: 3 }),
    ),
  }))
  readsAs(
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), value, { minKeys: 1, maxKeys: 4 }),
    mapping => mapping,
    text => {
      const { values, lineOf } = document(text)
      const lines = Object.keys(values).map(key => lineOf([key]))
      return { values, areLines: lines.every(line => line >= 1 && line <= text.split('\n').length) }
    },
    mapping => ({ values: JSON.parse(JSON.stringify(mapping)), areLines: true }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks it', async t => {
  const plain = (text: string) => {
    const parsed = parseKubernetesDocument(text)
    return parsed.state === 'document' ? { state: parsed.state, values: parsed.values } : parsed
  }
  survivesBrokenText(t, plain, 'kind: Policy\nrules:\n- level: None\n  users: [a, b]\n')
})
