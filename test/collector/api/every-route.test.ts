// What holds for every route, with no list of routes to keep: bad input, ids of nothing, missing rights, bodies that
// cannot be read, methods that are not there. Each answer is one that the OpenAPI document tells of.
import t, { type Test } from 'tap'
import type { Route } from '../../../collector/api/route.ts'
import { routes } from '../../../collector/api/routes.generated.ts'
import type { AgentHealth } from '../../../collector/store/agent-health.ts'
import { everyHost } from '../../../policy/host-selector.ts'
import { recordingLog } from '../../recording-log.ts'
import { fillFleet } from '../fill-fleet.ts'
import { startApiCollector, type User } from './api-users.ts'
import { answerChecker, type OpenApi } from './openapi-schemas.ts'
import type { Ask, Reply } from './request.ts'

const { log, lines } = recordingLog()
const collector = await startApiCollector(t, { log })
const [host] = await fillFleet(t, collector, 2)
const document = JSON.parse((await collector.askAs(undefined, '/openapi.json')).text) as OpenApi
const wrong = answerChecker(document)

const named: Readonly<Record<string, string>> = {
  id: host?.id ?? '',
  facet: 'small',
  format: 'csv',
  check: 'values-small',
}
/** Well formed, and the name of nothing. */
const ofNothing: Readonly<Record<string, string>> = {
  id: 'ffffffffff',
  facet: 'no-such',
  check: 'no-such',
  format: 'no-such',
}
const filled = (path: string, values: Readonly<Record<string, string>>) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `no-value-for-${name}`)
const requiredQuery: Readonly<Record<string, string>> = {
  '/api/v1/outliers': '?facet=ports',
  '/api/v1/cohorts/{id}/outliers': '?facet=ports',
}
const nameOf = ({ method, path }: Route) => `${method} ${path}`
/** Every way in is closed to forms of other pages; browsers say where a form is from. */
const headersOf = ({ bodyType }: Route) =>
  bodyType === 'form'
    ? { 'content-type': 'application/x-www-form-urlencoded', origin: collector.base }
    : { 'content-type': 'application/json' }

async function send(route: Route, user: User | undefined, path: string, request: Ask = {}): Promise<Reply> {
  const headers = { ...headersOf(route), ...request.headers }
  const method = request.method ?? route.method.toUpperCase()
  const { body: _, ...bodiless } = request
  return collector.askAs(user, path, { ...(route.body ? request : bodiless), method, headers })
}

function isDescribed(t: Test, route: Route, reply: Reply): void {
  const operation = document.paths[route.path]?.[route.method]
  if (!operation) return void t.fail(`${nameOf(route)} is not in the document`)
  t.equal(wrong(operation, reply as never), '', `${nameOf(route)}: ${reply.status}`)
  if (reply.status >= 400) t.match(reply.headers['content-type'], /^application\/problem\+json/, nameOf(route))
}

t.test('a parameter that no route knows is bad input', async t => {
  for (const route of routes) {
    const reply = await send(route, 'admin', `${filled(route.path, named)}?not-known=1`, { body: '' })
    t.equal(reply.status, 400, nameOf(route))
    isDescribed(t, route, reply)
  }
})

t.test('a parameter that is not valid is named', async t => {
  for (const route of routes.filter(({ query }) => query !== undefined)) {
    for (const name of Object.keys(route.query?.shape ?? {})) {
      const reply = await send(route, 'admin', `${filled(route.path, named)}?${name}=${'%00'.repeat(5_000)}`)
      t.equal(reply.status, 400, `${nameOf(route)}: ${name}`)
      t.ok(
        JSON.parse(reply.text).errors?.some(({ field }: { field: string }) => field.split('.')[0] === name),
        name,
      )
      isDescribed(t, route, reply)
    }
  }
})

t.test('an id of nothing is not found', async t => {
  for (const route of routes.filter(({ params }) => params !== undefined)) {
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
    const reply = await send(route, 'admin', filled(route.path, ofNothing) + (requiredQuery[route.path] ?? ''), {
      body: '{}',
    })
    t.equal(reply.status, names.includes('format') ? 400 : 404, nameOf(route))
    isDescribed(t, route, reply)
  }
})

t.test('who may not is told so, and who is nobody, too', async t => {
  for (const route of routes.filter(({ access }) => access !== 'anyone')) {
    const nobody = await send(route, undefined, filled(route.path, named), { headers: { accept: 'application/json' } })
    if (!route.isPage) isDescribed(t, route, nobody)
    t.equal(nobody.status, route.isPage ? 303 : 401, nameOf(route))
    if (typeof route.access === 'string' || route.method === 'get') continue
    const viewer = await send(route, 'viewer', filled(route.path, ofNothing), { body: '{}' })
    t.equal(viewer.status, 403, nameOf(route))
    isDescribed(t, route, viewer)
  }
})

t.test('who takes no form of an answer is told which there is', async t => {
  for (const route of routes.filter(({ answer }) => 'schema' in answer || 'contentType' in answer)) {
    const path = filled(route.path, named)
    const reply = await send(route, 'admin', path, { headers: { accept: 'image/none, text/none;q=0.5' } })
    t.equal(reply.status, 406, nameOf(route))
    isDescribed(t, route, reply)
  }
  for (const accept of [
    '*/*',
    'application/*;q=0.1',
    'text/html, application/json;charset=utf-8',
    'Application/JSON',
  ]) {
    const reply = await collector.askAs('admin', '/api/v1/summary', { headers: { accept } })
    t.equal(reply.status, 200, accept)
  }
})

