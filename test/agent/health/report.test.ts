// What an agent says about itself, on the wire and in what matters of it.
import t from 'tap'
import { createProbeBook } from '../../../agent/health/probe-book.ts'
import { createHealthReporter } from '../../../agent/health/report.ts'
import { sealFailed } from '../../../proto/seal.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'

function open() {
  const clock = createFakeClock(1_000)
  const book = createProbeBook()
  const limits = {
    ...{ budget: { memoryLimitMib: 256, cpuLimitPercent: 12.5 }, slowdown: 1, cpuPermille: 7, isMemoryShort: false },
  }
  const outbox = { size: 0, bytes: 0, oldestMs: 0, merged: 0 }
  const watches = { directories: 3, refused: 0, misses: 0 }
  const state = { reloadError: '', wished: {} as Record<string, number>, delayMs: 40 }
  const meters = {
    rssBytes: () => 90_000_000,
    cpuMs: () => 1_234,
    loopDelayMs() {
      const { delayMs } = state
      state.delayMs = 0
      return delayMs
    },
  }
  const report = createHealthReporter({
    ...{ clock, meters, book, limits, outbox, watches: () => watches },
    ...{ reloadError: () => state.reloadError, wished: () => state.wished },
  })
  return { report, book, limits, outbox, watches, state }
}

t.test('an agent that is well says its numbers, and nothing that is 0', t => {
  const { report, book } = open()
  book.ran(smallState({ a: 1 }), 12)
  t.same(report().message(), {
    ...{ startedAtMs: 1_000, nodeVersion: process.version, rssBytes: 90_000_000, cpuMs: 1_234, cpuPermille: 7 },
    ...{ loopDelayMs: 40, memoryLimitMib: 256, cpuLimitPermille: 125, watches: 3, limits: [] },
    probes: [{ facet: 'small', runs: 1, lastDurationMs: 12, longestDurationMs: 12 }],
  })
  t.end()
})

t.test('each limit that holds is named', t => {
  const { report, book, limits, outbox, watches } = open()
  limits.slowdown = 4
  limits.isMemoryShort = true
  outbox.merged = 2
  watches.refused = 1
  book.ran(sealFailed(SmallFacet, 'error', 'deadline', 'no answer'), 10_000)
  t.match(report().message(), {
    limits: ['LIMIT_CPU', 'LIMIT_MEMORY', 'LIMIT_DEADLINE', 'LIMIT_OUTBOX', 'LIMIT_WATCHES'],
    ...{ slowdown: 4, watchesRefused: 1, probes: [{ failures: 1, failingRuns: 1, slowdown: 2 }] },
  })
  t.end()
})

t.test('what matters changes with what people would act on, not with what moves by itself', t => {
  const { report, book, limits, outbox, state, watches } = open()
  book.ran(smallState({ a: 1 }), 12)
  const { essence } = report()
  book.ran(smallState({ a: 1 }), 99)
  outbox.size = 7
  limits.cpuPermille = 90
  watches.misses = 4
  t.equal(report().essence, essence)
  const changes = [
    () => Object.assign(state, { reloadError: 'agent.yaml: unknown key x' }),
    () => Object.assign(state, { wished: { small: 60 } }),
    () => Object.assign(limits, { slowdown: 2 }),
    () => Object.assign(limits, { budget: { memoryLimitMib: 300, cpuLimitPercent: 1 } }),
    () => book.ran(sealFailed(SmallFacet, 'error', 'probe', 'failed'), 1),
  ]
  const seen = new Set([essence])
  for (const change of changes) {
    change()
    t.notOk(seen.has(report().essence))
    seen.add(report().essence)
  }
  t.match(report().message(), { reloadError: 'agent.yaml: unknown key x', probes: [{ wishedSeconds: 60 }] })
  t.end()
})

t.test('only what is sent begins to count anew, and a reason is cut', t => {
  const { report, state } = open()
  state.reloadError = 'x'.repeat(1_000)
  report()
  t.match(report().message(), { loopDelayMs: 40, reloadError: 'x'.repeat(300) })
  t.equal(report().message().loopDelayMs, undefined)
  t.end()
})
