// What every store does with cohorts, whatever database is behind it.
import type { Test } from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { CursorError } from '../../../collector/store/cursor.ts'
import type { DatabaseLocation } from '../../../collector/store/database-location.ts'
import { checkStore } from '../../../collector/store/look-after.ts'
import type { OpenedHost } from '../../../collector/store/transaction.ts'
import type { Cohort } from '../../../policy/cohorts.ts'
import { everyHost } from '../../../policy/host-selector.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { sealAbsent, sealFailed } from '../../../proto/seal.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { changeOf, type Domain } from '../open-domain.ts'

const web: Cohort = { id: 'web', description: 'They serve.', hosts: { ...everyHost, matchLabels: { role: 'web' } } }

interface Opened extends Domain {
  readonly location: DatabaseLocation
}

export function cohortSuite(t: Test, open: (t: Test) => Promise<Opened>): void {
  t.test('hosts are in the cohorts that their labels, names and standing say, whenever these change', async t => {
    const domain = await open(t)
    const { store } = domain
    const a = await openHost(domain, 'a', { role: 'web' })
    await tell(domain, a, 1, smallState({ x: 1 }))
    t.ok(await store.write(transaction => transaction.addCohort(web, 1)))
    t.notOk(await store.write(transaction => transaction.addCohort(web, 2)), 'the id is taken')
    const members = async () => (await store.read.cohort('web'))?.members
    t.equal(await members(), 1)
    const b = await openHost(domain, 'b', { role: 'db' })
    t.equal(await members(), 1)
    await openHost(domain, 'b', { role: 'web' })
    await tell(domain, b, 1, smallState({ x: 1 }))
    t.match(await store.read.cohortFacets('web'), [{ facet: 'small', known: 2, states: 1, majority: { hosts: 2 } }])
    await store.write(transaction => transaction.retireHost(b.id, '', 3))
    t.equal(await members(), 1)
    const active = { hostId: b.id, standing: 'active', reason: '', sinceMs: 4 } as const
    await store.write(transaction => transaction.setStanding(active))
    t.equal(await members(), 2)
    await store.write(transaction => transaction.deleteHost(a.id))
    t.match(await store.read.cohortFacets('web'), [{ known: 1, states: 1 }])
    t.ok(await store.write(transaction => transaction.changeCohort({ ...web, hosts: named('z*') }, 5)))
    t.equal(await members(), 0)
    t.same(await store.read.cohortFacets('web'), [])
    t.ok(await store.write(transaction => transaction.changeCohort({ ...web, hosts: everyHost }, 6)))
    t.match(await store.read.cohort('web'), { members: 1, pins: 0, source: 'api', description: 'They serve.' })
    t.ok(await store.write(transaction => transaction.removeCohort('web')))
    t.notOk(await store.write(transaction => transaction.removeCohort('web')))
    t.equal(await store.read.cohort('web'), undefined)
    t.same(await soundness(domain), [])
  })

  t.test('labels of an enrollment and of a cluster, and nodes that come and go, move hosts as well', async t => {
    const domain = await open(t)
    const { store } = domain
    await store.write(transaction => transaction.addCohort(web, 1))
    const members = async () => (await store.read.cohort('web'))?.members
    const about = { hostname: 'n', machineId: '', bootId: '', agentVersion: '1', atMs: 3 }
    const id = await store.write(transaction =>
      transaction.addEnrolledHost({ ...about, grantedLabels: { role: 'web' } }),
    )
    t.equal(await members(), 1)
    const { host } = await openHost(domain, 'node', {})
    await store.write(transaction => transaction.grantLabels(host, { role: 'web' }))
    t.equal(await members(), 2)
    t.ok(await store.write(transaction => transaction.retireSilent(host, 'gone', 9e15, 5)))
    t.equal(await members(), 1)
    t.ok(await store.write(transaction => transaction.returnToFleet(host, 'gone', 6)))
    t.equal(await members(), 2)
    await store.write(transaction => transaction.grantLabels(host, {}))
    await store.write(transaction => transaction.deleteHost(id))
    t.equal(await members(), 0)
    t.same(await soundness(domain), [])
  })

  t.test('states are counted as they change, and what cannot be read is held to be as it was', async t => {
    const domain = await open(t)
    const { store } = domain
    await store.write(transaction => transaction.addCohort({ ...web, hosts: everyHost }, 1))
    const hosts = await Promise.all(['a', 'b', 'c'].map(name => openHost(domain, name, {})))
    for (const host of hosts) await tell(domain, host, 1, smallState({ x: 1 }))
    const [a, b] = hosts as [OpenedHost, OpenedHost]
    await tell(domain, a, 2, smallState({ x: 2 }))
    const digest = smallState({ x: 1 }).digest
    t.same(await store.read.cohortFacets('web'), [
      { facet: 'small', known: 3, states: 2, majority: { digest, hosts: 2 } },
    ])
    await tell(domain, b, 2, sealFailed(SmallFacet, 'error', 'failed', 'no'))
    t.match(await store.read.cohortFacets('web'), [{ known: 3, states: 2, majority: { hosts: 2 } }])
    await tell(domain, b, 3, sealAbsent(SmallFacet, 'notInstalled', ''))
    t.match(await store.read.cohortFacets('web'), [{ known: 3, states: 3 }])
    await tell(domain, b, 4, sealFailed(SmallFacet, 'error', 'failed', 'no'))
    t.match(await store.read.cohortFacets('web'), [{ known: 2, states: 2 }], 'nobody knows what it is now')
    t.same(await soundness(domain), [])
  })

  t.test('who differs from what is pinned is kept, in pages, and comes and goes with hosts and pins', async t => {
    const domain = await open(t)
    const { store } = domain
    await store.write(transaction => transaction.addCohort(web, 1))
    const hosts: OpenedHost[] = []
    for (let index = 0; index < 7; index++) {
      const host = await openHost(domain, `h${index}`, { role: 'web', rack: String(index % 2) })
      await tell(domain, host, 1, smallState({ x: index < 2 ? 1 : 2 }))
      hosts.push(host)
    }
    const pin = (values: Readonly<Record<string, number>>) =>
      store.write(transaction =>
        transaction.putPin('web', { facet: 'small', digest: smallState(values).digest, by: 'me', atMs: 5 }),
      )
    t.notOk(await pin({ nobody: 1 }), 'no host ever was so')
    t.ok(await pin({ x: 1 }))
    t.match(await store.read.pins('web'), [
      {
        facet: 'small',
        digest: smallState({ x: 1 }).digest,
        conforming: 2,
        deviating: 5,
        pinnedBy: 'me',
        state: 'present',
      },
    ])
    t.match(await store.read.pins('web', { rack: '0' }), [{ conforming: 1, deviating: 3 }])
    const found: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await store.read.deviations({ cohort: 'web' }, { limit: 2, ...(cursor && { cursor }) })
      found.push(...page.items.map(({ hostname }) => hostname))
      cursor = page.nextCursor
      if (cursor === undefined) break
    }
    t.same(found, ['h2', 'h3', 'h4', 'h5', 'h6'])
    const scoped = await store.read.deviations({ cohort: 'web', facet: 'small', scope: { rack: '1' } }, { limit: 9 })
    t.same(
      scoped.items.map(({ hostname }) => hostname),
      ['h3', 'h5'],
    )
    t.match(scoped.items[0], { digest: smallState({ x: 2 }).digest, pinned: smallState({ x: 1 }).digest })
    await t.rejects(store.read.deviations({ cohort: 'web' }, { limit: 1, cursor: 'x' }), CursorError)

    const third = hosts[2] as OpenedHost
    await tell(domain, third, 2, smallState({ x: 1 }))
    t.match(await store.read.pins('web'), [{ conforming: 3, deviating: 4 }])
    await openHost(domain, 'h3', { role: 'db' })
    t.match(await store.read.pins('web'), [{ conforming: 3, deviating: 3 }])
    await openHost(domain, 'h3', { role: 'web', rack: '1' })
    t.match(await store.read.pins('web'), [{ conforming: 3, deviating: 4 }])
    t.same(await soundness(domain), [])
    t.ok(await pin({ x: 2 }))
    t.match(await store.read.pins('web'), [{ conforming: 4, deviating: 3 }])
    t.ok(await store.write(transaction => transaction.removePin('web', 'small')))
    t.notOk(await store.write(transaction => transaction.removePin('web', 'small')))
    t.same((await store.read.deviations({ cohort: 'web' }, { limit: 9 })).items, [])
    t.same(await soundness(domain), [])
  })

  t.test('cohorts of files come and go with them, keep their pins, and are not for the API to change', async t => {
    const domain = await open(t)
    const { store } = domain
    const host = await openHost(domain, 'a', { role: 'web' })
    await tell(domain, host, 1, smallState({ x: 1 }))
    await tell(domain, host, 2, smallState({ x: 2 }))
    const put = (...cohorts: readonly Cohort[]) => store.write(transaction => transaction.putFileCohorts(cohorts, 1))
    await put(web)
    t.match(await store.read.cohort('web'), { source: 'file', members: 1 })
    t.notOk(await store.write(transaction => transaction.removeCohort('web')))
    t.notOk(await store.write(transaction => transaction.changeCohort(web, 2)))
    const pin = { facet: 'small', digest: smallState({ x: 1 }).digest, by: 'me', atMs: 5 }
    t.ok(await store.write(transaction => transaction.putPin('web', pin)))
    await put()
    t.same(await store.read.cohorts(), [])
    t.same([await store.read.pins('web'), await store.read.cohortFacets('web')], [[], []])
    await put(web, { ...web, id: 'all', hosts: everyHost })
    t.match(await store.read.pins('web'), [{ deviating: 1, conforming: 0 }])
    t.match(await store.read.cohorts(), [
      { id: 'all', pins: 0 },
      { id: 'web', pins: 1 },
    ])
    t.same(await store.read.cohorts({ role: 'db' }), [], 'none of its hosts is in there')
    t.match(await store.read.cohorts({ role: 'web' }), [{ id: 'all' }, { id: 'web' }])
    t.match(await store.read.cohortFacets('web', { role: 'web' }), [{ facet: 'small', known: 1 }])
    await put({ ...web, id: 'all', hosts: everyHost })
    t.ok(await store.write(transaction => transaction.addCohort(web, 2)), 'the id is free again')
    t.same(await store.read.pins('web'), [], 'and brings no pins along')
    t.same(await soundness(domain), [])
  })

  t.test('what is pinned outlives the last host that was so', async t => {
    const domain = await open(t)
    const { store } = domain
    const host = await openHost(domain, 'a', { role: 'web' })
    await tell(domain, host, 1, smallState({ x: 1 }))
    await store.write(transaction => transaction.addCohort(web, 1))
    const { digest } = smallState({ x: 1 })
    await store.write(transaction => transaction.putPin('web', { facet: 'small', digest, by: 'me', atMs: 1 }))
    await tell(domain, host, 2, smallState({ x: 2 }))
    await tell(domain, host, 3, smallState({ x: 3 }))
    await store.write(transaction => transaction.prune('history', Number.MAX_SAFE_INTEGER, 100))
    await store.write(transaction => transaction.pruneBodies(0, 1_000))
    t.equal(await store.read.body(smallState({ x: 2 }).digest), undefined)
    t.match(await store.read.body(digest), { facet: 'small' })
    t.match((await store.read.deviations({ cohort: 'web' }, { limit: 9 })).items, [{ pinned: digest }])
    await store.write(transaction => transaction.removePin('web', 'small'))
    await store.write(transaction => transaction.pruneBodies(0, 1_000))
    t.equal(await store.read.body(digest), undefined)
  })

  t.test('a host that begins to differ, differs in more, or does not any more is drift', async t => {
    const domain = await open(t)
    const { store } = domain
    const host = await openHost(domain, 'a', { role: 'web' })
    await tell(domain, host, 1, smallState({ x: 1 }))
    await store.write(transaction => transaction.addCohort(web, 1))
    const pin = { facet: 'small', digest: smallState({ x: 1 }).digest, by: 'me', atMs: 1 }
    await store.write(transaction => transaction.putPin('web', pin))
    await tell(domain, host, 2, smallState({ x: 1, y: 1, z: 1 }))
    await tell(domain, host, 3, smallState({ x: 1, y: 1 }))
    await tell(domain, host, 4, smallState({ x: 5, y: 1 }))
    await tell(domain, host, 5, smallState({ x: 1 }))
    await tell(domain, host, 6, smallState({ x: 2 }), { baseline: true, agentVersion: '2' })
    const drift = await store.read.drift({ kind: 'deviation' }, { limit: 50 })
    t.match([...drift.items].reverse(), [
      {
        change: 'added',
        field: 'web',
        subject: 'small',
        text: /^deviates from the pinned small of cohort web: .*y.* \(and 1 more\)$/,
      },
      { change: 'changed', text: /^deviates from the pinned small of cohort web: .*x value changed from 1 to 5$/ },
      { change: 'removed', text: 'is as the pinned small of cohort web again' },
    ])
    t.equal(
      drift.items.length,
      3,
      'fewer differences are none that began, and another program is nothing that happened',
    )
    t.match(await store.read.pins('web'), [{ deviating: 1 }], 'though it differs')
  })
}

const named = (hostname: string) => ({ ...everyHost, hostnames: [hostname] })

function openHost(domain: Domain, hostKey: string, labels: Readonly<Record<string, string>>): Promise<OpenedHost> {
  const opening = { machineId: '', bootId: '', agentVersion: '1', outboxId: 'o', skewMs: 0, atMs: 2 }
  return domain.store.write(transaction => transaction.openHost({ ...opening, hostKey, hostname: hostKey, labels }))
}

async function tell(
  domain: Domain,
  { host }: OpenedHost,
  sequence: number,
  state: FacetState,
  more: Parameters<typeof changeOf>[2] = {},
): Promise<void> {
  const change = changeOf(sequence, state, more)
  await domain.commits.submit(host, async unit => void (await applyChange(unit, change, domain.apply)))
}

/** What the store's own check finds. */
async function soundness({ location }: Opened): Promise<readonly string[]> {
  return (await checkStore(location)).problems
}
