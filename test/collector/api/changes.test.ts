// What is changed through the API: it takes effect, and stands in the audit log, whether it was allowed or not.
import t from 'tap'
import { fillFleet } from '../fill-fleet.ts'
import { connectRawAgent } from '../raw-agent.ts'
import { startApiCollector, tokenId, type User } from './api-users.ts'

const collector = await startApiCollector(t)
const [first, second, third] = await fillFleet(t, collector, 3, { value: () => 99 })

async function send(user: User, method: string, path: string, body?: object) {
  const reply = await collector.askAs(user, `/api/v1/${path}`, {
    ...{ method, headers: { 'content-type': 'application/json' } },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { ...reply, json: reply.text === '' ? undefined : JSON.parse(reply.text) }
}
const get = async (path: string, user: User = 'admin') => (await send(user, 'GET', path)).json
const latest = async () => (await get('audit?limit=1')).items[0]
const actor = (user: User) => `token:${tokenId(collector.tokens[user])}`

t.test('a retired host is in no list until it is asked for, and can be released', async t => {
  const path = `hosts/${first?.id}`
  const done = await send('operator', 'POST', `${path}/retire`, { reason: 'scrapped' })
  t.match(done, { status: 200, json: { hostId: first?.id, standing: 'retired', reason: 'scrapped' } })
  t.match(await latest(), {
    ...{ actor: actor('operator'), action: 'hosts.update', target: first?.id, outcome: 'done' },
    ...{ requestId: done.headers['x-request-id'], address: /127\.0\.0\.1/, detail: { reason: 'scrapped' } },
  })
  const ids = async (query: string) => (await get(`hosts${query}`)).items.map((host: { id: string }) => host.id)
  t.notOk((await ids('')).includes(first?.id))
  t.same(await ids('?status=retired'), [first?.id])
  await send('operator', 'POST', `${path}/release`)
  t.ok((await ids('')).includes(first?.id))
})

t.test('retiring and revoking end the stream of the host', async t => {
  for (const [host, verb] of [
    [second, 'retire'],
    [third, 'revoke'],
  ] as const) {
    const ended = host?.agent.next()
    t.equal((await send('operator', 'POST', `hosts/${host?.id}/${verb}`)).status, 200)
    t.match(await ended, { message: 'refusal' }, verb)
  }
  t.match(await send('operator', 'POST', `hosts/${third?.id}/release`), {
    status: 409,
    json: { detail: /enroll again/ },
  })
})

t.test('a deleted host is gone, with its name in the audit log', async t => {
  const [host] = await fillFleet(t, collector, 1, { hostname: () => 'doomed' })
  t.equal((await send('operator', 'DELETE', `hosts/${host?.id}`)).status, 403)
  t.match(await latest(), {
    actor: actor('operator'),
    action: 'hosts.delete',
    outcome: 'refused',
    detail: { status: 403 },
  })
  t.equal((await send('admin', 'DELETE', `hosts/${host?.id}`)).status, 204)
  t.match(await latest(), { action: 'hosts.delete', target: host?.id, outcome: 'done', detail: { hostname: 'doomed' } })
  t.equal((await send('admin', 'GET', `hosts/${host?.id}`)).status, 404)
  t.equal((await send('admin', 'DELETE', `hosts/${host?.id}`)).status, 404)
  t.match(await latest(), { action: 'hosts.delete', target: host?.id, outcome: 'refused', detail: { status: 404 } })
})

t.test('a rescan stands in the audit log though nothing is stored', async t => {
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello({ hostname: 'again' })
  const done = await send('operator', 'POST', `hosts/${hostId}/rescan`, { facets: ['small'] })
  t.equal(done.status, 202)
  t.equal(done.json.requestId, done.headers['x-request-id'])
  t.match(await latest(), { action: 'rescans.create', target: hostId, outcome: 'done' })
  t.match(await send('viewer', 'POST', `hosts/${hostId}/rescan`), { status: 403 })
  t.match(await latest(), { actor: actor('viewer'), action: 'rescans.create', outcome: 'refused' })
})

t.test('a token is made, used, listed and revoked; its secret is answered once', async t => {
  const body = { role: 'viewer', description: '<b>=cmd</b>', labels: { role: 'db' }, ttlSeconds: 3_600 }
  const made = await send('admin', 'POST', 'api-tokens', body)
  t.match(made, {
    status: 201,
    json: { role: 'viewer', state: 'valid', labels: { role: 'db' }, createdBy: actor('admin') },
  })
  const { id, token } = made.json
  t.match(token, new RegExp(`^gabion_${id}_[0-9a-f]{64}$`))
  t.match(await latest(), {
    action: 'apitokens.create',
    target: id,
    detail: { role: 'viewer', labels: { role: 'db' } },
  })
  const bearer = { headers: { authorization: `Bearer ${token}` } }
  t.equal((await collector.askAs(undefined, '/api/v1/hosts', bearer)).status, 200)
  const listed = await collector.askAs('admin', '/api/v1/api-tokens')
  t.notOk(listed.text.includes(token.split('_')[2]))
  t.match(
    JSON.parse(listed.text).items.find((item: { id: string }) => item.id === id),
    { description: '<b>=cmd</b>' },
  )
  t.equal((await send('admin', 'DELETE', `api-tokens/${id}`)).status, 204)
  t.equal((await send('admin', 'DELETE', `api-tokens/${id}`)).status, 404)
  t.equal((await collector.askAs(undefined, '/api/v1/hosts', bearer)).status, 401)
  for (const bad of [
    ...[{}, { role: 'root' }, { role: 'viewer', ttlSeconds: 1 }, { role: 'viewer', ttlSeconds: 1e9 }],
    ...[
      { role: 'viewer', labels: { '': '' } },
      { role: 'viewer', labels: [] },
      { role: 'viewer', id: 'x' },
    ],
  ]) {
    t.equal((await send('admin', 'POST', 'api-tokens', bad)).status, 400, JSON.stringify(bad))
  }
})

t.test('where agents need no TLS, nobody enrolls', async t => {
  t.match(await send('operator', 'POST', 'enrollment-tokens', {}), { status: 409, json: { detail: /without TLS/ } })
  t.match(await latest(), { action: 'enrollmenttokens.create', outcome: 'refused', detail: { status: 409 } })
})

t.test('the audit log is filtered and paged, and has every change of this test', async t => {
  const all = []
  let cursor = ''
  do {
    const page = await get(`audit?limit=3${cursor && `&cursor=${cursor}`}`)
    all.push(...page.items)
    cursor = page.nextCursor ?? ''
  } while (cursor !== '')
  t.ok(all.length > 12)
  t.same(
    all.map(({ id }) => id),
    all.map(({ id }) => id).toSorted((a: number, b: number) => b - a),
  )
  const deleted = (await get('audit?action=hosts.delete&outcome=done')).items
  t.equal(deleted.length, 1)
  t.same((await get(`audit?actor=${actor('viewer')}`)).items.length, 1)
  t.same((await get('audit?since=2999-01-01T00:00:00Z')).items, [])
  t.equal((await send('admin', 'GET', 'audit?outcome=perhaps')).status, 400)
})

t.test('a waiver accepts what fails at once, until it is taken back', async t => {
  const [host] = await fillFleet(t, collector, 1, { hostname: () => 'waived-1', value: () => 99 })
  const given = {
    ...{ id: 'W-1', hosts: { hostnames: ['waived-*'] }, check: 'values-*', reason: 'On purpose.' },
    ...{ owner: 'us@example.org', expires: '2999-12-31' },
  }
  const failing = async () => {
    await collector.judged()
    return (await get(`hosts/${host?.id}`)).failedBySeverity.high
  }
  t.equal(await failing(), 1)
  t.equal((await send('viewer', 'POST', 'waivers', given)).status, 403)
  const made = await send('operator', 'POST', 'waivers', given)
  t.match(made, { status: 201, json: { id: 'W-1', source: 'api', expiresAt: '3000-01-01T00:00:00.000Z' } })
  t.match(await latest(), {
    action: 'waivers.create',
    target: 'W-1',
    outcome: 'done',
    detail: { owner: 'us@example.org' },
  })
  t.equal(await failing(), 0)
  t.match(await get('waivers/W-1'), { use: 'used', results: 1 })
  t.match(await send('operator', 'POST', 'waivers', given), { status: 409, json: { detail: /there is a waiver W-1/ } })
  t.equal((await send('operator', 'DELETE', 'waivers/W-1')).status, 204)
  t.equal(await failing(), 1)
  t.equal((await send('operator', 'DELETE', 'waivers/W-1')).status, 404)
  t.equal((await send('operator', 'POST', 'waivers', given)).status, 201, 'its id is free again')
  t.equal((await send('operator', 'DELETE', 'waivers/W-1')).status, 204)
})

t.test('a waiver that says nothing, or of nothing, is refused with what is wrong', async t => {
  const given = { hosts: { all: true }, check: 'values-small', reason: 'r', owner: 'o', expires: '2999-12-31' }
  for (const [change, expected] of [
    [{ hosts: {} }, /selects nothing/],
    [{ hosts: { all: true, ids: ['a'] } }, /names all hosts and some/],
    [{ hosts: { matchExpressions: [{ key: 'a', operator: 'In' }] } }, /In wants `values`/],
    [{ check: 'no-such' }, /check no-such is not in the policy/],
    [{ expires: '2001-01-01' }, /is over/],
    [{ expires: 'soon' }, /must be a day/],
    [{ owner: '' }, /owner/],
    [{ more: 1 }, /more/],
  ] as const) {
    const { status, text } = await send('operator', 'POST', 'waivers', { ...given, ...change })
    t.equal(status, 400, JSON.stringify(change))
    t.match(text, expected)
  }
  t.same((await get('waivers')).items, [])
})
