// Tests of the reader of SQLite's write-ahead logs; sqlite-blobs.test.ts holds it against SQLite itself.
import fc from 'fast-check'
import t from 'tap'
import { parseSqliteWal } from '../../../agent/parse/sqlite-wal.ts'
import { sourceOf } from '../../byte-source.ts'

t.test('a log that is empty, short or of something else holds no page', async t => {
  for (const bytes of [Buffer.alloc(0), Buffer.alloc(31), Buffer.alloc(5000), Buffer.alloc(5000, 0x37)]) {
    t.equal(parseSqliteWal(sourceOf(bytes), 4096).size, 0, `${bytes.length} bytes`)
  }
})

t.test('any bytes are answered', async () => {
  const magic = fc.constantFrom(Buffer.from('377f0682', 'hex'), Buffer.from('377f0683', 'hex'))
  fc.assert(
    fc.property(magic, fc.uint8Array({ maxLength: 4000 }), (start, rest) => {
      return parseSqliteWal(sourceOf(Buffer.concat([start, rest])), 512).size === 0
    }),
  )
})
