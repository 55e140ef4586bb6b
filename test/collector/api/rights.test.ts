// Every route against everybody who may ask: a route that is not in the table fails, and so does a right it should not give.
import t from 'tap'
import { routes } from '../../../collector/api/routes.generated.ts'
import { fillFleet } from '../fill-fleet.ts'
import { startApiCollector, type User } from './api-users.ts'

const everybody: readonly User[] = ['viewer', 'operator', 'admin', 'viewer of role=db', 'admin of role=db']
const wholeFleet: readonly User[] = ['viewer', 'operator', 'admin']
const operators: readonly User[] = ['operator', 'admin']
const hostOperators: readonly User[] = ['operator', 'admin', 'admin of role=db']
const admins: readonly User[] = ['admin']
const hostAdmins: readonly User[] = ['admin', 'admin of role=db']

/** Who gets past the door of each route; `anyone` needs no token. */
const table: Readonly<Record<string, readonly User[] | 'anyone'>> = {
  'get /healthz': 'anyone',
  'get /readyz': 'anyone',
  'get /overview.css': 'anyone',
  'get /icon.svg': 'anyone',
  'get /openapi.json': 'anyone',
  'get /reference': 'anyone',
  'get /reference.css': 'anyone',
  'get /login': 'anyone',
  'post /login': 'anyone',
  'post /logout': 'anyone',
  'post /api/v1/session': 'anyone',
  'get /api/v1/session': everybody,
  'delete /api/v1/session': everybody,
  'get /': everybody,
  'get /metrics': wholeFleet,
  'get /api/v1/summary': everybody,
  'get /api/v1/trends': wholeFleet,
  'get /api/v1/time-to-fix': wholeFleet,
  'get /api/v1/checks/{id}/trend': wholeFleet,
  'get /api/v1/hosts': everybody,
  'get /api/v1/hosts/{id}': everybody,
  'get /api/v1/hosts/{id}/health': everybody,
  'get /api/v1/hosts/{id}/facets': everybody,
  'get /api/v1/hosts/{id}/facets/{facet}': everybody,
  'get /api/v1/hosts/{id}/facets/{facet}/history': everybody,
  'get /api/v1/hosts/{id}/gaps': everybody,
  'get /api/v1/hosts/{id}/results': everybody,
  'get /api/v1/hosts/{id}/results/{check}/history': everybody,
  'get /api/v1/results': everybody,
  'get /api/v1/findings': everybody,
  'get /api/v1/query': everybody,
  'get /api/v1/outliers': everybody,
  'get /api/v1/drift': everybody,
  'get /api/v1/events': everybody,
  'get /api/v1/reports/{format}': everybody,
  'get /api/v1/checks': everybody,
  'get /api/v1/checks/{id}': everybody,
  'get /api/v1/profiles': everybody,
  'get /api/v1/profiles/{id}': everybody,
  'post /api/v1/hosts/{id}/rescan': hostOperators,
  'post /api/v1/hosts/{id}/retire': hostOperators,
  'post /api/v1/hosts/{id}/release': hostOperators,
  'post /api/v1/hosts/{id}/revoke': hostOperators,
  'delete /api/v1/hosts/{id}': hostAdmins,
  'get /api/v1/enrollment-tokens': operators,
  'post /api/v1/enrollment-tokens': operators,
  'delete /api/v1/enrollment-tokens/{id}': operators,
  'get /api/v1/enrollments': operators,
  'post /api/v1/enrollments/{id}/approve': operators,
  'post /api/v1/enrollments/{id}/refuse': operators,
  'get /api/v1/cohorts': everybody,
  'post /api/v1/cohorts': operators,
  'get /api/v1/cohorts/{id}': everybody,
  'patch /api/v1/cohorts/{id}': operators,
  'delete /api/v1/cohorts/{id}': operators,
  'get /api/v1/cohorts/{id}/outliers': everybody,
  'get /api/v1/cohorts/{id}/deviations': everybody,
  'get /api/v1/cohorts/{id}/pins': everybody,
  'put /api/v1/cohorts/{id}/pins/{facet}': operators,
  'delete /api/v1/cohorts/{id}/pins/{facet}': operators,
  'get /api/v1/waivers': wholeFleet,
  'get /api/v1/waivers/{id}': wholeFleet,
  'post /api/v1/waivers': operators,
  'delete /api/v1/waivers/{id}': operators,
  'get /api/v1/receivers': wholeFleet,
  'post /api/v1/receivers/{name}/test': admins,
  'get /api/v1/api-tokens': admins,
  'post /api/v1/api-tokens': admins,
  'delete /api/v1/api-tokens/{id}': admins,
  'get /api/v1/audit': admins,
}

