// How long failures stood, on any store, against a model: results that turn at random, and sums that agree.
import fc from 'fast-check'
import type { Test } from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { bucketFrom, bucketOf } from '../../../collector/store/fix-bucket.ts'
import { dayMs, hourMs } from '../../../collector/store/history-units.ts'
import { sealFailed } from '../../../proto/seal.ts'
import { createFakeClock, type FakeClock } from '../../fake-clock.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { changeOf, type Domain } from '../open-domain.ts'
import type { OpenDomain } from './store-suite.ts'

/** What the facet says, how long after the change before it came, and how late it is told. */
const steps = fc.array(
  fc.record({
    says: fc.constantFrom('small', 'large', 'unreadable'),
    afterMs: fc.integer({ min: 1_000, max: hourMs / 2 }),
    lateMs: fc.constantFrom(0, 0, 500),
  }),
  { minLength: 1, maxLength: 12 },
)

interface Sums {
  opened: number
  readonly fixed: { readonly atMs: number; readonly stoodMs: number }[]
}

async function run(domain: Domain, clock: FakeClock, name: string, sums: Sums, list: readonly Step[]): Promise<void> {
  const { host } = await domain.open(name)
  let failingMs = 0
  let isFirst = true
  for (const [index, { says, afterMs, lateMs }] of list.entries()) {
    await clock.advance(afterMs)
    const state =
      says === 'unreadable'
        ? sealFailed(SmallFacet, 'unreadable', 'EACCES', String(index))
        : smallState({ a: says === 'small' ? 1 : 50 })
    const observedAtMs = clock.now() - lateMs
    await domain.commits.submit(host, unit =>
      applyChange(unit, changeOf(index + 1, state, { observedAtMs }), domain.apply),
    )
    await domain.judging.idle()
    if (says === 'large' && failingMs === 0) {
      failingMs = observedAtMs
      if (!isFirst) sums.opened++
    }
    if (says === 'small' && failingMs > 0) {
      sums.fixed.push({ atMs: observedAtMs, stoodMs: observedAtMs - failingMs })
      failingMs = 0
    }
    isFirst = false
  }
}

type Step = { readonly says: string; readonly afterMs: number; readonly lateMs: number }

export function fixSuite(t: Test, open: OpenDomain, runs: number): void {
  t.test('sums of hours and days are what happened', async t => {
    const clock = createFakeClock()
    const startMs = clock.now()
    const domain = await open(t, { clock })
    const sums: Sums = { opened: 0, fixed: [] }
    let hosts = 0
    await fc.assert(
      fc.asyncProperty(steps, list => run(domain, clock, `host-${hosts++}`, sums, list)),
      { numRuns: runs, endOnFailure: true, includeErrorInReport: true },
    )
    const { read } = domain.store
    const span = { sinceMs: startMs, untilMs: clock.now() + dayMs }
    const turns = await read.turns(span, dayMs)
    t.ok(sums.fixed.length > 0 && sums.opened > 0, `${sums.opened} began, ${sums.fixed.length} were fixed`)
    t.equal(
      turns.reduce((sum, { opened }) => sum + opened, 0),
      sums.opened,
    )
    t.equal(
      turns.reduce((sum, { fixed }) => sum + fixed, 0),
      sums.fixed.length,
    )
    for (const stepMs of [hourMs, dayMs]) {
      const told = await read.turns(span, stepMs)
      const counted = new Map(told.filter(({ fixed }) => fixed > 0).map(({ atMs, fixed }) => [atMs, fixed]))
      const expected = Map.groupBy(sums.fixed, ({ atMs }) => Math.floor(atMs / stepMs) * stepMs)
      t.same([...counted].sort(), [...expected].map(([atMs, fixed]) => [atMs, fixed.length]).sort())
    }
    const buckets = Map.groupBy(sums.fixed, ({ stoodMs }) => bucketOf(stoodMs))
    const expected = [...buckets].map(([bucket, fixed]) => [bucket, fixed.length]).sort()
    for (const asked of ['fleet', 'checks', { check: 'values-small' }] as const) {
      const found = await read.fixes(span, asked)
      t.same(found.map(({ bucket, failures }) => [bucket, failures]).sort(), expected)
      t.ok(
        found.every(
          ({ check, severity }) => check === (asked === 'fleet' ? '' : 'values-small') && severity === 'high',
        ),
      )
    }
    const days = await read.checkDays('values-small', span)
    t.equal(
      days.reduce((sum, { fixed }) => sum + fixed, 0),
      sums.fixed.length,
    )
    t.same(
      days.every(({ stood }) => stood === undefined),
      true,
      'nobody looked how the fleet stood',
    )
    t.same(await read.fixes({ sinceMs: 0, untilMs: dayMs }, 'fleet'), [])
    for (const { stoodMs } of sums.fixed) {
      const bucket = bucketOf(stoodMs)
      if (stoodMs < bucketFrom(bucket) || stoodMs >= bucketFrom(bucket + 1)) t.fail(`${stoodMs} in bucket ${bucket}`)
    }
  })
}
