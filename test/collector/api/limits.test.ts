// How often one may ask, and what is told to whoever asks too often.
import t from 'tap'
import { createRateLimits } from '../../../collector/api/rate-limits.ts'
import { startApiCollector } from './api-users.ts'
import { ask } from './request.ts'

t.test('so many at once, then so many a second, each key for itself', async t => {
  let nowMs = 0
  const limits = createRateLimits({ monotonic: () => nowMs }, { perSecond: 2, burst: 3 })
  for (let count = 0; count < 3; count++) limits.take('a')
  t.match(
    refusal(() => limits.take('a')),
    { status: 429, retryAfterMs: 500 },
  )
  limits.take('b')
  nowMs += 500
  limits.take('a')
  t.match(
    refusal(() => limits.take('a')),
    { status: 429 },
  )
  const none = createRateLimits({ monotonic: () => nowMs }, undefined)
  for (let count = 0; count < 1_000; count++) none.take('a')
  for (let key = 0; key < 20_000; key++) limits.take(`many-${key}`)
  limits.take('a')
})

t.test('a token that asks too often is told when to come again, and others are served', async t => {
  const api = { isOpen: false, names: [], rate: { perSecond: 1, burst: 5 } }
  const collector = await startApiCollector(t, { api })
  const replies = await Promise.all(Array.from({ length: 8 }, () => collector.askAs('viewer', '/api/v1/summary')))
  const refused = replies.filter(({ status }) => status === 429)
  t.ok(refused.length >= 1 && refused.length <= 3)
  t.match(refused[0]?.headers, { 'retry-after': /^[1-9]\d*$/, 'content-type': /^application\/problem\+json/ })
  t.equal((await collector.askAs('admin', '/api/v1/summary')).status, 200)
})

t.test('an address that never shows a good token is stopped, too', async t => {
  const api = { isOpen: false, names: [], rate: { perSecond: 1, burst: 2 } }
  const collector = await startApiCollector(t, { api })
  const asked = Array.from({ length: 16 }, () => ask(collector.httpAddress, '/api/v1/summary'))
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  t.ok(statuses.includes(401))
  t.ok(statuses.includes(429))
})

t.test('logins of one address are few', async t => {
  const collector = await startApiCollector(t)
  const headers = { 'content-type': 'application/json' }
  const statuses = new Set<number>()
  for (let count = 0; count < 40; count++) {
    const body = JSON.stringify({ token: 'wrong' })
    statuses.add((await ask(collector.httpAddress, '/api/v1/session', { method: 'POST', headers, body })).status)
  }
  t.same([...statuses].sort(), [401, 429])
})

function refusal(work: () => void): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return 'none'
}
