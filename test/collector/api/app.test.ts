// What holds for every route: who may ask, how errors look, what the OpenAPI document says.
import type { Express } from 'express'
import t from 'tap'
import type { ApiOptions } from '../../../collector/api/api-options.ts'
import { createApp } from '../../../collector/api/app.ts'
import { openApiDocument } from '../../../collector/api/openapi.ts'
import { ProblemSchema } from '../../../collector/api/problem.ts'
import { routes } from '../../../collector/api/routes.generated.ts'
import { anyone } from '../../../collector/auth/access/principal.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { fillFleet } from '../fill-fleet.ts'
import { startTestCollector } from '../start-collector.ts'
import { type Ask, ask } from './request.ts'

const collector = await startTestCollector(t)
const [host] = await fillFleet(t, collector, 2)
const address = collector.httpAddress
const port = address.split(':')[1]

async function problem(path: string, request: Ask = {}) {
  const reply = await ask(address, path, request)
  t.match(reply.headers['content-type'], /^application\/problem\+json/, path)
  const body = ProblemSchema.strict().parse(JSON.parse(reply.text))
  t.equal(body.status, reply.status)
  return { ...body, headers: reply.headers }
}

t.test('what is not there is a problem', async t => {
  t.match(await problem('/nothing'), { status: 404, detail: 'nothing is at /nothing' })
  t.match(await problem('/api/v1'), { status: 404 })
  t.match(await problem('/api/v1/hosts/nobody'), { status: 404, detail: /nobody/ })
  t.match(await problem('/api/v1/hosts/%E0%A4%A'), { status: 400 })
})

t.test('a method that is not possible names those that are', async t => {
  const post = await problem('/api/v1/hosts', { method: 'POST' })
  t.match(post, { status: 405, headers: { allow: 'GET, HEAD' } })
  t.match(await problem(`/api/v1/hosts/${host?.id}/rescan`), { status: 405, headers: { allow: 'POST' } })
  t.match(await problem('/openapi.json', { method: 'DELETE' }), { status: 405 })
})

t.test('parameters that are not known or not valid are named', async t => {
  t.match(await problem('/api/v1/hosts?hots=1'), { status: 400, detail: /hots: not known here; there are q, label/ })
  t.match(await problem('/api/v1/summary?x=1'), { status: 400, detail: /x: this route takes no parameters/ })
  for (const limit of ['0', '501', '-1', '1.5', 'many', '', '1e2', '%00']) {
    t.match(await problem(`/api/v1/hosts?limit=${limit}`), { status: 400, errors: [{ field: 'limit' }] }, limit)
  }
  t.match(await problem('/api/v1/hosts?limit=1&limit=2'), { status: 400 })
  t.match(await problem('/api/v1/hosts?label=a%3D%00'), { status: 400, detail: /^label: a NUL/ })
  const body = JSON.stringify({ reason: 'half \ud800' })
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
  t.match(await problem(`/api/v1/hosts/${host?.id}/retire`, post), { status: 400, errors: [{ field: 'reason' }] })
  t.match(await problem('/api/v1/results?state=bad&severity=worse'), {
    status: 400,
    errors: [{ field: 'state' }, { field: 'severity' }],
  })
})

t.test('cursors are opaque, and those of another list are refused', async t => {
  const { nextCursor } = await collector.get<{ nextCursor: string }>('hosts?limit=1')
  t.match(await problem(`/api/v1/drift?cursor=${nextCursor}`), { status: 400, detail: /cursor/ })
  t.match(await problem(`/api/v1/hosts?sort=score&cursor=${nextCursor}`), { status: 400 }, 'of another order')
  const forged = [
    ['hosts-by-hostname'],
    ['hosts-by-hostname', 'a', 'b'],
    ['hosts-by-hostname', 'a', 1.5],
    ['hosts-by-hostname', { toString: 1 }, 1],
    null,
    7,
  ].map(value => Buffer.from(JSON.stringify(value)).toString('base64url'))
  for (const cursor of ['x', '%20', 'AAAA', ...forged]) {
    t.match(await problem(`/api/v1/hosts?cursor=${cursor}`), { status: 400 }, cursor)
  }
})

