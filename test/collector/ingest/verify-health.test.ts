// What an agent says about itself is judged before anybody believes it.
import fc from 'fast-check'
import t from 'tap'
import { Refused } from '../../../collector/ingest/refusal.ts'
import { verifyHealth } from '../../../collector/ingest/verify-health.ts'
import type { Health__Output } from '../../../proto/generated/gabion/v1/Health.ts'
import type { ProbeHealth__Output } from '../../../proto/generated/gabion/v1/ProbeHealth.ts'

const probe = (change: Partial<ProbeHealth__Output> = {}): ProbeHealth__Output => ({
  ...{ facet: 'ports', runs: 7, failures: 2, failingRuns: 1, lastDurationMs: 3, longestDurationMs: 9 },
  ...{ slowdown: 0, wishedSeconds: 30 },
  ...change,
})

const health = (change: Partial<Health__Output> = {}): Health__Output => ({
  ...{ rssBytes: 80_000_000, cpuPermille: 4, cpuMs: 1_200, startedAtMs: 1_000, loopDelayMs: 5, slowdown: 0 },
  ...{ outboxEntries: 1, outboxBytes: 2, outboxOldestMs: 3, watches: 4, watchesRefused: 5, watchMisses: 6 },
  ...{ reloadError: '', nodeVersion: 'v24.1.0', memoryLimitMib: 256, cpuLimitPermille: 100 },
  ...{ probes: [probe()], limits: ['LIMIT_CPU'] },
  ...change,
})

t.test('a report becomes a record', t => {
  t.same(verifyHealth(health()), {
    ...{ startedAtMs: 1_000, nodeVersion: 'v24.1.0', rssBytes: 80_000_000, memoryLimitMib: 256 },
    ...{ cpuMs: 1_200, cpuPermille: 4, cpuLimitPermille: 100, loopDelayMs: 5, slowdown: 1, limits: ['cpu'] },
    outbox: { entries: 1, bytes: 2, oldestMs: 3 },
    watches: { directories: 4, refused: 5, misses: 6 },
    reloadError: '',
    probes: [
      {
        ...{ facet: 'ports', runs: 7, failures: 2, failingRuns: 1, lastDurationMs: 3, longestDurationMs: 9 },
        ...{ slowdown: 1, wishedSeconds: 30 },
      },
    ],
  })
  t.end()
})

t.test('limits that nobody here knows are left out, and each is told once', t => {
  const limits = ['LIMIT_MEMORY', 'LIMIT_MEMORY', 9 as never, 'LIMIT_UNSPECIFIED', 'LIMIT_WATCHES'] as const
  t.same(verifyHealth(health({ limits: [...limits] })).limits, ['memory', 'watches'])
  t.end()
})

t.test('what a terminal or a page would act on is escaped', t => {
  t.notMatch(verifyHealth(health({ reloadError: 'a\u001b[2Jb\u202e' })).reloadError, /[\u001b\u202e]/)
  t.end()
})

t.test('what is none is refused', t => {
  const cases: readonly [string, Partial<Health__Output>][] = [
    ['no number', { rssBytes: Number.NaN }],
    ['a negative one', { cpuMs: -1 }],
    ['one beyond what can be counted', { outboxBytes: 2 ** 60 }],
    ['no time', { startedAtMs: -1 }],
    ['no version', { nodeVersion: '<script>' }],
    ['a long reason', { reloadError: 'x'.repeat(301) }],
    ['too many probes', { probes: Array.from({ length: 129 }, () => probe()) }],
    ['a probe without a name', { probes: [probe({ facet: '' })] }],
    ['a probe with a path for a name', { probes: [probe({ facet: '../../x' })] }],
    ['a probe of negative runs', { probes: [probe({ runs: -1 })] }],
  ]
  for (const [what, change] of cases) t.throws(() => verifyHealth(health(change)), Refused, what)
  t.end()
})

t.test('whatever the numbers and texts are, it is a record of whole numbers or a refusal', t => {
  const number = fc.oneof(fc.integer(), fc.double(), fc.constant(2 ** 53))
  fc.assert(
    fc.property(number, number, fc.string(), fc.string(), (first, second, text, name) => {
      try {
        const record = verifyHealth(
          health({
            rssBytes: first,
            slowdown: second,
            reloadError: text,
            probes: [probe({ facet: name, runs: first })],
          }),
        )
        return Number.isSafeInteger(record.rssBytes) && record.slowdown >= 1
      } catch (error) {
        return error instanceof Refused
      }
    }),
  )
  t.end()
})
