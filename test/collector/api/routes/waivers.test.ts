// Waivers in force over the API: what each accepts, the marks on results, and what replaces a policy.
import t from 'tap'
import { readSitePolicy } from '../../../../policy/site-policy.ts'
import { SmallFacet } from '../../../small-facet.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { smallCatalog } from '../../small-catalog.ts'
import { startTestCollector } from '../../start-collector.ts'
import { ask } from '../request.ts'

const siteOf = (text: string) => readSitePolicy(smallCatalog(), [{ path: 'site.yaml', text }], [SmallFacet])

const waivers = `
waivers:
  - { id: W-1, hosts: { matchLabels: { role: db } }, check: values-small, reason: On purpose., owner: us, expires: 2999-01-01 }
  - { id: W-2, hosts: all, check: note-empty, reason: Nobody reads it., owner: us, ticket: OPS-1, expires: 2999-01-01 }
  - { id: W-3, hosts: all, check: "*", reason: It was., owner: us, expires: 2001-01-01 }
`

const collector = await startTestCollector(t, { site: siteOf(waivers) })
const labels = (index: number) => ({ role: index === 0 ? 'db' : 'web' })
const [database, web] = await fillFleet(t, collector, 2, { labels, value: () => 50 })

interface Waivers {
  readonly items: readonly { readonly id: string; readonly use: string; readonly results: number }[]
  readonly nextCursor?: string
}

t.test('each waiver says whether it is of use, and how many results it accepts', async t => {
  const { items } = await collector.get<Waivers>('waivers')
  t.match(items, [
    { id: 'W-1', use: 'used', results: 1, source: 'file', expiresSoon: false, ticket: '' },
    { id: 'W-2', use: 'unused', results: 0, ticket: 'OPS-1', owner: 'us' },
    { id: 'W-3', use: 'expired', results: 0 },
  ])
  t.same(
    (await collector.get<Waivers>('waivers?use=expired')).items.map(({ id }) => id),
    ['W-3'],
  )
  const first = await collector.get<Waivers>('waivers?limit=2')
  const second = await collector.get<Waivers>(`waivers?limit=2&cursor=${first.nextCursor}`)
  t.same(
    [first, second].map(page => page.items.map(({ id }) => id)),
    [['W-1', 'W-2'], ['W-3']],
  )
  t.equal((await ask(collector.httpAddress, '/api/v1/waivers?use=never')).status, 400)
})

t.test('what is waived carries its mark, counts as it was found, and is left out of what fails', async t => {
  const results = await collector.get<Waivers>(`hosts/${database?.id}/results?waived=true`)
  t.match(results.items, [{ check: 'values-small', state: 'fail', waiver: { id: 'W-1', reason: 'On purpose.' } }])
  t.match(await collector.get(`hosts/${database?.id}`), {
    counts: { fail: 1 },
    waived: 1,
    failedBySeverity: { high: 0 },
  })
  t.match(await collector.get(`hosts/${web?.id}`), { counts: { fail: 1 }, waived: 0, failedBySeverity: { high: 1 } })
  t.match(await collector.get('summary'), { counts: { fail: 2 }, waived: 1, failedBySeverity: { high: 1 } })
  t.match(await collector.get('checks/values-small'), { counts: { fail: 2 }, waived: 1 })
})

t.test('another policy is in force at once, for everybody', async t => {
  await collector.replacePolicy(siteOf('tailoring:\n  - { check: values-small, disabled: true, rationale: No. }\n'))
  t.same((await collector.get<Waivers>('waivers')).items, [])
  t.same(
    (await collector.results()).filter(({ check }) => check === 'values-small'),
    [],
  )
  t.match(await collector.get('summary'), { counts: { fail: 0 }, waived: 0 })
  await collector.replacePolicy(siteOf(waivers))
  t.match(await collector.get('summary'), { counts: { fail: 2 }, waived: 1 })
  t.same(
    (await collector.drift()).filter(({ kind }) => kind === 'result'),
    [],
    'a policy is nothing that a host did',
  )
})

t.test('how a check stood is told newest first', async t => {
  const history = await collector.get<{ items: readonly unknown[] }>(`hosts/${web?.id}/results/values-small/history`)
  t.match(history.items, [
    { state: 'fail', to: '', evidence: ['a is 50'] },
    { state: 'fail', to: /Z$/ },
  ])
  const path = (host: string) => `/api/v1/hosts/${host}/results/values-small/history`
  t.equal((await ask(collector.httpAddress, path('nobody'))).status, 404)
  t.equal((await ask(collector.httpAddress, `${path(web?.id ?? '')}?limit=0`)).status, 400)
})
