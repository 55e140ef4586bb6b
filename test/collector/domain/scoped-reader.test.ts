// Questions within a scope: each of the reader's methods, so that none is left that forgets it.
import t from 'tap'
import { createChanges } from '../../../collector/domain/audited-changes.ts'
import { type ScopedReader, scopeReader } from '../../../collector/domain/scoped-reader.ts'
import { smallState } from '../../small-facet.ts'
import { agentHealth } from '../agent-health.ts'
import { fillFleet } from '../fill-fleet.ts'
import { startTestCollector } from '../start-collector.ts'

const collector = await startTestCollector(t)
const labels = (index: number) => ({ role: index === 0 ? 'db' : 'web' })
const [database, web] = await fillFleet(t, collector, 2, { labels, value: () => 99 })
const [own, other] = [database?.id ?? '', web?.id ?? '']
await web?.agent.deliver(2, smallState({ a: 98 }))
const [{ check } = { check: '' }] = await collector.store.read.checks()
await collector.store.write(async transaction => {
  const report = { health: agentHealth(), receivedAtMs: 1 }
  await transaction.putAgentReports(new Map([1, 2].map(host => [host, report])))
  for (const host of [1, 2]) {
    await transaction.putGap(host, { facet: 'small', fromMs: 1, toMs: 2, changes: 3, receivedAtMs: 4 })
  }
})
const presence = { connected: new Set([1, 2]), catchingUp: () => new Set([2]) }
const read = scopeReader(collector.store.read, { role: 'db' }, presence)
const whole = scopeReader(collector.store.read, {}, presence)
const page = { limit: 99 }

/** What each method says of the host that is out of the scope. */
const asked = {
  hostCount: reader => reader.hostCount({ state: 'catching-up' }),
  host: reader => reader.host(other),
  hostNumber: reader => reader.hostNumber(other),
  facets: reader => reader.facets(other),
  facet: reader => reader.facet(other, 'small'),
  facetAt: reader => reader.facetAt(other, 'small', Date.now() + 60_000),
  facetHistory: reader => reader.facetHistory(other, 'small', page),
  resultHistory: reader => reader.resultHistory(other, check, page),
  gaps: reader => reader.gaps(other, page),
  agentReport: reader => reader.agentReport(other),
  agentConditions: reader => reader.agentConditions([other]).then(found => [...found.keys()]),
  results: reader => reader.results({ hostId: other }, page),
  drift: reader => reader.drift({ hostId: other }, page),
  driftAfter: reader => reader.driftAfter(0, 99).then(rows => rows.filter(({ hostId }) => hostId === other)),
} satisfies Partial<Record<keyof ScopedReader, (reader: ScopedReader) => Promise<unknown>>>

t.test('of a host out of the scope there is nothing', async t => {
  const nothing = [undefined, [], 0, { items: [] }].map(value => JSON.stringify(value))
  for (const [name, ask] of Object.entries(asked)) {
    t.ok(nothing.includes(JSON.stringify(await ask(read))), name)
    t.notOk(nothing.includes(JSON.stringify(await ask(whole))), `${name} without a scope`)
  }
  t.match(await read.hosts({ sort: 'hostname' }, page), { items: [{ id: own }] })
  t.equal((await read.fleet()).hosts, 1)
})

t.test('what is about all hosts is refused', async t => {
  for (const ask of [
    () => read.tokens(),
    () => read.enrollmentPage({}, page),
    () => read.standings(),
    () => read.waivers(),
    () => read.apiTokens(page),
    () => read.audit({}, page),
  ]) {
    await t.rejects(ask() as Promise<unknown>, { name: 'OutOfScope' })
  }
  t.same(await whole.tokens(), [])
})

t.test('changes keep to the scope, and each is in the audit log or did not happen', async t => {
  const { store } = collector
  const occasion = { actor: 'token:x', address: '', requestId: 'r', action: 'hosts.update' }
  const changes = createChanges({ store, scope: { role: 'db' }, occasion, now: () => 1 })
  const retire = (id: string) => changes.host(id, transaction => transaction.retireHost(id, 'gone', 1))
  t.equal(await retire(other), undefined)
  t.equal(changes.isNoted, false)
  await t.rejects(
    changes.fleet('x', async () => true),
    { name: 'OutOfScope' },
  )
  await t.rejects(
    changes.host(own, async transaction => {
      await transaction.retireHost(own, 'gone', 1)
      throw new Error('half way')
    }),
    /half way/,
  )
  t.match(await store.read.host(own, new Set()), { standing: 'active' })
  t.same((await store.read.audit({ actor: 'token:x' }, page)).items, [])
  t.equal(await retire(own), true)
  t.match((await store.read.audit({ actor: 'token:x' }, page)).items, [{ target: own, outcome: 'done' }])
})
