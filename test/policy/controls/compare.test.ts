// Holds the operators of controls files to the format's description, one by one.
import t from 'tap'
import { areAllIn, compare, elementsOf } from '../../../policy/controls/compare.ts'
import { PatternError } from '../../../policy/controls/pattern.ts'

type Row = readonly [op: string, actual: string, wanted: string, passed: boolean, expected?: string]

const notNumbers = (actual: string, wanted: string) => `Invalid Number(s) used for comparison: '${actual}' '${wanted}'`

/** Every operator with equal, smaller and larger values, and with what it cannot take. */
const orders: readonly Row[] = (['gt', 'gte', 'lt', 'lte'] as const).flatMap((op): readonly Row[] => {
  const [above, below] = [op.startsWith('g'), op.startsWith('l')]
  const same = op.endsWith('e')
  return [
    ...[[op, '', '', false, notNumbers('', '')] as const, [op, '0', '0', same] as const],
    ...[[op, '6', '7', below] as const, [op, '7', '6', above] as const, [op, '7', '7', same] as const],
    ...[[op, 'many', '7', false, notNumbers('many', '7')] as const, [op, '7', 'few', false] as const],
  ]
})

const rows: readonly Row[] = [
  ...orders,
  ['other', 'left', 'right', false, ''],
  ...(['true', 'false', 'Kind'] as const).map((value): Row => ['eq', value, value, true, `'f' is equal to '${value}'`]),
  ...(['true', 'false', 'Kind'] as const).map((value): Row => ['noteq', value, value, false]),
  ...[['eq', 'false', 'true', false] as const, ['eq', '', 'Kind', false] as const, ['eq', 'Kind', '', false] as const],
  ...[['noteq', 'false', 'true', true] as const, ['noteq', '', '', false] as const],
  ...[['noteq', '', 'Kind', true] as const, ['noteq', 'Kind', '', true] as const],
  ...[['has', '', '', true] as const, ['has', '', 'loom', false] as const, ['has', 'loom', 'oo', true] as const],
  ...[['has', 'loom', 'OO', false] as const, ['has', 'loom', 'ol', false] as const],
  ...[['nothave', '', '', false] as const, ['nothave', '', 'loom', true] as const],
  ...[['nothave', 'loom', '', false] as const, ['nothave', 'loom', 'oo', false] as const],
  ...[['nothave', 'loom', 'OO', true] as const, ['nothave', 'loom', 'ol', true] as const],
  ...[['regex', '', '', true] as const, ['regex', '', 'loom', false] as const],
  ...[['bitmask', '444', '644', true] as const, ['bitmask', '777', '644', false] as const],
  ...[['bitmask', '211', '644', false] as const, ['bitmask', '', '644', false] as const],
  ...[['bitmask', 'rwx', '644', false, 'Not numeric value - flag: rwx'] as const],
  ['', '', '', false, ''],
  ['noteqx', 'a', 'a', false, ''],
  ['eq', '', '', true, "'f' is equal to ''"],
  ['eq', 'TRUE', 'true', true],
  ['eq', 'False', 'false', true],
  ['eq', 'Webhook', 'webhook', false],
  ['eq', ' true', 'true', false],
  ['noteq', 'true', 'true', false, "'f' is not equal to 'true'"],
  ['noteq', 'FALSE', 'true', true],
  ['noteq', '', 'x', true],
  ['gt', '', '', false, "Invalid Number(s) used for comparison: '' ''"],
  ['gt', '0', '0', false, "'f' is greater than 0"],
  ['gt', ' 5 ', '4', true],
  ['gt', '5s', '4', false, "Invalid Number(s) used for comparison: '5s' '4'"],
  ['gt', '99999999999999999999', '1', false],
  ['gte', '4', '4', true, "'f' is greater or equal to 4"],
  ['gte', '-1', '0', false],
  ['lt', '3', '4', true, "'f' is lower than 4"],
  ['lt', '4', '4', false],
  ['lte', '+4', '4', true, "'f' is lower or equal to 4"],
  ['lte', '4.0', '4', false],
  ['has', 'Node,RBAC', 'RBAC', true, "'f' has 'RBAC'"],
  ['has', 'Node', '', true],
  ['nothave', 'AlwaysAllow', 'AlwaysAllow', false, "'f' does not have 'AlwaysAllow'"],
  ['nothave', '', 'x', true],
  ['regex', 'v1.12.7', '^v1\\.1[2-9]', true, "'f' matched by regex expression '^v1\\.1[2-9]'"],
  ['regex', 'v1.11', '^v1\\.1[2-9]', false],
  ['valid_elements', 'a, b,', 'b,a,c', true, "'f' contains valid elements from 'b,a,c'"],
  ['valid_elements', 'a,d', 'a,b', false],
  ['valid_elements', '', 'a', false],
  ['valid_elements', 'a', '', false],
  ['valid_elements', '', '', true],
  ['bitmask', '600', '644', true, 'f has permissions 600, expected 644 or more restrictive'],
  ['bitmask', '640', '644', true],
  ['bitmask', '664', '644', false],
  ['bitmask', '4600', '644', false],
  ['bitmask', '577', '600', false],
  ['bitmask', '0', '0', true],
  ['bitmask', '689', '644', false, 'Not numeric value - flag: 689'],
  ['bitmask', '644', 'rw', false, 'Not numeric value - flag: rw'],
]

for (const [op, actual, wanted, passed, expected] of rows) {
  for (const reading of ['right', 'strict'] as const) {
    t.test(`${op || 'no operator'}: '${actual}' against '${wanted}', ${reading}`, t => {
      const result = compare({ op, actual, wanted, name: 'f' }, reading)
      t.equal(result.passed, passed)
      if (expected !== undefined) t.equal(result.expected, expected)
      t.end()
    })
  }
}

t.test('a truth value that is wanted in capitals matches unless kube-bench itself is asked', t => {
  const compared = { op: 'eq', actual: 'true', wanted: 'True', name: 'f' }
  t.equal(compare(compared, 'right').passed, true)
  t.equal(compare(compared, 'strict').passed, false)
  t.end()
})

t.test('an expression that is none is said', t => {
  t.throws(() => compare({ op: 'regex', actual: 'a', wanted: '(', name: 'f' }, 'right'), PatternError)
  t.end()
})

t.test('lists lose blanks and the commas at their end', t => {
  t.same(elementsOf(' A, B,, '), ['A', 'B'])
  t.same(elementsOf(',A'), ['', 'A'])
  t.same(elementsOf(' , '), [])
  t.equal(areAllIn([], []), true)
  t.end()
})
