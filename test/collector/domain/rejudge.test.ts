// Results that time alone turns, and hosts that another catalog has to judge.
import t from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { rejudgeHosts } from '../../../collector/domain/rejudge.ts'
import type { Catalog } from '../../../policy/check.ts'
import { silentLog } from '../../../runtime/log.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { smallState } from '../../small-facet.ts'
import { changeOf, openDomain } from '../open-domain.ts'

const noon = Date.UTC(2026, 10, 22, 12)

/** Passes until one o'clock. */
const catalog: Catalog = {
  checks: [
    {
      id: 'not-too-late',
      title: 'It is not too late',
      severity: 'high',
      pass: 'small.note == "" || timestamp(small.note) > now',
      evidence: '["since " + small.note]',
      rationale: 'why',
      remediation: 'do it',
      references: [],
      parameters: {},
      tests: [],
    },
  ],
  profiles: [{ id: 'all', title: 'All', appliesTo: 'true', checks: ['not-too-late'], parameters: {} }],
  digest: 'time',
}

t.test('a result turns when its time has come, and that is drift', async t => {
  const clock = createFakeClock(noon)
  const { store, commits, judge, apply, open } = await openDomain(t, { clock, catalog })
  const { host } = await open('a')
  const state = smallState({ a: 1 }, '2026-11-22T13:00:00Z')
  await commits.submit(host, unit => applyChange(unit, changeOf(1, state), apply))
  const result = async () => (await store.read.results({}, { limit: 1 })).items[0]
  t.match(await result(), { state: 'pass', validUntil: '2026-11-22T13:00:00.000Z' })
  t.equal(await store.read.nextJudgementMs(), noon + 3_600_000)

  const stop = new AbortController()
  const running = rejudgeHosts({ read: store.read, submit: commits.submit, judge, clock, log: silentLog }, stop.signal)
  await settle()
  await clock.advance(3_599_000)
  await commits.drained()
  t.match(await result(), { state: 'pass' })
  await clock.advance(2_000)
  await until(async () => (await result())?.state === 'fail')
  t.match(await result(), { state: 'fail', evidence: ['since 2026-11-22T13:00:00Z'] })
  t.match((await store.read.drift({}, { limit: 10 })).items, [{ kind: 'result', before: 'pass', after: 'fail' }])
  stop.abort()
  await running
})

/** Lets timers of the commit queue run until the condition holds. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await settle()
}

t.test('a host that was judged by another catalog is brought to this one before its next change', async t => {
  const directory = t.testdir({})
  const first = await openDomain(t, { directory })
  const { host } = await first.open('a')
  await first.commits.submit(host, unit => applyChange(unit, changeOf(1, smallState({ a: 1 })), first.apply))
  await first.store.close()

  const second = await openDomain(t, { directory, catalog })
  t.same(await second.store.read.hostsToJudge(second.judge.judgedWith, 0, 10), [host])
  const change = changeOf(2, smallState({ a: 1 }, '2020-01-01T00:00:00Z'))
  await second.commits.submit(host, unit => applyChange(unit, change, second.apply))
  const results = (await second.store.read.results({}, { limit: 10 })).items
  t.match(results, [{ check: 'not-too-late', state: 'fail' }])
  t.equal(results.length, 1)
  const drift = (await second.store.read.drift({ kind: 'result' }, { limit: 10 })).items
  t.match(drift, [{ subject: 'not-too-late', before: 'pass', after: 'fail' }], 'the change is told, the catalog is not')
  t.same(await second.store.read.hostsToJudge(second.judge.judgedWith, 0, 10), [])
})
