// Tests of the container-runtime probe: a recorded machine, engines of every kind, and hosts with holes.
import { chmodSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname } from 'node:path'
import t, { type Test } from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { containerRuntime } from '../../../agent/probes/container-runtime.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { ContainerRuntimeFacts } from '../../../proto/facets/container-runtime.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, type FixtureHost, hostFrom, rootFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'
import { rpmDatabase } from '../../rpm-database.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as ContainerRuntimeFacts
const gapsOf = (facts: ContainerRuntimeFacts) =>
  facts.gaps.map(gap => `${gap.field} ${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)

async function scan(t: Test, files: Record<string, FixtureFile>, options: Partial<FixtureHost> = {}) {
  return factsOf(await runProbe(containerRuntime, await hostFrom(t, { files, ...options })))
}

const systemd = littleProc({ pid: 1, executable: '/usr/lib/systemd/systemd', cgroup: '/init.scope' })
const dockerd = (...args: readonly string[]) => ({
  ...systemd,
  ...littleProc({ pid: 500, executable: '/usr/bin/dockerd', args, cgroup: '/system.slice/docker.service' }),
})
const containerd = (...args: readonly string[]) => ({
  ...systemd,
  ...littleProc({ pid: 600, executable: '/usr/bin/containerd', args, cgroup: '/system.slice/containerd.service' }),
})
const containerdPackage = (version: string) => ({
  '/var/lib/dpkg/status': `Package: containerd\nStatus: install ok installed\nVersion: ${version}\n\n`,
})

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

t.test('flags and file together', async t => {
  const facts = await scan(t, {
    ...dockerd(
      '-H',
      'tcp://0.0.0.0:2376',
      '--tlsverify',
      '--icc=false',
      '--add-runtime=kata=/opt/kata/bin/kata-runtime',
    ),
    '/etc/docker/daemon.json': JSON.stringify({
      ...{ hosts: ['unix://'], 'no-new-privileges': true, 'userns-remap': 'default', 'no-such-key': 1 },
      runtimes: { runsc: { path: '/usr/local/bin/runsc' } },
    }),
  })
  const settings = facts.docker[0]?.settings
  t.match(settings, {
    ...{ tls: true, tlsVerify: 'on', icc: false, noNewPrivileges: true, usernsRemap: 'default' },
    ...{ conflicts: ['hosts'], unknownKeys: ['no-such-key'] },
    tlsKey: '/root/.docker/key.pem',
  })
  t.strictSame(
    settings?.hosts.map(({ host }) => host),
    ['tcp://0.0.0.0:2376'],
    'the flag is what a running one uses',
  )
  t.strictSame(
    facts.handlers.map(({ name, sandbox, default: isDefault }) => [name, sandbox, isDefault]),
    [
      ['kata', 'kata', false],
      ['runc', 'none', true],
      ['runsc', 'gvisor', false],
    ],
    'runtimes of both add up',
  )
  t.strictSame(
    facts.files.filter(({ role }) => role.startsWith('tls-')).map(({ path, state }) => `${path} ${state}`),
    ['/root/.docker/ca.pem absent', '/root/.docker/cert.pem absent', '/root/.docker/key.pem absent'],
    'what TLS needs is listed also where it is missing',
  )
})

t.test('registries: exceptions are counted and named, credentials stay on the host', async t => {
  const facts = await scan(t, {
    ...dockerd('--insecure-registry', '10.0.0.0/8', '--insecure-registry', 'reg.lan:5000'),
    '/etc/docker/daemon.json': '{"registry-mirrors": ["http://user:canary@mirror.lan:5000/x"]}',
    '/etc/containers/registries.conf.d/a.conf': '[[registry]]\nlocation = "pod.lan"\ninsecure = true\n',
  })
  t.equal(facts.docker[0]?.settings?.insecureRegistries, 2)
  t.strictSame(
    facts.registries.map(({ engine, registry, endpoint, trust }) => `${engine} ${registry} ${endpoint} ${trust}`),
    [
      'containers pod.lan  insecureAllowed',
      'docker:/etc/docker/daemon.json 10.0.0.0/8  insecureAllowed',
      'docker:/etc/docker/daemon.json docker.io http://mirror.lan:5000 plainHttp',
      'docker:/etc/docker/daemon.json reg.lan:5000  insecureAllowed',
    ],
  )
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('a file that is not JSON takes the settings away and says where', async t => {
  const facts = await scan(t, { ...dockerd(), '/etc/docker/daemon.json': '{\n  "icc": false,\n}\n' })
  t.equal(facts.docker[0]?.settings, undefined)
  t.strictSame(gapsOf(facts), [
    'docker.settings omitted /etc/docker/daemon.json malformed line 3: not JSON',
    'docker.version omitted /usr/bin/dockerd unavailable nothing on disk tells its version',
    'handlers incomplete /etc/docker/daemon.json malformed line 3: not JSON',
    'registries incomplete /etc/docker/daemon.json malformed line 3: not JSON',
  ])
})

t.test('what cannot be read or is not regular is a gap', async t => {
  const files = { ...dockerd(), '/etc/docker/daemon.json': { fifo: true } as const }
  const facts = await scan(t, files)
  t.ok(gapsOf(facts).includes('docker.settings omitted /etc/docker/daemon.json notRegular fifo'))

  const nameless = await scan(t, { ...dockerd('--icc=perhaps') })
  t.ok(gapsOf(nameless).includes('docker.settings omitted dockerd malformed --icc has no value of its type'))

  const large = `{"label": "${'x'.repeat(2 ** 20)}"}`
  const tooLarge = await scan(t, { ...dockerd(), '/etc/docker/daemon.json': large })
  t.ok(
    gapsOf(tooLarge).includes(
      'docker.settings omitted /etc/docker/daemon.json tooLarge over the limit of 1048576 bytes',
    ),
  )
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

t.test('imports of containerd', async t => {
  const section = '[plugins."io.containerd.grpc.v1.cri"'
  const files = {
    ...containerd('--log-level=debug'),
    '/etc/containerd/config.toml': `version = 2\nimports = ["conf.d/*.toml", "/etc/containerd/config.toml"]\n${section}]\nenable_selinux = true\n`,
    '/etc/containerd/conf.d/10-runsc.toml': `version = 2\n${section}.containerd.runtimes.runsc]\nruntime_type = "io.containerd.runsc.v1"\n`,
    '/etc/containerd/conf.d/20.conf': 'not read: the pattern asks for toml',
  }

  t.test('containerd 1 replaces the section', async t => {
    const facts = await scan(t, { ...files, ...containerdPackage('1.7.24~ds1-1') })
    const [engine] = facts.containerd
    t.strictSame(engine?.configFiles, ['/etc/containerd/conf.d/10-runsc.toml', '/etc/containerd/config.toml'])
    t.match(engine?.settings, { selinuxEnabled: false, configVersion: 2, logLevel: 'debug' })
    t.match(facts.handlers, [
      { name: 'runc', default: true },
      { name: 'runsc', sandbox: 'gvisor', default: false },
    ])
  })

  t.test('containerd 2 merges it', async t => {
    const facts = await scan(t, { ...files, ...containerdPackage('2.1.0-1') })
    t.match(facts.containerd[0]?.settings, { selinuxEnabled: true })
  })

  t.test('without a version nobody knows', async t => {
    const facts = await scan(t, files)
    t.equal(facts.containerd[0]?.settings, undefined)
    t.ok(
      gapsOf(facts).some(gap => gap.startsWith('containerd.settings omitted /etc/containerd/config.toml unavailable')),
    )
  })

  t.test('a mistake in an import takes the settings away', async t => {
    const facts = await scan(t, { ...files, '/etc/containerd/conf.d/10-runsc.toml': 'version = 2\n[plugins\n' })
    t.ok(gapsOf(facts).includes('containerd.settings omitted /etc/containerd/conf.d/10-runsc.toml malformed line 2'))
  })

  t.test('imports without end are cut', async t => {
    const chain = Object.fromEntries(
      Array.from({ length: 120 }, (_, at) => [`/etc/containerd/${at}.toml`, `imports = ["${at + 1}.toml"]\n`]),
    )
    const facts = await scan(t, { ...containerd('-c', '/etc/containerd/0.toml'), ...chain })
    t.ok(gapsOf(facts).includes('containerd.settings omitted /etc/containerd/0.toml tooLarge over 100 imports'))
  })
})

t.test('registries of containerd in their directories', async t => {
  const facts = await scan(t, {
    ...containerd(),
    '/etc/containerd/config.toml':
      "version = 3\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '/etc/containerd/certs.d'\n",
    '/etc/containerd/certs.d/reg.lan_5000_/hosts.toml': '[host."http://reg.lan:5000"]\n',
    '/etc/containerd/certs.d/_default/hosts.toml': '[host."https://mirror.lan"]\nskip_verify = true\n',
    '/etc/containerd/certs.d/bad/hosts.toml': '[host.\n',
  })
  t.strictSame(
    facts.registries.map(({ registry, endpoint, trust }) => `${registry} ${endpoint} ${trust}`),
    ['* https://mirror.lan unverified', 'reg.lan:5000 http://reg.lan:5000 plainHttp'],
  )
  t.ok(gapsOf(facts).includes('registries incomplete /etc/containerd/certs.d/bad/hosts.toml malformed line 1'))
})

t.test('CRI-O with its drop-ins', async t => {
  const facts = await scan(t, {
    ...systemd,
    ...littleProc({ pid: 800, executable: '/usr/bin/crio', args: ['--log-level', 'info'] }),
    '/etc/crio/crio.conf':
      '[crio.runtime]\ndefault_runtime = "crun"\nselinux = true\n[crio.runtime.runtimes.crun]\nruntime_path = "/usr/bin/crun"\n',
    '/etc/crio/crio.conf.d/01-kata':
      '[crio.runtime.runtimes.kata]\nruntime_type = "vm"\nruntime_path = "/usr/bin/containerd-shim-kata-v2"\n',
    '/etc/crio/crio.conf.d/.hidden': 'nonsense',
    '/etc/crio/crio.conf.d/02': '[crio.image]\ninsecure_registries = ["a:5000"]\n',
  })
  t.match(facts.crio, [{ id: 'cri-o:/etc/crio/crio.conf', settings: { selinuxEnabled: true, defaultRuntime: 'crun' } }])
  t.strictSame(facts.crio[0]?.configFiles.length, 3)
  t.match(facts.handlers, [
    { name: 'crun', default: true, sandbox: 'none' },
    { name: 'kata', sandbox: 'kata' },
  ])
  t.match(facts.registries, [{ registry: 'a:5000', trust: 'insecureAllowed' }])
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
