// The outbox: every change in order, as the smaller of delta and whole, through every end of the process.
import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { openDiskOutbox } from '../../../../agent/uplink/outbox/disk-outbox.ts'
import type { Outbox } from '../../../../agent/uplink/outbox/outbox.ts'
import type { OutboxLimits } from '../../../../agent/uplink/outbox/queue.ts'
import { applyDelta } from '../../../../proto/delta.ts'
import type { Facet, FacetState, JsonObject } from '../../../../proto/facet.ts'
import { canonicalBody, sealFailed } from '../../../../proto/seal.ts'
import { silentLog } from '../../../../runtime/log.ts'
import { SmallFacet, smallState } from '../../../small-facet.ts'

const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`row${index}`, index]))
const small: OutboxLimits = { segmentBytes: 4_000, bytes: 16_000, entries: 10_000, ageMs: 1e12 }

const open = (directory: string, limits?: OutboxLimits) => openDiskOutbox(directory, silentLog, limits)

function fresh(t: Pick<Test, 'testdir' | 'teardown'>, limits?: OutboxLimits) {
  const directory = t.testdir({})
  const outbox = open(directory, limits)
  t.teardown(() => outbox.close())
  return { directory, outbox }
}

const sequences = (outbox: Outbox) => outbox.after(0, 1_000).map(entry => entry.sequence)
const logs = (directory: string) =>
  readdirSync(join(directory, 'outbox'))
    .filter(name => name.endsWith('.log'))
    .sort()
const lastLog = (directory: string) => join(directory, 'outbox', logs(directory).at(-1) ?? '')
const factsOf = (state: FacetState): JsonObject => (state.state === 'present' ? state.facts : {})

t.test('sequences count from 1, outlive acknowledgement, and nothing is offered before it is on disk', async t => {
  const { outbox } = fresh(t)
  for (const value of [1, 2, 3]) outbox.add(SmallFacet, smallState({ a: value }), 1_000, value === 1)
  t.same(sequences(outbox), [])
  await outbox.flushed()
  t.same(sequences(outbox), [1, 2, 3])
  t.same(
    outbox.after(0, 10).map(({ baseline, previousSequence }) => [baseline, previousSequence]),
    [
      [true, 0],
      [false, 1],
      [false, 2],
    ],
  )
  outbox.acknowledge(2)
  t.equal(outbox.size, 1)
  outbox.add(SmallFacet, smallState({ a: 4 }), 1_000, false)
  await outbox.flushed()
  t.same(sequences(outbox), [3, 4])
  t.same(
    outbox.after(3, 10).map(({ sequence }) => sequence),
    [4],
  )
  t.same(
    outbox.after(0, 1).map(({ previousSequence }) => previousSequence),
    [2],
  )
})

t.test('a small change of a large facet is a delta that gives the new state', async t => {
  const { outbox } = fresh(t)
  const [before, after] = [smallState(many), smallState({ ...many, row7: 700, extra: 1 })]
  outbox.add(SmallFacet, before, 1_000, true)
  outbox.add(SmallFacet, after, 2_000, false)
  await outbox.flushed()
  const [first, second] = outbox.after(0, 10)
  if (!first || !second) throw new Error('nothing is queued')
  t.match(first, { baseDigest: '', deltaBytes: 0 }, 'the first state has nothing to start from')
  t.equal(outbox.delta(first), undefined)
  t.equal(outbox.body(first), canonicalBody(before))
  t.equal(second.baseDigest, before.digest)
  t.ok(second.deltaBytes < second.bodyBytes / 5, 'and is much smaller')
  t.same(applyDelta(factsOf(before), JSON.parse(outbox.delta(second) ?? '')), factsOf(after))
  t.equal(outbox.body(second), canonicalBody(after), 'the whole is made of what is on disk')
  t.equal(Buffer.byteLength(outbox.delta(second) ?? ''), second.deltaBytes)
})

