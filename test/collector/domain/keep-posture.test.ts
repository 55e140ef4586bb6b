// How the fleet stands is noted every few minutes, by one collector, and a failure does not end that.
import t from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { keepPosture } from '../../../collector/domain/keep-posture.ts'
import { hourMs } from '../../../collector/store/history-units.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { recordingLog } from '../../recording-log.ts'
import { smallState } from '../../small-facet.ts'
import { changeOf, openDomain } from '../open-domain.ts'

const noon = Date.UTC(2026, 10, 22, 12)

t.test('of an hour the last note stays', async t => {
  const clock = createFakeClock(noon)
  const domain = await openDomain(t, { clock })
  const { host } = await domain.open('a')
  const { log, lines } = recordingLog()
  const stopping = new AbortController()
  let connected = new Set<number>()
  const keeping = keepPosture({ store: domain.store, connected: () => connected, clock, log }, stopping.signal)
  const noted = () => domain.store.read.postures({ sinceMs: noon, untilMs: noon + 2 * hourMs }, hourMs)
  const passes = async (ms: number, until: (found: Awaited<ReturnType<typeof noted>>) => boolean) => {
    while (!clock.sleepers.includes(ms)) await settle()
    await clock.advance(ms)
    while (!until(await noted())) await settle()
  }
  await settle()
  t.same(await noted(), [], 'hosts have time to come back after a start')
  await passes(300_000, ([one]) => one !== undefined)
  t.match(await noted(), [{ atMs: noon, takenAtMs: noon + 300_000, hosts: { total: 1, online: 0 } }])
  connected = new Set([host])
  await domain.commits.submit(host, unit => applyChange(unit, changeOf(1, smallState({ a: 50 })), domain.apply))
  await domain.judging.idle()
  await passes(300_000, ([one]) => one?.takenAtMs === noon + 600_000)
  t.match(await noted(), [{ hosts: { online: 1 }, results: { high: { fail: 1 } } }])
  const days = await domain.store.read.checkDays('values-small', { sinceMs: noon, untilMs: noon + hourMs })
  t.match(days, [{ stood: { counts: { fail: 1 }, waived: 0 } }])
  t.same(lines, [])
  stopping.abort()
  await keeping
})
