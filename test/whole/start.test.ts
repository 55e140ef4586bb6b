// `npm start` as somebody new runs it: the verdict, the address, every path of the API, a change, the end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from '../free-port.ts'

const root = join(import.meta.dirname, '../..')

function start(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    output += chunk
  })
  child.stderr.setEncoding('utf8').on('data', chunk => {
    errors += chunk
  })
  const ended = once(child, 'close')
  return { child, ended, output: () => output, errors: () => errors }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 90_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within 90 s`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

t.test('shows findings, serves every path, tells a change, ends on SIGTERM', async t => {
  const [http, grpc] = [await freePort(), await freePort()]
  const ports = { GABION_HTTP_PORT: String(http), GABION_GRPC_PORT: String(grpc) }
  const run = start({ ...ports, GABION_DATA_DIR: t.testdir({}) })
  t.teardown(() => run.child.kill('SIGKILL'))
  const base = `http://127.0.0.1:${http}`
  await until('the address', () => run.output().includes('Dashboard') || run.child.exitCode !== null)
  t.match(run.output(), `Dashboard  ${base}/`)

  const get = async (path: string) => {
    const response = await fetch(`${base}${path}`)
    t.equal(response.status, 200, path)
    return response
  }
  const { items } = (await (await get('/api/v1/hosts')).json()) as { items: readonly { readonly id: string }[] }
  const id = items[0]?.id
  // What was printed is what was found, and a host without a verdict has no score.
  const found = (await (await get(`/api/v1/hosts/${id}`)).json()) as {
    readonly score: number
    readonly coverage: number
    readonly counts: Readonly<Record<string, number>>
  }
  const { score, coverage, counts } = found
  t.ok((counts['pass'] ?? 0) > 50 && (counts['fail'] ?? 0) > 0, JSON.stringify(counts))
  t.match(run.output(), `score ${score} of 100, coverage ${coverage} %, ${counts['fail']} findings`)
  const paths = [
    ...['summary', 'hosts', `hosts/${id}`, `hosts/${id}/facets`, `hosts/${id}/facets/ports`, `hosts/${id}/results`],
    ...['results', 'checks', 'checks/only-root-has-uid-0', 'drift'],
  ]
  for (const path of paths) {
    const body = await (await get(`/api/v1/${path}`)).json()
    t.ok(Object.keys(body as object).length > 0, `${path} answers data`)
  }
  t.match(await (await get('/metrics')).text(), /^gabion_\w+/m)
  t.match(await (await get('/')).text(), /<html/)
  for (const path of ['/healthz', '/readyz', '/openapi.json']) await get(path)

  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const told = async (word: string) => {
    const page = (await (await fetch(`${base}/api/v1/drift`)).json()) as { items: readonly { readonly text: string }[] }
    return page.items.some(({ text }) => text.includes(`:${port}/tcp`) && text.includes(word))
  }
  await until('opened', () => told('opened'))
  server.close()
  await until('closed', () => told('closed'))

  run.child.kill('SIGTERM')
  t.same(await run.ended, [0, null], 'ends with 0')
  await t.rejects(fetch(`${base}/healthz`), 'and nobody listens any more')
})

t.test('a taken port is one clear error that names it', async t => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const run = start({
    ...{ GABION_HTTP_PORT: String(port), GABION_GRPC_PORT: String(await freePort()), GABION_DATA_DIR: t.testdir({}) },
  })
  const [code] = await run.ended
  t.not(code, 0)
  t.match(run.errors(), new RegExp(`127\\.0\\.0\\.1:${port}`))
  t.match(run.errors(), /in use/)
  t.equal(run.errors().trim().split('\n').length, 1, run.errors())
})

t.test('a port that is none is refused before anything starts', async t => {
  const run = start({ GABION_HTTP_PORT: 'eighty' })
  t.same(await run.ended, [2, null])
  t.match(run.errors(), /^GABION_HTTP_PORT: expected a port from 1 to 65535, found "eighty"\n$/)
})
