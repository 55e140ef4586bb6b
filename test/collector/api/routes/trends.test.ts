// Trends and time to fix: sums of what hosts did, noted postures, holes where nobody looked, and who may ask.
import t from 'tap'
import { notePosture } from '../../../../collector/domain/keep-posture.ts'
import { dayMs, hourMs } from '../../../../collector/store/history-units.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { smallState } from '../../../small-facet.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { startApiCollector } from '../api-users.ts'

const collector = await startApiCollector(t)
const hosts = await fillFleet(t, collector, 3, { value: () => 1, labels: index => ({ role: index ? 'web' : 'db' }) })
const ask = async (path: string, user: Parameters<typeof collector.askAs>[0] = 'viewer') => {
  const { status, text } = await collector.askAs(user, `/api/v1/${path}`)
  return { status, body: JSON.parse(text) }
}
const iso = (ms: number) => new Date(ms).toISOString()
/** Every host fails and is mended, but the last, which fails on. */
for (const [index, { agent }] of hosts.entries()) {
  await agent.deliver(2, smallState({ a: 20 }))
  await collector.judged()
  if (index < 2) await agent.deliver(3, smallState({ a: 2 }))
  await collector.judged()
}
const nowMs = Date.now()
const note = (atMs: number) =>
  notePosture({
    store: collector.store,
    connected: () => new Set([1]),
    clock: { ...systemClock, now: () => atMs },
  })
for (const hours of [1, 2, 49]) await note(nowMs - hours * hourMs)

t.test('a month by days: what turned, how the fleet stood, and holes where nobody looked', async t => {
  const { status, body } = await ask('trends')
  t.equal(status, 200)
  t.equal(body.step, 'day')
  t.ok(body.items.length >= 30 && body.items.length <= 31, `${body.items.length} days`)
  const sum = (name: 'opened' | 'fixed') =>
    body.items.reduce((all: number, item: Record<string, { high: number }>) => all + (item[name]?.high ?? 0), 0)
  t.same([sum('opened'), sum('fixed')], [3, 2])
  t.match(body.items.at(-1).posture, { failedBySeverity: { high: 1 }, hosts: { total: 3, online: 3, new: 3 } })
  t.equal(body.items[0].posture, undefined, 'nobody looked a month ago')
  const noted = body.items.find(
    ({ at }: { at: string }) => Date.parse(at) <= nowMs - 49 * hourMs && Date.parse(at) + dayMs > nowMs - 49 * hourMs,
  )
  t.match(noted.posture, { takenAt: iso(nowMs - 49 * hourMs), hosts: { total: 3, online: 1, offline: 2 } })
})

t.test('two days by hours', async t => {
  const { body } = await ask('trends?step=hour')
  t.ok(body.items.length >= 48 && body.items.length <= 49)
  const looked = body.items.filter(({ posture }: { posture: unknown }) => posture !== undefined)
  t.equal(looked.length, 3, 'two hours that were noted, and the one that is not over')
  const past = await ask(`trends?step=hour&since=${iso(nowMs - 50 * hourMs)}&until=${iso(nowMs - 48 * hourMs)}`)
  t.equal(past.body.items.filter(({ posture }: { posture: unknown }) => posture !== undefined).length, 1)
})

t.test('how long failures stood', async t => {
  const { body } = await ask('time-to-fix?by=check')
  t.match(body, { all: { fixed: 2, p50Seconds: Number }, bySeverity: { high: { fixed: 2 }, low: { fixed: 0 } } })
  t.match(body.checks, [{ check: 'values-small', title: 'Values are small', fixed: 2, p99Seconds: Number }])
  t.notOk('p50Seconds' in body.bySeverity.low, 'of nothing there is no median')
  t.notOk('checks' in (await ask('time-to-fix')).body)
})

t.test('one check by day', async t => {
  const { body } = await ask('checks/values-small/trend')
  const last = body.items.at(-1)
  t.match(body.timeToFix, { fixed: 2 })
  t.match([last.opened + (body.items.at(-2)?.opened ?? 0)], [3])
  t.ok(
    body.items.some(({ counts }: { counts?: { fail: number } }) => counts?.fail === 1),
    'how the fleet stood when it was noted',
  )
  t.match(await ask('checks/nothing/trend'), { status: 404 })
})

t.test('what is asked wrongly is said', async t => {
  for (const path of ['trends', 'time-to-fix', 'checks/values-small/trend']) {
    t.match(await ask(`${path}?since=yesterday`), { status: 400 }, path)
    t.match(await ask(`${path}?since=${iso(nowMs)}&until=${iso(nowMs - hourMs)}`), { status: 400 }, path)
    t.match(await ask(`${path}?since=${iso(nowMs + dayMs)}`), { status: 400 }, path)
    t.match(
      await ask(`${path}?since=1990-01-01T00:00:00Z`),
      { status: 400, body: { detail: /at most (1100|366) days/ } },
      path,
    )
  }
  t.match(await ask(`trends?step=hour&since=${iso(nowMs - 40 * dayMs)}`), {
    status: 400,
    body: { detail: /744 hours/ },
  })
  t.match(await ask(`time-to-fix?by=check&since=${iso(nowMs - 100 * dayMs)}`), {
    status: 400,
    body: { detail: /31 days/ },
  })
  t.match(await ask('trends?step=week'), { status: 400 })
})

t.test('sums of the fleet are for those who may see the fleet', async t => {
  for (const path of ['trends', 'time-to-fix', 'checks/values-small/trend']) {
    t.match(await ask(path, 'viewer of role=db'), { status: 403, body: { detail: /about all hosts/ } }, path)
  }
})
