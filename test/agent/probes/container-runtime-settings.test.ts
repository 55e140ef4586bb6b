// Tests of the settings that the container-runtime probe reads: flags, files, imports, drop-ins and registries.
import t from 'tap'
import { littleProc } from '../../little-processes.ts'
import { containerd, dockerd, gapsOf, scan, systemd } from './container-runtime-hosts.ts'

/** What dpkg says of containerd in this version. */
const containerdPackage = (version: string) => ({
  '/var/lib/dpkg/status': `Package: containerd\nStatus: install ok installed\nVersion: ${version}\n\n`,
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
