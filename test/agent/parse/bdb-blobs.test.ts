// Tests of the reader of Berkeley DB's hashes, held against what rpm prints of the same files.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { bdbBlobs } from '../../../agent/parse/bdb-blobs.ts'
import { MalformedBytes } from '../../../agent/parse/byte-source.ts'
import { parseRpmHeader } from '../../../agent/parse/rpm-header.ts'
import { sourceOf } from '../../byte-source.ts'

const directory = join(import.meta.dirname, '../../fixtures/rpm')
const listed = readFileSync(join(directory, 'rpm-qa.tsv'), 'utf8').split('\n').filter(Boolean)
const small = readFileSync(join(directory, 'Packages'))

function rowsIn(bytes: Uint8Array): readonly string[] {
  return Array.from(bdbBlobs(sourceOf(bytes)), blob => {
    const row = parseRpmHeader(blob)
    if (!row) return 'no header'
    const { name, epoch, version, architecture, sourceRpm, installedAt } = row
    return [name, epoch, version, architecture || '(none)', sourceRpm || '(none)', installedAt].join('\t')
  })
}

for (const file of ['Packages', 'Packages.16k']) {
  t.test(`${file} has the packages that rpm prints`, async t => {
    t.strictSame([...rowsIn(readFileSync(join(directory, file)))].sort(), listed)
  })
}

t.test('what is no hash says why', async t => {
  const changed = (at: number, ...bytes: readonly number[]) => {
    const copy = Buffer.from(small)
    copy.set(bytes, at)
    return copy
  }
  for (const [bytes, message] of [
    [Buffer.alloc(0), 'ends within the piece at byte 0'],
    [Buffer.alloc(600), 'is no hash of Berkeley DB'],
    [changed(20, 1, 2, 3, 0), 'has a first page that cannot be'],
    [changed(24, 1), 'is encrypted'],
    [small.subarray(0, 600), 'ends within the piece at byte 4096'],
  ] as const) {
    t.throws(() => rowsIn(bytes), { message }, message)
  }
})

t.test('no prefix and no changed bytes hang it or break out', async t => {
  const answers = (bytes: Uint8Array) => {
    try {
      return rowsIn(bytes).length < 2000
    } catch (error) {
      return error instanceof MalformedBytes
    }
  }
  for (let length = 0; length < small.length; length += 501) t.ok(answers(small.subarray(0, length)))
  const place = fc.oneof(
    fc.nat(100),
    fc.nat(13).chain(page => fc.nat(60).map(at => page * 4096 + at)),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 6 }), changes => {
      const copy = Buffer.from(small)
      for (const [at, byte] of changes) copy[at] = byte
      return answers(copy)
    }),
    { numRuns: 300 },
  )
})
