// `gabion-agent run` without a collector, as a real process: drift on standard output, metrics in a file, a clean end.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { probes } from '../../../agent/probes.generated.ts'
import type { DriftLine } from '../../../agent/standalone.ts'
import { rootFrom } from '../../host-from.ts'
import { parsePrometheus } from '../../prometheus-text.ts'

t.setTimeout(120_000)

const passwd = 'root:x:0:0::/root:/bin/sh\n'
const osRelease = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian"\n'

function start(t: Test, ...args: readonly string[]) {
  const launcher = join(import.meta.dirname, '../../../agent/bin/gabion-agent.js')
  const stateDir = mkdtempSync(join(tmpdir(), 'gabion-run-'))
  t.teardown(() => rmSync(stateDir, { recursive: true, force: true }))
  const child = spawn(process.execPath, [launcher, 'run', '--state-dir', stateDir, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', chunk => {
      output[name] += chunk
    })
  }
  return {
    lines: () =>
      output.stdout
        .split('\n')
        .slice(0, -1)
        .map(line => JSON.parse(line) as DriftLine),
    log: () => output.stderr,
    async stop(signal: NodeJS.Signals) {
      child.kill(signal)
      const [code, by] = await once(child, 'close')
      return { code, by }
    },
  }
}

/** Asks until it holds; a change on a watched file takes a moment to be seen. */
async function until(what: string, holds: () => boolean, seen: () => string): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what}: not within a minute\n${seen()}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

t.test('a change of the host is told, the verdict that turned too, and the metrics follow', async t => {
  const root = rootFrom(t, { '/etc/passwd': passwd, '/etc/os-release': osRelease, '/etc/hostname': 'alone\n' })
  const directory = t.testdir({})
  const agent = start(t, '--root', root, '--textfile', directory)
  const file = join(directory, 'gabion.prom')
  const metrics = () => parsePrometheus(readFileSync(file, 'utf8'))
  const finding = (check: string) => existsSync(file) && metrics().some(({ labels }) => labels['check'] === check)
  await until('judged', () => agent.log().includes('"judged"'), agent.log)
  await until('metrics', () => existsSync(file), agent.log)
  t.same(agent.lines(), [], 'a first look is no drift')
  t.notOk(finding('only-root-has-uid-0'))
  t.same(
    metrics()
      .filter(({ name }) => name === 'gabion_probe_duration_seconds')
      .map(({ labels }) => labels['probe']),
    probes.map(probe => probe.name).sort(),
  )

  writeFileSync(join(root, 'etc/passwd'), `${passwd}eve:x:0:0::/:/bin/sh\n`)
  await until('a finding', () => finding('only-root-has-uid-0'), agent.log)
  const lines = agent.lines()
  t.match(
    lines.find(line => 'facet' in line && line.facet === 'accounts'),
    { change: 'added', field: 'users', text: 'user eve added', at: /^20\d\d-\d\d-\d\dT/ },
  )
  t.match(
    lines.find(line => 'check' in line && line.check === 'only-root-has-uid-0'),
    { before: 'pass', after: 'fail', text: /uid 0/ },
  )

  writeFileSync(join(root, 'etc/passwd'), passwd)
  await until('no finding', () => !finding('only-root-has-uid-0'), agent.log)
  t.ok(agent.lines().some(line => line.text === 'user eve removed'))
  t.same(await agent.stop('SIGTERM'), { code: 0, by: null })
  t.match(agent.log(), /"msg":"stopped"/)
  t.same(readdirSync(directory), ['gabion.prom'])
})

t.test('without a directory for metrics none are written, and SIGINT ends it', async t => {
  const root = rootFrom(t, { '/etc/passwd': passwd, '/etc/os-release': osRelease })
  const agent = start(t, '--root', root, '--log-level', 'info')
  await until('judged', () => agent.log().includes('"judged"'), agent.log)
  t.same(await agent.stop('SIGINT'), { code: 0, by: null })
  t.equal(agent.log().includes('"level":"error"'), false)
})
