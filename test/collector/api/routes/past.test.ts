// A host as it was: facets and results at a time, what is no longer kept, and what nobody can ask of the past.
import t from 'tap'
import { pruneOnce } from '../../../../collector/domain/retention.ts'
import { RetentionSchema, retentionRules } from '../../../../collector/retention-config.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { silentLog } from '../../../../runtime/log.ts'
import { smallState } from '../../../small-facet.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { startTestCollector } from '../../start-collector.ts'

const collector = await startTestCollector(t)
const [host] = await fillFleet(t, collector, 1, { value: () => 1 })
const id = host?.id ?? ''
const { since: firstSince } = await collector.get<{ since: string }>(`hosts/${id}/facets/small`)
await host?.agent.deliver(2, smallState({ a: 12 }))

type List = { readonly items: readonly Record<string, unknown>[]; readonly nextCursor?: string }
const ask = async (path: string) => {
  const response = await fetch(`${collector.base}/api/v1/${path}`)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

t.test('results and facets of a host at a time', async t => {
  await collector.judged()
  const now = await collector.get<List>(`hosts/${id}/results?check=values-small`)
  t.match(now.items, [{ state: 'fail', failingSince: String, firstSeen: String, lastSeen: String }])
  const then = await collector.get<List>(`hosts/${id}/results?at=${firstSince}&check=values-small`)
  t.match(then.items, [{ state: 'pass', since: firstSince, title: 'Values are small', severity: 'high' }])
  t.same((await collector.get<List>(`hosts/${id}/results?at=${firstSince}&state=fail`)).items, [])
  const page = await collector.get<List>(`hosts/${id}/results?at=${firstSince}&limit=2&severity=high`)
  t.equal(page.items.length, 1)
  t.same((await collector.get<List>(`hosts/${id}/results?at=2001-01-01T00:00:00Z`)).items, [], 'before it was')
  const facets = await collector.get<List>(`hosts/${id}/facets?at=${firstSince}`)
  t.match(facets.items, [{ facet: 'small', since: firstSince, digest: smallState({ a: 1 }).digest }])
  t.same((await collector.get<List>(`hosts/${id}/facets?at=2001-01-01T00:00:00Z`)).items, [])
})

t.test('what cannot be answered is said', async t => {
  t.match(await ask(`hosts/${id}/results?at=yesterday`), { status: 400 })
  t.match(await ask(`hosts/${id}/facets?at=12`), { status: 400 })
  t.match(await ask(`hosts/${id}/results?at=${firstSince}&waived=true`), { status: 400, body: { detail: /waived/ } })
  t.match(await ask(`hosts/nobody/results?at=${firstSince}`), { status: 404 })
  t.match(await ask(`hosts/nobody/facets?at=${firstSince}`), { status: 404 })
  t.match(await ask(`hosts/${id}/facets/small?at=2001-01-01T00:00:00Z`), {
    status: 404,
    body: { detail: /had no facet small at that time/ },
  })
})

t.test('a gap is told with the state that it is in', async t => {
  const sinceMs = Date.parse(firstSince)
  await collector.store.write(transaction =>
    transaction.putGap(1, {
      facet: 'small',
      fromMs: sinceMs - 10,
      toMs: sinceMs + 1,
      changes: 7,
      receivedAtMs: sinceMs,
    }),
  )
  t.match(await ask(`hosts/${id}/facets/small?at=${firstSince}`), { status: 200, body: { gap: { changes: 7 } } })
  t.match((await collector.get<List>(`hosts/${id}/facets?at=${firstSince}`)).items, [{ gap: { changes: 7 } }])
  t.notOk('gap' in (await ask(`hosts/${id}/facets/small`)).body)
})

t.test('a retired host has its past', async t => {
  const [other] = await fillFleet(t, collector, 1, { hostname: () => 'other', value: () => 50 })
  const old = other?.id ?? ''
  const [failing] = (await collector.get<List>(`hosts/${old}/results?state=fail`)).items
  t.equal((await fetch(`${collector.base}/api/v1/hosts/${old}/retire`, { method: 'POST' })).status, 200)
  t.same((await collector.get<List>(`hosts/${old}/results`)).items, [])
  const then = (await collector.get<List>(`hosts/${old}/results?at=${failing?.['since']}&state=fail`)).items
  t.match(then, [{ check: 'values-small', state: 'fail', evidence: ['a is 50'], severity: 'high' }])
  const path = `hosts/${old}/results/values-small/history`
  t.match((await collector.get<List>(path)).items, [{ state: 'fail', to: /^2/ }])
})

t.test('findings by their age', async t => {
  const newest = await collector.get<List>('findings?sort=newest')
  t.match(newest.items, [{ hostId: id, failingSince: String }])
  const since = String(newest.items[0]?.['failingSince'])
  t.equal((await collector.get<List>(`findings?failingFrom=${since}`)).items.length, 1)
  t.same((await collector.get<List>(`findings?failingBefore=${since}`)).items, [])
  t.match(await ask('findings?sort=age'), { status: 400 })
  t.match(await ask('findings?failingBefore=now'), { status: 400 })
  t.match(await ask(`findings?sort=severity&failingBefore=${since}`), { status: 400, body: { detail: /sorted by it/ } })
  t.match(await ask('findings?sort=oldest&cursor=x'), { status: 400 })
})

t.test('what is no longer kept is gone, and not as if it had never been', async t => {
  const rules = { ...retentionRules(RetentionSchema.parse(undefined)), history: 1, endedResults: 1 }
  const clock = { ...systemClock, now: () => Date.now() + 60_000 }
  const options = { store: collector.store, rules, clock, log: silentLog, onPruned: () => undefined }
  await pruneOnce(options, 0, new AbortController().signal)
  t.match(await ask(`hosts/${id}/facets?at=${firstSince}`), {
    status: 410,
    body: { detail: /small is no longer kept/ },
  })
  t.match(await ask(`hosts/${id}/facets/small?at=${firstSince}`), { status: 410 })
  t.match(await ask(`hosts/${id}/results?at=${firstSince}`), { status: 410, body: { detail: /ended before/ } })
})
