// Logins of browsers: the cookie, what it may do, when it ends; and what other sites' pages cannot do with it.
import t from 'tap'
import { systemClock } from '../../../runtime/clock.ts'
import { fillFleet } from '../fill-fleet.ts'
import { putApiToken, startApiCollector, tokenId } from './api-users.ts'
import { ask, type Reply } from './request.ts'

const collector = await startApiCollector(t)
const [host] = await fillFleet(t, collector, 1)
const { httpAddress: address, base } = collector
const form = { 'content-type': 'application/x-www-form-urlencoded', origin: base }

function cookieOf({ headers }: Reply): string {
  const [cookie = ''] = [headers['set-cookie'] ?? []].flat()
  return String(cookie).split(';')[0] ?? ''
}

async function logIn(token: string): Promise<string> {
  const reply = await ask(address, '/login', { method: 'POST', headers: form, body: `token=${token}` })
  if (reply.status !== 303 || reply.headers['location'] !== '/') throw new Error(`not logged in: ${reply.status}`)
  return cookieOf(reply)
}

t.test('a login sets a cookie that no script and no other site can use', async t => {
  const reply = await ask(address, '/login', {
    ...{ method: 'POST', headers: form, body: `token=${collector.tokens.viewer}` },
  })
  t.match(reply, { status: 303, headers: { location: '/' } })
  const [cookie] = [reply.headers['set-cookie'] ?? []].flat()
  t.match(cookie, /^gabion-session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/)
  t.notOk(String(cookie).includes(tokenId(collector.tokens.viewer)))
  const page = await ask(address, '/', { headers: { cookie: cookieOf(reply) } })
  t.match(page, { status: 200, text: /log out/i })
  const who = await ask(address, '/api/v1/session', { headers: { cookie: cookieOf(reply) } })
  t.match(JSON.parse(who.text), { kind: 'session', role: 'viewer', name: `token:${tokenId(collector.tokens.viewer)}` })
})

t.test('a wrong token leads back to the login page, and says so', async t => {
  for (const token of ['', 'x', `gabion_${'0'.repeat(10)}_${'0'.repeat(64)}`]) {
    const reply = await ask(address, '/login', { method: 'POST', headers: form, body: `token=${token}` })
    t.match(reply, { status: 303, headers: { location: '/login?failed=1' } })
    t.equal(cookieOf(reply), '')
  }
  t.match(await ask(address, '/login?failed=1'), { status: 200, text: /no API token in force/ })
  t.notMatch((await ask(address, '/login')).text, /no API token in force/)
})

t.test('logging out ends the session itself, not only the cookie', async t => {
  const cookie = await logIn(collector.tokens.viewer)
  const out = await ask(address, '/logout', { method: 'POST', headers: { ...form, cookie } })
  t.match(out, { status: 303, headers: { location: '/login' } })
  t.match([out.headers['set-cookie'] ?? []].flat()[0], /^gabion-session=; .*Max-Age=0/)
  t.equal((await ask(address, '/api/v1/summary', { headers: { cookie } })).status, 401)
})

t.test('what a page does by a cookie needs a header that other sites cannot send', async t => {
  const cookie = await logIn(collector.tokens.operator)
  const path = `/api/v1/hosts/${host?.id}/rescan`
  const post = async (headers: Record<string, string>) =>
    (await ask(address, path, { method: 'POST', headers: { cookie, ...headers } })).status
  t.equal(await post({}), 403)
  t.equal(await post({ origin: base }), 403)
  t.equal(await post({ 'x-gabion-csrf': '1', origin: 'https://evil.example' }), 403)
  t.equal(await post({ 'x-gabion-csrf': '1', 'sec-fetch-site': 'cross-site' }), 403)
  t.equal(await post({ 'x-gabion-csrf': '1', 'sec-fetch-site': 'same-site' }), 403)
  t.equal(await post({ 'x-gabion-csrf': '1', origin: base }), 202)
  t.equal((await ask(address, '/api/v1/hosts', { headers: { cookie } })).status, 200, 'reading needs none')
})

t.test('forms of other pages log nobody in or out', async t => {
  const body = `token=${collector.tokens.viewer}`
  const post = async (path: string, headers: Record<string, string>) =>
    (await ask(address, path, { method: 'POST', headers, body })).status
  const { origin: _, ...typed } = form
  t.equal(await post('/login', { ...form, origin: 'https://evil.example' }), 403)
  t.equal(await post('/login', typed), 403, 'a form that does not say where it is from')
  t.equal(await post('/login', { ...typed, 'sec-fetch-site': 'same-origin' }), 303)
  const cookie = await logIn(collector.tokens.viewer)
  t.equal(await post('/logout', { ...form, cookie, origin: 'null' }), 403)
  t.equal((await ask(address, '/api/v1/summary', { headers: { cookie } })).status, 200, 'still logged in')
})

t.test('a login takes over no cookie that somebody else has planted', async t => {
  const planted = `gabion-session=${'a'.repeat(43)}`
  const headers = { ...form, cookie: planted }
  const body = `token=${collector.tokens.viewer}`
  const first = cookieOf(await ask(address, '/login', { method: 'POST', headers, body }))
  t.not(first, planted)
  t.equal((await ask(address, '/api/v1/summary', { headers: { cookie: planted } })).status, 401)
  const again = await ask(address, '/login', { method: 'POST', headers: { ...form, cookie: first }, body })
  t.not(cookieOf(again), first, 'and each login is a session of its own')
})

