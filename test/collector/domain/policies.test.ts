// Collectors on one database that have policies of their own: one of them is in force, and nobody judges by another.
import t, { type Test } from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import type { Catalog } from '../../../policy/check.ts'
import { everyHost } from '../../../policy/host-selector.ts'
import { readSitePolicy, type SitePolicy } from '../../../policy/site-policy.ts'
import type { Waiver } from '../../../policy/waivers.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { startPostgres, type TestServer, whyNoPostgres } from '../../start-postgres.ts'
import { joinFleet, type Member } from '../join-fleet.ts'
import { changeOf, type Domain, openDomain } from '../open-domain.ts'
import { smallCatalog } from '../small-catalog.ts'

t.setTimeout(120_000)

const server = whyNoPostgres() ? undefined : await startPostgres(t)

const siteOf = (text: string, catalog: Catalog = smallCatalog()): SitePolicy =>
  readSitePolicy(catalog, [{ path: 'site.yaml', text }], [SmallFacet])

/** Tells by which policy `values-small` was judged. */
const severe = (severity: string, more = '') =>
  siteOf(`tailoring: [{ check: values-small, severity: ${severity} }]\n${more}`)

const waiverText = (id: string) => `
waivers:
  - { id: ${id}, hosts: all, check: values-small, reason: On purpose., owner: us@example.org, expires: 2099-01-01 }
`
const cohortText = `
cohorts:
  - { id: everybody, description: All of them, hosts: all }
`
const waiver: Waiver = {
  ...{ id: 'api', hosts: everyHost, check: 'note-empty', reason: 'r', owner: 'o', ticket: '' },
  expiresAt: '2099-01-01T00:00:00.000Z',
}

const change = ({ commits, apply }: Domain, host: number, sequence: number, state: FacetState, outboxId = 'o') =>
  commits.submit(host, unit => applyChange(unit, changeOf(sequence, state, { outboxId }), apply))

const observe = ({ commits }: Domain, host: number, seen: number) =>
  commits.submit(host, async ({ transaction, observed, nowMs }) => {
    const times = { observedAtMs: nowMs, receivedAtMs: nowMs }
    await transaction.putObservations(host, { facet: 'small', body: JSON.stringify({ seen }), ...times })
    observed.set('small', { quiet: false, sinceMs: nowMs })
  })

const resultOf = async ({ store }: Domain, check = 'values-small') =>
  (await store.read.results({ check }, { limit: 1 })).items[0]
const severityNow = async (domain: Domain) => (await resultOf(domain))?.severity
const judgements = async ({ store }: Domain, host: number) => (await store.read.hostToJudge(host))?.revision ?? 0

/** Lets what goes on go on until the condition holds; its test ends by its time if it never does. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await settle()
}

/** Everybody judges whatever there is to judge, again and again. */
async function allJudge(members: readonly Member[]): Promise<void> {
  for (let round = 0; round < 5; round++) for (const { judging } of members) await judging.idle()
}

const inForce = (members: readonly Member[]) => members.map(({ policies }) => policies.isInForce)

/** Time passes for those that live, as it does for collectors. */
async function pass(clock: ReturnType<typeof createFakeClock>, ms: number, living: readonly Member[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 2_000) {
    await clock.advance(2_000)
    await Promise.all(living.map(({ beat }) => beat()))
  }
}

t.test('on a database that nobody shares its own policy is in force, and nobody is asked', async t => {
  const domain = await openDomain(t, { site: severe('low') })
  const asked: string[] = []
  const ask = async () => {
    asked.push('asked')
    return undefined
  }
  Object.assign(domain.store.read, { standingPolicy: ask })
  const { policies } = domain
  const { host } = await domain.open('a')
  await change(domain, host, 1, smallState({ a: 11 }))
  await domain.judging.idle()
  await policies.refresh()
  await policies.reload()
  await policies.replace(severe('critical', waiverText('W')))
  await domain.judging.idle()
  t.match(await resultOf(domain), { severity: 'critical', waiver: { id: 'W' } })
  t.equal(policies.isInForce, true)
  t.equal(await policies.stands(policies.current, ask), true)
  t.same(asked, [])
})

