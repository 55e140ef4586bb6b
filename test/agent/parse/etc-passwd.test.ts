// Tests of the passwd parser.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parsePasswd } from '../../../agent/parse/etc-passwd.ts'

const debian = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
carol:x:1003:1004:Carol, left the company:/home/carol:/bin/bash
`
const alpine = 'root:x:0:0:root:/root:/bin/sh\nguest:x:405:100:guest:/dev/null:/sbin/nologin\n'
const fedora = 'root:x:0:0:Super User:/root:/bin/bash\nchrony:x:995:993::/var/lib/chrony:/sbin/nologin\n'

t.test('entries of several distributions are read field by field', async t => {
  const { entries, legacy, malformed } = parsePasswd(debian)
  t.strictSame(entries[3], {
    line: 4,
    name: 'carol',
    password: undefined,
    uid: 1003,
    gid: 1004,
    home: '/home/carol',
    shell: '/bin/bash',
  })
  t.equal(entries.length, 4)
  t.strictSame([legacy, malformed], [[], []])
  t.equal(parsePasswd(alpine).entries[1]?.shell, '/sbin/nologin')
  t.equal(parsePasswd(fedora).entries[1]?.home, '/var/lib/chrony')
})

t.test('comments and empty lines are skipped, NIS lines are kept apart', async t => {
  const file = parsePasswd('# local\n\n  \n+\n+@admins::::::\n-mallory\n+bob::0:0:::\nroot:x:0:0::/root:/bin/sh')
  t.strictSame(
    file.legacy.map(({ line, entry }) => [line, entry]),
    [
      [4, '+'],
      [5, '+@admins'],
      [6, '-mallory'],
      [7, '+bob'],
    ],
  )
  t.equal(file.entries.length, 1)
  t.strictSame(file.malformed, [])
})

t.test('a broken line is named by its number and the others still count', async t => {
  const file = parsePasswd(
    'root:x:0:0::/root:/bin/sh\nnonsense\nbad:x:minus:0::/:/bin/sh\nhuge:x:4294967296:0::/:\n:x:5:5::/:\nlast:x:4294967294:4::/:',
  )
  t.strictSame(file.malformed, [2, 3, 4, 5])
  t.strictSame(
    file.entries.map(entry => entry.name),
    ['root', 'last'],
  )
})

t.test('a hash in the second field is reduced to its method, an empty field is an empty password', async t => {
  const file = parsePasswd('a:$6$salt$canary0123:1:1::/:\nb::2:2::/:\nc:*:3:3::/:\nd:x:4:4')
  t.strictSame(
    file.entries.map(entry => entry.password),
    [{ state: 'hash', hash: 'sha512' }, { state: 'empty', hash: '' }, { state: 'disabled', hash: '' }, undefined],
  )
  t.notMatch(JSON.stringify(file), /canary/)
  t.equal(file.entries[3]?.shell, '', 'fields that are missing at the end are empty')
})

t.test('names of any bytes and carriage returns stay as they are', async t => {
  const file = parsePasswd('caf\udce9:x:1:1::/:/bin/sh\r\n')
  t.equal(file.entries[0]?.name, 'caf\udce9')
  t.equal(file.entries[0]?.shell, '/bin/sh\r')
})

t.test('every prefix of a valid file parses, with at most its last line malformed', async t => {
  for (let length = 0; length <= debian.length; length++) {
    const file = parsePasswd(debian.slice(0, length))
    const lines = debian.slice(0, length).split('\n').filter(Boolean).length
    t.equal(file.entries.length + file.malformed.length, lines)
    t.ok(file.malformed.length <= 1)
  }
})

t.test('whatever stands in the file, every line is an entry, a legacy line, malformed or skipped', async t => {
  const piece = fc.constantFrom(':', '\n', 'x', '0', '4294967295', '+', '-', '#', '\r', '$6$', '\udcff', ' ', 'root')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
      const text = pieces.join('')
      const file = parsePasswd(text)
      const held = text.split('\n').filter(line => /[^ \r]/.test(line) && !/^[ \r]*#/.test(line))
      const named = file.entries.length + file.legacy.length + file.malformed.length
      const inRange = file.entries.every(({ uid, gid }) => uid <= 4294967295 && gid <= 4294967295)
      return named === held.length && inRange
    }),
  )
  t.pass('no counterexample')
})

t.test('an over-long line and a hundred thousand lines are read in time', async t => {
  t.equal(parsePasswd(`${'a'.repeat(1_000_000)}:x:1:1::/:/bin/sh`).entries.length, 1)
  t.equal(parsePasswd('u:x:1:1::/:/bin/sh\n'.repeat(100_000)).entries.length, 100_000)
})

t.test('any entries are read field by field, and what glibc lets out is empty', async () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9+-]{0,6}$/)
  const id = fc.oneof(fc.nat({ max: 70_000 }), fc.constantFrom(4_294_967_294, 4_294_967_295))
  const entry = fc.record({
    name: word,
    uid: id,
    gid: id,
    home: word,
    shell: word,
    fields: fc.integer({ min: 4, max: 7 }),
  })
  fc.assert(
    fc.property(fc.array(entry), fc.constantFrom('', ' ', '\t\v\f\r'), (models, blanks) => {
      const text = models.map(({ name, uid, gid, home, shell, fields }) => {
        const all = [name, 'x', String(uid), String(gid), 'gecos', home, shell]
        return blanks + all.slice(0, fields).join(':')
      })
      deepEqual(parsePasswd(text.join('\n')), {
        entries: models.map(({ name, uid, gid, home, shell, fields }, index) => ({
          ...{ line: index + 1, name, password: undefined, uid, gid },
          ...{ home: fields > 5 ? home : '', shell: fields > 6 ? shell : '' },
        })),
        legacy: [],
        malformed: [],
      })
    }),
  )
})

t.test('a sign that is not the first makes no line of NIS, and ids have digits alone', async t => {
  t.strictSame(parsePasswd('a+:x:1:2:::\na-b:x:1:2:::').legacy, [])
  for (const id of ['x1', '1x', ' 1', '4294967296', '']) {
    t.strictSame(parsePasswd(`a:x:${id}:1:::`).malformed, [1], id)
    t.strictSame(parsePasswd(`a:x:1:${id}:::`).malformed, [1], id)
  }
  t.strictSame(parsePasswd('a').malformed, [1])
})
