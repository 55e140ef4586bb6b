// Tests of the probe `host` on recorded and on little hosts.
import t from 'tap'
import { host as probe } from '../../../agent/probes/host.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { HostFacts, HostObservations } from '../../../proto/facets/host.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'
import { processFiles } from '../ports/little-proc.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as HostFacts
const observationsOf = (state: FacetState) =>
  (state.state === 'present' ? state.observations : {}) as unknown as HostObservations

/** A running Debian without anything of note, and changes to it; `undefined` takes a file away. */
async function littleHost(
  test: Parameters<typeof hostFrom>[0],
  changes: Record<string, FixtureFile | undefined> = {},
  options: Partial<FixtureHost> = {},
) {
  const files: Record<string, FixtureFile | undefined> = {
    '/etc/machine-id': '0123456789abcdef0123456789abcdef\n',
    '/etc/hostname': 'on-disk\n',
    '/etc/os-release':
      'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n',
    '/proc/sys/kernel/hostname': 'running\n',
    '/proc/sys/kernel/osrelease': '6.12.0\n',
    '/proc/sys/kernel/version': '#1 SMP\n',
    '/proc/sys/kernel/arch': 'aarch64\n',
    '/proc/sys/kernel/random/boot_id': '3d9bf0ad-73f3-4033-ab21-b949a8eedffa\n',
    '/proc/stat': 'cpu 1 2\nbtime 1795303977\nprocesses 1\n',
    '/proc/cmdline': 'quiet\n',
    '/proc/filesystems': 'nodev\tproc\nnodev\tsecurityfs\n',
    '/sys/kernel/security/lsm': 'lockdown,capability,yama,apparmor',
    '/sys/kernel/security/lockdown': '[none] integrity confidentiality\n',
    ...processFiles({ pid: 1, name: 'systemd' }),
    ...changes,
  }
  const kept = Object.entries(files).filter((entry): entry is [string, FixtureFile] => entry[1] !== undefined)
  return await hostFrom(test, { ...options, files: Object.fromEntries(kept) })
}

const run = async (...args: Parameters<typeof littleHost>) => factsOf(await runProbe(probe, await littleHost(...args)))
const gapRows = (facts: HostFacts) =>
  facts.gaps.map(({ field, source, state, detail }) => [field, source, state, detail])

t.test('the recorded host is what hostnamectl and uname said it was', async t => {
  const state = await runProbe(probe, await openFixtureHost('debian12-vm'))
  const facts = factsOf(state)
  const said = JSON.parse(fixtureCommand('debian12-vm', 'hostnamectl')) as Record<string, string>
  t.equal(facts.hostname, said['Hostname'])
  t.equal(facts.os?.name, said['OperatingSystemPrettyName'])
  t.equal(facts.kernel?.release, said['KernelRelease'])
  t.equal(facts.kernel?.version, said['KernelVersion'])
  const { release, version, architecture } = facts.kernel ?? {}
  t.equal(
    fixtureCommand('debian12-vm', 'uname').trim(),
    `Linux ${facts.hostname} ${release} ${version} ${architecture} GNU/Linux`,
  )
  t.match(facts.os, { id: 'debian', versionId: '12', codename: 'bookworm', supportEndsOn: '2028-06-30' })
  t.equal(facts.init, 'systemd')
  t.strictSame(facts.containerRuntimes, ['containerd', 'docker'])
  t.strictSame(facts.kubernetesRoles, [])
  t.strictSame(facts.gaps, [])
  t.strictSame(observationsOf(state), {
    bootId: '3d9bf0ad-73f3-4033-ab21-b949a8eedffa',
    bootedAt: '2026-11-21T23:32:57.000Z',
  })
})

