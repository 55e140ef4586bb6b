// Tests of reading numbers and pieces out of long files.
import { deepEqual, equal, throws } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  createAllowance,
  createScratch,
  MalformedBytes,
  pieceOf,
  slice,
  viewOf,
} from '../../../agent/parse/byte-source.ts'
import { sourceOf } from '../../byte-source.ts'

const bytes = fc.uint8Array({ maxLength: 60 })
const place = fc.integer({ min: -2, max: 70 })
const malformed = (run: () => unknown) => throws(run, MalformedBytes)

t.test('a piece of a file has its bytes, or the file is malformed', async () => {
  const scratch = createScratch()
  fc.assert(
    fc.property(bytes, fc.nat({ max: 70 }), fc.nat({ max: 70 }), fc.boolean(), (content, offset, length, again) => {
      const source = sourceOf(content)
      const read = () => pieceOf(source, offset, length, again ? scratch(length) : undefined)
      if (length > 0 && offset + length > content.length) return malformed(read)
      const view = read()
      deepEqual(
        [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)],
        [...content.slice(offset, offset + length)],
      )
    }),
    { numRuns: 300 },
  )
})

t.test('a slice of a view is that of its own bytes, also when the view begins within a buffer', async () => {
  fc.assert(
    fc.property(bytes, fc.nat({ max: 10 }), place, place, (content, skipped, offset, length) => {
      const part = content.subarray(skipped)
      const isInside = offset >= 0 && length >= 0 && offset + length <= part.length
      if (!isInside) return malformed(() => slice(viewOf(part), offset, length))
      deepEqual([...slice(viewOf(part), offset, length)], [...part].slice(offset, offset + length))
    }),
    { numRuns: 500 },
  )
})

t.test('an allowance lasts for what it allows, in whatever pieces', async () => {
  fc.assert(
    fc.property(fc.nat({ max: 100 }), fc.array(fc.nat({ max: 30 }), { maxLength: 12 }), (allowed, lengths) => {
      const spend = createAllowance(allowed)
      let spent = 0
      for (const length of lengths) {
        spent += length
        if (spent > allowed) return malformed(() => spend(length))
        spend(length)
      }
    }),
  )
})

t.test('scratch memory has the length asked for, and is one piece of memory until it must grow', async () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 300 }), { maxLength: 20 }), lengths => {
      const scratch = createScratch()
      const buffers = new Set<ArrayBufferLike>()
      let longest = 0
      for (const length of lengths) {
        const memory = scratch(length)
        equal(memory.length, length)
        longest = Math.max(longest, length)
        buffers.add(memory.buffer)
      }
      // It doubles: never more pieces than powers of two up to the longest, and the empty one.
      equal(buffers.size <= Math.ceil(Math.log2(longest + 1)) + 2, true)
      const before = scratch(longest).buffer
      for (const length of lengths) equal(scratch(length).buffer, before, 'nothing grows any more')
      equal(before.byteLength < Math.max(1, longest) * 2, true)
    }),
  )
})
