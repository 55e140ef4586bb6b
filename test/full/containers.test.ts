// Starts real containers with containerd and runc, and holds the containers facet against /proc and what was asked for.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { openHost } from '../../agent/host/open-host.ts'
import { capabilityNames } from '../../agent/parse/capabilities.ts'
import { containerRuntime } from '../../agent/probes/container-runtime.ts'
import { containers } from '../../agent/probes/containers.ts'
import type { ContainerRuntimeFacts } from '../../proto/facets/container-runtime.ts'
import type { ContainersFacts, Workload } from '../../proto/facets/containers.ts'
import { presentFacts, runProbe } from '../run-probe.ts'
import { skipFull } from '../tools.ts'

const skip = skipFull('containerd', 'runc', 'ctr')

/** Containers by id, with the options of `ctr run` that make them what they are. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  plain: [],
  filtered: ['--seccomp'],
  privileged: ['--privileged'],
  network: ['--net-host', '--cap-drop', 'CAP_NET_RAW', '--cap-add', 'CAP_SYS_ADMIN', '--allow-new-privs'],
  mounts: ['--read-only', '--mount', 'type=bind,src=/etc,dst=/host-etc,options=rbind:ro'],
}

t.test('containers that really run', { skip, timeout: 120_000 }, async t => {
  const directory = mkdtempSync(join(tmpdir(), 'gabion-containerd-'))
  const socket = join(directory, 'containerd.sock')
  const config = join(directory, 'config.toml')
  writeFileSync(config, configuration(directory, socket))
  makeRoot(join(directory, 'rootfs'))
  const engine = spawn('containerd', ['--config', config], { stdio: 'ignore' })
  const ctr = (...args: readonly string[]) => execFileSync('ctr', ['-a', socket, ...args], { encoding: 'utf8' })
  t.teardown(async () => {
    for (const id of Object.keys(wanted)) quietly(() => ctr('task', 'rm', '--force', id))
    await stop(engine)
    rmSync(directory, { recursive: true, force: true })
  })
  await untilServed(() => ctr('version'))
  for (const [id, options] of Object.entries(wanted)) {
    ctr(
      'run',
      '--detach',
      '--runc-root',
      join(directory, 'runc'),
      ...options,
      '--rootfs',
      join(directory, 'rootfs'),
      id,
      '/bin/sleep',
      '600',
    )
  }
  const pids = new Map(
    [...ctr('task', 'ls').matchAll(/^(\S+)\s+(\d+)\s+RUNNING$/gm)].map(([, id, pid]) => [id, Number(pid)]),
  )

  const host = await openHost({ root: '/' })
  const facts = presentFacts(await runProbe(containers, host, { oneShot: true })) as unknown as ContainersFacts
  const found = new Map(facts.workloads?.filter(one => one.namespace === 'default').map(one => [one.name, one]))
  const get = (id: string): Workload => {
    const one = found.get(id)
    if (!one) throw new Error(`no workload ${id}`)
    return one
  }

  for (const id of Object.keys(wanted)) {
    const status = readFileSync(`/proc/${pids.get(id)}/status`, 'utf8')
    const line = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? ''
    t.strictSame(get(id).effective, [...capabilityNames(BigInt(`0x${line('CapEff')}`))].sort(), `${id}: capabilities`)
    t.equal(get(id).noNewPrivs, line('NoNewPrivs') === '1', `${id}: NoNewPrivs`)
    t.equal(get(id).seccomp, line('Seccomp') === '2' ? 'filter' : 'none', `${id}: seccomp`)
    t.match(get(id), { manager: 'containerd', sandbox: 'none', variant: 1 }, `${id}: who started it`)
  }
  t.strictSame(
    Object.keys(wanted).map(id => [
      id,
      get(id).seccomp,
      get(id).noNewPrivs,
      get(id).allCapabilities,
      get(id).readOnlyRoot,
    ]),
    [
      ['plain', 'none', true, false, false],
      ['filtered', 'filter', true, false, false],
      ['privileged', 'none', true, true, false],
      ['network', 'none', false, false, false],
      ['mounts', 'none', true, false, true],
    ],
    'what was asked for is what they have',
  )
  t.ok(get('network').effective.includes('SYS_ADMIN') && !get('network').effective.includes('NET_RAW'))
  t.strictSame(get('mounts').hostMounts, [{ source: '/etc', target: '/host-etc', kind: 'etc', readOnly: true }])
  t.strictSame(get('plain').hostMounts, [])
  // Where process 1 has rights that we lack, its namespaces cannot be seen, and that is said.
  const shared = get('network').hostNamespaces
  const gap = facts.gaps.find(one => one.field === 'workloads.hostNamespaces')
  t.equal(shared?.includes('net') ?? gap?.source.startsWith('/proc/1/ns/'), true, 'the network of the host is shared')
  t.equal(get('plain').hostNamespaces?.includes('net') ?? false, false)

  t.test('the engine that runs them', async t => {
    const state = await runProbe(containerRuntime, host)
    const runtime = presentFacts(state) as unknown as ContainerRuntimeFacts
    const own = runtime.containerd.find(one => one.configFile === config)
    t.match(own, { running: true, settings: { address: socket, criEnabled: false, configVersion: 2 } })
    t.match(
      runtime.sockets.find(one => one.path === socket),
      { engine: 'containerd', mode: '0660', uid: 0, gid: 0 },
    )
    const version = /^ {2}Version: +v?(\d+\.\d+\.\d+)/m.exec(ctr('version'))?.[1]
    t.equal(own?.version, version, 'its package tells the version that it tells itself')
  })
})

function configuration(directory: string, socket: string): string {
  return `version = 2
root = "${directory}/root"
state = "${directory}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "${socket}"
[ttrpc]
address = "${socket}.ttrpc"
`
}

/** A root file system with nothing but sleep and its libraries. */
function makeRoot(root: string): void {
  const libraries = execFileSync('ldd', ['/bin/sleep'], { encoding: 'utf8' }).match(/\/\S+/g) ?? []
  for (const path of ['/bin/sleep', ...libraries]) {
    mkdirSync(dirname(root + path), { recursive: true })
    copyFileSync(path, root + path)
  }
  for (const name of ['proc', 'sys', 'dev', 'tmp', 'etc', 'host-etc']) mkdirSync(join(root, name), { recursive: true })
}

async function untilServed(ask: () => unknown): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (quietly(ask)) return
    await delay(100)
  }
  throw new Error('containerd did not start')
}

function quietly(run: () => unknown): boolean {
  try {
    run()
    return true
  } catch {
    return false
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined || !existsSync(`/proc/${child.pid}`)) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill()
  await ended
}
