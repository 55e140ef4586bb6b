// Results follow what is on disk: facts, policy, waivers, labels and time; and nothing is judged twice for nothing.
import t from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import type { Catalog, Check } from '../../../policy/check.ts'
import { type Sandbox, type SandboxAnswer, sandboxReady } from '../../../policy/sandbox.ts'
import { readSitePolicy, type SitePolicy } from '../../../policy/site-policy.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { changeOf, type Domain, openDomain } from '../open-domain.ts'
import { smallCatalog } from '../small-catalog.ts'

const noon = Date.UTC(2026, 10, 22, 12)

/** Passes until one o'clock. */
const timed: Check = {
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
}
const timedCatalog: Catalog = {
  checks: [timed],
  profiles: [{ id: 'all', title: 'All', appliesTo: 'true', checks: ['not-too-late'], parameters: {} }],
  digest: 'time',
}

const change = ({ commits, apply }: Domain, host: number, sequence: number, state: FacetState, outbox = 'o') =>
  commits.submit(host, unit => applyChange(unit, changeOf(sequence, state, { outboxId: outbox }), apply))

async function states({ store }: Domain): Promise<Readonly<Record<string, string>>> {
  const { items } = await store.read.results({}, { limit: 100 })
  return Object.fromEntries(items.map(({ check, state, waiver }) => [check, waiver ? `${state} ${waiver.id}` : state]))
}

const resultDrift = async ({ store }: Domain) =>
  (await store.read.drift({ kind: 'result' }, { limit: 10 })).items.map(({ subject, text }) => [subject, text])

function siteOf(text: string, catalog = smallCatalog()): SitePolicy {
  return readSitePolicy(catalog, [{ path: 'site.yaml', text }], [SmallFacet])
}

const waiver = (expires: string, hosts = 'all') => `
waivers:
  - id: W-1
    hosts: ${hosts}
    check: values-*
    reason: They are large on purpose.
    owner: us@example.org
    expires: ${expires}
`

t.test('a result turns when its time has come, and that is drift', async t => {
  const clock = createFakeClock(noon)
  const domain = await openDomain(t, { clock, catalog: timedCatalog })
  const { host } = await domain.open('a')
  await change(domain, host, 1, smallState({ a: 1 }, '2026-11-22T13:00:00Z'))
  await domain.judging.idle()
  const result = async () => (await domain.store.read.results({}, { limit: 1 })).items[0]
  t.match(await result(), { state: 'pass', validUntil: '2026-11-22T13:00:00.000Z' })
  t.equal(await domain.store.read.nextJudgementMs(), noon + 3_600_000)
  await clock.advance(3_599_000)
  await domain.judging.idle()
  t.match(await result(), { state: 'pass' })
  await clock.advance(2_000)
  await until(async () => (await result())?.state === 'fail')
  t.match(await result(), {
    state: 'fail',
    since: '2026-11-22T13:00:00.000Z',
    evidence: ['since 2026-11-22T13:00:00Z'],
  })
  t.match((await domain.store.read.drift({}, { limit: 10 })).items, [{ kind: 'result', before: 'pass', after: 'fail' }])
})

