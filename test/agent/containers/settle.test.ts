// Tests of keeping rows from coming and going by themselves.
import t from 'tap'
import { lingerMs, type Remembered, settle } from '../../../agent/containers/settle.ts'

const rows = (kept: readonly Remembered<string>[]) => kept.map(({ name, row }) => `${name} ${row}`).sort()
const seen = (name: string, row: string, settled = true) => ({ name, row, settled })

t.test('what is settled counts, each once; what is young and new does not', async t => {
  t.strictSame(rows(settle([seen('a', '1'), seen('a', '1'), seen('a', '2'), seen('b', '1', false)], [], 0)), [
    'a 1',
    'a 2',
  ])
})

t.test('while something young has a known name, what was known stays, however long', async t => {
  const known = settle([seen('a', '1')], [], 0)
  const later = settle([seen('a', '9', false)], known, lingerMs * 5)
  t.strictSame(rows(later), ['a 1'])
  t.strictSame(rows(settle([seen('a', '2')], later, lingerMs * 5 + 1)), ['a 2'], 'what has settled replaces it at once')
  t.strictSame(
    rows(settle([seen('a', '2'), seen('a', '9', false)], later, 1)),
    ['a 1', 'a 2'],
    'in a rollout both count',
  )
})

t.test('what is gone stays for six minutes', async t => {
  const known = settle([seen('a', '1')], [], 1000)
  const after = settle([], known, 1000 + lingerMs - 1)
  t.strictSame(rows(after), ['a 1'])
  t.strictSame(rows(settle([], after, 1000 + lingerMs)), [], 'counted from when it was seen')
  t.strictSame(rows(settle([], known, 0)), [], 'a clock that was set back ends it')
})

t.test('memory is bounded', async t => {
  const many = Array.from({ length: 20_000 }, (_, at) => seen(`n${at}`, 'x'))
  t.equal(settle(many, [], 0).length, 5000)
})
