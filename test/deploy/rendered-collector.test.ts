// A collector that runs with the configuration of the manifests answers the kubelet's probes, Prometheus, and nobody else.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IStatefulSet } from 'kubernetes-models/apps/v1'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { freePort } from '../free-port.ts'
import { collectorFile, environmentOf, find, kustomized, podOf } from './rendered.ts'

const root = join(import.meta.dirname, '../..')
const directory = mkdtempSync(join(tmpdir(), 'gabion-rendered-'))
const manifests = kustomized('deploy/kubernetes')
const { container } = podOf(find<IStatefulSet>(manifests, 'StatefulSet', 'gabion-collector'))

const [http, grpc, enrolled, exchange, metrics] = await Promise.all([1, 2, 3, 4, 5].map(() => freePort()))
const mountPath = container.volumeMounts?.find(({ name }) => name === 'data')?.mountPath ?? ''
// There is no cluster here to review tokens; what is left is as in the pod.
const { kubernetes: _, ...config } = parse(collectorFile(manifests)) as Readonly<Record<string, unknown>>
const file = join(directory, 'collector.yaml')
writeFileSync(file, stringify(config).replaceAll(mountPath, directory))
const child = spawn(
  process.execPath,
  [join(root, 'collector/bin/gabion-collector.js'), ...(container.args ?? []), '--config', file],
  {
    env: {
      PATH: process.env['PATH'],
      ...Object.fromEntries(
        Object.entries(environmentOf(container)).map(([key, value]) => [key, value.replaceAll(mountPath, directory)]),
      ),
      ...{ GABION_HTTP_PORT: `${http}`, GABION_GRPC_PORT: `${grpc}`, GABION_ENROLLED_PORT: `${enrolled}` },
      ...{ GABION_EXCHANGE_PORT: `${exchange}`, GABION_METRICS_ADDRESS: `127.0.0.1:${metrics}` },
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  },
)
let log = ''
const serving = new Promise<void>((resolve, reject) => {
  child.stderr.on('data', chunk => {
    log += chunk
    if (log.includes('"serving"')) resolve()
  })
  child.once('exit', () => reject(new Error(log)))
})
t.teardown(async () => {
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill()
  await ended
  rmSync(directory, { recursive: true, force: true })
})

/** As the kubelet asks: at the pod's address, whatever the certificate. */
function ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      port: http,
      host: '127.0.0.1',
      path,
      headers: { host: `10.1.2.3:${http}`, ...headers },
      rejectUnauthorized: false,
    }
    request(options, answer => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

t.test('probes are answered, by the way that they ask', async t => {
  await serving
  for (const probe of [container.readinessProbe, container.livenessProbe]) {
    t.equal(probe?.httpGet?.scheme, 'HTTPS')
    t.equal(await ask(probe?.httpGet?.path ?? ''), 200, probe?.httpGet?.path ?? '')
  }
})

t.test('the API wants a token', async t => {
  t.equal(await ask('/api/v1/hosts'), 401)
  t.equal(await ask('/metrics'), 401)
  t.equal(await ask('/api/v1/hosts', { host: 'rebound.example.net' }), 421, 'and a name that the collector goes by')
})

t.test('numbers are told without one where the monitoring component says so', async t => {
  const answer = await fetch(`http://127.0.0.1:${metrics}/metrics`)
  t.match(await answer.text(), /^gabion_hosts 0$/m)
  t.equal((await fetch(`http://127.0.0.1:${metrics}/api/v1/hosts`)).status, 404, 'and nothing else')
})
