// Tests of the containers probe: recorded containers of two engines, names from every record, and hosts with holes.
import t, { type Test } from 'tap'
import { capabilityNames } from '../../../agent/parse/capabilities.ts'
import { containers } from '../../../agent/probes/containers.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { ContainersFacts } from '../../../proto/facets/containers.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, type FixtureHost, hostFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'
import {
  containerFiles,
  hostFiles,
  overlayRoot,
  type RecordedContainer,
  recordedContainers,
} from '../../recorded-containers.ts'
import { presentFacts, type RunOptions, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as ContainersFacts
const gapsOf = (facts: ContainersFacts) =>
  facts.gaps.map(gap => `${gap.field} ${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)

async function scan(
  t: Test,
  files: Record<string, FixtureFile>,
  options: Partial<FixtureHost> = {},
  run: RunOptions = {},
): Promise<ContainersFacts> {
  const host = await hostFrom(t, { files: { ...hostFiles(), ...files }, ...options })
  return factsOf(await runProbe(containers, host, { oneShot: true, ...run }))
}

async function scanOne(t: Test, container: RecordedContainer, files: Record<string, FixtureFile> = {}) {
  const facts = await scan(t, { ...containerFiles(container), ...files })
  t.equal(facts.workloads?.length, 1, `${container.name} is one workload`)
  const [workload] = facts.workloads ?? []
  if (!workload) throw new Error('no workload')
  return { facts, workload }
}

const dockerRecord = (name: string) =>
  JSON.stringify({ Name: `/${name}`, Config: { Image: 'bb:1', Env: ['X=canary'] } })

for (const engine of ['ctr', 'docker'] as const) {
  const recorded = recordedContainers(engine)
  t.ok(recorded.length >= 4, `${recorded.length} containers of ${engine} were recorded`)
  for (const container of recorded) {
    t.test(`${engine}: ${container.command}`, async t => {
      const { workload } = await scanOne(t, container)
      const line = (name: string) => container.status.get(name) ?? ''
      t.equal(workload.uid, Number(line('Uid').split('\t')[1]))
      t.equal(workload.noNewPrivs, line('NoNewPrivs') === '1')
      t.equal(workload.seccomp, line('Seccomp') === '2' ? 'filter' : 'none')
      t.strictSame(workload.effective, [...capabilityNames(BigInt(`0x${line('CapEff')}`))].sort())
      const label = /^(.*?)(?: \((.*)\))?$/.exec(container.attrCurrent)
      t.equal(workload.apparmor, label?.[1])
      t.equal(workload.apparmorMode, label?.[2] ?? '')
      t.equal(workload.allCapabilities, /--privileged/.test(container.command), 'all capabilities means privileged')
      t.strictSame(workload.hostNamespaces, engine === 'ctr' ? ['cgroup', 'user'] : ['user'])
      t.equal(workload.sandbox, 'none')
      t.equal(workload.readOnlyRoot, false)
    })
  }
}

t.test('engines differ in what they give when nobody asks', async t => {
  const byName = (engine: 'ctr' | 'docker', name: string) => {
    const found = recordedContainers(engine).find(one => one.name === name)
    if (!found) throw new Error(name)
    return found
  }
  t.match((await scanOne(t, byName('ctr', 'plain'))).workload, {
    noNewPrivs: true,
    seccomp: 'none',
    apparmor: 'unconfined',
  })
  t.match((await scanOne(t, byName('docker', 'ddefault'))).workload, {
    ...{ noNewPrivs: false, seccomp: 'filter', apparmor: 'docker-default', apparmorMode: 'enforce' },
  })
  const old = (await scanOne(t, byName('docker', 'dpriv'))).workload
  t.equal(old.effective.length, 38, 'this Docker knows 38 of 41 capabilities')
  t.equal(old.allCapabilities, true, 'and gives all the same')
})

t.test('names: plain containerd, Docker, and generated names of Docker', async t => {
  const [plain] = recordedContainers('ctr')
  const [first] = recordedContainers('docker')
  if (!plain || !first) throw new Error('no recording')
  const { facts } = await scanOne(t, plain)
  t.match(facts.workloads, [{ manager: 'containerd', namespace: 'default', name: 'plain', variant: 1 }])
  t.equal(facts.workloads?.[0]?.image, undefined)
  t.strictSame(gapsOf(facts), ['workloads.image omitted containerd unavailable its records do not tell images'])

  const id = /docker-([0-9a-f]{64})/.exec(first.cgroup)?.[1]
  const path = `/var/lib/docker/containers/${id}/config.v2.json`
  const named = await scanOne(t, first, { [path]: dockerRecord('web') })
  t.match(named.workload, { manager: 'docker', namespace: '', name: 'web', image: 'bb:1' })
  t.notMatch(JSON.stringify(named.facts), /canary/)
  const unnamed = await scanOne(t, first, { [path]: dockerRecord('quirky_hopper') })
  t.match(unnamed.workload, { name: 'bb:1', image: 'bb:1' })
  const elsewhere = await scanOne(t, first, {
    ...littleProc({ pid: 77, executable: '/usr/bin/dockerd', cgroup: '/system.slice/docker.service' }),
    '/etc/docker/daemon.json': '{"data-root": "/srv/docker"}',
    [`/srv/docker/100000.100000/containers/${id}/config.v2.json`]: dockerRecord('web'),
  })
  t.match(elsewhere.workload, { name: 'web' }, 'in another data root, below the directory of a remapped user')
})

const id = (digit: string) => digit.repeat(64)
const rights = (mask: string) =>
  `Gid:\t0\t0\t0\t0\nCapEff:\t${mask}\nCapBnd:\t${mask}\nCapAmb:\t0000000000000000\nNoNewPrivs:\t0\nSeccomp:\t2\n`
const podCgroup = (container: string) =>
  `/kubepods.slice/kubepods-pod0a1b2c3d_0000_0000_0000_000000000001.slice/cri-containerd-${container}.scope`
const bundles = '/run/containerd/io.containerd.runtime.v2.task/k8s.io'
const bundle = (pod: string, container: string, type = 'container') =>
  JSON.stringify({
    process: { env: ['TOKEN=canary'] },
    annotations: {
      'io.kubernetes.cri.sandbox-name': pod,
      'io.kubernetes.cri.sandbox-namespace': 'shop',
      'io.kubernetes.cri.container-type': type,
      ...(type === 'container' && {
        'io.kubernetes.cri.container-name': container,
        'io.kubernetes.cri.image-name': 'docker.io/library/nginx:1.27',
      }),
    },
  })

interface Wanted {
  readonly digit: string
  readonly pid: number
  readonly mask?: string
  readonly mountinfo?: string
  readonly namespaces?: Record<string, string>
  readonly startTicks?: number
  readonly uid?: number
}

/** One container of a pod beside its shim. */
function podFiles({ digit, pid, mask = '00000000a80425fb', namespaces, startTicks = 100, uid = 0, ...rest }: Wanted) {
  return littleProc(
    {
      ...{ pid: 50, executable: '/usr/bin/containerd-shim-runc-v2', args: ['-namespace', 'k8s.io', '-id', id('f')] },
      ...{ cgroup: '/system.slice/containerd.service', files: { cwd: { symlink: `${bundles}/${id('f')}` } } },
    },
    {
      ...{ pid, parentPid: 50, executable: '/usr/sbin/nginx', cgroup: podCgroup(id(digit)), startTicks, uid },
      status: rights(mask),
      namespaces: {
        mnt: 'mnt:[9]',
        pid: 'pid:[9]',
        net: 'net:[9]',
        ipc: 'ipc:[9]',
        uts: 'uts:[9]',
        ...own,
        ...namespaces,
      },
      files: {
        mountinfo: rest.mountinfo ?? overlayRoot,
        'attr/current': 'cri-containerd.apparmor.d (enforce)\n',
        uid_map: '0 0 4294967295\n',
      },
    },
  )
}
const own = { user: 'user:[4026531837]', cgroup: 'cgroup:[9]' }

t.test('pods: one row for replicas, none for what only holds their namespaces', async t => {
  const facts = await scan(t, {
    ...podFiles({ digit: 'a', pid: 101 }),
    ...podFiles({ digit: 'b', pid: 102 }),
    ...podFiles({ digit: 'c', pid: 103, mask: '000001ffffffffff' }),
    ...podFiles({ digit: 'f', pid: 104 }),
    [`${bundles}/${id('a')}/config.json`]: bundle('web-7d4b9c6f5d-x2k9p', 'nginx'),
    [`${bundles}/${id('b')}/config.json`]: bundle('web-7d4b9c6f5d-zzzzz', 'nginx'),
    [`${bundles}/${id('c')}/config.json`]: bundle('web-6c9f8b7d5c-bbbbb', 'nginx'),
    [`${bundles}/${id('f')}/config.json`]: bundle('web-7d4b9c6f5d-x2k9p', '', 'sandbox'),
  })
  t.strictSame(
    facts.workloads?.map(one => [one.namespace, one.name, one.container, one.variant, one.allCapabilities, one.image]),
    [
      ['shop', 'web', 'nginx', 1, true, 'docker.io/library/nginx:1.27'],
      ['shop', 'web', 'nginx', 2, false, 'docker.io/library/nginx:1.27'],
    ],
    'replicas are one row, one that differs is a variant',
  )
  t.notMatch(JSON.stringify(facts), /canary/)
  t.strictSame(facts.gaps, [])
})

t.test('names from the engine where no record tells them', async t => {
  const cri = {
    '/run/containerd/containerd.sock': {
      ...{ runtimeName: 'containerd', runtimeVersion: '1', apiVersion: 'v1' },
      sandboxes: [{ id: id('f'), name: 'db-0', namespace: 'shop', uid: 'u', handler: '' }],
      containers: [{ id: id('a'), sandboxId: id('f'), name: 'postgres', image: 'docker.io/library/postgres:17' }],
    },
  }
  const files = podFiles({ digit: 'a', pid: 101 })
  const facts = await scan(t, files, { cri })
  t.match(facts.workloads, [
    {
      manager: 'kubernetes',
      namespace: 'shop',
      name: 'db-0',
      container: 'postgres',
      image: 'docker.io/library/postgres:17',
    },
  ])
  const quiet = await scan(t, files, { cri }, { probePorts: false })
  t.match(
    quiet.workloads,
    [{ manager: 'kubernetes', name: 'nginx', container: '' }],
    'without asking its program names it',
  )
})

t.test('host mounts, shared namespaces and a read-only root', async t => {
  const mountinfo = `500 400 0:50 / / ro,relatime - overlay overlay rw
501 500 0:51 / /proc rw - proc proc rw
502 500 0:23 /docker.sock /var/run/docker.sock rw - tmpfs tmpfs rw
503 500 254:1 / /host ro - ext4 /dev/vda1 rw
504 500 254:1 /etc/kubernetes/pki /pki ro - ext4 /dev/vda1 rw
505 500 254:1 /var/lib/kubelet/pods/x/etc-hosts /etc/hosts rw - ext4 /dev/vda1 rw
506 500 0:21 / /host/proc rw - proc proc rw
507 500 0:5 /mem /dev/mem rw - devtmpfs udev rw
508 500 254:1 /etc/localtime /etc/localtime ro - ext4 /dev/vda1 rw
`
  const facts = await scan(
    t,
    podFiles({ digit: 'a', pid: 101, mountinfo, namespaces: { net: 'net:[4026531840]', pid: 'pid:[4026531836]' } }),
  )
  const [workload] = facts.workloads ?? []
  t.equal(workload?.readOnlyRoot, true)
  t.strictSame(workload?.hostNamespaces, ['net', 'pid', 'user'])
  t.strictSame(
    workload?.hostMounts?.map(
      ({ source, target, kind, readOnly }) => `${source} ${target} ${kind} ${readOnly ? 'ro' : 'rw'}`,
    ),
    [
      '/ /host root ro',
      '/dev/mem /dev/mem dev rw',
      '/etc/kubernetes/pki /pki kubernetes ro',
      '/proc /host/proc proc rw',
      '/run/docker.sock /var/run/docker.sock socket rw',
    ],
  )
})

t.test('root in a user namespace of its own', async t => {
  const files = podFiles({ digit: 'a', pid: 101, uid: 100000, namespaces: { user: 'user:[9]' } })
  const facts = await scan(t, { ...files, '/proc/101/uid_map': '         0     100000      65536\n' })
  t.match(facts.workloads, [{ uid: 100000, userNamespace: true, rootInside: true }])
  t.notOk(facts.workloads?.[0]?.hostNamespaces?.includes('user'))
})

t.test('sandboxes are told by shim and program', async t => {
  const files = podFiles({ digit: 'a', pid: 101 })
  const gvisor = await scan(t, { ...files, '/proc/50/exe': { symlink: '/usr/local/bin/containerd-shim-runsc-v1' } })
  t.match(gvisor.workloads, [{ sandbox: 'gvisor' }])
  const { '/proc/50/exe': _, ...hidden } = files
  const unknown = await scan(t, hidden)
  t.equal(unknown.workloads?.[0]?.sandbox, undefined)
  t.ok(gapsOf(unknown).includes('workloads.sandbox omitted /proc/PID/exe unreadable shims cannot be told'))
})

t.test('restarts change nothing, and what is gone for long goes', async t => {
  const memory = new Map<string, unknown>()
  const record = (digit: string, pod: string) => ({ [`${bundles}/${id(digit)}/config.json`]: bundle(pod, 'nginx') })
  const at = async (minute: number, files: Record<string, FixtureFile>) => {
    const host = await hostFrom(t, { files: { ...hostFiles(), ...files } })
    return await runProbe(containers, host, { memory, now: new Date(Date.UTC(2026, 10, 22, 12, minute)) })
  }
  const first = await at(0, { ...podFiles({ digit: 'a', pid: 101 }), ...record('a', 'web-7d4b9c6f5d-x2k9p') })
  const young = {
    ...podFiles({ digit: 'b', pid: 200, startTicks: 9_999_900, mask: '000001ffffffffff' }),
    ...record('b', 'web-7d4b9c6f5d-zzzzz'),
  }
  t.equal((await at(1, young)).digest, first.digest, 'one that has just come back counts as what it was')
  t.equal((await at(3, {})).digest, first.digest, 'a pause is no end')
  const again = { ...podFiles({ digit: 'c', pid: 300 }), ...record('c', 'web-6c9f8b7d5c-bbbbb') }
  t.equal((await at(4, again)).digest, first.digest, 'another pod of the same workload is the same')
  t.strictSame(factsOf(await at(11, {})).workloads, [], 'after six minutes it is gone')
  t.strictSame(factsOf(await at(12, young)).workloads, [], 'something new waits until it has settled')
})

t.test('daemons of the recorded machine have the rights that were recorded', async t => {
  const state = await runProbe(containers, await openFixtureHost('debian12-vm'), { oneShot: true })
  const daemons = factsOf(state).daemons ?? []
  const said = new Map(
    fixtureCommand('debian12-vm', 'proc-status')
      .split(/^== \/proc\//m)
      .map(section => [/^\d+/.exec(section)?.[0] ?? '', section]),
  )
  for (const [unit, pid] of [
    ['ssh.service', '404'],
    ['auditd.service', '250'],
    ['containerd.service', '398'],
    ['systemd-journald.service', '190'],
  ] as const) {
    const daemon = daemons.find(one => one.unit === unit)
    const section = said.get(pid) ?? ''
    const line = (key: string) => new RegExp(`^${key}:\\t(\\S+)`, 'm').exec(section)?.[1] ?? ''
    t.strictSame(daemon?.effective, [...capabilityNames(BigInt(`0x${line('CapEff')}`))].sort(), unit)
    t.equal(daemon?.noNewPrivs, line('NoNewPrivs') === '1', unit)
    t.equal(daemon?.seccomp, line('Seccomp') === '2' ? 'filter' : 'none', unit)
  }
})

t.test('services of people and of systemd-run are none', async t => {
  const process = (pid: number, unit: string, startTicks = 100) =>
    littleProc({
      pid,
      executable: '/usr/bin/x',
      cgroup: `/system.slice/${unit}`,
      startTicks,
      status: rights('0000000000000000'),
    })
  const files = {
    ...process(10, 'a.service'),
    ...process(11, 'run-r12ab.service'),
    ...process(12, 'session-1.scope'),
    ...process(13, 'job.service', 9_999_000),
  }
  const facts = await scan(t, files)
  t.strictSame(
    facts.daemons?.map(({ unit }) => unit),
    ['a.service', 'job.service'],
  )
  const resident = await scan(t, files, {}, { oneShot: false })
  t.strictSame(
    resident.daemons?.map(({ unit }) => unit),
    ['a.service'],
    'a resident agent waits whether a job stays',
  )
})

t.test('static pods as they are declared', async t => {
  const manifest = `apiVersion: v1
kind: Pod
metadata: { name: kube-apiserver, namespace: kube-system }
spec:
  hostNetwork: true
  securityContext: { seccompProfile: { type: RuntimeDefault } }
  containers:
  - name: kube-apiserver
    image: registry.k8s.io/kube-apiserver:v1.36.2
    command: [kube-apiserver, --token=canary]
    volumeMounts: [{ name: pki, mountPath: /pki, readOnly: true }]
  volumes: [{ name: pki, hostPath: { path: /etc/kubernetes/pki } }]
`
  const facts = await scan(t, {
    '/etc/kubernetes/manifests/kube-apiserver.yaml': manifest,
    '/etc/kubernetes/manifests/bad.yaml': 'kind: Pod\n  x: [\n',
    '/etc/kubernetes/manifests/.hidden': 'no: [',
    '/etc/kubernetes/manifests/list': 'kind: List\n',
  })
  t.match(facts.staticPods, [
    {
      ...{ pod: 'kube-apiserver', namespace: 'kube-system', seccomp: 'RuntimeDefault', hostNamespaces: ['net'] },
      hostPaths: [{ path: '/etc/kubernetes/pki', readOnly: true }],
    },
  ])
  t.match(gapsOf(facts), [
    /^staticPods incomplete \/etc\/kubernetes\/manifests\/bad\.yaml malformed line \d+: not YAML$/,
  ])
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('an offline root tells of static pods only', async t => {
  const facts = factsOf(await runProbe(containers, await openFixtureHost('debian12-vm', { live: false })))
  t.equal(facts.workloads, undefined)
  t.strictSame(gapsOf(facts), [
    'daemons omitted /proc unavailable offline root',
    'workloads omitted /proc unavailable offline root',
  ])
})

t.test('what cannot be looked at leaves its fields out, once for all processes', async t => {
  const files = {
    ...podFiles({ digit: 'a', pid: 101 }),
    [`${bundles}/${id('a')}/config.json`]: bundle('web-0', 'nginx'),
  }
  const { '/proc/101/mountinfo': _, '/proc/101/ns/net': __, ...less } = files
  const facts = await scan(t, less)
  t.strictSame(gapsOf(facts), [
    'workloads.hostMounts omitted /proc/PID/mountinfo unavailable ENOENT',
    'workloads.hostNamespaces omitted /proc/PID/ns/net unavailable ENOENT',
    'workloads.readOnlyRoot omitted /proc/PID/mountinfo unavailable ENOENT',
    'workloads.rootInside omitted /proc/PID/ns/net unavailable ENOENT',
    'workloads.userNamespace omitted /proc/PID/ns/net unavailable ENOENT',
  ])
  t.match(facts.workloads, [{ name: 'web-0', uid: 0 }])

  const broken = await scan(t, { ...files, '/proc/101/status': 'Name:\tnginx\nUid:\t0\t0\t0\t0\n' })
  t.ok(gapsOf(broken).includes('workloads incomplete /proc/PID/status unreadable not the text of procfs'))
})
