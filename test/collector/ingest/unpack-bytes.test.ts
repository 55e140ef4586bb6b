// Packed bodies: what unpacks, what is cut off at its promise, and what is no body at all.
import { constants, zstdCompressSync } from 'node:zlib'
import t from 'tap'
import { unpackBytes } from '../../../collector/ingest/unpack-bytes.ts'
import { smallState } from '../../small-facet.ts'
import { bodyOf, connectRawAgent, offerOf } from '../raw-agent.ts'
import { startTestCollector } from '../start-collector.ts'

const rows = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`row${index}`, index]))
const state = smallState(rows)
const plain = bodyOf(state)
const packed = zstdCompressSync(plain)

t.test('what is not packed stays as it is, what is packed becomes what it was', async t => {
  t.equal(unpackBytes('small', 'ENCODING_UNSPECIFIED', plain, plain.length), plain)
  t.same(unpackBytes('small', 'ENCODING_ZSTD', packed, plain.length), plain)
})

t.test('one byte more than promised is too many, packed or not', async t => {
  for (const [encoding, bytes] of [
    ['ENCODING_UNSPECIFIED', plain],
    ['ENCODING_ZSTD', packed],
  ] as const) {
    t.throws(() => unpackBytes('small', encoding, bytes, plain.length - 1), { code: 'too_large' }, encoding)
  }
  t.throws(() => unpackBytes('small', 'ENCODING_ZSTD', packed, 0), { code: 'too_large' })
  t.throws(() => unpackBytes('small', 'ENCODING_ZSTD', packed, packed.length - 1), { code: 'too_large' })
})

t.test('a bomb is cut off at the promise and costs no more memory than that', async t => {
  const gigabyte = zstdBomb(1_024)
  t.ok(gigabyte.length < 100_000, `${gigabyte.length} bytes`)
  const before = process.memoryUsage.rss()
  t.throws(() => unpackBytes('small', 'ENCODING_ZSTD', gigabyte, 8 * 1024 * 1024), { code: 'too_large' })
  t.ok(process.memoryUsage.rss() - before < 128 * 1024 * 1024, 'a gigabyte was never there')
})

t.test('a window beyond the largest body is refused before there is one', async t => {
  // Magic number, a header without a content size, a window of 2^27 bytes, then one last raw block of a byte.
  const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (27 - 10) << 3, 0x09, 0x00, 0x00, 0x41])
  t.throws(() => unpackBytes('small', 'ENCODING_ZSTD', frame, 1_000), { code: 'malformed' })
  frame[5] = (23 - 10) << 3
  t.equal(unpackBytes('small', 'ENCODING_ZSTD', frame, 1_000).toString(), 'A', 'the same with a window that fits')
})

t.test('every prefix, and what was never packed, is malformed', async t => {
  for (let length = 0; length < packed.length; length++) {
    t.throws(() => unpackBytes('small', 'ENCODING_ZSTD', packed.subarray(0, length), plain.length), {
      code: 'malformed',
    })
  }
  t.throws(() => unpackBytes('small', 'ENCODING_ZSTD', plain, plain.length), { code: 'malformed' })
  t.throws(() => unpackBytes('small', 7 as never, plain, plain.length), { code: 'malformed' }, 'an unknown way to pack')
})

t.test('over the wire: packed and plain bodies arrive alike, what is wrong ends the stream', async t => {
  const collector = await startTestCollector(t)
  const send = async (encoding: 'ENCODING_ZSTD' | 'ENCODING_UNSPECIFIED', sent: typeof state, full: Buffer) => {
    const agent = connectRawAgent(t, collector.grpcAddress)
    const { hostId } = await agent.hello()
    agent.send({ offer: offerOf(1, sent) })
    t.equal((await agent.expect('decision')).kind, 'KIND_WANT_FULL')
    agent.send({ change: { sequence: 1, full, encoding } })
    return { agent, hostId }
  }
  const first = await send('ENCODING_ZSTD', state, packed)
  t.equal((await first.agent.expect('ack')).sequence, 1)
  const other = smallState({ ...rows, another: 1 })
  const second = await send('ENCODING_UNSPECIFIED', other, bodyOf(other))
  t.equal((await second.agent.expect('ack')).sequence, 1)
  const stored = (id: string) => collector.get<{ facts: unknown }>(`hosts/${id}/facets/small`)
  t.match((await stored(first.hostId)).facts, { rows: { length: 200 } })
  t.match((await stored(second.hostId)).facts, { rows: { length: 201 } })

  const never = smallState({ ...rows, never: 1 })
  const bad = [
    [zstdBomb(64), 'too_large'],
    [zstdCompressSync(bodyOf(never)).subarray(0, -3), 'malformed'],
    [bodyOf(never), 'malformed'],
  ] as const
  for (const [full, code] of bad) {
    const { agent, hostId } = await send('ENCODING_ZSTD', never, full)
    t.match(await agent.expect('refusal'), { code })
    t.same((await collector.get<{ items: unknown[] }>(`hosts/${hostId}/facets`)).items, [], 'nothing of it is kept')
  }
})

t.test('observations are packed, too', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello()
  await agent.deliver(1, state)
  const observe = (body: Buffer) =>
    agent.send({ observations: { facet: 'small', body, observedAtMs: Date.now(), encoding: 'ENCODING_ZSTD' } })
  observe(zstdCompressSync(Buffer.from('{"seen":7}')))
  await collector.waitFor(async () => {
    const { observations } = await collector.get<{ observations?: { seen: number } }>(`hosts/${hostId}/facets/small`)
    return observations?.seen === 7
  })
  observe(zstdBomb(64))
  t.match(await agent.expect('refusal'), { code: 'too_large' })
})

/** Megabytes of zeros, packed. */
function zstdBomb(megabytes: number): Buffer {
  const params = { [constants.ZSTD_c_compressionLevel]: 3 }
  const one = zstdCompressSync(Buffer.alloc(1024 * 1024), { params })
  return Buffer.concat(Array.from({ length: megabytes }, () => one))
}
