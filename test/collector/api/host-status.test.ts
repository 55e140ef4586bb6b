// New, online, offline, missing, retired: the same host in each, as time goes by and its agent comes and goes.
import { join } from 'node:path'
import t from 'tap'
import { createApp } from '../../../collector/api/app.ts'
import { hostStatuses } from '../../../collector/api/host-selection.ts'
import { openSqliteStore } from '../../../collector/store/sqlite/open-store.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { apiOptionsOf } from './api-options-of.ts'
import { inject } from './inject.ts'

const hour = 3_600_000
const day = 24 * hour
const start = Date.UTC(2026, 10, 1)
let nowMs = start
const clock = { ...systemClock, now: () => nowMs }
const store = await openSqliteStore(join(t.testdir({}), 'collector.db'), clock)
t.teardown(() => store.close())
const connected = new Set<number>()
const app = createApp(apiOptionsOf(store, { clock, fleet: { hosts: connected, rescan: async () => false } }))
const opening = { machineId: '', bootId: '', agentVersion: '1', outboxId: 'o', skewMs: 0, atMs: start }
const { host, id } = await store.write(transaction =>
  transaction.openHost({ ...opening, hostKey: 'k', hostname: 'one', labels: { role: 'db' } }),
)

async function statuses(more = ''): Promise<readonly string[]> {
  const found = await Promise.all(
    hostStatuses.map(async status => {
      const { text } = await inject(app, { method: 'GET', url: `/api/v1/hosts?status=${status}${more}`, headers: {} })
      return (JSON.parse(text) as { items: unknown[] }).items.length === 1 ? status : ''
    }),
  )
  return found.filter(status => status !== '')
}

t.test('each status has its time', async t => {
  const heard = (atMs: number) => store.write(transaction => transaction.touchHosts(new Map([[host, atMs]])))
  connected.add(host)
  t.same(await statuses(), ['new', 'online'])
  nowMs = start + day
  t.same(await statuses(), ['new', 'online'], 'new for a day')
  nowMs = start + day + 1
  t.same(await statuses(), ['online'])
  connected.delete(host)
  await heard(nowMs)
  t.same(await statuses(), ['offline'])
  nowMs += 7 * day
  t.same(await statuses(), ['offline'], 'missing after seven days without a word')
  nowMs += 1
  t.same(await statuses(), ['missing'])
  connected.add(host)
  t.same(await statuses(), ['online'], 'whoever is there is not missing, whatever was written')
  connected.delete(host)
  await store.write(transaction => transaction.retireHost(id, 'gone', nowMs))
  t.same(await statuses(), ['retired'], 'a retired host is nothing else')
})

t.test('labels and status go together', async t => {
  t.same(await statuses('&label=role%3Ddb'), ['retired'])
  t.same(await statuses('&label=role%3Dweb'), [])
  t.same(await statuses('&label=role%3Ddb&label=zone%3Da'), [], 'all of the labels')
})
