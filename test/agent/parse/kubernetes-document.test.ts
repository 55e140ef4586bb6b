// Tests of reading Kubernetes files as plain values with their lines.
import t from 'tap'
import { kindOfDocument, parseKubernetesDocument } from '../../../agent/parse/kubernetes-document.ts'
import { survivesBrokenText } from '../../broken-documents.ts'

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

t.test('a kind is told only where it looks like one', async t => {
  t.equal(kindOfDocument({ kind: 'Policy' }), 'Policy')
  for (const kind of ['a b', '', 7, null, 'x'.repeat(65)]) t.equal(kindOfDocument({ kind }), '')
})

t.test('broken text never breaks it', async t => {
  const reduced = (text: string) => ({ state: parseKubernetesDocument(text).state })
  survivesBrokenText(t, reduced, 'kind: Policy\nrules:\n- level: None\n  users: [a, b]\n')
})