t.test('boot parameters and security modules are those that the recorded host printed', async t => {
  const facts = factsOf(await runProbe(probe, await openFixtureHost('debian12-vm')))
  const words = fixtureCommand('debian12-vm', 'cmdline').trim().split(' ')
  t.strictSame(
    facts.bootParameters?.map(({ position, name, value }) => [position, `${name}=${value}`]),
    ['apparmor=1', 'security=apparmor', 'mitigations=off'].map(word => [words.indexOf(word), word]),
  )
  t.strictSame(facts.securityModules, ['lockdown', 'capability', 'landlock', 'yama', 'apparmor', 'bpf'])
  t.equal(facts.lockdown, 'none')
  t.equal(facts.secureBoot, 'unsupported', 'it has no EFI')
})

t.test('an offline root tells what its files tell; the rest is a gap each', async t => {
  const facts = factsOf(await runProbe(probe, await openFixtureHost('debian12-vm', { live: false })))
  t.match(facts, {
    hostname: 'testhost',
    machineId: /^[0-9a-f]{32}$/,
    os: { id: 'debian' },
    init: 'unknown',
    cloud: 'none',
    containerRuntimes: ['containerd', 'docker'],
  })
  t.strictSame(
    facts.gaps.map(({ field, detail }) => [field, detail]),
    ['bootParameters', 'cloud', 'firmware', 'hardware', 'kernel', 'lockdown', 'secureBoot', 'securityModules'].map(
      field => [field, 'offline root'],
    ),
  )
  for (const { field } of facts.gaps) if (field !== 'cloud') t.notOk(field in facts, field)
})

t.test('the machine id is empty where none is set, a gap where it is none', async t => {
  t.equal((await run(t)).machineId, '0123456789abcdef0123456789abcdef')
  for (const text of ['', 'uninitialized\n', undefined]) {
    const facts = await run(t, { '/etc/machine-id': text })
    t.strictSame([facts.machineId, facts.gaps], ['', []])
  }
  const facts = await run(t, { '/etc/machine-id': 'canary\n' })
  t.strictSame([facts.machineId, gapRows(facts)], ['', [['machineId', '/etc/machine-id', 'malformed', 'line 1']]])
})

t.test('the host name is the kernel’s, except where the agent has a name of its own', async t => {
  t.equal((await run(t)).hostname, 'running')
  const apart = {
    '/proc/self/ns/uts': { symlink: 'uts:[4026532001]' },
    '/proc/1/ns/uts': { symlink: 'uts:[4026531838]' },
    '/etc/hostname': '# comment\n\nnode-7\r\n',
  }
  t.equal((await run(t, apart)).hostname, 'node-7')
})

t.test('os-release is read from /usr/lib where /etc has none, with the defaults of os-release(5)', async t => {
  const moved = {
    '/etc/os-release': undefined,
    '/usr/lib/os-release': 'ID=rocky\nVERSION_ID="9.4"\nID_LIKE="rhel fedora"\n',
  }
  t.strictSame((await run(t, moved)).os, {
    id: 'rocky',
    idLike: ['rhel', 'fedora'],
    versionId: '9.4',
    codename: '',
    name: 'Linux',
    supportEndsOn: '2032-05-31',
  })
  const without = await run(t, { '/etc/os-release': undefined })
  t.match(without, { os: { id: 'linux', name: 'Linux', supportEndsOn: 'unknown' }, gaps: [] })
  const odd = await run(t, { '/etc/os-release': 'ID=debian\nnot an assignment\n' })
  t.strictSame(gapRows(odd), [['os', '/etc/os-release', 'malformed', 'line 2']])
  const fifo = await run(t, { '/etc/os-release': { fifo: true } })
  t.strictSame([fifo.os, gapRows(fifo)], [undefined, [['os', '/etc/os-release', 'notRegular', 'fifo']]])
})

const efivars = '/sys/firmware/efi/efivars'
const secureBoot = `${efivars}/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c`

