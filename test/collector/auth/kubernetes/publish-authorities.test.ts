// The CA bundle in its ConfigMap: made, kept right, tried again, and never with a key in it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openApiServer } from '../../../../collector/auth/kubernetes/api-server.ts'
import { publishAuthorities } from '../../../../collector/auth/kubernetes/publish-authorities.ts'
import { openAuthority } from '../../../../collector/auth/pki/authority.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { type Log, silentLog } from '../../../../runtime/log.ts'
import { createFakeClock, type FakeClock } from '../../../fake-clock.ts'
import { serveKubernetesApi } from '../../kubernetes-api.ts'

async function start(t: Test) {
  const directory = t.testdir({ api: {}, one: {}, two: {} })
  const cluster = await serveKubernetesApi(t, join(directory, 'api'))
  const [one, two] = await Promise.all(
    ['one', 'two'].map(async name => (await openAuthority(join(directory, name), systemClock)).certificates),
  )
  const key = readFileSync(join(directory, 'one/pki/ca.key'), 'utf8')
  return { cluster, key, one: one ?? '', two: two ?? '' }
}

/** Runs it until the test ends. `next` passes the pause that it makes, and resolves at the following one. */
function run(t: Test, cluster: Parameters<typeof openApiServer>[0], certificates: () => string) {
  const clock = createFakeClock()
  const lines: string[] = []
  const log: Log = {
    ...silentLog,
    error: (_, fields) => lines.push(String(fields?.['reason'])),
    info: (_, fields) => lines.push(String(fields?.['done'])),
    with: () => log,
  }
  const ended = new AbortController()
  const api = openApiServer({ ...cluster, timeoutMs: 2_000 })
  const done = publishAuthorities(
    { api, cluster: 'local', namespace: 'gabion', certificates, clock, log },
    ended.signal,
  )
  t.teardown(() => ended.abort())
  const next = async () => {
    await clock.advance(await pause(clock))
    return pause(clock)
  }
  return { lines, next, first: () => pause(clock), end: () => ended.abort(), done }
}

async function pause(clock: FakeClock): Promise<number> {
  for (;;) {
    const [ms] = clock.sleepers
    if (ms !== undefined) return ms
    await new Promise(resolve => setImmediate(resolve))
  }
}

t.test('is made where there is none, left alone while it is right, and put right', async t => {
  const { cluster, one, two } = await start(t)
  let bundle = one
  const published = () => (cluster.configMaps.get('gabion/gabion-ca') as { data?: object } | undefined)?.data
  const { lines, next, first, end, done } = run(t, cluster, () => bundle)
  t.equal(await first(), 60_000)
  t.same(published(), { 'ca.crt': one })
  await next()
  const path = '/api/v1/namespaces/gabion/configmaps'
  t.same(cluster.requests, [`GET ${path}/gabion-ca`, `POST ${path}`, `GET ${path}/gabion-ca`])
  bundle = one + two
  await next()
  t.same(published(), { 'ca.crt': one + two }, 'when the bundle changes')
  cluster.configMaps.set('gabion/gabion-ca', { metadata: { name: 'gabion-ca' }, data: { note: 'x', 'ca.crt': 'y' } })
  await next()
  t.same(published(), { note: 'x', 'ca.crt': one + two }, 'when somebody else changed it; what else is there stays')
  cluster.configMaps.clear()
  await next()
  t.same(published(), { 'ca.crt': one + two }, 'when it was deleted')
  t.same(lines, ['created', 'updated', 'updated', 'created'])
  end()
  await done
})

t.test('only certificates are published, whatever stands beside them', async t => {
  const { cluster, key, one } = await start(t)
  const { first } = run(t, cluster, () => `${key}\n# comment\n${one}${key}`)
  await first()
  t.match(cluster.configMaps.get('gabion/gabion-ca'), { data: { 'ca.crt': one } })
  t.notMatch(JSON.stringify([...cluster.configMaps]), /PRIVATE|comment/)
})

t.test('a failure is told once, tried again after longer and longer pauses, and never the end', async t => {
  const { cluster, one } = await start(t)
  cluster.rights.delete('create configmaps')
  let bundle = one
  const { lines, next, first } = run(t, cluster, () => bundle)
  const pauses = [await first()]
  for (let time = 0; time < 6; time++) pauses.push(await next())
  t.same(pauses, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  t.same(lines, ['create configmaps: the collector may not'])
  cluster.mode = 'garbage'
  await next()
  t.match(lines[1], /did not answer in JSON/)
  cluster.mode = 'well'
  cluster.rights.add('create configmaps')
  t.equal(await next(), 60_000)
  t.equal(lines[2], 'created')
  cluster.rights.delete('get configmaps')
  t.equal(await next(), 2_000)
  t.equal(lines[3], 'get configmaps: the collector may not')
  cluster.rights.add('get configmaps')
  bundle = 'nothing'
  await next()
  t.match(lines[4], /no certificate in the CA bundle/)
  t.match(cluster.configMaps.get('gabion/gabion-ca'), { data: { 'ca.crt': one } }, 'and what is there stays')
})