t.test('many who want it read again at once share what did not begin yet, and none gets what is older', async t => {
  const { store, policies } = await openDomain(t, { site: severe('low') })
  const { waivers } = store.read
  const begun = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  let reads = 0
  const slow: typeof waivers = async () => {
    reads++
    const found = await waivers()
    begun.resolve()
    await held.promise
    return found
  }
  Object.assign(store.read, { waivers: slow })
  const first = policies.reload()
  await begun.promise
  await store.write(transaction => transaction.addWaiver(waiver))
  const later = Array.from({ length: 200 }, () => policies.reload())
  held.resolve()
  await first
  t.same(policies.current.waivers, [], 'what was read before it')
  await Promise.all(later)
  t.match(policies.current.waivers, [{ id: 'api' }])
  t.equal(reads, 2)
})

if (server) await shared(t, server)

async function shared(t: Test, server: TestServer): Promise<void> {
  t.test('two policies do not judge hosts back and forth: the one put last is in force', async t => {
    const database = await server.database()
    const one = await joinFleet(t, { database, site: severe('low') })
    const { host } = await one.open('a')
    await change(one, host, 1, smallState({ a: 11 }))
    await one.judging.idle()
    t.equal(await severityNow(one), 'low')
    const other = await joinFleet(t, { database, site: severe('critical') })
    await until(async () => !one.policies.isInForce)
    await allJudge([one, other])
    t.equal(await severityNow(one), 'critical')
    t.equal(await judgements(one, host), 2, 'once by each')
    await allJudge([one, other])
    t.equal(await judgements(one, host), 2, 'and never again')
    t.match(one.warnings, [{ message: /^another policy is in force/, fields: { putBy: other.store.replica } }])
    t.same(other.warnings, [])
    for (const { policies } of [one, other]) {
      const check = policies.catalog.checks.find(({ id }) => id === 'values-small')
      t.equal(check?.title, 'Values are small')
    }
    t.equal((await one.store.read.drift({ kind: 'result' }, { limit: 10 })).items.length, 0, 'no drift of it')
  })

  t.test('what was judged by a policy that is in force no more is not written', async t => {
    const database = await server.database()
    const one = await joinFleet(t, { database, site: severe('low') })
    const { host } = await one.open('a')
    one.deafen()
    const other = await joinFleet(t, { database, site: severe('critical') })
    t.same(inForce([one, other]), [true, true], 'one does not know of it yet')
    await change(one, host, 1, smallState({ a: 11 }))
    await until(async () => (await severityNow(other)) !== undefined)
    t.equal(await severityNow(other), 'critical')
    t.same(inForce([one, other]), [false, true], 'now it does')
    t.equal(await judgements(one, host), 1)
  })

  t.test('changes that come to one that may not judge are judged by the other, observations too', async t => {
    const database = await server.database()
    const blind = smallCatalog('blind', ['seen-seldom'])
    const one = await joinFleet(t, { database, site: siteOf('tailoring: []', blind), settleMs: 20 })
    const other = await joinFleet(t, { database, site: severe('critical'), settleMs: 20 })
    await until(async () => !one.policies.isInForce)
    await Promise.all([one, other].map(({ judging }) => judging.idle()))
    const { host } = await one.open('a')
    await change(one, host, 1, smallState({ a: 11 }))
    await until(async () => (await severityNow(one)) === 'critical')
    await change(one, host, 2, smallState({ a: 1 }))
    await until(async () => (await resultOf(one))?.state === 'pass')
    for (const [seen, state] of [
      [1, 'pass'],
      [9, 'fail'],
    ] as const) {
      await observe(one, host, seen)
      await until(async () => (await resultOf(one, 'seen-seldom'))?.state === state)
    }
    t.equal(other.policies.current.readsObservations('small'), true)
    t.equal(one.policies.current.readsObservations('small'), false)
    t.equal(one.policies.readsObservations('small'), true, 'nobody knows what the policy of another reads')
    t.same(
      one.policies.catalog.checks.map(({ id }) => id),
      smallCatalog().checks.map(({ id }) => id),
      'it tells of the checks that are in force',
    )
    await one.leave()
    t.pass('and stops')
  })

  t.test('waivers and cohorts of files are those of the policy in force', async t => {
    const database = await server.database()
    const both = [
      await joinFleet(t, { database, site: severe('low', waiverText('W-one') + cohortText) }),
      await joinFleet(t, { database, site: severe('low', waiverText('W-other')) }),
    ] as const
    const [one, other] = both
    await until(async () => !one.policies.isInForce)
    const { host } = await other.open('a')
    await change(other, host, 1, smallState({ a: 11 }))
    await until(async () => (await severityNow(one)) === 'low')
    await allJudge(both)
    t.match(await resultOf(one), { waiver: { id: 'W-other' } })
    t.equal(await judgements(one, host), 1, 'policies that differ in waivers alone are two, too')
    await one.policies.reload()
    t.match(await one.store.read.waivers(), [{ id: 'W-other' }])
    t.same(
      (await one.store.read.cohorts()).map(({ id }) => id),
      [],
    )
  })

  t.test('a policy that one reads again is in force, and the other has it when it reads it, too', async t => {
    const database = await server.database()
    const both = [
      await joinFleet(t, { database, site: severe('low') }),
      await joinFleet(t, { database, site: severe('low') }),
    ] as const
    const [one, other] = both
    t.same(inForce(both), [true, true], 'the same policy is in force at both')
    const { host } = await one.open('a')
    await change(one, host, 1, smallState({ a: 11 }))
    await until(async () => (await severityNow(one)) === 'low')
    await one.policies.replace(severe('critical'))
    await until(async () => !other.policies.isInForce)
    await allJudge(both)
    t.equal(await severityNow(one), 'critical')
    const before = await judgements(one, host)
    await other.policies.replace(severe('critical'))
    await until(async () => other.policies.isInForce)
    t.equal(one.policies.isInForce, true)
    await allJudge(both)
    t.equal(await judgements(one, host), before, 'nobody is judged for it')
    t.same(other.policies.current.version, one.policies.current.version)
  })

  t.test('a collector that starts again with the policy in force changes nothing', async t => {
    const database = await server.database()
    const one = await joinFleet(t, { database, site: severe('low') })
    const before = await one.store.read.standingPolicy()
    await joinFleet(t, { database, site: severe('low') })
    t.same(await one.store.read.standingPolicy(), before)
    t.match(before, { putBy: one.store.replica, revision: 1 })
  })

  t.test('of collectors that start at the same moment one has its policy in force', async t => {
    const database = await server.database()
    const first = await openDomain(t, { database })
    const { host } = await first.open('a')
    await change(first, host, 1, smallState({ a: 11 }))
    await first.close()
    const severities = ['low', 'medium', 'critical']
    const members = await Promise.all(
      severities.map(severity => joinFleet(t, { database, site: severe(severity, waiverText(severity)) })),
    )
    await until(async () => inForce(members).filter(Boolean).length === 1)
    await Promise.all(members.map(({ beat }) => beat()))
    const winner = severities[inForce(members).indexOf(true)]
    const [one] = members
    if (!one) return t.fail('three of them')
    await until(async () => (await severityNow(one)) === winner)
    await allJudge(members)
    t.match(await one.store.read.waivers(), [{ id: winner }], 'with its waivers')
    t.equal(inForce(members).filter(Boolean).length, 1)
    t.equal((await one.store.read.standingPolicy())?.revision, severities.length + 1, 'each was put once')
  })

  await apiWaivers(t, server)
  await succession(t, server)
}

