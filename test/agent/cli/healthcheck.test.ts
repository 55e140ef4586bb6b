// `gabion-agent healthcheck` beside a real agent: it lives, is stopped, goes on, and is no more.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { parsePulse } from '../../../agent/parse/pulse.ts'
import { awakeMs } from '../../../runtime/clock.ts'
import { version } from '../../../runtime/version.ts'
import { rootFrom } from '../../host-from.ts'
import { type BinOptions, runBin } from '../../run-bin.ts'
import { until } from '../../until.ts'
import { createSystem } from '../../whole/system.ts'

t.setTimeout(120_000)

const check = (args: readonly string[], options?: BinOptions) => runBin('agent', ['healthcheck', ...args], options)

function startAgent(t: Test, ...args: readonly string[]) {
  const launcher = join(import.meta.dirname, '../../../agent/bin/gabion-agent.js')
  const child = spawn(process.execPath, [launcher, 'run', ...args], { stdio: 'ignore' })
  t.teardown(() => child.kill('SIGKILL'))
  return {
    child,
    async end(signal: NodeJS.Signals) {
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

/** An agent that has looked once. */
async function start(t: Test) {
  const root = rootFrom(t, { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/etc/os-release': 'ID=debian\n' })
  const stateDir = join(t.testdir({}), 'state')
  const agent = startAgent(t, '--root', root, '--state-dir', stateDir, '--no-policy')
  const file = join(stateDir, 'alive.json')
  await until(() => existsSync(file) && (parsePulse(readFileSync(file, 'utf8'))?.lookedMs ?? -1) > 0)
  return { ...agent, file, stateDir, state: ['--state-dir', stateDir] }
}

t.test('an agent without a collector lives, and is gone when it was told to end', async t => {
  const { child, end, file, state } = await start(t)
  const { code, stdout, stderr } = await check(state)
  t.match(
    stdout,
    new RegExp(`^lives: process ${child.pid}, version ${version}, looked \\d+ s ago, has no collector\\n$`),
  )
  t.same([code, stderr], [0, ''])
  const told = await check([...state, '-o', 'json'])
  t.equal(told.code, 0)
  t.match(JSON.parse(told.stdout), { state: 'lives', pid: child.pid, version, collector: 'none', queuedChanges: 0 })
  await end('SIGTERM')
  t.match(await check(state), { code: 1, stdout: '', stderr: `gabion-agent: process ${child.pid} has ended\n` })
  rmSync(file)
  t.match(await check(state), {
    code: 1,
    stderr: /^gabion-agent: no agent says that it lives: .*alive\.json is not there\n$/,
  })
})

t.test('one that is stopped is stuck, lives when it goes on, and does not run when it was killed', async t => {
  const { child, end, file, state } = await start(t)
  const written = () => parsePulse(readFileSync(file, 'utf8'))?.turnedMs ?? 0
  child.kill('SIGSTOP')
  await until(() => / T /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8')))
  await until(() => awakeMs() - written() > 1_100)
  const stuck = await check([...state, '--stuck-after', '1'])
  t.match(stuck, {
    code: 1,
    stdout: '',
    stderr: /is stuck since .*Z, for \d+ s and is stopped by a signal; up to 1 s is usual\n$/,
  })
  t.match(await check(state), { code: 0 }, 'it says itself that it may be away for some minutes')
  const told = await check([...state, '--stuck-after', '1', '-o', 'json'])
  t.match([told.code, told.stderr], [1, ''])
  t.match(JSON.parse(told.stdout), { state: 'stuck', pid: child.pid, ageMs: Number })
  child.kill('SIGCONT')
  t.match(await check(state), { code: 0, stdout: /^lives: / })
  await end('SIGKILL')
  t.match(await check(state), { code: 1, stderr: `gabion-agent: process ${child.pid} has ended\n` })
})

t.test('connected or not, an agent that keeps what it sees lives', async t => {
  const system = await createSystem(t)
  const state = ['--state-dir', join(system.dataDir, 'agent')]
  system.agent.start()
  await until(async () => / keeps [1-9]\d* changes for its collector\n$/.test((await check(state)).stdout))
  t.equal((await check(state)).code, 0)
  await system.agent.stop('SIGTERM')
})

t.test('its directory is where the configuration says, also when that is broken elsewhere', async t => {
  const { state, stateDir } = await start(t)
  const file = join(stateDir, '../agent.yaml')
  writeFileSync(file, `stateDir: ${stateDir}\nlogLevel: 7\nunknown: [1,\n`)
  t.match(await check(['--config', file]), { code: 0, stdout: /^lives: / })
  t.match(await check([], { env: { GABION_STATE_DIR: stateDir } }), { code: 0 })
  t.match(await check(['--config', '/nonexistent/agent.yaml'], { env: { GABION_STATE_DIR: stateDir } }), { code: 0 })
  t.match(await check(state, { env: { GABION_STATE_DIR: '/nonexistent' } }), { code: 0 }, 'an option goes over all')
})

t.test('a named configuration file that is not there is told, one of the usual place is not', async t => {
  const stderrOf = async (...args: readonly string[]) => (await check(args)).stderr
  const missing = 'gabion-agent: /nonexistent/agent.yaml: cannot be read (ENOENT)\n'
  t.ok((await stderrOf('--config', '/nonexistent/agent.yaml')).startsWith(missing))
  t.notMatch(await stderrOf(), /agent\.yaml/)
})

t.test('without rights to the directory it says so', async t => {
  const { state } = await start(t)
  t.match(await check(state, { uid: 65_534 }), { code: 1, stderr: /alive\.json: cannot be read \(EACCES\)\n$/ })
})

t.test('what is no sign of life is told in one line, bad usage is another exit code', async t => {
  const directory = t.testdir({ other: '{}' })
  symlinkSync('other', join(directory, 'alive.json'))
  t.match(await check(['--state-dir', directory]), {
    code: 1,
    stderr: /^gabion-agent: .*\/alive\.json: is no plain file\n$/,
  })
  for (const args of [['--stuck-after', '0'], ['--stuck-after', '86401'], ['-o', 'yaml'], ['--nothing'], ['more']])
    t.equal((await check(args)).code, 2, args.join(' '))
  t.match(await check(['--help']), { code: 0, stdout: /Usage: gabion-agent healthcheck/ })
})
