// The collector as a process: what it refuses, what it listens to, and how it ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { version } from '../../../runtime/version.ts'
import { freePort } from '../../free-port.ts'
import { runBin } from '../../run-bin.ts'
import { smallState } from '../../small-facet.ts'
import { connectRawAgent } from '../raw-agent.ts'

const launcher = join(import.meta.dirname, '../../../collector/bin/gabion-collector.js')

interface Served {
  readonly child: ChildProcess
  readonly httpAddress: string
  readonly grpcAddress: string
  readonly stderr: () => string
}

/** Starts `serve` and waits until it says where it listens. */
async function serve(t: Test, args: readonly string[], env: Record<string, string> = {}): Promise<Served> {
  const child = spawn(process.execPath, [launcher, 'serve', '--insecure-loopback', ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let stderr = ''
  for await (const chunk of child.stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    stderr += chunk
    if (stderr.includes('"msg":"serving"')) break
  }
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const line = stderr.split('\n').find(text => text.includes('"msg":"serving"'))
  if (!line) throw new Error(`did not start: ${stderr}`)
  return { child, ...JSON.parse(line), stderr: () => stderr }
}

const anyPorts = ['--http-address', '127.0.0.1:0', '--grpc-address', '127.0.0.1:0']
const oneLine = (text: string) => text.trimEnd().split('\n').length === 1

t.test('half of what TLS needs is one clear error', async t => {
  for (const [args, expected] of [
    [['--tls-cert-file', '/etc/tls.crt'], /--tls-cert-file and --tls-key-file go together/],
    [['--grpc-address', 'unix:/run/gabion.sock'], /a Unix socket has no TLS: pass --insecure-loopback/],
    [['--advertise', 'a b'], /--advertise: expected host names or IP addresses/],
    [
      ['--kubernetes'],
      /kubernetes: this is no pod \(KUBERNETES_SERVICE_HOST .* are not set\): name the cluster's apiServer/,
    ],
    [['--kubernetes', '--insecure-loopback'], /--kubernetes: tokens are shown over TLS only/],
    [['--tls-cert-file', '/none.crt', '--tls-key-file', '/none.key'], /\/none\.crt: cannot be read \(ENOENT\)/],
  ] as const) {
    const { code, stderr } = await runBin('collector', ['serve', '--data-dir', join(t.testdir({}), 'data'), ...args])
    t.equal(code, 2, stderr)
    t.match(stderr, expected)
    t.ok(oneLine(stderr), stderr)
  }
})

t.test('addresses that leave the machine, or are none, are refused', async t => {
  const data = join(t.testdir({}), 'data')
  for (const [flag, value] of [
    ['--http-address', '0.0.0.0:8080'],
    ['--grpc-address', '192.0.2.1:50051'],
    ['--grpc-address', '[::]:50051'],
  ] as const) {
    const { code, stderr } = await runBin('collector', [
      'serve',
      '--insecure-loopback',
      flag,
      value,
      '--data-dir',
      data,
    ])
    t.equal(code, 2)
    t.match(stderr, /loopback addresses only/)
  }
  for (const value of ['8080', 'localhost', 'localhost:99999', ':80', 'a b:80']) {
    const { code, stderr } = await runBin('collector', ['serve', '--insecure-loopback', '--http-address', value])
    t.equal(code, 2, value)
    t.match(stderr, /HOST:PORT/)
  }
})

t.test('a port that is taken is named', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  const data = join(t.testdir({}), 'data')
  const overTls = ['--enrolled-port', '0', '--exchange-port', '0']
  for (const [taken, other, ways] of [
    ['--http-address', '--grpc-address', ['--insecure-loopback']],
    ['--grpc-address', '--http-address', ['--insecure-loopback']],
    // What keeps certificates ends, too: else the process would stay without serving anybody.
    ['--http-address', '--grpc-address', overTls],
    ['--grpc-address', '--http-address', overTls],
  ] as const) {
    const args = [taken, `127.0.0.1:${port}`, other, '127.0.0.1:0', '--data-dir', data, '--log-level', 'error']
    const { code, stderr } = await runBin('collector', ['serve', ...ways, ...args])
    t.equal(code, 1)
    t.match(stderr, new RegExp(`127.0.0.1:${port}: the port is in use`))
    t.ok(oneLine(stderr), stderr)
  }
})

t.test('the environment gives ports and directory, a flag goes over it, a file below', async t => {
  const directory = t.testdir({ 'collector.yaml': 'httpPort: 1\ngrpcPort: 2\nlogLevel: info\n' })
  const [http, grpc] = [await freePort(), await freePort()]
  const env = {
    GABION_HTTP_PORT: String(http),
    GABION_GRPC_PORT: '3',
    GABION_DATA_DIR: join(directory, 'from-environment'),
  }
  const config = ['--config', join(directory, 'collector.yaml')]
  const served = await serve(t, [...config, '--grpc-address', `127.0.0.1:${grpc}`], env)
  t.match(served, { httpAddress: `127.0.0.1:${http}`, grpcAddress: `127.0.0.1:${grpc}`, dataDir: env.GABION_DATA_DIR })
  t.equal((await fetch(`http://127.0.0.1:${http}/readyz`)).status, 200)
})

t.test('configuration that does not hold is one clear error', async t => {
  const directory = t.testdir({ 'bad.yaml': 'htpPort: 1\n' })
  const bad = await runBin('collector', ['serve', '--config', join(directory, 'bad.yaml')])
  t.match(bad, { code: 2, stderr: /unknown key htpPort/ })
  t.match(await runBin('collector', ['serve', '--config', '/nowhere.yaml']), { code: 2, stderr: /cannot be read/ })
  t.match(await runBin('collector', ['serve'], { env: { GABION_HTTP_PORT: 'x' } }), {
    code: 2,
    stderr: /GABION_HTTP_PORT/,
  })
  t.match(await runBin('collector', ['serve', '--log-level', 'loud']), { code: 2, stderr: /--log-level/ })
  t.match(await runBin('collector', ['serve', '--nonsense']), { code: 2, stderr: /unknown option/ })
  t.match(await runBin('collector', ['nonsense']), { code: 2 })
})

t.test('help and version', async t => {
  t.equal((await runBin('collector', ['--version'])).stdout, `${version}\n`)
  const { code, stdout } = await runBin('collector', ['serve', '--help'])
  t.equal(code, 0)
  t.match(stdout, /Examples:\n {2}gabion-collector serve/)
  t.match(stdout, /GABION_HTTP_PORT/)
})

t.test('an old Node.js is told so before anything is imported', async t => {
  const directory = t.testdir({
    'old.cjs': "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })",
  })
  const { code, stderr } = await runBin('collector', ['--version'], { node: ['--require', join(directory, 'old.cjs')] })
  t.equal(code, 1)
  t.match(stderr, /needs Node.js 24 or newer/)
  t.ok(oneLine(stderr))
})

t.test('on SIGTERM it finishes what it took, on SIGKILL it loses nothing that it acknowledged', async t => {
  const data = join(t.testdir({}), 'data')
  const args = [...anyPorts, '--data-dir', data]
  const identity = { hostKey: 'f6087db5-bbcb-4af6-b3a6-92530bf90d1d', outboxId: 'outbox' }
  const ends = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const
  for (const [round, signal] of ends.entries()) {
    const served = await serve(t, args)
    const agent = connectRawAgent(t, served.grpcAddress)
    t.equal((await agent.hello(identity)).appliedSequence, round * 2, `after ${ends[round - 1] ?? 'nothing'}`)
    await agent.deliver(round * 2 + 1, smallState({ round, first: 1 }))
    await agent.deliver(round * 2 + 2, smallState({ round, second: 1 }))
    const ended = once(served.child, 'exit')
    served.child.kill(signal)
    t.same(await ended, signal === 'SIGKILL' ? [null, 'SIGKILL'] : [0, null])
    if (signal !== 'SIGKILL') {
      t.equal((await agent.expect('refusal')).code, 'shutting_down')
      t.match(served.stderr(), /"msg":"stopped"/)
    }
    agent.close()
  }
  const { code, stdout } = await runBin('collector', ['db', 'check', '--data-dir', data])
  t.equal(code, 0)
  t.match(stdout, /sound, schema \d+, 1 hosts, 1 facets, 6 states/)
})

t.test('two collectors cannot share a data directory, and a check reads beside one', async t => {
  const data = join(t.testdir({}), 'data')
  await serve(t, [...anyPorts, '--data-dir', data])
  const second = await runBin('collector', ['serve', '--insecure-loopback', ...anyPorts, '--data-dir', data])
  t.equal(second.code, 1)
  t.match(second.stderr, /another collector uses this data directory/)
  t.match(await runBin('collector', ['db', 'check', '--data-dir', data]), { code: 0, stdout: /sound/ })
  t.match(await runBin('collector', ['db', 'check', '--data-dir', '/nowhere']), { code: 1, stderr: /nowhere/ })
})

t.test('SIGHUP reads intervals again; a mistake leaves them as they are', async t => {
  const directory = t.testdir({ 'collector.yaml': 'intervals: [{ facets: { ports: 30 } }]\n' })
  const config = join(directory, 'collector.yaml')
  const { child, grpcAddress, stderr } = await serve(t, [
    ...[...anyPorts, '--data-dir', join(directory, 'data'), '--config', config],
  ])
  const agent = connectRawAgent(t, grpcAddress)
  t.match((await agent.hello()).settings, { probeSeconds: { ports: 30 } })
  writeFileSync(config, 'intervals: [{ facets: { ports: 60 } }]\n')
  child.kill('SIGHUP')
  t.match(await agent.expect('settings'), { probeSeconds: { ports: 60 } })
  writeFileSync(config, 'intervals: [{ facets: { prots: 90 } }]\n')
  child.kill('SIGHUP')
  while (!stderr().includes('could not be read again')) await new Promise(resolve => setTimeout(resolve, 20))
  t.match(stderr(), /expected names of facets/)
  t.match((await connectRawAgent(t, grpcAddress).hello()).settings, { probeSeconds: { ports: 60 } })
  agent.send({ heartbeat: {} })
  t.ok(await agent.expect('heartbeatReply'), 'and the agent was told nothing')
})

t.test('a policy with a mistake is one clear error with its place', async t => {
  const text = 'waivers:\n  - { id: W, check: "*", reason: r, hosts: all, expires: 2030-01-01 }\n'
  const directory = t.testdir({ policy: { 'site.yaml': text } })
  const args = ['serve', '--insecure-loopback', '--data-dir', join(directory, 'data')]
  const { code, stderr } = await runBin('collector', [...args, '--policy', join(directory, 'policy')])
  t.equal(code, 2, stderr)
  t.match(stderr, /the policy has a problem\n {2}.*site\.yaml:2:5: waiver W, owner: is missing/)
})

t.test('SIGHUP reads the policy again; one with a mistake changes nothing', async t => {
  const directory = t.testdir({ data: {}, policy: {} })
  const file = join(directory, 'policy/site.yaml')
  const write = (id: string, owner = 'owner: us, ') =>
    writeFileSync(file, `waivers:\n  - { id: ${id}, check: "*", reason: r, ${owner}hosts: all, expires: 2999-01-01 }\n`)
  write('W-1')
  const args = [...anyPorts, '--data-dir', join(directory, 'data'), '--policy', join(directory, 'policy')]
  const { child, httpAddress, stderr } = await serve(t, args)
  const ids = async () => {
    const answer = await fetch(`http://${httpAddress}/api/v1/waivers`)
    const { items } = (await answer.json()) as { items: { id: string }[] }
    return items.map(({ id }) => id)
  }
  const told = async (text: string) => {
    for (; !stderr().includes(text); await once(child.stderr ?? child, 'data'));
  }
  t.same(await ids(), ['W-1'])
  write('W-2')
  child.kill('SIGHUP')
  await told('policy read again')
  t.same(await ids(), ['W-2'])
  write('W-3', '')
  child.kill('SIGHUP')
  await told('policy could not be read again, the one before stays')
  t.match(stderr(), /site\.yaml:2:5/)
  t.same(await ids(), ['W-2'])
})

t.test(
  'beyond loopback the first administrator’s token is in a file for the collector’s user, and in no output',
  async t => {
    const data = join(t.testdir({}), 'data')
    const run = async () => {
      const args = ['serve', '--http-address', '0.0.0.0:0', '--grpc-address', '127.0.0.1:0', '--enrolled-port', '0']
      const child = spawn(process.execPath, [launcher, ...args, '--exchange-port', '0', '--data-dir', data], {
        env: { PATH: process.env['PATH'] },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      t.teardown(() => child.kill('SIGKILL'))
      let [stdout, stderr] = ['', '']
      child.stdout.setEncoding('utf8').on('data', chunk => {
        stdout += chunk
      })
      child.stderr.setEncoding('utf8').on('data', chunk => {
        stderr += chunk
        // Only the first start tells of the file; a later one has nothing more to say once it serves.
        const end = isFirst ? 'first administrator' : '"msg":"serving"'
        if (stderr.includes(end) && !child.killed) child.kill('SIGTERM')
      })
      const [code] = await once(child, 'close')
      t.equal(code, 0, stderr)
      return { stdout, stderr }
    }
    const file = join(data, 'first-administrator.token')
    let isFirst = true
    const first = await run()
    const text = readFileSync(file, 'utf8')
    t.match(text, /^gabion_[0-9a-f]{10}_[0-9a-f]{64}\n$/)
    t.equal(statSync(file).mode & 0o777, 0o600)
    t.ok(first.stderr.includes(file), 'the log says where it is')
    isFirst = false
    const second = await run()
    t.equal(readFileSync(file, 'utf8'), text, 'and it stays while it is good')
    const secret = text.split('_')[2]?.trim() ?? 'none'
    for (const output of [first, second]) t.notOk(JSON.stringify(output).includes(secret))
  },
)
