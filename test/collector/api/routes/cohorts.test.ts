// Cohorts over the API: made, pinned, held against each other, and only for who may see their hosts.
import t from 'tap'
import type { Cohort } from '../../../../policy/cohorts.ts'
import { everyHost } from '../../../../policy/host-selector.ts'
import { readSitePolicy } from '../../../../policy/site-policy.ts'
import { sealAbsent, sealFailed } from '../../../../proto/seal.ts'
import { SmallFacet, smallState } from '../../../small-facet.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { smallCatalog } from '../../small-catalog.ts'
import { startTestCollector } from '../../start-collector.ts'
import { startApiCollector, type User } from '../api-users.ts'
import { pages } from '../request.ts'

const collector = await startApiCollector(t)
const labels = (index: number) => ({ role: index < 2 ? 'db' : 'web' })
const hosts = await fillFleet(t, collector, 6, { labels, value: index => (index === 5 ? 2 : 1) })
const [first, , third, , , last] = hosts
const other = smallState({ a: 2 })
const usual = smallState({ a: 1 })

async function send(method: string, path: string, body?: object, user: User = 'operator') {
  const headers = { 'content-type': 'application/json' }
  const text = body === undefined ? {} : { headers, body: JSON.stringify(body) }
  const reply = await collector.askAs(user, `/api/v1/${path}`, { method, ...text })
  return { status: reply.status, body: reply.text === '' ? undefined : JSON.parse(reply.text) }
}
const get = async (path: string, user: User = 'viewer') => (await send('GET', path, undefined, user)).body

t.test('a cohort is made, shows how alike its hosts are, is changed and goes', async t => {
  const web = { id: 'web', description: 'They serve.', hosts: { matchLabels: { role: 'web' } } }
  t.match(await send('POST', 'cohorts', web), { status: 201, body: { id: 'web', members: 4, source: 'api' } })
  t.match(await send('POST', 'cohorts', web), { status: 409, body: { detail: /already/ } })
  t.match(await get('cohorts'), {
    items: [{ id: 'web', members: 4, pins: 0, hosts: { matchLabels: { role: 'web' } } }],
  })
  t.match(await get('cohorts/web'), {
    members: 4,
    facets: [
      {
        ...{ facet: 'small', known: 4, unknown: 0, states: 2 },
        majority: { digest: usual.digest, hosts: 3, percent: 75 },
      },
    ],
  })
  const changed = await send('PATCH', 'cohorts/web', { hosts: { hostnames: ['node-00*'] } })
  t.match(changed, { status: 200, body: { members: 6, description: 'They serve.' } })
  t.match(await send('PATCH', 'cohorts/web', { description: 'All.' }), { body: { members: 6, description: 'All.' } })
  t.equal((await send('DELETE', 'cohorts/web')).status, 204)
  t.equal((await send('GET', 'cohorts/web')).status, 404)
  const audit = (await get('audit', 'admin')) as { items: readonly { action: string; outcome: string }[] }
  t.same(audit.items.map(({ action, outcome }) => `${action} ${outcome}`).toReversed(), [
    'cohorts.create done',
    'cohorts.create refused',
    ...Array(2).fill('cohorts.update done'),
    'cohorts.delete done',
  ])
})

