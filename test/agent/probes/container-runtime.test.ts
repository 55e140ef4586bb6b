// Tests of the container-runtime probe: a recorded machine, engines of every kind, and hosts with holes.
import { chmodSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { containerRuntime } from '../../../agent/probes/container-runtime.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { hostFrom, rootFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'
import { rpmDatabase } from '../../rpm-database.ts'
import { runProbe } from '../../run-probe.ts'
import { containerd, dockerd, factsOf, gapsOf, scan, systemd } from './container-runtime-hosts.ts'

t.test('the recorded machine says what docker info said then', async t => {
  const state = await runProbe(containerRuntime, await openFixtureHost('debian12-vm'))
  const facts = factsOf(state)
  const info = JSON.parse(fixtureCommand('debian12-vm', 'docker-info-json'))
  const [docker] = facts.docker
  t.match(docker, { running: true, unit: 'docker.service', uid: 0, executable: '/usr/sbin/dockerd' })
  t.equal(docker?.version, info.ServerVersion.replace(/\+.*/, ''))
  const settings = docker?.settings
  t.strictSame(
    {
      driver: settings?.logDriver,
      live: settings?.liveRestore,
      debug: settings?.debug,
      root: settings?.dataRoot,
      experimental: settings?.experimental,
      runtime: settings?.defaultRuntime,
      seccomp: `name=seccomp,profile=${settings?.seccompProfile === 'builtin' ? 'default' : 'other'}`,
    },
    {
      driver: info.LoggingDriver,
      live: info.LiveRestoreEnabled,
      debug: info.Debug,
      root: info.DockerRootDir,
      experimental: info.ExperimentalBuild,
      runtime: info.DefaultRuntime,
      seccomp: info.SecurityOptions.find((option: string) => option.startsWith('name=seccomp')),
    },
  )
  t.strictSame(
    facts.handlers.filter(({ engine }) => engine === docker?.id).map(({ name, program }) => [name, program]),
    [['runc', info.Runtimes.runc.path]],
  )
  t.match(settings?.hosts, [
    { host: 'tcp://0.0.0.0:2375', scope: 'any', port: 2375 },
    { host: 'unix:///var/run/docker.sock', scope: 'local' },
  ])

  const [engine] = facts.containerd
  t.match(engine, { running: true, unit: 'containerd.service', settings: { configVersion: 2, criEnabled: true } })
  t.ok(fixtureCommand('debian12-vm', 'containerd-ver').includes(`Version:  ${engine?.version}~`))
  t.strictSame(facts.gaps, [])
  t.match(state, { observations: { processes: [{ pid: 398 }, { pid: 411 }] } })
})

t.test('the same machine, switched off: nothing is asked of it, its files are read', async t => {
  const facts = factsOf(await runProbe(containerRuntime, await openFixtureHost('debian12-vm', { live: false })))
  t.match(facts.docker, [{ running: false, uid: -1, unit: 'docker.service', settings: { liveRestore: true } }])
  t.equal(facts.cri, undefined)
  t.equal(facts.kvm, undefined)
  t.strictSame(gapsOf(facts), [
    'cri omitted runtime.v1 unavailable offline root',
    'kvm omitted /dev/kvm unavailable offline root',
  ])
})

t.test('rpm tells the version of an engine where dpkg is not', async t => {
  const packages = { 'docker-ce': '28.3.2-1.el9', 'docker-ce-cli': '1.1.1-1' }
  const facts = await scan(t, { ...dockerd(), '/var/lib/rpm/rpmdb.sqlite': rpmDatabase(packages) })
  t.match(facts.docker, [{ version: '28.3.2' }])
  const broken = await scan(t, { ...dockerd(), '/var/lib/rpm/rpmdb.sqlite': 'x' })
  t.match(gapsOf(broken), [/^docker.version omitted \/var\/lib\/rpm\/rpmdb.sqlite unavailable/])
})

t.test('a host without engines', async t => {
  const state = await runProbe(containerRuntime, await hostFrom(t, { files: systemd }))
  t.match(state, { state: 'absent', reason: { code: 'notInstalled' } })
})

t.test('k3s runs its own containerd, by a link and with hidden arguments', async t => {
  const facts = factsOf(await runProbe(containerRuntime, await openFixtureHost('k3s-1.32')))
  const configFile = '/var/lib/rancher/k3s/agent/etc/containerd/config.toml'
  t.match(facts.containerd, [
    {
      ...{ id: `containerd:${configFile}`, running: true, unit: 'k3s.service', contained: false, configFile },
      settings: { configVersion: 3, address: '/run/k3s/containerd/containerd.sock', streamServerAddress: '127.0.0.1' },
    },
  ])
  t.match(facts.handlers, [{ name: 'runc', default: true, systemdCgroup: true }])
  t.match(facts.docker, [{ contained: true }], 'the builder in a pod')
  t.notOk(facts.gaps.some(({ field }) => ['handlers', 'registries'].includes(field)))
  const offline = factsOf(await runProbe(containerRuntime, await openFixtureHost('k3s-1.32', { live: false })))
  t.match(offline.containerd, [
    { id: `containerd:${configFile}`, running: false, settings: facts.containerd[0]?.settings },
  ])
})

t.test('an engine inside a container has files that are not the host’s', async t => {
  const id = 'ab'.repeat(32)
  const facts = await scan(t, {
    ...littleProc(
      { pid: 1, executable: '/usr/lib/systemd/systemd', cgroup: '/init.scope', namespaces: { mnt: 'mnt:[1]' } },
      {
        ...{ pid: 900, executable: '/usr/local/bin/dockerd', cgroup: `/system.slice/docker-${id}.scope` },
        namespaces: { mnt: 'mnt:[2]' },
      },
      { pid: 500, executable: '/usr/bin/dockerd', namespaces: { mnt: 'mnt:[1]' } },
    ),
    '/etc/docker/daemon.json': '{"icc": false}',
  })
  t.strictSame(
    facts.docker.map(({ id: name, contained, settings }) => [name, contained, settings?.icc]),
    [
      ['docker:/etc/docker/daemon.json', false, false],
      ['docker:/etc/docker/daemon.json#2', true, undefined],
    ],
  )
})

t.test('a dockerd without root reads the files of its user', async t => {
  const facts = await scan(t, {
    ...systemd,
    ...littleProc({ pid: 700, executable: '/usr/bin/dockerd', uid: 1000 }),
    '/etc/passwd': 'root:x:0:0::/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/bash\n',
    '/home/ann/.config/docker/daemon.json': '{"icc": false}',
  })
  t.match(facts.docker, [{ uid: 1000, configFile: '/home/ann/.config/docker/daemon.json', settings: { icc: false } }])
})

t.test('who the runtime says it is', async t => {
  const cri = {
    '/run/containerd/containerd.sock': {
      runtimeName: 'containerd',
      runtimeVersion: 'v1.7.2',
      apiVersion: 'v1',
      sandboxes: [],
      containers: [],
    },
  }
  const files = { ...containerd(), '/etc/containerd/config.toml': 'version = 2\n' }
  const facts = await scan(t, files, { cri })
  t.strictSame(facts.cri, [
    { socket: '/run/containerd/containerd.sock', runtime: 'containerd', version: '1.7.2', apiVersion: 'v1' },
  ])

  const disabled = await scan(t, { ...files, '/etc/containerd/config.toml': 'disabled_plugins = ["cri"]\n' }, { cri })
  t.strictSame(disabled.cri, [], 'a disabled interface is not asked')

  const host = await hostFrom(t, { files, cri })
  const quiet = factsOf(await runProbe(containerRuntime, host, { probePorts: false }))
  t.equal(quiet.cri, undefined)
  t.ok(gapsOf(quiet).includes('cri omitted runtime.v1 unavailable asking sockets is switched off'))
})

t.test('keys and certificates of root’s client', async t => {
  const facts = await scan(
    t,
    {
      ...dockerd(),
      '/etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
      '/root/.docker/key.pem': 'never read',
      '/root/.docker/ca.pem': '',
      '/root/.docker/config.json': '{"auths": {"x": {"auth": "canary"}}}',
      '/root/.docker/other': '',
      '/etc/docker/certs.d/reg.lan/client.key': '',
      '/etc/docker/certs.d/reg.lan/ca.crt': '',
    },
    { modes: { '/root/.docker/key.pem': { mode: 0o644 } } },
  )
  t.strictSame(
    facts.files
      .filter(({ path }) => /\.docker|certs\.d/.test(path))
      .map(({ path, role, mode }) => `${path} ${role} ${mode}`),
    [
      '/etc/docker/certs.d/reg.lan/ca.crt registry-certificate 0644',
      '/etc/docker/certs.d/reg.lan/client.key registry-key 0644',
      '/root/.docker/ca.pem client-certificate 0644',
      '/root/.docker/config.json client-config 0644',
      '/root/.docker/key.pem client-key 0644',
    ],
  )
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('sockets, their groups, and sandboxes that are installed', async t => {
  const root = rootFrom(t, {
    ...dockerd(),
    '/etc/group': 'root:x:0:\ndocker:x:0:ann\n',
    '/var/run': { symlink: '/run' },
    '/usr/local/bin/runsc': '',
    '/bin': { symlink: 'usr/bin' },
  })
  const path = `${root}/run/docker.sock`
  mkdirSync(dirname(path), { recursive: true })
  const server = createServer()
  await new Promise<void>(resolve => server.listen(path, resolve))
  t.teardown(() => server.close())
  chmodSync(path, 0o666)
  const host = await openHost({ root, live: true, cri: new Map() })
  const facts = factsOf(await runProbe(containerRuntime, host))
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  const group = gid === 0 ? 'root' : ''
  t.strictSame(facts.sockets, [{ path: '/run/docker.sock', engine: 'docker', mode: '0666', uid, gid, group }])
  t.strictSame(facts.sandboxPrograms, [{ path: '/usr/local/bin/runsc', sandbox: 'gvisor' }])
  t.equal(facts.kvm, false)
})

t.test('names of groups and homes that cannot be read', async t => {
  const facts = await scan(t, {
    ...dockerd(),
    '/etc/group': { fifo: true },
    '/etc/passwd': { fifo: true },
  })
  const gaps = gapsOf(facts)
  t.ok(gaps.includes('sockets.group omitted /etc/group notRegular fifo'))
  t.ok(gaps.includes('files incomplete /etc/passwd notRegular fifo'))
})
