// A real agent and its collector: how it does is at the API, it does what it is wished, and SIGHUP reaches both.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { probes } from '../../agent/probes.generated.ts'
import { catalog } from '../../policy/catalog.generated.ts'
import { facets } from '../../proto/facets.generated.ts'
import { startTestCollector, type TestCollector } from '../collector/start-collector.ts'
import { rootFrom } from '../host-from.ts'
import { runBin } from '../run-bin.ts'

interface Health {
  readonly state: string
  readonly agentVersion: string
  readonly nodeVersion: string
  readonly rssBytes: number
  readonly cpuMs: number
  readonly memoryLimitMib: number
  readonly cpuLimitPermille: number
  readonly reloadError: string
  readonly watches: { readonly directories: number }
  readonly probes: readonly { readonly facet: string; readonly runs: number; readonly wishedSeconds: number }[]
}

function startAgent(t: Test, args: readonly string[]) {
  const launcher = join(import.meta.dirname, '../../agent/bin/gabion-agent.js')
  const child = spawn(process.execPath, [launcher, 'run', ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  let log = ''
  child.stderr.setEncoding('utf8').on('data', chunk => {
    log += chunk
  })
  return {
    log: () => log,
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    async stop() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      return (await ended)[0]
    },
  }
}

/** Asks until it holds; heartbeats come each second. */
async function until(collector: TestCollector, log: () => string, holds: (health: Health) => boolean): Promise<Health> {
  const deadline = performance.now() + 60_000
  let last: unknown
  while (performance.now() < deadline) {
    try {
      const [host] = await collector.hosts()
      const health = await collector.get<Health>(`hosts/${host?.id}/health`)
      if (holds(health)) return health
      last = health
    } catch (error) {
      last = error
    }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`not within a minute: ${holds}\n${JSON.stringify(last)}\n${log()}`)
}

t.test('health, wishes and a configuration that is read again', { timeout: 240_000 }, async t => {
  const collector = await startTestCollector(t, { facets, catalog, limits: { heartbeatSeconds: 1 } })
  const directory = t.testdir({ 'agent.yaml': 'memoryLimitMib: 512\n' })
  const [config, stateDir] = [join(directory, 'agent.yaml'), join(directory, 'state')]
  const root = rootFrom(t, { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/etc/os-release': 'ID=debian\n' })
  const way = ['--collector', collector.grpcAddress, '--state-dir', stateDir, '--config', config]
  const agent = startAgent(t, [...way, '--root', root])
  const health = (holds: (health: Health) => boolean) => until(collector, agent.log, holds)

  const first = await health(({ probes: { length } }) => length === probes.length)
  t.match(first, { memoryLimitMib: 512, cpuLimitPermille: 100, reloadError: '', nodeVersion: process.version })
  t.ok(first.rssBytes > 20_000_000 && first.cpuMs > 0 && first.watches.directories > 0)
  t.ok(first.probes.every(({ runs, wishedSeconds }) => runs > 0 && wishedSeconds === 0))

  collector.setIntervals([{ labels: {}, facets: { ports: 30 } }])
  await health(report => report.probes.some(({ facet, wishedSeconds }) => facet === 'ports' && wishedSeconds === 30))
  const shown = await runBin('agent', ['config', '--config', config, '--state-dir', stateDir, '-o', 'json'])
  t.match(JSON.parse(shown.stdout), { wishes: { value: { probeSeconds: { ports: 30 } }, origin: 'collector' } })
  t.match((await runBin('agent', ['config', '--state-dir', stateDir])).stdout, /# wished by the collector.*"ports":30/)

  writeFileSync(config, 'memoryLimitMib: 512\nlogLevel: s3cret\n')
  agent.signal('SIGHUP')
  const bad = await health(({ reloadError }) => reloadError !== '')
  t.match(bad, { reloadError: new RegExp(`^${config}: `), memoryLimitMib: 512 })
  t.notMatch(bad.reloadError, /s3cret/, 'what the file holds stays on the host')
  t.match(agent.log(), /configuration could not be read again, the one before stays/)

  writeFileSync(config, 'memoryLimitMib: 400\ncpuLimitPercent: 5\nlabels: { role: db }\n')
  agent.signal('SIGHUP')
  t.match(await health(({ reloadError }) => reloadError === ''), { memoryLimitMib: 400, cpuLimitPermille: 50 })

  await collector.waitFor(async () => (await collector.hosts())[0]?.labels['role'] === 'db')
  t.match(agent.log(), /labels of this host were changed/)

  collector.setIntervals([])
  await health(report => report.probes.every(({ wishedSeconds }) => wishedSeconds === 0))
  t.notOk(existsSync(join(stateDir, 'wishes.json')))
  t.equal(await agent.stop(), 0, agent.log())
  t.equal(agent.log().match(/stream to the collector ended/g)?.length, 1, 'over two streams: labels are told once each')
})