t.test('what is wrong is told, and what is not there is not found', async t => {
  const refused = async (method: string, path: string, body: object | undefined, status: number, detail: RegExp) =>
    t.match(await send(method, path, body), { status, body: { detail } }, `${method} ${path}`)
  await refused('POST', 'cohorts', { id: 'x', hosts: {} }, 400, /selects nothing/)
  await refused('POST', 'cohorts', { id: 'x', hosts: { all: true, ids: ['a'] } }, 400, /all hosts and some/)
  await refused('POST', 'cohorts', { id: '../x', hosts: { all: true } }, 400, /^id: /)
  await refused('POST', 'cohorts', { id: 'x', hosts: { all: true }, more: 1 }, 400, /not known here/)
  const bad = { matchExpressions: [{ key: 'a', operator: 'In' }] }
  await refused('POST', 'cohorts', { id: 'x', hosts: bad }, 400, /In wants `values`/)
  await send('POST', 'cohorts', { id: 'all', hosts: { all: true } })
  await refused('PUT', 'cohorts/all/pins/small', {}, 400, /one of hostId, digest and majority/)
  await refused('PUT', 'cohorts/all/pins/small', { majority: true, hostId: first?.id }, 400, /one of/)
  await refused('PUT', 'cohorts/all/pins/small', { digest: 'sha256:0' }, 400, /^digest: /)
  await refused('PUT', 'cohorts/all/pins/small', { digest: `sha256:${'0'.repeat(64)}` }, 404, /no host has or had/)
  await refused('PUT', 'cohorts/all/pins/small', { hostId: 'nobody' }, 404, /no host nobody/)
  await refused('PUT', 'cohorts/all/pins/ports', { digest: usual.digest }, 404, /state of ports/)
  await refused('PUT', 'cohorts/all/pins/ports', { majority: true }, 409, /no host of cohort all has a facet ports/)
  await refused('PUT', 'cohorts/none/pins/small', { majority: true }, 404, /no cohort none/)
  await refused('DELETE', 'cohorts/all/pins/small', undefined, 404, /not pinned/)
  await refused('GET', 'cohorts/none/deviations', undefined, 404, /no cohort none/)
  await refused('GET', 'cohorts/none/outliers?facet=small', undefined, 404, /no cohort none/)
  await refused('GET', 'cohorts/all/outliers', undefined, 400, /^facet: /)
  await refused('GET', 'cohorts/all/outliers?facet=tea', undefined, 400, /no facet tea/)
  await refused('GET', 'cohorts/all/outliers?facet=ports&limit=0', undefined, 400, /from 1 to 500/)
  await refused('GET', 'cohorts/all/deviations?cursor=x', undefined, 400, /cursor/)
  t.match(await get('cohorts/all/outliers?facet=ports'), { facet: 'ports', hosts: 0, unknown: 6, items: [] })
})

