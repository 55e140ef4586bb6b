// Tests of the group parser.
import fc from 'fast-check'
import t from 'tap'
import { parseGroup } from '../../../agent/parse/etc-group.ts'

const debian = 'root:x:0:\nsudo:x:27:alice\ndocker:x:108:bob,carol\nnogroup:x:65534:\n'

t.test('groups and their members are read, the password is not', async t => {
  const { entries, malformed } = parseGroup(`${debian}dev:$6$canary01$body:1000:bob\n`)
  t.strictSame(entries[2], { line: 3, name: 'docker', gid: 108, members: ['bob', 'carol'] })
  t.strictSame(malformed, [])
  t.notMatch(JSON.stringify(entries), /canary/)
})

t.test('empty members are none, a missing member list is an empty one', async t => {
  t.strictSame(
    parseGroup('a:x:1:,x,, y,\nb:x:2').entries.map(({ members }) => members),
    [['x', 'y'], []],
  )
})

t.test('names may hold signs, members colons and blanks inside', async t => {
  const { entries, malformed } = parseGroup('a+b:x:1:\nc:x:2:x:y,  \tz z\n:x:3:\n')
  t.strictSame(
    entries.map(({ name, members }) => [name, members]),
    [
      ['a+b', []],
      ['c', ['x:y', 'z z']],
    ],
  )
  t.strictSame(malformed, [3], 'a group without a name')
})

t.test('NIS lines are kept apart, broken lines are named', async t => {
  const file = parseGroup('+:::\n-@x\nwheel:x\nx:x:4294967296:\n# c\n\nok:x:5:\n')
  t.strictSame(
    file.legacy.map(({ entry }) => entry),
    ['+', '-@x'],
  )
  t.strictSame(file.malformed, [3, 4])
  t.strictSame(
    file.entries.map(({ name }) => name),
    ['ok'],
  )
})

t.test('every prefix and every mixture of its characters is answered', async t => {
  for (let length = 0; length <= debian.length; length++) {
    t.ok(parseGroup(debian.slice(0, length)).malformed.length <= 1)
  }
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(':', ',', '\n', 'a', '1', '+', '\r', '\udc80') }), text =>
      parseGroup(text).entries.every(({ gid, name }) => name !== '' && gid >= 0),
    ),
  )
  t.equal(parseGroup(`g:x:1:${'m,'.repeat(50_000)}`).entries[0]?.members.length, 50_000)
})
