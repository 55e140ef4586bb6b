// What every store does, whatever database is behind it.
import type { Test } from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import type { Enrollment } from '../../../collector/store/identity-records.ts'
import type { Page, PageRequest } from '../../../collector/store/records.ts'
import { prunedKinds } from '../../../collector/store/retention.ts'
import type { Signal } from '../../../collector/store/signals.ts'
import { severities } from '../../../policy/check.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { smallState } from '../../small-facet.ts'
import { changeOf, type Domain, type DomainOptions } from '../open-domain.ts'

export type OpenDomain = (t: Pick<Test, 'teardown' | 'testdir'>, options?: DomainOptions) => Promise<Domain>

export function storeSuite(t: Test, open: OpenDomain): void {
  t.test('a facet changes: state, history, drift, results and counters follow in one transaction', async t => {
    const domain = await open(t)
    const { store } = domain
    const host = await domain.open('a')
    await apply(domain, host.host, 1, { a: 1 })
    await apply(domain, host.host, 2, { a: 2, b: 1 })
    await apply(domain, host.host, 2, { a: 9 })
    await domain.judging.idle()
    const facet = await store.read.facet(host.id, 'small')
    t.match(facet?.current, { state: 'present', digest: smallState({ a: 2, b: 1 }).digest })
    const history = await store.read.facetHistory(host.id, 'small', { limit: 10 })
    t.equal(history.items.length, 2)
    t.equal(history.items[0]?.validTo, '')
    t.equal(history.items[1]?.validTo, history.items[0]?.validFrom)
    const past = await store.read.facetAt(host.id, 'small', Date.parse(history.items[1]?.validFrom ?? ''))
    t.equal(past?.current.digest, smallState({ a: 1 }).digest)
    const drift = await store.read.drift({ hostId: host.id }, { limit: 50 })
    t.ok(drift.items.length >= 2, 'a field changed and a row came')
    t.same(await store.read.driftAfter(0, 50), [...drift.items].reverse())
    const results = await store.read.results({ hostId: host.id }, { limit: 100 })
    const fleet = await store.read.fleet()
    const counted = Object.values(fleet.results).flatMap(states => Object.values(states))
    t.ok(results.items.length > 0)
    t.equal(
      counted.reduce((sum, count) => sum + count, 0),
      results.items.length,
    )
    t.same(
      [fleet.hosts, fleet.lastDriftId, (await store.read.host(host.id, new Set()))?.hostname],
      [1, drift.items[0]?.id, 'a'],
    )
    t.equal((await domain.open('a')).appliedSequence, 2)
  })

  t.test('hosts on which something of a severity fails are those with such results', async t => {
    const domain = await open(t)
    const { store } = domain
    for (const [name, value] of Object.entries({ good: 1, bad: 99, worse: 1_000 })) {
      const { host } = await domain.open(name)
      await apply(domain, host, 1, { a: value })
    }
    await domain.open('never judged')
    await domain.judging.idle()
    for (const severity of severities) {
      const { items } = await store.read.results({ state: 'fail', severity }, { limit: 100 })
      const hosts = await store.read.hosts({ connected: new Set(), sort: 'hostname', severity }, { limit: 100 })
      t.same(
        hosts.items.map(({ hostname }) => hostname),
        [...new Set(items.map(({ hostname }) => hostname))].sort(),
        severity,
      )
    }
    const { items } = await store.read.results({ state: 'fail' }, { limit: 100 })
    t.ok(items.length > 0, 'and some do')
  })

  t.test('what fails leaves nothing of hosts, facets and drift, and the next transaction works', async t => {
    const domain = await open(t)
    const { host, id } = await domain.open('a')
    await apply(domain, host, 1, { a: 1 })
    await t.rejects(
      domain.commits.submit(host, async unit => {
        await applyChange(unit, changeOf(2, smallState({ a: 2 })), domain.apply)
        throw new Error('half way')
      }),
      /half way/,
    )
    t.equal((await domain.store.read.facet(id, 'small'))?.current.digest, smallState({ a: 1 }).digest)
    t.same((await domain.store.read.drift({}, { limit: 10 })).items, [])
    await apply(domain, host, 2, { a: 3 })
    t.equal((await domain.store.read.facet(id, 'small'))?.current.digest, smallState({ a: 3 }).digest)
  })

  t.test('hosts are found by name, label, number and standing, in pages, by the bytes of their names', async t => {
    const domain = await open(t)
    const names = ['Zeta', 'alpha', 'betaX1', 'beta_1', 'é']
    const numbers = new Map<string, number>()
    for (const name of names) {
      const labels = { role: name.startsWith('beta') ? 'db' : 'web', 'a.b/c': `${name}"'` }
      const opened = await openLabelled(domain, name, labels)
      numbers.set(name, opened)
    }
    const connected = new Set([numbers.get('alpha') ?? 0, numbers.get('é') ?? 0])
    const { read } = domain.store
    const named = async (filter: Partial<Parameters<typeof read.hosts>[0]>) => {
      const hosts = await allOf(page => read.hosts({ connected, sort: 'hostname', ...filter }, page), 2)
      return hosts.map(({ hostname }) => hostname)
    }
    t.same(await named({}), names)
    t.same(await named({ q: 'ALPH' }), ['alpha'])
    t.same(await named({ q: 'beta_' }), ['beta_1'], 'a wildcard is a character')
    t.same(await named({ labels: [{ key: 'role', value: 'db' }] }), ['betaX1', 'beta_1'])
    t.same(await named({ labels: [{ key: 'a.b/c', value: 'Zeta"\'' }] }), ['Zeta'])
    t.same(await named({ scope: { role: 'web' } }), ['Zeta', 'alpha', 'é'])
    t.same(await named({ state: 'connected' }), ['alpha', 'é'])
    t.same(await named({ state: 'disconnected' }), ['Zeta', 'betaX1', 'beta_1'])
    t.same((await named({ sort: 'score' })).length, 5)
    t.equal((await read.fleet({ role: 'db' })).hosts, 2)
  })

  t.test('tokens, enrollments, credentials and standings come back as they were put', async t => {
    const { store } = await open(t)
    const token = {
      ...{ id: 't', description: 'for racks', createdAtMs: 1, expiresAtMs: 9, maxUses: 3, uses: 0 },
      ...{ labels: { rack: '1' }, needsApproval: true, revokedAtMs: 0, secretHash: 'sha256:00' },
    }
    const asked: Enrollment = {
      state: 'pending',
      ...{ requestId: 'request', tokenId: 't', hostId: '', hostname: 'n', machineId: 'm' },
      ...{ requestHash: 'sha256:11', address: '192.0.2.1', requestedAtMs: 2, decidedAtMs: 0 },
    }
    const about = { hostname: 'n', machineId: 'm', bootId: 'b', agentVersion: '1', grantedLabels: {}, atMs: 3 }
    const id = await store.write(async transaction => {
      await transaction.putToken(token)
      await transaction.countUse('t')
      await transaction.putEnrollment(asked)
      const hostId = await transaction.addEnrolledHost(about)
      await transaction.putEnrollment({ ...asked, state: 'issued', hostId, decidedAtMs: 4 })
      await transaction.putCredential({ serialNumber: 'ab', hostId, issuedAtMs: 4, expiresAtMs: 8, revokedAtMs: 0 })
      t.same(await transaction.token('t'), { ...token, uses: 1 })
      return hostId
    })
    t.match(await store.read.tokens(), [{ id: 't', uses: 1 }])
    t.match(await store.read.enrollments({ tokenId: 't' }), [{ state: 'issued', hostId: id }])
    const ofState = async (state: 'issued' | 'pending') =>
      (await store.read.enrollmentPage({ state }, { limit: 1 })).items
    t.match([await ofState('issued'), await ofState('pending')], [[{ requestId: 'request' }], []])
    await store.write(async transaction => {
      t.equal(await transaction.revokeCredentials(id, 5), 1)
      t.equal(await transaction.revokeCredentials(id, 6), 0, 'once')
      t.equal(await transaction.revokeToken('t', 5), true)
      const standing = { hostId: id, standing: 'revoked', reason: 'lost', sinceMs: 5 } as const
      t.equal(await transaction.setStanding(standing), true)
      t.equal(await transaction.setStanding({ ...standing, hostId: 'nobody' }), false)
    })
    t.match(await store.read.credential('ab'), { hostId: id, revokedAtMs: 5 })
    t.match(await store.read.standings(), [{ hostId: id, standing: 'revoked', reason: 'lost' }])
  })

  t.test('a host that goes takes its rows with it, and the counters stay true', async t => {
    const domain = await open(t)
    const [one, other] = [await domain.open('one'), await domain.open('other')]
    for (const { host } of [one, other]) await apply(domain, host, 1, { a: 50 })
    await domain.judging.idle()
    const before = await domain.store.read.fleet()
    t.equal(await domain.store.write(transaction => transaction.deleteHost(one.id)), true)
    t.equal(await domain.store.write(transaction => transaction.deleteHost(one.id)), false)
    const sum = (counts: typeof before) =>
      Object.values(counts.results)
        .flatMap(states => Object.values(states))
        .reduce((total, count) => total + count, 0)
    const after = await domain.store.read.fleet()
    t.same([after.hosts, sum(after)], [1, sum(before) / 2])
    await domain.store.write(transaction => transaction.retireHost(other.id, 'scrapped', 9))
    t.equal(sum(await domain.store.read.fleet()), 0)
    t.equal((await domain.store.read.facets(other.id)).length, 1, 'its past stays')
  })

  t.test('the audit log only grows', async t => {
    const { store } = await open(t)
    const entry = { atMs: 1, actor: 'cli:root', address: '', requestId: 'r', action: 'hosts.delete', target: 'x' }
    await store.write(async transaction => {
      await transaction.appendAudit({ ...entry, outcome: 'done', detail: { a: 1 } })
      await transaction.appendAudit({ ...entry, outcome: 'refused', detail: {} })
    })
    t.match(await store.read.audit({ outcome: 'done' }, { limit: 5 }), { items: [{ ...entry, detail: { a: 1 } }] })
  })

  t.test('details of results are kept once, and go when no result has them', async t => {
    const { store, open: openHost } = await open(t)
    const hosts = await Promise.all(['a', 'b'].map(name => openHost(name)))
    const [{ check } = { check: '' }] = await store.read.checks()
    const times = { sinceMs: 1, failingSinceMs: 1, validUntilMs: 0 }
    const result = { check, state: 'fail', severity: 'high', ...times, waiver: '' } as const
    const put = (detail: string, atMs: number) =>
      store.write(async transaction => {
        for (const { host } of hosts) await transaction.putResults(host, [{ ...result, detail }], atMs)
      })
    await put('["old",""]', 1)
    t.same(await store.upkeep.unusedDetails(10), [], 'it is used')
    await put('["new",""]', 1)
    const unused = await store.upkeep.unusedDetails(10)
    t.equal(unused.length, 1, 'two hosts had one detail')
    t.equal(await store.write(transaction => transaction.pruneDetails(unused, 0)), 0, 'it was put since')
    t.equal(await store.write(transaction => transaction.pruneDetails(unused, 10)), 1)
    t.match(await store.read.results({}, { limit: 5 }), { items: [{ reason: 'new' }, { reason: 'new' }] })
  })

  t.test('who listens hears that drift was committed, and not what was rolled back', async t => {
    const domain = await open(t)
    const heard: Signal[] = []
    t.teardown(domain.store.signals.listen(signal => void heard.push(signal)))
    const { host } = await domain.open('a')
    await apply(domain, host, 1, { a: 1 })
    await domain.commits
      .submit(host, async unit => {
        await applyChange(unit, changeOf(2, smallState({ a: 2 })), domain.apply)
        throw new Error('no')
      })
      .catch(() => undefined)
    t.same(heard, [])
    const next = new Promise<void>(resolve => t.teardown(domain.store.signals.listen(() => resolve())))
    await apply(domain, host, 2, { a: 3 })
    await next
    t.same(heard, [{ kind: 'committed' }])
    const rescan = { kind: 'rescan', host, requestId: 'r', facets: ['small'] } as const
    const asked = new Promise<Signal>(resolve => t.teardown(domain.store.signals.listen(resolve)))
    await domain.store.signals.tell(rescan)
    t.same(await asked, rescan)
  })

  t.test(
    'many write at once, others ask and others take away: each change is there once, and counters are true',
    async t => {
      const domain = await open(t)
      const { store } = domain
      const hosts = await Promise.all(Array.from({ length: 10 }, (_, index) => domain.open(`host-${index}`)))
      const entry = {
        atMs: 1,
        actor: 'a',
        address: '',
        requestId: '',
        action: 'x',
        target: '',
        outcome: 'done',
      } as const
      let isOver = false
      const asking = async () => {
        for (let last = 0; !isOver; ) {
          const rows = await store.read.driftAfter(last, 500)
          t.ok(
            rows.every(({ id }) => id > last),
            'ids go up',
          )
          last = rows.at(-1)?.id ?? last
          await store.write(async transaction => {
            await transaction.prune('gaps', 1_000_000_000_000, 10)
            await transaction.appendAudit({ ...entry, detail: { last } })
          })
        }
      }
      const others = asking()
      await Promise.all(
        hosts.map(async ({ host }, index) => {
          for (let sequence = 1; sequence <= 12; sequence++)
            await apply(domain, host, sequence, { a: sequence * (index + 1) })
        }),
      )
      isOver = true
      await others
      await domain.judging.idle()
      for (const { id } of hosts) {
        const { items } = await store.read.facetHistory(id, 'small', { limit: 50 })
        t.same([items.length, items.filter(({ validTo }) => validTo === '').length], [12, 1])
      }
      const results = await store.read.results({}, { limit: 500 })
      const counted = Object.values((await store.read.fleet()).results).flatMap(states => Object.values(states))
      t.equal(
        counted.reduce((sum, count) => sum + count, 0),
        results.items.length,
      )
    },
  )

  t.test('what is past its time goes in small steps, and the bodies with it that nothing refers to', async t => {
    const domain = await open(t)
    const { store } = domain
    const { host, id } = await domain.open('a')
    for (let sequence = 1; sequence <= 6; sequence++) await apply(domain, host, sequence, { a: sequence })
    const newest = await store.upkeep.newestBody()
    const later = systemClock.now() + 1
    const gone = await store.write(transaction => transaction.prune('history', later, 3))
    t.same([gone, await store.write(transaction => transaction.prune('history', later, 3))], [3, 2])
    t.equal((await store.read.facetHistory(id, 'small', { limit: 9 })).items.length, 1, 'what holds stays')
    t.equal(await store.write(transaction => transaction.pruneBodies(0, newest - 1)), 5)
    t.equal(await store.write(transaction => transaction.pruneBodies(0, newest)), 0)
    t.equal(await store.read.bodyHead(smallState({ a: 1 }).digest), undefined)
    t.equal((await store.read.facet(id, 'small'))?.current.digest, smallState({ a: 6 }).digest)
    const today = Math.floor(later / 86_400_000)
    t.same(await store.upkeep.unusedDetails(today), [], 'what was used today stays')
    const { items } = await store.read.drift({}, { limit: 100 })
    t.equal(await store.write(transaction => transaction.prune('drift', later, 100)), items.length)
    for (const kind of prunedKinds) {
      t.equal(
        await store.write(transaction => transaction.prune(kind, 1_000_000_000_000, 100)),
        0,
        `nothing of ${kind} ended before 2001`,
      )
    }
    t.equal(await store.upkeep.tidy(), false)
    t.ok((await store.upkeep.size()).bytes > 0)
    await apply(domain, host, 7, { a: 1 })
    t.equal((await store.read.facet(id, 'small'))?.current.digest, smallState({ a: 1 }).digest, 'a body comes back')
  })
}

function apply(domain: Domain, host: number, sequence: number, values: Readonly<Record<string, number>>) {
  const change = changeOf(sequence, smallState(values))
  return domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
}

async function openLabelled({ store }: Domain, hostname: string, labels: Readonly<Record<string, string>>) {
  const opening = { hostKey: hostname, hostname, machineId: '', bootId: '', agentVersion: '1', outboxId: 'o' }
  const opened = await store.write(transaction => transaction.openHost({ ...opening, labels, skewMs: 0, atMs: 1 }))
  return opened.host
}

/** Every item, page by page. */
async function allOf<T>(read: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<readonly T[]> {
  const found: T[] = []
  let cursor: string | undefined
  do {
    const page = await read({ limit, ...(cursor !== undefined && { cursor }) })
    found.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return found
}