t.test('a delta that is no smaller, and one from or to a facet without facts, is kept whole', async t => {
  const { outbox } = fresh(t)
  const failed = sealFailed(SmallFacet, 'error', 'timeout', 'took too long')
  for (const state of [smallState({ a: 1 }), smallState({ b: 2 }), failed, smallState({ b: 2 })]) {
    outbox.add(SmallFacet, state, 1_000, false)
  }
  await outbox.flushed()
  const entries = outbox.after(0, 10)
  t.same(
    entries.map(({ deltaBytes }) => deltaBytes),
    [0, 0, 0, 0],
  )
  t.same(entries.map(entry => outbox.body(entry))[2], canonicalBody(failed))
})

t.test('what was queued is there after the process, with the same id, and goes on as deltas', async t => {
  const directory = t.testdir({})
  const first = open(directory)
  first.add(SmallFacet, smallState(many), 1_000, true)
  await first.flushed()
  first.close()
  const second = open(directory)
  t.teardown(() => second.close())
  t.equal(second.id, first.id)
  second.add(SmallFacet, smallState(many), 2_000, true)
  t.equal(second.size, 1, 'the same state again is no change')
  second.add(SmallFacet, smallState({ ...many, row1: 100 }), 3_000, true)
  await second.flushed()
  const [, changed] = second.after(0, 10)
  t.match(changed, { sequence: 2, baseline: true, gap: { changes: 0, fromMs: 1_000 } }, 'nobody looked since 1 s')
  t.ok((changed?.deltaBytes ?? 0) > 0)
  t.equal(statSync(lastLog(directory)).mode & 0o777, 0o600)
})

t.test('whatever a crash leaves of the last record, all before it stays and writing goes on', async t => {
  const directory = t.testdir({})
  const first = open(directory)
  for (const value of [1, 2, 3]) first.add(SmallFacet, smallState({ ...many, a: value }), value, value === 1)
  await first.flushed()
  first.close()
  const path = lastLog(directory)
  const whole = readFileSync(path)
  const ends = [...whole.keys(), whole.length].filter(end => end % 7 === 0 || end > whole.length - 60)
  let before = 0
  for (const end of ends) {
    writeFileSync(path, whole.subarray(0, end))
    const outbox = open(directory)
    await outbox.flushed()
    const found = sequences(outbox)
    t.ok(found.length >= before && found.every((sequence, index) => sequence === index + 1), `${end} bytes: ${found}`)
    before = found.length
    outbox.add(SmallFacet, smallState({ z: end }), 9, false)
    await outbox.flushed()
    const last = outbox.after(0, 10).at(-1)
    t.equal(last && outbox.body(last), canonicalBody(smallState({ z: end })))
    outbox.close()
  }
  t.equal(before, 3)
})

t.test('rubbish and flipped bits end a file; what follows says that something is missing', async t => {
  const directory = t.testdir({})
  const first = open(directory, { ...small, bytes: 1e9 })
  for (let value = 0; value < 30; value++) first.add(SmallFacet, smallState({ ...many, a: value }), value, false)
  await first.flushed()
  first.close()
  const [name = ''] = logs(directory)
  t.ok(logs(directory).length > 1)
  const path = join(directory, 'outbox', name)
  const bytes = readFileSync(path)
  bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1
  writeFileSync(path, bytes)
  appendFileSync(lastLog(directory), Buffer.from([255, 255, 255, 255, 1, 2, 3]))
  const second = open(directory, small)
  t.teardown(() => second.close())
  const found = second.after(0, 100)
  t.ok(found.length < 30 && found.length > 15, `${found.length} of 30 are left`)
  for (const entry of found) t.ok(second.body(entry), `the body of ${entry.sequence} can still be read`)
  second.add(SmallFacet, smallState({ a: 99 }), 99, false)
  await second.flushed()
  t.match(second.after(0, 100).at(-1), { sequence: 31, gap: { changes: 0 } })
})