const collector = await startApiCollector(t)
const labels = (index: number) => ({ role: index === 0 ? 'db' : 'web' })
const hostname = (index: number) => (index === 0 ? 'db-1' : `hidden-${index}`)
const [database, ...others] = await fillFleet(t, collector, 3, { labels, hostname, value: index => 99 + index })
const seen = database?.id ?? ''
const hidden = others.map(({ id }) => id)

t.test('every route stands in the table, and nothing else does', async t => {
  t.same(routes.map(({ method, path }) => `${method} ${path}`).sort(), Object.keys(table).sort())
})

const named: Readonly<Record<string, string>> = { facet: 'small', format: 'csv', check: 'values-small' }
/** Of a host for reads; of nothing for changes, so that nobody changes anything. */
const pathOf = (method: string, path: string, id: string) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => named[name] ?? (method === 'get' ? id : 'ffffffffff'))

t.test('nobody without a token gets anywhere but where anyone may', async t => {
  for (const { method, path, isPage } of routes) {
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: collector.base }
    const headers = path.startsWith('/log') && method === 'post' ? form : {}
    const { status, headers: sent } = await collector.askAs(undefined, pathOf(method, path, seen), {
      ...{ method: method.toUpperCase(), headers },
    })
    const name = `${method} ${path}`
    if (table[name] === 'anyone') t.not(status, path === '/api/v1/session' ? 403 : 401, name)
    else if (isPage) t.match({ status, sent }, { status: 303, sent: { location: '/login' } }, name)
    else t.match({ status, sent }, { status: 401, sent: { 'www-authenticate': 'Bearer realm="gabion"' } }, name)
  }
})

t.test('each role gets where it may, and nowhere else', async t => {
  for (const user of everybody) {
    for (const { method, path } of routes) {
      const name = `${method} ${path}`
      const allowed = table[name]
      if (allowed === 'anyone' || allowed === undefined || path === '/api/v1/events') continue
      const reply = await collector.askAs(user, pathOf(method, path, seen), { method: method.toUpperCase() })
      if (allowed.includes(user)) t.notOk([401, 403].includes(reply.status), `${user}: ${name}: ${reply.status}`)
      else t.equal(reply.status, 403, `${user}: ${name}`)
    }
  }
})

t.test('hosts out of a scope are nowhere to be seen', async t => {
  const secrets = [...hidden, 'hidden-1', 'hidden-2']
  for (const user of ['viewer of role=db', 'admin of role=db'] as const) {
    for (const { method, path } of routes) {
      if (method !== 'get' || path === '/api/v1/events') continue
      const reply = await collector.askAs(user, pathOf(method, path, seen))
      for (const secret of secrets) t.notOk(reply.text.includes(secret), `${user}: ${path}`)
      if (!path.includes('/hosts/{id}')) continue
      for (const id of hidden) {
        const one = await collector.askAs(user, pathOf(method, path, id))
        t.equal(one.status, 404, `${user}: ${path} of another host`)
      }
    }
  }
  const shown = (await collector.askAs('viewer', '/api/v1/hosts')).text
  for (const secret of secrets) t.ok(shown.includes(secret), 'who may see all hosts sees them')
})

t.test('counts are of the hosts that may be seen', async t => {
  const get = async (user: User, path: string) => JSON.parse((await collector.askAs(user, `/api/v1/${path}`)).text)
  t.match(await get('viewer', 'summary'), { hosts: { total: 3, connected: 3 }, failedBySeverity: { high: 3 } })
  t.match(await get('viewer of role=db', 'summary'), {
    hosts: { total: 1, connected: 1 },
    failedBySeverity: { high: 1 },
  })
  t.match(await get('viewer', 'checks/values-small'), { counts: { fail: 3 } })
  t.match(await get('viewer of role=db', 'checks/values-small'), { counts: { fail: 1 } })
})

t.test('hosts out of a scope cannot be changed either', async t => {
  for (const { method, path } of routes) {
    if (method === 'get' || !path.includes('/hosts/{id}')) continue
    const of = path.replace('{id}', hidden[0] ?? '')
    const reply = await collector.askAs('admin of role=db', of, { method: method.toUpperCase() })
    t.equal(reply.status, 404, `${method} ${path}`)
  }
  const { text } = await collector.askAs('admin', `/api/v1/hosts/${hidden[0]}`)
  t.match(JSON.parse(text), { standing: 'active', connected: true })
})