function apiWaivers(t: Test, server: TestServer): Promise<unknown> {
  return t.test('waivers of the API count, whoever takes them; nobody writes results without them', async t => {
    const database = await server.database()
    const waiting = await joinFleet(t, { database, site: severe('critical') })
    const both = [
      await joinFleet(t, { database, site: severe('low') }),
      await joinFleet(t, { database, site: severe('low') }),
    ] as const
    const [one, other] = both
    await until(async () => !waiting.policies.isInForce)
    const { host } = await one.open('a')
    await change(one, host, 1, smallState({ a: 11 }, 'a note'))
    await until(async () => (await severityNow(one)) === 'low')
    await allJudge(both)
    t.equal(await waiting.store.write(transaction => transaction.addWaiver(waiver)), true)
    await waiting.policies.reload()
    await waiting.store.signals.tell({ kind: 'policy' })
    await until(async () => (await resultOf(one, 'note-empty'))?.waiver?.id === 'api')
    await until(async () => other.policies.current.version === one.policies.current.version)
    await allJudge(both)

    other.deafen()
    t.equal(await one.store.write(transaction => transaction.removeWaiver('api')), true)
    await one.policies.reload()
    await one.judging.idle()
    t.same((await resultOf(one, 'note-empty'))?.waiver, undefined)
    const before = await judgements(one, host)
    t.not(other.policies.current.version, one.policies.current.version, 'the other has not heard of it')
    await change(other, host, 2, smallState({ a: 12 }, 'a note'))
    await other.judging.idle()
    await until(async () => (await resultOf(one))?.evidence[0] === 'a is 12')
    await allJudge(both)
    t.same((await resultOf(one, 'note-empty'))?.waiver, undefined, 'it comes not back')
    t.equal(other.policies.current.version, one.policies.current.version, 'the other has found out')
    t.equal(await judgements(one, host), before + 1)
    t.equal(await one.store.write(transaction => transaction.removeWaiver('api')), false)
  })
}

