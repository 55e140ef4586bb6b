// A bare host from nothing to its facts at the collector over TLS, with the commands a person would type.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { apiTokenHeader } from '../api-token.ts'
import { freePort } from '../free-port.ts'
import { runBin } from '../run-bin.ts'
import { daemon, type HostItem } from './system.ts'

const launcher = join(import.meta.dirname, '../../agent/bin/gabion-agent.js')

/** The string goes in by standard input. */
async function enroll(string: string, stateDirectory: string) {
  const child = spawn(process.execPath, [launcher, 'enroll', '-', '--state-dir', stateDirectory, '--wait', '0'])
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', chunk => (stdout += chunk))
  child.stderr.on('data', chunk => (stderr += chunk))
  child.stdin.end(string)
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + 90_000
  for (;;) {
    const found = await ask().catch(() => undefined)
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`${what}: not within 90 s`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

t.test('serve, token create, enroll, run, revoke', async t => {
  const directory = t.testdir({})
  const [data, state] = [join(directory, 'collector'), join(directory, 'agent')]
  const [http, grpc, enrolled] = [await freePort(), await freePort(), await freePort()]
  const where = [
    '--data-dir',
    data,
    '--grpc-address',
    `127.0.0.1:${grpc}`,
    '--enrolled-port',
    String(enrolled),
    '--exchange-port',
    '0',
  ]
  const collector = daemon(t, 'collector', [
    ...['serve', ...where, '--http-address', `127.0.0.1:${http}`, '--advertise', 'localhost'],
  ])
  collector.start()
  await until('ready', async () => ((await fetch(`http://127.0.0.1:${http}/readyz`)).ok ? true : undefined))
  const headers = await apiTokenHeader(data)
  const get = async <T>(path: string) =>
    (await (await fetch(`http://127.0.0.1:${http}/api/v1/${path}`, { headers })).json()) as T

  const endpoint = `localhost:${grpc}`
  const made = await runBin('collector', [
    'token',
    'create',
    '--data-dir',
    data,
    '--endpoint',
    endpoint,
    '--label',
    'role=db',
  ])
  t.equal(made.code, 0, made.stderr)
  t.match(made.stdout, /^gabion_enroll_1_[\w-]+\n$/)
  t.match(made.stderr, /^token [0-9a-f]{10}: until 2\S+, once, at localhost:\d+\n$/)

  const damaged = await enroll(made.stdout.slice(0, -3), state)
  t.match(damaged, { code: 2, stderr: /is not whole/ })
  t.notMatch(damaged.stderr, made.stdout.slice(20, 60), 'the string is not repeated')
  const done = await enroll(made.stdout, state)
  t.equal(done.code, 0, done.stderr)
  const hostId = /^enrolled as (\w+); gabion-agent run now speaks to localhost:\d+\n$/.exec(done.stdout)?.[1] ?? ''
  t.match(await enroll(made.stdout, state), { code: 2, stderr: /is enrolled already/ })
  t.match(await enroll(made.stdout, join(directory, 'other')), { code: 1, stderr: /used up/ })

  const agent = daemon(t, 'agent', ['run', '--state-dir', state, '--no-port-probes'])
  agent.start()
  const host = await until('connected', async () =>
    (await get<{ items: readonly (HostItem & { labels: object })[] }>('hosts')).items.find(item => item.connected),
  )
  t.match(host, { id: hostId, labels: { role: 'db' } })
  await until('facets', async () => {
    const { items } = await get<{ items: readonly unknown[] }>(`hosts/${hostId}/facets`)
    return items.length >= 18 ? items : undefined
  })

  const list = await runBin('collector', ['token', 'list', '--data-dir', data])
  t.match(list.stdout, /^ID +STATE .*\n[0-9a-f]{10} +used up +1\/1 .* role=db +\S+ \(\w+\)/)
  const revoked = await runBin('collector', [
    'host',
    'revoke',
    hostId,
    '--data-dir',
    data,
    '--reason',
    'decommissioned',
  ])
  t.match(revoked, { code: 0, stdout: `host ${hostId} is revoked, 1 credentials were in force\n` })
  await until('disconnected', async () => (agent.log.includes('refused: revoked') ? true : undefined))
  const standing = await runBin('collector', ['host', 'standing', '--data-dir', data])
  t.match(standing.stdout, new RegExp(`${hostId} +revoked +\\S+ +decommissioned`))
  t.match(await runBin('collector', ['host', 'release', hostId, '--data-dir', data]), {
    code: 2,
    stderr: /is revoked, not/,
  })
  t.same(await agent.stop('SIGTERM'), { code: 0, signal: null })
  t.same(await collector.stop('SIGTERM'), { code: 0, signal: null })
})