t.test('hosts that are not as it is pinned are told in words, and so is when they begin and cease', async t => {
  const put = await send('PUT', 'cohorts/all/pins/small', { majority: true })
  t.match(put, {
    status: 200,
    body: { digest: usual.digest, state: 'present', conforming: 5, deviating: 1, pinnedBy: /^token:/ },
  })
  t.match(await get('cohorts/all'), { pins: 1, facets: [{ pin: { deviating: 1 } }] })
  t.match(await get('cohorts/all/deviations?facet=small'), {
    items: [
      {
        ...{ hostId: last?.id, hostname: 'node-005', pinned: usual.digest, digest: other.digest },
        differences: { found: 1, items: [{ text: 'rows a value changed from 1 to 2', field: 'rows.value' }] },
      },
    ],
  })
  t.same(await get('cohorts/all/deviations?facet=ports'), { items: [] })
  t.same((await get('drift?kind=deviation')).items, [], 'a pin is nothing that a host did')
  await third?.agent.deliver(2, smallState({ a: 1, '<script>\u001b[31m': 1 }))
  await third?.agent.deliver(3, sealFailed(SmallFacet, 'error', 'failed', 'no'))
  t.match(await get('cohorts/all/pins'), { items: [{ conforming: 4, deviating: 2 }] }, 'as it was last')
  await third?.agent.deliver(4, usual)
  const drift = (await get('drift?kind=deviation')) as { items: readonly object[] }
  t.match(drift.items, [
    { kind: 'deviation', change: 'removed', field: 'all', text: 'is as the pinned small of cohort all again' },
    {
      ...{ kind: 'deviation', change: 'added', subject: 'small', field: 'all', hostId: third?.id },
      text: /^deviates from the pinned small of cohort all: rows <script>\\x1b\[31m added$/,
    },
  ])
  t.match((await send('PUT', 'cohorts/all/pins/small', { hostId: last?.id })).body, { conforming: 1, deviating: 5 })
  t.match((await send('PUT', 'cohorts/all/pins/small', { digest: usual.digest })).body, { deviating: 1 })
  t.equal((await send('DELETE', 'cohorts/all/pins/small')).status, 204)
  t.same(await get('cohorts/all/deviations'), { items: [] })
})

t.test('that something is not there can be pinned, and what nobody could ever read cannot', async t => {
  await last?.agent.deliver(2, sealAbsent(SmallFacet, 'notInstalled', ''))
  t.match(await send('PUT', 'cohorts/all/pins/small', { hostId: last?.id }), {
    body: { state: 'absent', deviating: 5 },
  })
  t.match((await get('cohorts/all/deviations')).items[0].differences, { items: [{ text: 'small is there' }] })
  await last?.agent.deliver(3, sealFailed(SmallFacet, 'unreadable', 'EACCES', ''))
  const refused = await send('PUT', 'cohorts/all/pins/small', { hostId: last?.id })
  t.match(refused, { status: 409, body: { detail: /could never be read/ } })
  await last?.agent.deliver(4, other)
})

t.test('who may see some hosts sees what is theirs of a cohort, and changes none', async t => {
  await send('PUT', 'cohorts/all/pins/small', { digest: other.digest })
  await send('POST', 'cohorts', { id: 'web', hosts: { matchLabels: { role: 'web' } } })
  const scoped = 'viewer of role=db'
  t.match(await get('cohorts', scoped), { items: [{ id: 'all', members: 2 }] })
  t.notOk('hosts' in (await get('cohorts', scoped)).items[0], 'a selector may name others')
  t.match(await get('cohorts/all', scoped), { members: 2, facets: [{ known: 2, states: 1, pin: { deviating: 2 } }] })
  t.equal((await get('cohorts/all/deviations', scoped)).items.length, 2)
  t.equal((await get('cohorts/all/deviations')).items.length, 5)
  t.match(await get('cohorts/all/outliers?facet=ports', scoped), { unknown: 2 })
  for (const path of [
    'cohorts/web',
    'cohorts/web/pins',
    'cohorts/web/deviations',
    'cohorts/web/outliers?facet=ports',
  ]) {
    t.equal((await send('GET', path, undefined, scoped)).status, 404, path)
  }
  const admin = 'admin of role=db'
  t.equal((await send('POST', 'cohorts', { id: 'mine', hosts: { matchLabels: { role: 'db' } } }, admin)).status, 403)
  t.equal((await send('PUT', 'cohorts/all/pins/small', { majority: true }, admin)).status, 403)
  t.equal((await send('DELETE', 'cohorts/all', undefined, admin)).status, 403)
  t.equal((await send('DELETE', 'cohorts/all', undefined, 'viewer')).status, 403)
})

t.test('labels that somebody asks for and may not see are those of no host', async t => {
  const asked = (label: string) => get(`outliers?facet=ports&label=role%3D${label}`, 'viewer of role=db')
  t.match(await asked('db'), { unknown: 2 })
  t.match(await asked('web'), { unknown: 0, hosts: 0, text: 'ports of no host is known' })
  t.match(await get('outliers?facet=ports&label=role%3Ddb&label=role%3Dweb'), { unknown: 0 }, 'nobody has both')
})

t.test('deviations come in pages, by facet and host', async t => {
  const open = await startTestCollector(t)
  await fillFleet(t, open, 5, { value: index => index })
  const all: Cohort = { id: 'all', description: '', hosts: everyHost }
  await open.store.write(async transaction => {
    await transaction.addCohort(all, 1)
    await transaction.putPin('all', { facet: 'small', digest: smallState({ a: 3 }).digest, by: 'x', atMs: 1 })
  })
  const found = await pages<{ hostname: string }>(open.base, 'cohorts/all/deviations?limit=3')
  t.same(
    found.map(page => page.map(({ hostname }) => hostname)),
    [['node-000', 'node-001', 'node-002'], ['node-004']],
  )
})

t.test('cohorts of files are in force with their policy, and stay as they are written', async t => {
  const text = 'cohorts:\n  - { id: all, description: From a file., hosts: all }\n'
  const site = readSitePolicy(smallCatalog(), [{ path: 'site.yaml', text }], [SmallFacet])
  const none = readSitePolicy(smallCatalog(), [{ path: 'site.yaml', text: 'cohorts: []\n' }], [SmallFacet])
  const open = await startTestCollector(t, { site })
  await fillFleet(t, open, 2)
  t.match(await open.get('cohorts'), { items: [{ id: 'all', source: 'file', members: 2 }] })
  const change = async (method: string, body?: string) => {
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${open.base}/api/v1/cohorts/all`, { method, ...(body && { body, headers }) })).status
  }
  t.same([await change('DELETE'), await change('PATCH', '{"description":"x"}')], [409, 409])
  await open.replacePolicy(none)
  t.same(await open.get('cohorts'), { items: [] })
  await open.replacePolicy(site)
  t.match(await open.get('cohorts/all'), { members: 2, facets: [{ known: 2 }] })
})