async function succession(t: Test, server: TestServer): Promise<void> {
  for (const way of ['killed', 'stopped'] as const) {
    t.test(
      `when the only collector that has the policy in force is ${way}, one other puts its own in force`,
      async t => {
        const database = await server.database()
        const clock = createFakeClock()
        const join = (severity: string) => joinFleet(t, { database, clock, site: severe(severity) })
        const rest = [await join('low'), await join('medium'), await join('medium')] as const
        const last = await join('critical')
        const { host } = await last.open('a')
        await change(last, host, 1, smallState({ a: 11 }))
        await until(async () => (await severityNow(last)) === 'critical')
        await pass(clock, 120_000, [...rest, last])
        t.same(inForce([...rest, last]), [false, false, false, true], 'as long as it is there, its policy is')
        if (way === 'stopped') await last.leave()
        await pass(clock, 8_000, rest)
        t.same(inForce(rest), [false, false, false], 'it may come again at once')
        await pass(clock, way === 'stopped' ? 4_000 : 94_000, rest)
        t.same(inForce(rest), [false, true, true], 'what most have follows')
        const [one, another] = rest
        await until(async () => (await severityNow(one)) === 'medium')
        await allJudge(rest)
        const judged = await judgements(one, host)
        t.ok(judged <= 3, 'two that have the same policy may judge a host at once')
        await pass(clock, 30_000, rest)
        t.equal(await judgements(one, host), judged, 'and nothing goes on')
        t.match(
          another.warnings
            .concat(rest[2].warnings)
            .map(({ message }) => message)
            .sort(),
          [/^another policy/, /^another policy/, /^no collector has the policy/],
        )
      },
    )
  }

  t.test('an older program does not take the policy back from a newer one, until that is gone', async t => {
    const database = await server.database()
    const clock = createFakeClock()
    const join = (program: string, site: SitePolicy) => joinFleet(t, { database, clock, program, site })
    const older = await join('1.9.0', severe('low', waiverText('W-old') + cohortText))
    const { host } = await older.open('a')
    await change(older, host, 1, smallState({ a: 11 }))
    await until(async () => (await severityNow(older)) === 'low')
    const newer = await join('1.10.0', severe('critical'))
    await until(async () => (await severityNow(older)) === 'critical')
    await older.leave()
    const again = await join('1.9.0', severe('low', waiverText('W-old') + cohortText))
    await again.policies.replace(severe('high', waiverText('W-old') + cohortText))
    t.equal(again.warnings.length, 2, 'it says that neither is in force')
    await pass(clock, 30_000, [again, newer])
    t.same(inForce([again, newer]), [false, true])
    t.equal(await severityNow(newer), 'critical')
    t.equal(await judgements(newer, host), 2)
    t.same(await newer.store.read.waivers(), [])
    t.same(
      (await newer.store.read.cohorts()).map(({ id }) => id),
      [],
    )
    await newer.leave()
    await pass(clock, 14_000, [again])
    await until(async () => (await severityNow(again)) === 'high')
    t.match(await again.store.read.waivers(), [{ id: 'W-old' }])

    const third = await join('1.10.0', severe('critical'))
    await pass(clock, 2_000, [again, third])
    t.same(inForce([again, third]), [false, true], 'a newer program takes it at once')
  })
}