t.test('Secure Boot is what the firmware’s variable says', async t => {
  const variable = (...bytes: readonly number[]) => ({ [secureBoot]: Uint8Array.from(bytes) })
  t.equal((await run(t)).secureBoot, 'unsupported')
  t.equal((await run(t, variable(6, 0, 0, 0, 1))).secureBoot, 'enabled')
  t.equal((await run(t, variable(6, 0, 0, 0, 0))).secureBoot, 'disabled')
  t.equal((await run(t, { [`${efivars}/Boot0000-x`]: 'x' })).secureBoot, 'unsupported')
  for (const broken of [variable(6, 0, 0, 0), variable(6, 0, 0, 0, 2), variable(6, 0, 0, 0, 1, 0), variable()]) {
    const facts = await run(t, broken)
    t.strictSame([facts.secureBoot, gapRows(facts)], [undefined, [['secureBoot', secureBoot, 'malformed', 'line 1']]])
  }
  const unmounted = await run(t, { [efivars]: { directory: true } })
  t.strictSame(
    [unmounted.secureBoot, gapRows(unmounted)],
    [undefined, [['secureBoot', efivars, 'unavailable', 'efivarfs is not mounted']]],
  )
})

t.test('lockdown and security modules: missing features are known, an unmounted securityfs is not', async t => {
  const files = { '/sys/kernel/security/lsm': undefined, '/sys/kernel/security/lockdown': undefined }
  const unmounted = await run(t, files)
  t.strictSame(
    gapRows(unmounted).map(([field, , state]) => [field, state]),
    [
      ['lockdown', 'unavailable'],
      ['securityModules', 'unavailable'],
    ],
  )
  const without = await run(t, { ...files, '/proc/filesystems': 'nodev\tproc\n' })
  t.match(without, { lockdown: 'unsupported', securityModules: [], gaps: [] })
  t.match(await run(t, { '/sys/kernel/security/lockdown': undefined }), { lockdown: 'unsupported', gaps: [] })
  t.equal((await run(t, { '/sys/kernel/security/lockdown': 'none [integrity] x\n' })).lockdown, 'integrity')
  const odd = await run(t, { '/sys/kernel/security/lockdown': 'none\n' })
  t.strictSame(gapRows(odd), [['lockdown', '/sys/kernel/security/lockdown', 'malformed', 'line 1']])
})

t.test('the cloud is told by what its firmware says', async t => {
  const dmi = (fields: Record<string, string>) =>
    Object.fromEntries(Object.entries(fields).map(([name, text]) => [`/sys/class/dmi/id/${name}`, `${text}\n`]))
  const cloud = async (fields: Record<string, string>) => (await run(t, dmi(fields))).cloud
  t.equal(await cloud({ sys_vendor: 'Amazon EC2', product_name: 'm7i.large' }), 'aws')
  t.equal(await cloud({ sys_vendor: 'Xen', bios_version: '4.11.amazon' }), 'aws')
  t.equal(await cloud({ sys_vendor: 'Google', product_name: 'Google Compute Engine' }), 'gcp')
  const hyperV = { sys_vendor: 'Microsoft Corporation', product_name: 'Virtual Machine' }
  t.equal(await cloud({ ...hyperV, chassis_asset_tag: '7783-7084-3265-9085-8269-3286-77' }), 'azure')
  t.equal(await cloud({ ...hyperV, chassis_asset_tag: '1111' }), 'none', 'Hyper-V of one’s own')
  t.equal(await cloud({ sys_vendor: 'QEMU' }), 'none')
  t.strictSame(
    (await run(t, dmi({ sys_vendor: 'QEMU', product_name: ' Standard PC ', bios_version: '1.16' }))).firmware,
    {
      vendor: 'QEMU',
      product: 'Standard PC',
      biosVersion: '1.16',
    },
  )
  t.strictSame((await run(t)).firmware, { vendor: '', product: '', biosVersion: '' })
})

