// The resident agent's first sweep: nothing that changes while it runs goes unseen.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createProbeBook } from '../../agent/health/probe-book.ts'
import { openHost } from '../../agent/host/open-host.ts'
import { absent, defineProbe, every, watch } from '../../agent/probe.ts'
import { createResident, type ResidentOptions } from '../../agent/resident.ts'
import { SelinuxFacet } from '../../proto/facets/selinux.ts'
import { systemClock } from '../../runtime/clock.ts'
import { silentLog } from '../../runtime/log.ts'
import { createFakeClock, settle } from '../fake-clock.ts'

t.test('a file that changes just after the first sweep read it is read again', async t => {
  const root = t.testdir({ etc: { watched: 'before' } })
  const path = join(root, 'etc/watched')
  const read: string[] = []
  const stop = new AbortController()
  const probe = defineProbe({
    facet: SelinuxFacet,
    triggers: [watch('/etc/watched')],
    async run() {
      read.push(readFileSync(path, 'utf8'))
      if (read.length === 1) writeFileSync(path, 'after')
      else stop.abort()
      return absent('notInstalled', 'a test')
    },
  })
  const alive = setInterval(() => undefined, 1_000)
  t.teardown(() => clearInterval(alive))
  const options = { host: await openHost({ root }), probes: [probe], log: silentLog, probePorts: false }
  await createResident({
    ...options,
    clock: systemClock,
    outbox: { add: () => undefined, repeat: () => undefined },
  }).run(stop.signal)
  t.same(read, ['before', 'after'])
})

const hourMs = 3_600_000

/** One probe that runs each two seconds by itself, on a host with nothing on it, and a clock that is moved by hand. */
async function resident(
  t: Test,
  run: (memory: Map<string, unknown>) => Promise<void>,
  options: Partial<ResidentOptions> = {},
) {
  const clock = createFakeClock()
  const stop = new AbortController()
  const probe = defineProbe({
    facet: SelinuxFacet,
    triggers: [every(2_000)],
    deadlineMs: 1_000,
    async run(_, { memory }) {
      await run(memory)
      return absent('notInstalled', 'a test')
    },
  })
  const book = createProbeBook()
  const made = createResident({
    ...{ host: await openHost({ root: t.testdir({}) }), probes: [probe], clock, log: silentLog, probePorts: false },
    ...{ outbox: { add: () => undefined, repeat: () => undefined }, book, ...options },
  })
  const ended = made.run(stop.signal)
  t.teardown(() => {
    stop.abort()
    return ended
  })
  while (book.records.length === 0) await clock.advance(100)
  return { clock, book, resident: made }
}

t.test('a probe that never answers is asked less and less often, and as usual once it answers', async t => {
  let hangs = true
  const { clock, book } = await resident(t, () => (hangs ? new Promise(() => undefined) : Promise.resolve()))
  const runs = () => book.records[0]?.runs ?? 0
  await clock.advance(hourMs)
  t.match(book.records[0], { slowdown: 64, longestDurationMs: 1_000 })
  t.equal(book.records[0]?.failures, runs())
  const inTheFirst = runs()
  t.ok(inTheFirst < 70, `${inTheFirst} times in an hour, instead of 1,800`)
  hangs = false
  await clock.advance(hourMs)
  t.match(book.records[0], { slowdown: 1, failingRuns: 0 })
  t.ok(runs() - inTheFirst > 1_500)
})

t.test('an agent that is slowed down runs all probes less often, until it is told otherwise', async t => {
  let slowdown = 8
  const { clock, book, resident: made } = await resident(t, async () => undefined, { slowdown: () => slowdown })
  const runs = () => book.records[0]?.runs ?? 0
  const before = runs()
  await clock.advance(160_000)
  t.equal(runs() - before, 10)
  slowdown = 1
  made.repace()
  await settle()
  await clock.advance(20_000)
  t.equal(runs() - before, 20)
})

t.test('what the collector wishes goes over the own configuration, and is taken back', async t => {
  const {
    clock,
    book,
    resident: made,
  } = await resident(t, async () => undefined, {
    probeSeconds: () => ({ selinux: 100 }),
  })
  const runs = () => book.records[0]?.runs ?? 0
  const within = async (ms: number) => {
    const before = runs()
    await clock.advance(ms)
    return runs() - before
  }
  await within(100_000)
  t.equal(await within(1_000_000), 10)
  made.retime({ selinux: 10 })
  await settle()
  t.equal(await within(1_000_000), 100)
  made.retime({})
  await settle()
  await within(100_000)
  t.equal(await within(1_000_000), 10)
})

t.test('what probes remember can be dropped', async t => {
  const seen: number[] = []
  const { clock, resident: made } = await resident(t, async memory => {
    seen.push(memory.size)
    memory.set('known', true)
  })
  await clock.advance(2_000)
  made.forget()
  await clock.advance(2_000)
  t.same(seen.slice(0, 3), [0, 1, 0])
  t.same(made.watches, { directories: 0, refused: 0, misses: 0 })
})

t.test('the main loop says that it lives each minute, whether there is something to look at or not', async t => {
  const turns: number[] = []
  const told: string[] = []
  const stop = new AbortController()
  const clock = createFakeClock()
  const run = async () => absent('notInstalled', 'a test')
  const made = createResident({
    ...{ host: await openHost({ root: t.testdir({}) }), clock, log: silentLog, probePorts: false },
    probes: [defineProbe({ facet: SelinuxFacet, triggers: [every(600_000)], run })],
    outbox: { add: () => undefined, repeat: () => undefined },
    pulse: {
      turn() {
        turns.push(clock.monotonic())
        return 60_000
      },
      looked: () => void told.push('looked'),
      end: () => void told.push('ended'),
    },
  })
  const ended = made.run(stop.signal)
  while (turns.length < 2) await settle()
  t.same(told, ['looked'])
  await clock.advance(300_000)
  t.same(turns, [0, 0, 60_000, 120_000, 180_000, 240_000, 300_000], 'before the first look, after it, and on and on')
  await clock.advance(300_000)
  t.same(told, ['looked', 'looked'])
  stop.abort()
  await ended
  t.same(told, ['looked', 'looked', 'ended'])
})