t.test('a session ends after half a day, its token does not', async t => {
  let aheadMs = 0
  const clock = { ...systemClock, now: () => Date.now() + aheadMs }
  const own = await startApiCollector(t, { clock })
  const token = await putApiToken(own.store, { role: 'viewer', lifeMs: 30 * 86_400_000 })
  const headers = { ...form, origin: own.base }
  const cookie = cookieOf(await ask(own.httpAddress, '/login', { method: 'POST', headers, body: `token=${token}` }))
  const status = async (shown: Record<string, string>, path = '/api/v1/summary') =>
    (await ask(own.httpAddress, path, { headers: shown })).status
  aheadMs = 12 * 3_600_000 - 60_000
  t.equal(await status({ cookie }), 200)
  aheadMs = 12 * 3_600_000 + 1_000
  t.equal(await status({ cookie }), 401)
  t.equal(await status({ cookie }, '/'), 303, 'a page leads to the login')
  t.equal(await status({ authorization: `Bearer ${token}` }), 200)
  aheadMs = 31 * 86_400_000
  t.equal(await status({ authorization: `Bearer ${token}` }), 401)
})

t.test('what is kept of tokens and sessions lets nobody in', async t => {
  const cookie = await logIn(collector.tokens.viewer)
  const { read } = collector.store
  const kept = await read.apiToken(tokenId(collector.tokens.viewer))
  t.match(kept?.secretHash, /^sha256:[0-9a-f]{64}$/)
  t.notOk(JSON.stringify(kept).includes(collector.tokens.viewer.split('_')[2] ?? 'nothing'))
  t.equal(await read.apiSession(cookie.split('=')[1] ?? ''), undefined, 'nor is a session kept under its cookie')
  const shown = { authorization: `Bearer gabion_${kept?.id}_${kept?.secretHash.slice('sha256:'.length)}` }
  t.equal((await ask(address, '/api/v1/summary', { headers: shown })).status, 401)
})

t.test('a session ends with its token', async t => {
  const token = await putApiToken(collector.store, { role: 'viewer' })
  const cookie = await logIn(token)
  t.equal((await ask(address, '/api/v1/summary', { headers: { cookie } })).status, 200)
  const revoked = await collector.askAs('admin', `/api/v1/api-tokens/${tokenId(token)}`, { method: 'DELETE' })
  t.equal(revoked.status, 204)
  t.equal((await ask(address, '/api/v1/summary', { headers: { cookie } })).status, 401)
  t.equal((await ask(address, '/', { headers: { cookie } })).status, 303)
  const bearer = { authorization: `Bearer ${token}` }
  t.match(await ask(address, '/api/v1/summary', { headers: bearer }), { status: 401, text: /was revoked/ })
})

t.test('a token that has expired is good no more', async t => {
  const token = await putApiToken(collector.store, { role: 'viewer', lifeMs: -1 })
  const bearer = { authorization: `Bearer ${token}` }
  t.match(await ask(address, '/api/v1/summary', { headers: bearer }), { status: 401, text: /has expired/ })
  const reply = await ask(address, '/login', { method: 'POST', headers: form, body: `token=${token}` })
  t.match(reply.headers, { location: '/login?failed=1' })
})

t.test('cookies and headers that are none let nobody in', async t => {
  for (const cookie of [
    'gabion-session=',
    'gabion-session=x',
    `gabion-session=${'a'.repeat(43)}`,
    'other=1; x',
    '=;;=',
  ]) {
    t.equal((await ask(address, '/api/v1/summary', { headers: { cookie } })).status, 401, cookie)
  }
  const [, , secret = ''] = collector.tokens.admin.split('_')
  const id = tokenId(collector.tokens.admin)
  const wrong = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`
  for (const authorization of [
    ...['Bearer', 'Bearer ', 'Basic YTpi', `Bearer gabion_${id}_${wrong}`, `Bearer gabion_${id}_`],
    ...[`Bearer gabion_${'f'.repeat(10)}_${secret}`, `bearer  ${collector.tokens.admin} x`, 'Bearer a.b.c'],
  ]) {
    t.equal((await ask(address, '/api/v1/summary', { headers: { authorization } })).status, 401, authorization)
  }
  const lower = { authorization: `bearer ${collector.tokens.viewer}` }
  t.equal((await ask(address, '/api/v1/summary', { headers: lower })).status, 200, 'the scheme in any case')
})

t.test('a session of the API is for programs in browsers', async t => {
  const json = { 'content-type': 'application/json' }
  const begun = await ask(address, '/api/v1/session', {
    ...{ method: 'POST', headers: json, body: JSON.stringify({ token: collector.tokens.admin }) },
  })
  t.equal(begun.status, 201)
  const cookie = cookieOf(begun)
  t.equal((await ask(address, '/api/v1/audit', { headers: { cookie } })).status, 200)
  const end = (headers: Record<string, string>) => ask(address, '/api/v1/session', { method: 'DELETE', headers })
  t.equal((await end({ cookie })).status, 403)
  t.equal((await end({ cookie, 'x-gabion-csrf': '1' })).status, 204)
  t.equal((await ask(address, '/api/v1/audit', { headers: { cookie } })).status, 401)
  const bad = await ask(address, '/api/v1/session', { method: 'POST', headers: json, body: '{"token":"x"}' })
  t.equal(bad.status, 401)
})

t.test('logins and failures to log in are in the audit log; tokens and cookies are not', async t => {
  const { text } = await collector.askAs('admin', '/api/v1/audit?action=session.create&limit=500')
  const { items } = JSON.parse(text) as { items: { actor: string; outcome: string; address: string }[] }
  t.ok(items.some(({ actor, outcome }) => actor.startsWith('token:') && outcome === 'done'))
  t.ok(items.some(({ actor, outcome }) => actor === 'nobody' && outcome === 'refused'))
  t.ok(items.every(({ address: from }) => from.includes('127.0.0.1')))
  for (const token of Object.values(collector.tokens)) t.notOk(text.includes(token.split('_')[2] ?? ''))
})
