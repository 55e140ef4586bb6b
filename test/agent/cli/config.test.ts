// The configuration of an agent that stays: file, environment and flags, what is printed of it, and reading it again.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readAgentConfig } from '../../../agent/agent-config.ts'
import { runBin } from '../../run-bin.ts'

const launcher = join(import.meta.dirname, '../../../agent/bin/gabion-agent.js')

t.test('each source goes over the one before, and says so', t => {
  const path = join(
    t.testdir({ 'agent.yaml': 'nodeName: a\nlabels: { role: db, zone: "7" }\nprobeSeconds: { ports: 10 }\n' }),
    'agent.yaml',
  )
  const { values, origins } = readAgentConfig(path, { logLevel: 'warn', root: undefined }, { GABION_NODE_NAME: 'b' })
  t.match(values, {
    nodeName: 'b',
    root: '/',
    logLevel: 'warn',
    labels: { role: 'db', zone: '7' },
    probeSeconds: { ports: 10 },
  })
  t.same(
    [origins.get('nodeName'), origins.get('logLevel'), origins.get('labels'), origins.get('root')],
    [...['GABION_NODE_NAME', '--log-level', path], undefined],
  )
  const environment = { GABION_LABELS: 'role=web,zone=a', GABION_PROBE_SECONDS: 'ports=5', GABION_POLICY: '/a.yaml,/b' }
  t.match(readAgentConfig(path, {}, environment).values, {
    ...{ labels: { role: 'web', zone: 'a' }, probeSeconds: { ports: 5 }, policy: ['/a.yaml', '/b'] },
  })
  t.end()
})

t.test('what is wrong is named with its place', async t => {
  const directory = t.testdir({
    'unknown.yaml': 'colector: x\n',
    'level.yaml': 'logLevel: loud\n',
    'probe.yaml': 'probeSeconds: { prots: 5 }\n',
  })
  for (const [args, expected] of [
    [['--config', join(directory, 'unknown.yaml')], /unknown\.yaml: unknown key colector; known are collector, /],
    [['--config', join(directory, 'level.yaml')], /level\.yaml: .*found "loud"/],
    [['--config', join(directory, 'probe.yaml')], /probeSeconds: unknown probe 'prots'; there are /],
    [['--config', join(directory, 'none.yaml')], /none\.yaml: cannot be read \(ENOENT\)/],
    [['--log-level', 'loud'], /--log-level: .*found "loud"/],
  ] as const) {
    for (const command of ['config', 'run']) {
      const { code, stderr } = await runBin('agent', [command, ...args])
      t.equal(code, 2, stderr)
      t.match(stderr, expected)
    }
  }
})

t.test('the effective configuration is printed, with where it comes from', async t => {
  const path = join(t.testdir({ 'agent.yaml': 'nodeName: worker-1\n' }), 'agent.yaml')
  const { code, stdout, stderr } = await runBin('agent', ['config', '--config', path, '--state-dir', '/x'])
  t.equal(code, 0, stderr)
  t.match(stdout, `# Kubernetes: the node that this pod runs on; from ${path}\nnodeName: "worker-1"\n`)
  t.match(stdout, '# the agent’s own directory; from --state-dir\nstateDir: "/x"\n')
  t.match(stdout, '# least level that is logged\nlogLevel: "info"\n')
  const json = JSON.parse((await runBin('agent', ['config', '--config', path, '-o', 'json'])).stdout)
  t.same(json.nodeName, { value: 'worker-1', origin: path })
  t.same(json.root, { value: '/', origin: 'default' })
  writeFileSync(path, stdout)
  t.equal((await runBin('agent', ['config', '--config', path])).code, 0, 'what it prints is a configuration file')
})

t.test('SIGHUP reads the file again, and a mistake in it changes nothing', async t => {
  const directory = t.testdir({ 'agent.yaml': 'probeSeconds: { ports: 600 }\n', state: {}, root: {} })
  const path = join(directory, 'agent.yaml')
  const args = ['run', '--config', path, '--root', join(directory, 'root'), '--state-dir', join(directory, 'state')]
  const child = spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  let log = ''
  const changed = new Set<() => void>()
  child.stderr.setEncoding('utf8').on('data', chunk => {
    log += chunk
    for (const look of [...changed]) look()
  })
  const says = (text: string) =>
    new Promise<void>(resolve => {
      const look = () => {
        if (!log.includes(text)) return
        changed.delete(look)
        resolve()
      }
      changed.add(look)
      look()
    })
  await says('first sweep done')
  writeFileSync(path, 'probeSeconds: { ports: 0 }\n')
  child.kill('SIGHUP')
  await says('configuration could not be read again, the one before stays')
  writeFileSync(path, 'probeSeconds: { ports: 1 }\nnodeName: other\nlogLevel: debug\n')
  child.kill('SIGHUP')
  await says('configuration read again')
  t.match(log, /"keys":\["nodeName"\],"msg":"changed configuration that needs a new start"/)
  child.kill('SIGTERM')
  t.same(await once(child, 'exit'), [0, null])
})