/** Lets timers of the commit queue run until the condition holds. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await settle()
}

t.test('a change makes new results of the checks that read it, with the time of the change', async t => {
  const domain = await openDomain(t, { clock: createFakeClock(noon) })
  const { host } = await domain.open('a')
  await change(domain, host, 1, smallState({ a: 1 }))
  await domain.judging.idle()
  t.same(await states(domain), {
    'values-small': 'pass',
    'note-empty': 'pass',
    'seen-seldom': 'error',
    'look-yourself': 'manual',
  })
  t.same(await resultDrift(domain), [], 'a first state is no drift')
  await change(domain, host, 2, smallState({ a: 11 }))
  await domain.judging.idle()
  t.match(await states(domain), { 'values-small': 'fail' })
  t.same(await resultDrift(domain), [['values-small', 'Values are small: pass → fail (a is 11)']])
  const [failing] = (await domain.store.read.results({ state: 'fail' }, { limit: 1 })).items
  t.equal(failing?.since, '1970-01-01T00:00:02.000Z')
  const [record] = (await domain.store.read.hosts({ connected: new Set(), sort: 'hostname' }, { limit: 1 })).items
  t.match(record, {
    counts: { fail: 1, pass: 1, error: 1, manual: 1 },
    failedBySeverity: { high: 1 },
    waived: 0,
    score: 12,
  })
})

t.test('what was not judged when the program ended is judged by the next', async t => {
  const directory = t.testdir({})
  const first = await openDomain(t, { directory })
  const { host } = await first.open('a')
  await first.judging.close()
  await change(first, host, 1, smallState({ a: 11 }))
  t.same(await states(first), {}, 'nobody judged')
  await first.close()
  const second = await openDomain(t, { directory })
  await second.judging.idle()
  t.match(await states(second), { 'values-small': 'fail' })
})

t.test('another policy judges every host again, quietly, and only by what it changed', async t => {
  const directory = t.testdir({})
  const first = await openDomain(t, { directory })
  const { host } = await first.open('a')
  await change(first, host, 1, smallState({ a: 11 }))
  await first.judging.idle()
  t.match(await states(first), { 'values-small': 'fail' })
  const before = first.policies.current.digests
  const site = siteOf(`
tailoring:
  - { check: note-empty, severity: critical }
  - { check: seen-seldom, disabled: true, rationale: Nobody asks. }
`)
  await first.policies.replace(site)
  await first.judging.idle()
  const after = await states(first)
  t.same(Object.keys(after).sort(), ['look-yourself', 'note-empty', 'values-small'])
  t.same(await resultDrift(first), [], 'a policy is nothing that a host did')
  const { items } = await first.store.read.results({ check: 'note-empty' }, { limit: 1 })
  t.match(items, [{ severity: 'critical', state: 'pass' }])
  const changed = [...first.policies.current.digests].filter(([id, digest]) => before.get(id) !== digest)
  t.same(changed.map(([id]) => id).sort(), ['note-empty', 'seen-seldom'])
  await first.close()

  const second = await openDomain(t, { directory, catalog: timedCatalog })
  await second.judging.idle()
  t.same(await states(second), { 'not-too-late': 'pass' })
  t.same(await second.store.read.hostsToJudge(second.policies.current.version, 0, 10), [])
  await change(second, host, 2, smallState({ a: 1 }, '2020-01-01T00:00:00Z'))
  await second.judging.idle()
  t.match(await resultDrift(second), [['not-too-late', /pass → fail/]], 'the change is told, the policy is not')
})

t.test('a host that was judged by what is in force no more waits until that is read again', async t => {
  const domain = await openDomain(t)
  const { policies, judging, store } = domain
  const { hostToJudge } = store.read
  const judged: number[] = []
  const known = Promise.withResolvers<void>()
  let reads = 0
  let isKnown = false
  const reload = async () => {
    reads++
    await known.promise
    isKnown = true
  }
  Object.assign(policies, { stands: async () => isKnown, reload })
  const recorded: typeof hostToJudge = host => {
    judged.push(host)
    return hostToJudge(host)
  }
  Object.assign(store.read, { hostToJudge: recorded })
  const [one, other] = [(await domain.open('a')).host, (await domain.open('b')).host]
  await change(domain, one, 1, smallState({ a: 11 }))
  while (reads < 1) await settle()
  judging.mark([one])
  await change(domain, other, 1, smallState({ a: 11 }))
  while (reads < 2) await settle()
  t.same(judged, [one, other])
  known.resolve()
  await judging.idle()
  t.same(judged.slice(2).sort(), [one, other], 'and then once')
})

t.test('labels select rules: another label is another policy for the host', async t => {
  const site = siteOf(`
tailoring:
  - check: values-small
    severity: low
    hosts: { matchLabels: { role: db } }
`)
  const domain = await openDomain(t, { site })
  const opening = { machineId: '', bootId: '', agentVersion: '1', skewMs: 0, atMs: 1, outboxId: 'o' }
  const open = (labels: Record<string, string>) =>
    domain.commits.submit(0, async unit => {
      const host = await unit.transaction.openHost({ ...opening, hostKey: 'a', hostname: 'a', labels })
      if (!host.attributesChanged) return host
      await unit.transaction.markForJudgement(host.host, [{ facet: '', changed: true, quiet: true, sinceMs: 1 }])
      unit.toJudge.add(host.host)
      return host
    })
  const { host } = await open({ role: 'web' })
  await change(domain, host, 1, smallState({ a: 11 }))
  await domain.judging.idle()
  const severity = async () => (await domain.store.read.results({ state: 'fail' }, { limit: 1 })).items[0]?.severity
  t.equal(await severity(), 'high')
  await open({ role: 'db' })
  await domain.judging.idle()
  t.equal(await severity(), 'low')
  t.match((await domain.store.read.fleet()).results, { high: { fail: 0 }, low: { fail: 1 } })
  t.same((await open({ role: 'db' })).attributesChanged, false)
})

t.test('a waived failure counts no more, until the waiver ends at its moment', async t => {
  const clock = createFakeClock(noon)
  const domain = await openDomain(t, { clock, site: siteOf(waiver('2026-11-22T13:00:00Z')) })
  const { host } = await domain.open('a')
  await change(domain, host, 1, smallState({ a: 11 }))
  await domain.judging.idle()
  t.match(await states(domain), { 'values-small': 'fail W-1', 'note-empty': 'pass' })
  const record = async () =>
    (await domain.store.read.hosts({ connected: new Set(), sort: 'hostname' }, { limit: 1 })).items[0]
  t.match(await record(), { counts: { fail: 1 }, waived: 1, failedBySeverity: { high: 0 }, score: 33 })
  const [result] = (await domain.store.read.results({ waived: true }, { limit: 10 })).items
  t.match(result, {
    check: 'values-small',
    validUntil: '2026-11-22T13:00:00.000Z',
    waiver: { id: 'W-1', owner: 'us@example.org', reason: 'They are large on purpose.' },
  })
  t.match(await domain.store.read.waivers(), [{ id: 'W-1', results: 1, source: 'file', check: 'values-*' }])
  t.match(
    (await domain.store.read.checks()).find(({ check }) => check === 'values-small'),
    { waived: 1 },
  )
  await clock.advance(3_600_000)
  await until(async () => (await record())?.waived === 0)
  t.match(await record(), { counts: { fail: 1 }, failedBySeverity: { high: 1 }, score: 12 })
  t.same(await resultDrift(domain), [['values-small', 'Values are small: waiver W-1 ended, fail counts again']])
})

t.test('a waiver that comes or goes marks results without evaluating anything', async t => {
  const domain = await openDomain(t, { clock: createFakeClock(noon) })
  const { host } = await domain.open('a')
  await change(domain, host, 1, smallState({ a: 11 }))
  await domain.judging.idle()
  t.match(await states(domain), { 'values-small': 'fail' })
  const without = domain.policies.current.version
  await domain.policies.replace(siteOf(waiver('2027-01-01', '{ hostnames: [b*] }')))
  await domain.judging.idle()
  t.match(await states(domain), { 'values-small': 'fail' }, 'it is meant for others')
  await domain.policies.replace(siteOf(waiver('2027-01-01', '{ hostnames: [a*] }')))
  await domain.judging.idle()
  t.match(await states(domain), { 'values-small': 'fail W-1' })
  await domain.policies.replace(siteOf('tailoring: []\n'))
  await domain.judging.idle()
  t.match(await states(domain), { 'values-small': 'fail' })
  t.equal(domain.policies.current.version, without)
  t.same(await domain.store.read.waivers(), [])
  t.same(await resultDrift(domain), [])
})

t.test('waivers that are taken up while another policy comes do not bring the old one back', async t => {
  const domain = await openDomain(t, { clock: createFakeClock(noon) })
  const { policies } = domain
  const next = siteOf(waiver('2027-01-01'))
  await Promise.all([policies.reload(), policies.replace(next), policies.reload()])
  t.equal(policies.current.site, next)
  t.match(await domain.store.read.waivers(), [{ id: 'W-1' }])
  const written: string[] = []
  const { write } = domain.store
  Object.assign(domain.store, {
    write: (work: Parameters<typeof write>[0]) => {
      written.push('a transaction')
      return write(work)
    },
  })
  await policies.reload()
  t.same(written, [], 'the policy itself is not put again')
})

t.test('a check of the site that never ends is one error that names it; all else is judged', async t => {
  const endless = `
checks:
  - id: site-endless
    title: Endless
    severity: high
    pass: small.rows.all(a, small.rows.all(b, small.rows.all(c, small.rows.all(d, small.rows.all(e, a.value + b.value + c.value + d.value + e.value >= 0)))))
    evidence: "[]"
    rationale: It shows what happens.
    remediation: Nothing.
    tests:
      - { name: passes, facets: { small: { rows: [], note: "" } }, expect: pass }
      - { name: fails, facets: { small: { rows: [{ name: a, value: -1 }], note: "" } }, expect: fail }
      - { name: unread, facets: { small: error }, expect: error }
`
  let started = 0
  const startSandbox = (): Sandbox => {
    started++
    const answers: SandboxAnswer[] = [{ state: 'answer', value: sandboxReady }]
    return { ask: () => undefined, next: async () => answers.shift() ?? { state: 'late' }, end: () => undefined }
  }
  const domain = await openDomain(t, { site: siteOf(endless), startSandbox })
  const { host } = await domain.open('a')
  await change(domain, host, 1, smallState({ a: 1 }))
  await domain.judging.idle()
  t.match(await states(domain), { 'values-small': 'pass', 'site-endless': 'error' })
  const { items } = await domain.store.read.results({ check: 'site-endless' }, { limit: 1 })
  t.match(items, [{ reason: /the check was stopped: no result within 2000 ms/ }])
  t.equal(started, 1)
})

t.test('results that ended stay in the history', async t => {
  const domain = await openDomain(t, { clock: createFakeClock(noon) })
  const { host } = await domain.open('a')
  for (const [sequence, value] of [1, 11, 2].entries()) {
    await change(domain, host, sequence + 1, smallState({ a: value }))
    await domain.judging.idle()
  }
  const history = await domain.store.read.resultHistory((await hostId(domain)) ?? '', 'values-small', { limit: 10 })
  t.match(history.items, [
    { state: 'pass', from: '1970-01-01T00:00:03.000Z', to: '' },
    { state: 'fail', from: '1970-01-01T00:00:02.000Z', to: '1970-01-01T00:00:03.000Z', evidence: ['a is 11'] },
    { state: 'pass', from: '1970-01-01T00:00:01.000Z', to: '1970-01-01T00:00:02.000Z' },
  ])
})

const hostId = async ({ store }: Domain) =>
  (await store.read.hosts({ connected: new Set(), sort: 'hostname' }, { limit: 1 })).items[0]?.id

t.test(
  'a new host is judged when its first facets have settled, and begins without errors that nobody made',
  async t => {
    const clock = createFakeClock(noon)
    const domain = await openDomain(t, { clock, settleMs: 3_000 })
    const { host, id } = await domain.open('a')
    await change(domain, host, 1, smallState({ a: 1 }))
    await settle()
    t.same([await states(domain), domain.judging.waiting], [{}, 1], 'it is waited for')
    await clock.advance(2_000)
    await change(domain, host, 2, smallState({ a: 11 }))
    await clock.advance(2_000)
    t.same(await states(domain), {}, 'something came two seconds ago')
    await clock.advance(1_000)
    await domain.judging.idle()
    t.match(await states(domain), { 'values-small': 'fail' })
    const { items } = await domain.store.read.resultHistory(id, 'values-small', { limit: 10 })
    t.equal(items.length, 1, 'nothing ended')
    t.same(await resultDrift(domain), [])
    await change(domain, host, 3, smallState({ a: 1 }))
    await domain.judging.idle()
    t.match(await states(domain), { 'values-small': 'pass' }, 'one that was judged is not waited for')
  },
)

t.test('a new host that never rests is judged after a minute', async t => {
  const clock = createFakeClock(noon)
  const domain = await openDomain(t, { clock, settleMs: 3_000 })
  const restless = (await domain.open('a')).host
  let sequence = 0
  const next = () => change(domain, restless, ++sequence, smallState({ a: sequence }))
  const judged = async () => (await domain.store.read.hostToJudge(restless))?.judgedWith !== ''
  await next()
  for (let second = 0; second < 58; second += 2) {
    await clock.advance(2_000)
    await next()
  }
  t.notOk(await judged(), 'less than a minute')
  for (let second = 0; second < 58 && !(await judged()); second += 2) {
    await clock.advance(2_000)
    await next()
  }
  t.ok(await judged(), 'though something came every two seconds')
})