t.test('bodies that cannot be taken are refused before they are looked at', async t => {
  for (const route of routes.filter(({ body }) => body !== undefined)) {
    const path = filled(route.path, ofNothing)
    const isForm = route.bodyType === 'form'
    const statusOf = async (body: string, type: string) => {
      const reply = await send(route, 'admin', path, { body, headers: { 'content-type': type } })
      isDescribed(t, route, reply)
      return reply.status
    }
    const own = headersOf(route)['content-type']
    t.equal(await statusOf(`{"a":"${'x'.repeat(70_000)}"}`, own), 413, `${nameOf(route)}: large`)
    t.equal(await statusOf('<a/>', 'text/xml'), 415, `${nameOf(route)}: of another type`)
    t.equal(await statusOf('{"', 'application/json; charset=none'), 415, `${nameOf(route)}: of an unknown charset`)
    t.equal(
      await statusOf(isForm ? 'not-known=1' : '{"not-known":1}', own),
      400,
      `${nameOf(route)}: a field nobody knows`,
    )
    if (isForm) continue
    for (const body of ['{"a":', '[]', '"x"', '{"a":1}}', '\u0000']) {
      t.equal(await statusOf(body, own), 400, `${nameOf(route)}: ${body}`)
    }
  }
})

t.test('methods that are not there are told, with those that are', async t => {
  for (const path of new Set(routes.map(route => route.path))) {
    const here = routes.filter(route => route.path === path)
    const [route] = here
    if (!route) continue
    for (const method of ['PUT', 'OPTIONS', 'TRACE']) {
      if (here.some(one => one.method === method.toLowerCase())) continue
      const reply = await collector.askAs('admin', filled(path, named), { method })
      t.equal(reply.status, 405, `${method} ${path}`)
      t.match(reply.headers['content-type'], /^application\/problem\+json/)
      for (const { method: there } of here) t.match(reply.headers['allow'], there.toUpperCase())
    }
  }
})

/** Answers that differ each time, or are never whole, and why. */
const withoutTag: Readonly<Record<string, string>> = {
  '/api/v1/events': 'a stream',
  '/api/v1/outliers': 'the moment of which it tells',
  '/api/v1/cohorts/{id}/outliers': 'the moment of which it tells',
  '/api/v1/query': 'lines as they are found',
  '/api/v1/trends': 'the moment until which it tells',
  '/api/v1/time-to-fix': 'the moment until which it tells',
  '/api/v1/checks/{id}/trend': 'the moment until which it tells',
  '/api/v1/reports/{format}': 'lines as they are found, and the time of the report',
  '/metrics': 'numbers of now',
}

/** Of what is there, where the path does not take the name of a host. */
const ofOther: Readonly<Record<string, string>> = {
  ...{ checks: 'values-small', profiles: 'all', waivers: 'w-one', cohorts: 'c-one' },
}
const idOf = (path: string) => ofOther[path.split('/')[3] ?? ''] ?? named['id'] ?? ''
const health: AgentHealth = {
  ...{ startedAtMs: 1, nodeVersion: '24.0.0', rssBytes: 1, memoryLimitMib: 0, cpuMs: 1, cpuPermille: 1 },
  ...{ cpuLimitPermille: 0, loopDelayMs: 1, slowdown: 1, limits: [], reloadError: '', probes: [] },
  ...{ outbox: { entries: 0, bytes: 0, oldestMs: 0 }, watches: { directories: 1, refused: 0, misses: 0 } },
}

t.test('what can be kept is not sent twice', async t => {
  await collector.store.write(async transaction => {
    await transaction.putAgentReports(new Map([[1, { health, receivedAtMs: 1 }]]))
    await transaction.addCohort({ id: 'c-one', description: '', hosts: everyHost }, 1)
    await transaction.addWaiver({
      ...{ id: 'w-one', hosts: everyHost, check: 'values-small', reason: 'r', owner: 'o', ticket: '' },
      expiresAt: '2999-01-01T00:00:00.000Z',
    })
  })
  await collector.judged()
  for (const route of routes.filter(({ method, path }) => method === 'get' && !(path in withoutTag))) {
    const path = filled(route.path, { ...named, id: idOf(route.path) }) + (requiredQuery[route.path] ?? '')
    const first = await send(route, 'admin', path)
    t.equal(first.status, 200, `${nameOf(route)}: the path of something that is there stands in ofOther`)
    const etag = first.headers['etag']
    t.type(etag, 'string', `${nameOf(route)} has an ETag`)
    const again = await send(route, 'admin', path, { headers: { 'if-none-match': String(etag) } })
    t.match({ status: again.status, text: again.text }, { status: 304, text: '' }, nameOf(route))
    const head = await send(route, 'admin', path, { method: 'HEAD' })
    t.match({ status: head.status, text: head.text }, { status: 200, text: '' }, `HEAD ${route.path}`)
    t.match(first.headers['cache-control'], /no-cache|no-store/, nameOf(route))
  }
})

t.test('the log has no failure in it, and no secret', async t => {
  t.same(
    lines.filter(({ level }) => level === 'error'),
    [],
  )
  const logged = JSON.stringify(lines)
  const answered = lines.filter(({ message }) => message === 'answered').map(({ fields }) => fields)
  t.ok(answered.length > 100)
  t.same(
    answered.filter(({ route, requestId }) => route !== 'other' && !/^[0-9a-f-]{36}$/.test(String(requestId))),
    [],
    'each answer can be found by its id',
  )
  for (const token of Object.values(collector.tokens)) t.notOk(logged.includes(token.split('_')[2] ?? 'nothing'))
})
