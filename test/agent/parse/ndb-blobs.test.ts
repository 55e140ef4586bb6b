// Tests of the reader of SUSE's rpm databases, on files built after rpm's own description of the format.
import fc from 'fast-check'
import t from 'tap'
import { MalformedBytes } from '../../../agent/parse/byte-source.ts'
import { ndbBlobs } from '../../../agent/parse/ndb-blobs.ts'
import { sourceOf } from '../../byte-source.ts'

/** One page of slots, then the blobs in blocks of 16 bytes with head and tail; slot 3 stays free. */
function fileWith(blobs: readonly Uint8Array[]): Buffer {
  const slots = Buffer.alloc(4096)
  slots.write('RpmP')
  slots.writeUInt32LE(1, 12)
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at)
  const parts: Buffer[] = [slots]
  let block = slots.length / 16
  for (const [index, blob] of blobs.entries()) {
    const blocks = Math.ceil((16 + blob.length + 12) / 16)
    const part = Buffer.alloc(blocks * 16)
    part.write('BlbS')
    part.writeUInt32LE(index + 1, 4)
    part.writeUInt32LE(blob.length, 12)
    part.set(blob, 16)
    part.write('BlbE', part.length - 4)
    parts.push(part)
    const at = 32 + 16 * (index + 2)
    slots.writeUInt32LE(index + 1, at + 4)
    slots.writeUInt32LE(block, at + 8)
    slots.writeUInt32LE(blocks, at + 12)
    block += blocks
  }
  return Buffer.concat(parts)
}

const read = (bytes: Uint8Array) => [...ndbBlobs(sourceOf(bytes))]
const good = fileWith([Buffer.from('first'), Buffer.alloc(5000, 7), Buffer.from('third')])

t.test('each slot in use has its blob', async t => {
  t.strictSame(
    read(good).map(blob => Buffer.from(blob)),
    [Buffer.from('first'), Buffer.alloc(5000, 7), Buffer.from('third')],
  )
  t.strictSame(read(fileWith([])), [])
})

t.test('what is no such file says why', async t => {
  const changed = (at: number, ...bytes: readonly number[]) => {
    const copy = Buffer.from(good)
    copy.set(bytes, at)
    return copy
  }
  for (const [bytes, message] of [
    [Buffer.alloc(0), 'ends within the piece at byte 0'],
    [Buffer.alloc(5000), 'is no file of ndb'],
    [changed(4, 9), 'has a version of ndb that is not known'],
    [changed(12, 0, 0, 1), 'has too many slots'],
    [changed(12, 2), 'page 1 is not one of slots'],
    [changed(4096, 0), 'the blob of package 1 has another head'],
    [changed(4096 + 4, 9), 'the blob of package 1 has another head'],
    [good.subarray(0, -40), 'ends within the piece'],
  ] as const) {
    t.throws(() => read(bytes), { message: new RegExp(`^${message}`) }, message)
  }
})

t.test('blobs that lie over each other are not read over and over', async t => {
  const file = fileWith([Buffer.alloc(50_000, 1)])
  for (let slot = 5; slot < 100; slot += 1) file.copy(file, 32 + slot * 16, 32 + 2 * 16, 32 + 3 * 16)
  t.throws(() => read(file), { message: 'pieces lie over each other' })
})

t.test('no prefix and no changed bytes hang it or break out', async t => {
  const answers = (bytes: Uint8Array) => {
    try {
      return read(bytes).length < 300
    } catch (error) {
      return error instanceof MalformedBytes
    }
  }
  for (let length = 0; length < good.length; length += 33) t.ok(answers(good.subarray(0, length)))
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), changes => {
      const copy = Buffer.from(good)
      for (const [at, byte] of changes) copy[at] = byte
      return answers(copy)
    }),
    { numRuns: 300 },
  )
})