t.test('a damaged id is named; a directory that is none is one clear error', t => {
  const directory = t.testdir({ outbox: { id: 'x' }, file: '' })
  t.throws(() => open(directory), { code: 'state_directory', message: /outbox\/id: is damaged/ })
  t.throws(() => open(join(directory, 'file')), { code: 'state_directory', message: /cannot be used \(ENOTDIR\)/ })
  t.end()
})

t.test('over the bound the oldest changes of each facet merge, and say so', async t => {
  const { directory, outbox } = fresh(t, small)
  const other = { ...SmallFacet, name: 'other' } as Facet
  const otherState = { ...smallState({ b: 1 }), facet: 'other' } as FacetState
  outbox.add(other, otherState, 1, true)
  for (let value = 0; value < 400; value++)
    outbox.add(SmallFacet, smallState({ ...many, a: value }), value, value === 0)
  await outbox.flushed()
  t.ok(outbox.bytes <= small.bytes + small.segmentBytes, `${outbox.bytes} bytes`)
  const entries = outbox.after(0, 1_000)
  t.ok(entries.length < 400)
  const told = entries.reduce((sum, { gap }) => sum + 1 + (gap?.changes ?? 0), 0)
  t.equal(told, 401, 'every change is there or counted in a gap')
  t.match(
    entries.find(({ facet }) => facet === 'other'),
    { sequence: 1 },
    'what has nothing to merge with stays',
  )
  for (const [index, { previousSequence }] of entries.entries()) {
    t.equal(previousSequence, entries[index - 1]?.sequence ?? 0)
  }
  const again = open(directory, small)
  t.teardown(() => again.close())
  t.same(again.after(0, 1_000), entries, 'and the same after the process')
})

t.test('what is too old merges, too: one change of each facet is left, and counts the others', async t => {
  const day = 86_400_000
  const limits = { segmentBytes: 1e6, bytes: 1e9, entries: 10_000, ageMs: 30 * day }
  const { directory, outbox } = fresh(t, limits)
  for (let hour = 0; hour < 24 * 60; hour += 6)
    outbox.add(SmallFacet, smallState({ ...many, a: hour }), (hour / 24) * day, hour === 0)
  await outbox.flushed()
  const [oldest, ...rest] = outbox.after(0, 1_000)
  const lastMs = rest.at(-1)?.observedAtMs ?? 0
  t.ok(oldest && lastMs - oldest.observedAtMs > 29 * day && lastMs - oldest.observedAtMs < 33 * day)
  t.equal(1 + (oldest?.gap?.changes ?? 0) + rest.length, 240, 'every change is there or counted in the gap')
  t.equal(oldest?.gap?.fromMs, 0)
  t.ok(rest.every(({ gap }) => gap === undefined))
  t.ok(rest.length >= 4 * 29 && rest.length <= 4 * 33, `${rest.length} changes of the last month are there one by one`)
  const again = open(directory, limits)
  t.teardown(() => again.close())
  t.same(again.after(0, 1_000), outbox.after(0, 1_000), 'and the same after the process')
})

t.test('a clock that was ahead for a while loses nothing of what merges by its age', async t => {
  const day = 86_400_000
  const limits = { segmentBytes: 4_000, bytes: 1e9, entries: 10_000, ageMs: 30 * day }
  const { directory, outbox } = fresh(t, limits)
  const dayOf = (value: number) => (value >= 50 && value < 100 ? 400 : value / 4)
  for (let value = 0; value < 300; value++) {
    outbox.add(SmallFacet, smallState({ ...many, a: value }), dayOf(value) * day, value === 0)
  }
  await outbox.flushed()
  const entries = outbox.after(0, 1_000)
  t.ok(entries.length < 300, 'the oldest merged')
  t.equal(entries.filter(({ observedAtMs }) => observedAtMs === 400 * day).length, 50)
  const again = open(directory, limits)
  t.teardown(() => again.close())
  t.same(again.after(0, 1_000), entries, 'and the same after the process')
})

