// Tests of the utmp parser.
import fc from 'fast-check'
import t from 'tap'
import { parseUtmp } from '../../../agent/parse/utmp.ts'
import { utmpRecord } from '../../login-records.ts'

const alice = { type: 7, pid: 582, line: 'pts/0', user: 'alice', host: '10.0.2.2', seconds: 1_795_304_131 }
const login = { type: 6, pid: 399, line: 'ttyS0', user: 'LOGIN', host: '', seconds: 1_795_304_000 }
const session = { user: 'alice', pid: 582, line: 'pts/0', from: '10.0.2.2', since: 1_795_304_131 }

for (const recordBytes of [384, 400] as const) {
  t.test(`records of ${recordBytes} bytes: only users who are logged in are sessions`, async t => {
    const bytes = Buffer.concat([utmpRecord(login, recordBytes), utmpRecord(alice, recordBytes)])
    t.strictSame(parseUtmp(bytes), { sessions: [session], wellFormed: true })
  })
}

t.test('an empty file has nobody logged in', async t => {
  t.strictSame(parseUtmp(new Uint8Array()), { sessions: [], wellFormed: true })
})

t.test('a length that fits both layouts is decided by the records', async t => {
  const wide = Buffer.concat(Array.from({ length: 24 }, () => utmpRecord(alice, 400)))
  const narrow = Buffer.concat(Array.from({ length: 25 }, () => utmpRecord(alice, 384)))
  t.equal(wide.length, narrow.length)
  t.equal(parseUtmp(wide).sessions.length, 24)
  t.equal(parseUtmp(narrow).sessions.length, 25)
  t.ok([...parseUtmp(wide).sessions, ...parseUtmp(narrow).sessions].every(({ user }) => user === 'alice'))
})

t.test('truncated files and types that do not exist are not well formed', async t => {
  const bytes = utmpRecord(alice, 384)
  t.strictSame(parseUtmp(bytes.subarray(0, 383)), { sessions: [], wellFormed: false })
  bytes[0] = 200
  t.strictSame(parseUtmp(bytes), { sessions: [], wellFormed: false })
})

t.test('full fields have no terminator, names may be any bytes', async t => {
  const bytes = utmpRecord({ ...alice, user: 'u'.repeat(32), host: 'h'.repeat(256) }, 384)
  bytes[44] = 0xe9
  const [found] = parseUtmp(bytes).sessions
  t.equal(found?.user, `\udce9${'u'.repeat(31)}`)
  t.equal(found?.from.length, 256)
})

t.test('any bytes are answered', async t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1600 }), bytes => {
      const { sessions, wellFormed } = parseUtmp(bytes)
      return wellFormed || sessions.length === 0
    }),
  )
  t.pass('no counterexample')
})
