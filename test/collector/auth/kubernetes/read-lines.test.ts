// Lines of what comes in pieces: whole, bounded, and none of what was cut off.
import fc from 'fast-check'
import t from 'tap'
import { readLines } from '../../../../collector/auth/kubernetes/read-lines.ts'

async function linesOf(chunks: readonly Uint8Array[], maxBytes = 100): Promise<readonly string[]> {
  async function* source() {
    yield* chunks
  }
  return Array.fromAsync(readLines(source(), maxBytes))
}

const bytes = (text: string) => Buffer.from(text)

t.test('lines are whole wherever they were cut', async t => {
  t.same(await linesOf([bytes('a\nb'), bytes('c\n\nd\n')]), ['a', 'bc', 'd'])
  t.same(await linesOf([bytes('é\n').subarray(0, 1), bytes('é\n').subarray(1)]), ['é'])
  t.same(await linesOf([bytes('a\nhalf')]), ['a'], 'what has no end was cut off')
  t.same(await linesOf([]), [])
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.stringMatching(/^[a-zé]{1,9}$/)),
      fc.integer({ min: 1, max: 7 }),
      async (lines, size) => {
        const all = bytes(lines.map(line => `${line}\n`).join(''))
        const cut = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
          all.subarray(at * size, (at + 1) * size),
        )
        return JSON.stringify(await linesOf(cut)) === JSON.stringify(lines)
      },
    ),
  )
})

t.test('a line without end is refused before it is all there', async t => {
  let given = 0
  async function* endless() {
    for (;;) {
      given++
      yield bytes('x'.repeat(60))
    }
  }
  await t.rejects(Array.fromAsync(readLines(endless(), 100)), { name: 'BodyTooLarge', maxBytes: 100 })
  t.equal(given, 2)
  t.same(await linesOf([bytes(`${'x'.repeat(100)}\n`)]), ['x'.repeat(100)])
  await t.rejects(linesOf([bytes(`${'x'.repeat(101)}\n`)]), { name: 'BodyTooLarge' })
})
