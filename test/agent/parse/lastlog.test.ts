// Tests of the lastlog parser.
import fc from 'fast-check'
import t from 'tap'
import { parseLastlog } from '../../../agent/parse/lastlog.ts'
import { lastlogRecord } from '../../login-records.ts'

const alice = { line: 'pts/0', host: '10.0.2.2', seconds: 1_795_304_131 }

for (const recordBytes of [292, 296] as const) {
  t.test(`records of ${recordBytes} bytes stand at their uid`, async t => {
    const bytes = Buffer.concat([Buffer.alloc(recordBytes * 1000), lastlogRecord(alice, recordBytes)])
    t.strictSame(parseLastlog(bytes, [0, 1000, 1001, 4_294_967_295]), {
      logins: [{ uid: 1000, at: 1_795_304_131, line: 'pts/0', from: '10.0.2.2' }],
      wellFormed: true,
    })
    t.strictSame(parseLastlog(bytes, [0, 0, 5]).logins, [], 'holes are no logins')
  })
}

t.test('an empty file knows no login, a torn one is not well formed', async t => {
  t.strictSame(parseLastlog(new Uint8Array(), [0]), { logins: [], wellFormed: true })
  t.strictSame(parseLastlog(new Uint8Array(300), [0]), { logins: [], wellFormed: false })
})

t.test('a length that fits both layouts is decided by the records', async t => {
  for (const recordBytes of [292, 296] as const) {
    const bytes = Buffer.alloc(292 * 296)
    lastlogRecord(alice, recordBytes).copy(bytes, recordBytes * 50)
    lastlogRecord(alice, recordBytes).copy(bytes, recordBytes * 20)
    t.strictSame(
      parseLastlog(bytes, [20, 50]).logins.map(({ uid, from }) => [uid, from]),
      [
        [20, '10.0.2.2'],
        [50, '10.0.2.2'],
      ],
    )
  }
})

t.test('a time after this century and a name with control characters are no login', async t => {
  const one = (more: object) => parseLastlog(lastlogRecord({ ...alice, ...more }, 292), [0])
  t.equal(one({}).wellFormed, true)
  t.equal(one({ seconds: 4_102_444_799 }).wellFormed, true)
  t.strictSame(one({ seconds: 4_102_444_800 }), { logins: [], wellFormed: false })
  t.strictSame(one({ line: 'pts\x01' }), { logins: [], wellFormed: false })
  t.strictSame(one({ host: 'a\nb' }), { logins: [], wellFormed: false })
})

t.test('a time of 64 bits is read whole', async t => {
  const bytes = lastlogRecord(alice, 296)
  bytes.writeUInt32LE(1, 4)
  t.equal(parseLastlog(bytes, [0]).wellFormed, false, 'in 2162')
  bytes.writeUInt32LE(0, 0)
  t.equal(parseLastlog(bytes, [0]).wellFormed, false, 'in 2106')
})

t.test('any bytes are answered', async t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1200 }), fc.array(fc.nat(5)), (bytes, uids) => {
      const { logins, wellFormed } = parseLastlog(bytes, uids)
      return wellFormed ? logins.every(({ uid }) => uids.includes(uid)) : logins.length === 0
    }),
  )
  t.pass('no counterexample')
})
