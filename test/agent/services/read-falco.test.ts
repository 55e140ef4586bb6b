// Tests of how Falco is set up: as a service of the host, as a container, and where it cannot be told.
import t, { type Test } from 'tap'
import { services } from '../../../agent/probes/services.ts'
import type { ServicesFacts } from '../../../proto/facets/services.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { kernelFiles, processFiles } from '../../recorded-kubelets.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

/** What the package of Falco 0.41 brings, as far as it matters. */
const falcoYaml = `
config_files:
  - /etc/falco/config.d
rules_files:
  - /etc/falco/falco_rules.yaml
  - /etc/falco/falco_rules.local.yaml
  - /etc/falco/rules.d
engine:
  kind: modern_ebpf
  kmod: {buf_size_preset: 4}
priority: debug
stdout_output: {enabled: true}
syslog_output: {enabled: true}
http_output: {enabled: false, url: "https://user:canary@192.0.2.9/"}
`
const installed: Record<string, FixtureFile> = {
  '/usr/bin/falco': 'a program',
  '/usr/lib/systemd/system/falco-modern-bpf.service':
    '[Service]\nExecStart=/usr/bin/falco -o engine.kind=modern_ebpf\n',
  '/etc/falco/falco.yaml': falcoYaml,
  '/etc/falco/falco_rules.yaml': '- rule: x\n',
  '/etc/falco/falco_rules.local.yaml': '',
  '/etc/falco/rules.d/team.yaml': '- rule: y\n',
}
const pod = '0a1b2c3d-1111-2222-3333-444455556666'
const inPod = `/kubepods.slice/kubepods-pod${pod.replaceAll('-', '_')}.slice/cri-containerd-${'a'.repeat(64)}.scope`

async function factsOf(t: Test, files: Record<string, FixtureFile>, live = true) {
  const facts = presentFacts(
    await runProbe(services, await hostFrom(t, { files: { ...kernelFiles([]), ...files }, live })),
  ) as unknown as ServicesFacts
  t.notMatch(JSON.stringify(facts), /canary/)
  return { falco: facts.falco, gaps: facts.gaps.filter(({ field }) => field.startsWith('falco')) }
}

const running = (args: readonly string[] = [], cgroup = '/system.slice/falco-modern-bpf.service') =>
  processFiles({ pid: 70, executable: '/usr/bin/falco', argv: ['/usr/bin/falco', ...args], cgroup })

t.test('a service of the host: driver, rules and outputs', async t => {
  const { falco, gaps } = await factsOf(t, { ...installed, ...running() })
  t.strictSame(falco, [
    {
      place: 'host',
      running: true,
      configFile: '/etc/falco/falco.yaml',
      moduleLoaded: false,
      outputs: ['stdout', 'syslog'],
      priority: 'debug',
      driver: 'modern_ebpf',
      rules: [
        { path: '/etc/falco/falco_rules.local.yaml', state: 'empty' },
        { path: '/etc/falco/falco_rules.yaml', state: 'present' },
        { path: '/etc/falco/rules.d/team.yaml', state: 'present' },
      ],
    },
  ])
  t.strictSame(gaps, [])
})

t.test('config.d lies over the file, flags over both, and the module is looked for in the kernel', async t => {
  const files = {
    ...installed,
    '/etc/falco/config.d/10.yaml':
      'engine: {kind: kmod}\nstdout_output: {enabled: false}\nrules_files: [/srv/more.yaml]\n',
    '/etc/falco/config.d/20.yml': 'file_output: {enabled: true, filename: /canary}\n',
    '/etc/falco/config.d/readme.txt': 'priority: error\n',
    '/sys/module/falco': { directory: true },
  } as const
  const [row] = (await factsOf(t, { ...files, ...running() })).falco
  t.match(row, { driver: 'kmod', moduleLoaded: true, outputs: ['file', 'syslog'], priority: 'debug' })
  t.match(
    row?.rules?.find(({ path }) => path === '/srv/more.yaml'),
    { state: 'absent' },
  )
  const [flagged] = (
    await factsOf(t, {
      ...files,
      ...running(['-o', 'engine.kind=ebpf', '-r', '/srv/own.yaml', '-o', 'priority=error']),
    })
  ).falco
  t.match(flagged, { driver: 'ebpf', priority: 'error', rules: [{ path: '/srv/own.yaml', state: 'absent' }] })
})

t.test('installed and not running: its unit says how it would start', async t => {
  const unit = {
    '/usr/lib/systemd/system/falco-modern-bpf.service': '[Service]\nExecStart=/usr/bin/falco -o engine.kind=kmod\n',
  }
  for (const live of [true, false]) {
    const { falco } = await factsOf(t, { ...installed, ...unit }, live)
    t.match(falco, [{ place: 'host', running: false, driver: 'kmod' }])
  }
})

t.test('a container of it: the ConfigMap that the kubelet keeps, rules that nobody here can see', async t => {
  const volume = `/var/lib/kubelet/pods/${pod}/volumes/kubernetes.io~configmap/falco-yaml`
  const files: Record<string, FixtureFile> = {
    [`${volume}/..2026/falco.yaml`]: 'engine: {kind: modern_ebpf}\nhttp_output: {enabled: true, url: canary}\n',
    [`${volume}/..data`]: { symlink: '..2026' },
    [`${volume}/falco.yaml`]: { symlink: '..data/falco.yaml' },
    '/etc/falco/falco.yaml': 'engine: {kind: kmod}\n',
    ...running([], inPod),
  }
  const { falco, gaps } = await factsOf(t, files)
  t.match(falco, [
    { place: 'container', running: true, configFile: `${volume}/falco.yaml`, driver: 'modern_ebpf', outputs: ['http'] },
  ])
  t.equal(falco.length, 1, 'a file of the host says nothing of it')
  t.match(gaps, [{ field: 'falco.rules', effect: 'omitted', source: 'container' }])
  const bare = await factsOf(t, running([], inPod))
  t.match(bare.falco, [{ place: 'container', configFile: '' }])
  t.equal(bare.falco[0]?.driver, undefined)
  t.ok(bare.gaps.some(({ field }) => field === 'falco.driver'))
})

t.test('a process that only has the name in its arguments is none', async t => {
  const other = processFiles({ pid: 71, executable: '/usr/bin/falcoctl', argv: ['falcoctl', 'falco'] })
  t.strictSame((await factsOf(t, other)).falco, [])
})

t.test('files that cannot be used leave unknown what they decide', async t => {
  const cases: readonly (readonly [string, FixtureFile])[] = [
    ['/etc/falco/falco.yaml', 'engine: [canary'],
    ['/etc/falco/falco.yaml', { fifo: true }],
    ['/etc/falco/config.d/10.yaml', 'engine: [canary'],
    ['/etc/falco/config.d/10.yaml', { symlink: '10.yaml' }],
  ]
  for (const [path, content] of cases) {
    const { falco, gaps } = await factsOf(t, { ...installed, ...running(), [path]: content })
    t.match(falco, [{ place: 'host', driver: undefined, outputs: undefined }], path)
    t.strictSame(
      gaps.map(({ field, effect, source }) => `${field} ${effect} ${source}`),
      ['driver', 'outputs', 'priority', 'rules'].map(field => `falco.${field} omitted ${path}`),
    )
  }
  const silent = await factsOf(t, { ...installed, '/etc/falco/falco.yaml': 'priority: debug\n', ...running() })
  t.match(silent.gaps, [{ field: 'falco.driver', effect: 'omitted' }])
})