t.test('roles and runtimes come from processes and from files that only a node has', async t => {
  const roles = async (changes: Record<string, FixtureFile>) => {
    const { kubernetesRoles, containerRuntimes } = await run(t, changes)
    return [kubernetesRoles, containerRuntimes]
  }
  t.strictSame(await roles({}), [[], []])
  t.strictSame(await roles(processFiles({ pid: 9, name: 'kubelet' })), [['worker'], []])
  t.strictSame(await roles({ '/usr/bin/kubelet': 'ELF', '/usr/bin/containerd': 'ELF' }), [[], ['containerd']])
  const kubeadm = {
    '/etc/kubernetes/kubelet.conf': 'x',
    '/etc/kubernetes/manifests/kube-apiserver.yaml': 'x',
    '/etc/kubernetes/manifests/etcd.yaml': 'x',
    '/etc/crio/crio.conf': 'x',
  }
  t.strictSame(await roles(kubeadm), [['control-plane', 'etcd', 'worker'], ['cri-o']])
  const k3s = {
    ...processFiles({ pid: 9, name: 'k3s-agent' }),
    '/proc/9/exe': { symlink: '/var/lib/rancher/k3s/data/current/bin/k3s' },
  }
  t.strictSame(await roles(k3s), [['worker'], []])
  t.strictSame(await roles({ '/usr/bin/podman': 'ELF', '/etc/docker/daemon.json': '{}' }), [[], ['docker', 'podman']])
})

t.test('an engine in a container is not the host’s, a control plane in one is', async t => {
  const cgroup = { '/proc/9/cgroup': `0::/kubepods.slice/cri-containerd-${'ab'.repeat(32)}.scope\n` }
  const exe = (name: string) => ({ '/proc/9/exe': { symlink: `/usr/local/bin/${name}` } })
  const inside = async (name: string) => await run(t, { ...processFiles({ pid: 9, name }), ...cgroup, ...exe(name) })
  t.strictSame((await inside('dockerd')).containerRuntimes, [])
  t.strictSame((await inside('kube-apiserver')).kubernetesRoles, ['control-plane'])
})

t.test('a name of a process alone makes no role when its program is known to be another', async t => {
  const forged = {
    ...processFiles({ pid: 9, name: 'kubelet', uid: 1000 }),
    '/proc/9/exe': { symlink: '/usr/bin/sleep' },
  }
  t.strictSame((await run(t, forged)).kubernetesRoles, [])
})

t.test('nothing of the command line but listed parameters is told', async t => {
  const facts = await run(t, { '/proc/cmdline': 'ks=http://u:canary-91b2@h/ apparmor=0 rd.key=canary-91b2\n' })
  t.strictSame(facts.bootParameters, [{ position: 1, name: 'apparmor', value: '0' }])
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('a file of the kernel that is missing is a gap, not a fact', async t => {
  const paths = ['/proc/sys/kernel/osrelease', '/proc/cmdline', '/proc/1/comm']
  const facts = await run(t, Object.fromEntries(paths.map(path => [path, undefined])))
  t.strictSame(gapRows(facts), [
    ['bootParameters', '/proc/cmdline', 'unavailable', 'not there'],
    ['init', '/proc/1/comm', 'unavailable', 'not there'],
    ['kernel', '/proc/sys/kernel/osrelease', 'unavailable', 'not there'],
  ])
  t.equal(facts.init, 'unknown')
})

t.test('hostile files are gaps with their reason and do not stop the others', async t => {
  const facts = await run(t, {
    '/etc/machine-id': { symlink: '../../../../etc/shadow' },
    '/proc/sys/kernel/hostname': { fifo: true },
    '/sys/class/dmi/id/sys_vendor': { directory: true },
    '/sys/firmware/efi/efivars': { symlink: '/proc' },
    '/proc/cmdline': 'x'.repeat(2 * 1024 * 1024),
    '/usr/bin/podman': { symlink: '/usr/bin/podman' },
  })
  t.strictSame(
    gapRows(facts).map(([field, , state]) => [field, state]),
    [
      ['bootParameters', 'tooLarge'],
      ['containerRuntimes', 'unreadable'],
      ['firmware', 'notRegular'],
      ['hostname', 'notRegular'],
    ],
  )
  t.equal(facts.os?.id, 'debian')
})

t.test('two runs on an unchanged host give the same digest', async t => {
  const host = await littleHost(t)
  t.equal((await runProbe(probe, host)).digest, (await runProbe(probe, host)).digest)
})