t.test('what was handed out stays as it is until it is released', async t => {
  const { outbox } = fresh(t, small)
  const state = (value: number) => smallState({ ...many, a: value })
  for (let value = 0; value < 10; value++) outbox.add(SmallFacet, state(value), value, false)
  await outbox.flushed()
  const held = outbox.after(0, 5)
  for (let value = 10; value < 400; value++) outbox.add(SmallFacet, state(value), value, false)
  await outbox.flushed()
  for (const [index, entry] of held.entries()) t.equal(outbox.body(entry), canonicalBody(state(index)))
  outbox.release()
  for (let value = 400; value < 500; value++) outbox.add(SmallFacet, state(value), value, false)
  await outbox.flushed()
  t.ok((outbox.after(0, 1)[0]?.sequence ?? 0) > 5)
})

t.test('a file system that takes nothing more loses a change, and the next one says so', async t => {
  const { directory, outbox } = fresh(t)
  outbox.add(SmallFacet, smallState({ a: 1 }), 1, true)
  await outbox.flushed()
  const hostile = {
    ...smallState({ a: 2 }),
    get facts(): JsonObject {
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' })
    },
  }
  outbox.add(SmallFacet, hostile as FacetState, 2, false)
  outbox.add(SmallFacet, smallState({ a: 3 }), 3, false)
  await outbox.flushed()
  t.match(outbox.after(1, 10), [{ sequence: 2, gap: { changes: 1, fromMs: 2 } }])
  t.equal(logs(directory).length, 1)
})

t.test('acknowledged files go, and the place in the sequence stays', async t => {
  const directory = t.testdir({})
  const outbox = open(directory, small)
  for (let value = 0; value < 40; value++) outbox.add(SmallFacet, smallState({ ...many, a: value }), value, false)
  await outbox.flushed()
  t.ok(logs(directory).length > 2)
  outbox.acknowledge(40)
  t.equal(logs(directory).length, 1)
  outbox.close()
  const again = open(directory, small)
  t.teardown(() => again.close())
  again.acknowledge(40)
  again.add(SmallFacet, smallState({ z: 1 }), 50, false)
  await again.flushed()
  t.same(sequences(again), [41])
})

t.test('any history through any restarts and bounds is told whole or counted', async t => {
  let run = 0
  const root = t.testdir({})
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('add' as const), value: fc.nat(1_000), rows: fc.nat(40) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), torn: fc.nat(40) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('ack' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120 }), async steps => {
      const directory = join(root, String(run++))
      let outbox = open(directory, small)
      let [acknowledged, last] = [0, '']
      for (const [index, each] of steps.entries()) {
        if (each.do === 'add') {
          const state = smallState(
            Object.fromEntries(Array.from({ length: each.rows }, (_, row) => [`r${row}`, each.value])),
          )
          if (state.digest !== last) outbox.add(SmallFacet, state, index, false)
          last = state.digest
        } else if (each.do === 'ack') {
          await outbox.flushed()
          const entries = outbox.after(0, 10_000)
          acknowledged = entries[Math.floor(each.share * entries.length) - 1]?.sequence ?? acknowledged
          outbox.acknowledge(acknowledged)
          outbox.release()
        } else {
          await outbox.flushed()
          outbox.close()
          const path = lastLog(directory)
          if (logs(directory).length > 0) truncateSync(path, Math.max(0, statSync(path).size - each.torn))
          outbox = open(directory, small)
          outbox.acknowledge(acknowledged)
          last = ''
        }
      }
      await outbox.flushed()
      const entries = outbox.after(acknowledged, 10_000)
      for (const entry of entries) if (outbox.body(entry) === undefined) throw new Error(`no body of ${entry.sequence}`)
      outbox.close()
      return entries.every(({ sequence, previousSequence }) => sequence > previousSequence)
    }),
    { numRuns: 60 },
  )
  t.ok(run >= 60)
})