t.test('bodies that cannot be read are problems', async t => {
  const path = `/api/v1/hosts/${host?.id}/rescan`
  const post = (body: string, type = 'application/json') =>
    problem(path, { method: 'POST', body, headers: { 'content-type': type } })
  t.match(await post('{"facets":'), { status: 400, detail: 'the body is not JSON' })
  t.match(await post('[]'), { status: 400 })
  t.match(await post('{"facets":["../x"]}'), { status: 400, errors: [{ field: 'facets.0' }] })
  t.match(await post('{"command":"rm"}'), { status: 400, errors: [{ field: 'command' }] })
  t.match(await post(`{"facets":["${'x'.repeat(70_000)}"]}`), { status: 413 })
  t.match(await post('facets=ports', 'application/x-www-form-urlencoded'), { status: 415 })
  t.match(await post('{}', 'application/json; charset=nonsense'), { status: 415 })
})

t.test('only names of this machine are taken as Host', async t => {
  for (const name of [`127.0.0.1:${port}`, `localhost:${port}`, 'LOCALHOST', '127.8.9.1', `[::1]:${port}`]) {
    t.equal((await ask(address, '/healthz', { headers: { host: name } })).status, 200, name)
  }
  for (const name of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', '10.0.0.1', '[::2]']) {
    t.match(await problem('/api/v1/hosts', { headers: { host: name } }), { status: 421 }, name)
  }
})

t.test('pages of other origins cannot make it do something', async t => {
  const path = `/api/v1/hosts/${host?.id}/rescan`
  const post = (origin: string) => ask(address, path, { method: 'POST', headers: { origin } })
  t.equal((await post('http://evil.example')).status, 403)
  t.equal((await post('null')).status, 403)
  t.equal((await post(`http://${address}`)).status, 202)
})

t.test('answers can be asked for again cheaply', async t => {
  const first = await ask(address, '/api/v1/hosts')
  t.equal(first.status, 200)
  t.match(first.headers, { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff', etag: /"/ })
  const again = await ask(address, '/api/v1/hosts', { headers: { 'if-none-match': String(first.headers['etag']) } })
  t.match(again, { status: 304, text: '' })
  const head = await ask(address, '/api/v1/hosts', { method: 'HEAD' })
  t.match(head, { status: 200, text: '' })
})

const bareOptions = {
  connections: { hosts: new Set(), catchingUp: () => new Set() },
  fleet: { hosts: new Set(), rescan: async () => false },
  metrics: { request: () => undefined },
  catalog: () => ({ checks: [], profiles: [], digest: '' }),
  clock: systemClock,
  log: silentLog,
  reach: { isLoopback: true, names: [], isSecure: false, isBehindProxy: false, rate: undefined },
  authenticate: async () => anyone,
  stopping: new AbortController().signal,
}

t.test('errors inside tell nothing of the inside', async t => {
  const options = {
    ...bareOptions,
    store: { read: { fleet: () => Promise.reject(new Error('SQL secret')) } },
  } as unknown as ApiOptions
  const server = createApp(options).listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const { port: other } = server.address() as { port: number }
  const reply = await ask(`127.0.0.1:${other}`, '/api/v1/summary')
  t.equal(reply.status, 500)
  t.notMatch(reply.text, /SQL secret/)
})

t.test('the OpenAPI document has every route, and every route is in it', async t => {
  const document = JSON.parse((await ask(address, '/openapi.json')).text)
  t.match(document, { openapi: '3.1.0', info: { title: 'Gabion collector' } })
  const described = Object.entries<object>(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map(method => `${method} ${path}`),
  )
  const served = servedRoutes(createApp(bareOptions as unknown as ApiOptions))
  t.same(described.sort(), served.sort())
  t.ok(described.length >= 17)
  const limit = document.paths['/api/v1/hosts'].get.parameters.find((item: { name: string }) => item.name === 'limit')
  t.match(limit, { in: 'query', required: false, schema: { type: 'integer', maximum: 500 } })
  t.ok(document.components.schemas.Host.properties.failedBySeverity, 'schemas have names')
  t.match(document.paths['/api/v1/hosts/{id}'].get.responses, { 200: {}, 400: {}, 404: {} })
  t.strictSame(JSON.parse(JSON.stringify(openApiDocument(routes))), document)
})

/** `get /api/v1/hosts/{id}` for every method of every path that express knows. */
function servedRoutes(app: Express): string[] {
  const layers = (app.router as unknown as { stack: { route?: { path: string; methods: Record<string, boolean> } }[] })
    .stack
  return [
    ...new Set(
      layers.flatMap(({ route }) =>
        route && Object.keys(route.methods).length < 5
          ? Object.keys(route.methods)
              .filter(method => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
              .map(method => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`)
          : [],
      ),
    ),
  ]
}
