// Tests of the seccomp probe: held against what a recorded machine said and did, and on hosts with holes.
import { createHash } from 'node:crypto'
import t from 'tap'
import { seccomp } from '../../../agent/probes/seccomp.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { SeccompFacts } from '../../../proto/facets/seccomp.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as SeccompFacts
const gapsOf = (facts: SeccompFacts) =>
  facts.gaps.map(gap => `${gap.field} ${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)
const rowsOf = (facts: SeccompFacts) =>
  facts.profiles.map(({ path, state, problem }) => `${path} ${state} ${problem}`.trim())
const profileOf = (facts: SeccompFacts, path: string) => facts.profiles.find(profile => profile.path === path)

const root = '/var/lib/kubelet/seccomp'
const open = '{"defaultAction":"SCMP_ACT_ALLOW"}'
const kernel = {
  '/proc/sys/kernel/seccomp/actions_avail': 'kill_process errno allow\n',
  '/proc/sys/kernel/seccomp/actions_logged': 'kill_process errno\n',
}

async function scan(
  t: Parameters<typeof hostFrom>[0],
  files: Record<string, FixtureFile>,
  options: Partial<FixtureHost> = {},
): Promise<SeccompFacts> {
  return factsOf(await runProbe(seccomp, await hostFrom(t, { files: { ...init, ...files }, ...options })))
}

/** A host without any process is one whose processes cannot be seen. */
const init: Record<string, FixtureFile> = {
  '/proc/1/stat': `1 (systemd) S 0 1 1 0 -1 4194560 ${'0 '.repeat(40)}\n`,
  '/proc/1/status': 'Name:\tsystemd\nUid:\t0\t0\t0\t0\nSeccomp:\t0\n',
  '/proc/1/cgroup': '0::/init.scope\n',
  '/proc/1/exe': { symlink: '/usr/lib/systemd/systemd' },
  '/proc/1/cmdline': '/sbin/init\0',
}

function kubelet(pid: number, ...args: readonly string[]): Record<string, FixtureFile> {
  return {
    [`/proc/${pid}/stat`]: `${pid} (kubelet) S 0 1 1 0 -1 4194560 ${'0 '.repeat(40)}\n`,
    [`/proc/${pid}/status`]: 'Name:\tkubelet\nUid:\t0\t0\t0\t0\nSeccomp:\t2\n',
    [`/proc/${pid}/cgroup`]: '0::/system.slice/x.service\n',
    [`/proc/${pid}/exe`]: { symlink: '/usr/bin/kubelet' },
    [`/proc/${pid}/cmdline`]: ['/usr/bin/kubelet', ...args].map(arg => `${arg}\0`).join(''),
  }
}

t.test('the recorded machine', async t => {
  const state = await runProbe(seccomp, await openFixtureHost('debian12-vm'))
  const facts = factsOf(state)

  t.test('the kernel says what it said then', async t => {
    const said = Object.fromEntries(
      fixtureCommand('debian12-vm', 'seccomp')
        .trim()
        .split('\n')
        .map(line => line.split(':')),
    )
    t.strictSame(facts.actionsAvailable, said['actions_avail']?.split(' ').sort())
    t.strictSame(facts.actionsLogged, said['actions_logged']?.split(' ').sort())
    t.match(fixtureCommand('debian12-vm', 'kconfig-checks'), /^CONFIG_SECCOMP_FILTER=y$/m)
    t.equal(facts.supported, true)
    t.strictSame(facts.gaps, [])
  })

  t.test('filtered processes are those that status showed', async t => {
    const filtered = fixtureCommand('debian12-vm', 'proc-status').match(/^Seccomp:\t2$/gm)?.length
    t.match(state.state === 'present' && state.observations['processes'], { filtered, strict: 0 })
    t.equal(filtered, 5)
  })

  t.test('profiles are judged as containers with them behaved', async t => {
    t.strictSame(facts.directories, [{ path: root, state: 'present', mode: '0755', uid: 0, gid: 0 }])
    // ctr refused to start with it: "invalid character '\"' after object key:value pair"
    t.match(profileOf(facts, 'profiles/broken.json'), {
      state: 'invalid',
      problem: 'line 4: not JSON',
      defaultAction: '',
    })
    // unshare -U succeeded in it
    t.match(profileOf(facts, 'profiles/audit.json'), {
      state: 'valid',
      restrictive: false,
      defaultAction: 'SCMP_ACT_LOG',
    })
    t.ok(profileOf(facts, 'profiles/audit.json')?.dangerousAllowed.includes('unshare'))
    // unshare -U was not permitted, mkdir was (and logged)
    t.match(profileOf(facts, 'profiles/custom.json'), {
      state: 'valid',
      restrictive: true,
      logged: 2,
      dangerousAllowed: [],
      unknownCalls: [],
    })
    t.match(profileOf(facts, 'profiles/violation.json'), {
      state: 'valid',
      restrictive: true,
      allowed: 0,
      dangerousAllowed: [],
    })
  })
})

t.test('an offline root tells its kernel by its configuration', async t => {
  const facts = factsOf(await runProbe(seccomp, await openFixtureHost('debian12-vm', { live: false })))
  t.equal(facts.supported, true)
  t.notOk('actionsAvailable' in facts)
  t.strictSame(gapsOf(facts), [
    'actionsAvailable omitted /proc/sys/kernel/seccomp unavailable offline root',
    'actionsLogged omitted /proc/sys/kernel/seccomp unavailable offline root',
  ])
  t.equal(facts.profiles.length, 4)
  const offline = { live: false }
  const without = { '/boot/config-1': '# CONFIG_SECCOMP_FILTER is not set\n' }
  t.equal((await scan(t, without, offline)).supported, false)
  const differing = await scan(t, { ...without, '/boot/config-2': 'CONFIG_SECCOMP_FILTER=y\n' }, offline)
  t.notOk('supported' in differing)
  t.match(gapsOf(differing), [/./, /./, 'supported omitted /boot/config-* unavailable kernels of this host differ'])
  t.match(
    gapsOf(await scan(t, { '/etc/hostname': 'x' }, offline)).at(-1),
    'supported omitted /boot/config-* unavailable offline root',
  )
})

t.test('a running kernel without the actions is told by its configuration, or not at all', async t => {
  const release = { '/proc/sys/kernel/osrelease': '4.9.0\n' }
  const old = await scan(t, { ...release, '/boot/config-4.9.0': 'CONFIG_SECCOMP_FILTER=y\n' })
  t.match(old, { supported: true, actionsAvailable: [], actionsLogged: [], gaps: [] })
  const unknown = await scan(t, release)
  t.notOk('supported' in unknown)
  t.strictSame(gapsOf(unknown), ['supported omitted /boot/config-* unavailable no kernel configuration'])
  const hostile = await scan(t, {
    '/proc/sys/kernel/osrelease': '../etc/passwd\n',
    '/etc/passwd': 'CONFIG_SECCOMP_FILTER=y\n',
  })
  t.notOk('supported' in hostile)
  const blocked = await scan(t, {
    ...kernel,
    '/proc/sys/kernel/seccomp/actions_avail': { fifo: true },
    ...release,
    '/boot/config-4.9.0': '',
  })
  t.match(blocked, { supported: false, actionsLogged: ['errno', 'kill_process'] })
  t.match(gapsOf(blocked), [/^actionsAvailable omitted .*actions_avail notRegular/])
})

t.test('without a kubelet the usual directory is known to be absent', async t => {
  const facts = await scan(t, kernel)
  t.strictSame(facts.directories, [{ path: root, state: 'absent', mode: '', uid: -1, gid: -1 }])
  t.strictSame([facts.profiles, facts.gaps, facts.supported], [[], [], true])
})

t.test('directories follow --root-dir of running kubelets, and usual places that exist', async t => {
  const facts = await scan(
    t,
    {
      ...kernel,
      ...kubelet(1, '--root-dir=/data/kubelet/', '--token=canary'),
      ...kubelet(20, '--root-dir', 'relative'),
      ...kubelet(21, '--v=2'),
      '/data/kubelet/seccomp/a.json': open,
      '/var/lib/k0s/kubelet/seccomp': 'a file',
      '/var/snap/microk8s/common/var/lib/kubelet/seccomp/b.json': open,
    },
    { modes: { '/data/kubelet/seccomp': { mode: 0o1777, uid: 5, gid: 6 } } },
  )
  t.strictSame(
    facts.directories.map(({ path, state, mode, uid, gid }) => `${path} ${state} ${mode} ${uid} ${gid}`),
    [
      '/data/kubelet/seccomp present 1777 5 6',
      '/var/lib/k0s/kubelet/seccomp notDirectory 0644 0 0',
      '/var/lib/kubelet/seccomp absent  -1 -1',
      '/var/snap/microk8s/common/var/lib/kubelet/seccomp present 0755 0 0',
    ],
  )
  t.strictSame(
    facts.profiles.map(({ root, path }) => `${root} ${path}`),
    ['/data/kubelet/seccomp a.json', '/var/snap/microk8s/common/var/lib/kubelet/seccomp b.json'],
  )
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test(
  'directories of kubelets that would start, of k3s with a root of its own, and of the flag before 1.23',
  async t => {
    const directoriesOf = async (files: Record<string, FixtureFile>, live = true) =>
      (await scan(t, { ...kernel, ...files }, { live })).directories.map(({ path }) => path)
    const unit =
      '[Service]\nExecStart=/usr/bin/kubelet --root-dir=/data/kubelet --seccomp-profile-root=/srv/profiles/\n'
    const configured = { '/etc/systemd/system/kubelet.service': unit, '/data/kubelet/seccomp/a.json': open }
    for (const live of [true, false]) {
      t.strictSame(await directoriesOf(configured, live), [
        '/data/kubelet/seccomp',
        '/srv/profiles',
        '/var/lib/kubelet/seccomp',
      ])
    }
    const k3s = {
      '/etc/systemd/system/k3s.service': '[Service]\nExecStart=/usr/local/bin/k3s server --kubelet-arg=root-dir=/k3s\n',
    }
    t.strictSame(await directoriesOf(k3s), ['/k3s/seccomp', '/var/lib/kubelet/seccomp'])
    const relative = { ...kubelet(1, '--root-dir=kubelet'), '/proc/1/cwd': { symlink: '/srv' } } as const
    t.strictSame(await directoriesOf(relative), ['/srv/kubelet/seccomp', '/var/lib/kubelet/seccomp'])
  },
)

t.test('a kubelet whose command line cannot be read may read profiles elsewhere', async t => {
  const facts = await scan(t, { ...kernel, ...kubelet(1), '/proc/1/cmdline': { fifo: true } })
  t.match(gapsOf(facts), [/^directories incomplete .*\/proc\/1\/cmdline notRegular/])
})

t.test('nested directories are read, links may not leave, other things are named', async t => {
  const facts = await scan(t, {
    ...kernel,
    [`${root}/a.json`]: open,
    [`${root}/team/deep/b.json`]: open,
    [`${root}/inside.json`]: { symlink: 'team/deep/b.json' },
    [`${root}/alias`]: { symlink: 'team' },
    [`${root}/self`]: { symlink: '.' },
    [`${root}/passwd.json`]: { symlink: '/etc/passwd' },
    [`${root}/up`]: { symlink: '../..' },
    [`${root}/nothing.json`]: { symlink: 'missing' },
    [`${root}/loop.json`]: { symlink: 'loop.json' },
    [`${root}/pipe`]: { fifo: true },
    [`${root}/huge.json`]: ' '.repeat(1024 * 1024 + 1),
    [`${root}/broken.json`]: `{\n"defaultAction": "canary"\n}`,
    [`${root}/caf\udce9.json`]: '{',
    '/etc/passwd': open,
  })
  t.strictSame(rowsOf(facts), [
    'a.json valid',
    'broken.json invalid defaultAction is no action of seccomp',
    'caf\\xe9.json invalid line 1: not JSON',
    'huge.json tooLarge over the limit of 1048576 bytes',
    'inside.json valid',
    'loop.json unreadable ELOOP',
    'nothing.json unreadable leads to nothing',
    'passwd.json escapes a symbolic link leaves the directory',
    'pipe notRegular a fifo',
    'team/deep/b.json valid',
    'up escapes a symbolic link leaves the directory',
  ])
  t.equal(profileOf(facts, 'inside.json')?.sha256, createHash('sha256').update(open).digest('hex'))
  t.equal(profileOf(facts, 'passwd.json')?.sha256, '', 'what lies outside is not read')
  t.strictSame(facts.gaps, [])
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('a root behind a symbolic link is read in its place', async t => {
  const facts = await scan(t, {
    ...kernel,
    '/var/lib/kubelet': { symlink: '/data' },
    '/data/seccomp/a.json': open,
    '/data/seccomp/b.json': { symlink: 'a.json' },
  })
  t.strictSame(rowsOf(facts), ['a.json valid', 'b.json valid'])
})

t.test('depth and number of files have limits, and reaching one is said', async t => {
  const deep = `${root}${'/d'.repeat(12)}`
  const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`/k/seccomp/${index}.json`, open]))
  const facts = await scan(t, { ...kernel, [`${deep}/a.json`]: open, ...many, ...kubelet(1, '--root-dir=/k') })
  t.equal(facts.profiles.length, 1_000)
  t.strictSame(gapsOf(facts), [
    'profiles incomplete /k/seccomp tooLarge over the limit of 1000 files',
    `profiles incomplete ${root}${'/d'.repeat(9)} tooLarge over the limit of 8 nested directories`,
  ])
})

t.test('a profile of Docker’s form is judged as containerd would apply it', async t => {
  const text = JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: 1,
    archMap: [{ architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86'] }],
    syscalls: [
      { names: ['read', 'write', 'exit_group', 'futex_wiat'], action: 'SCMP_ACT_ALLOW' },
      { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 2114060288, op: 'SCMP_CMP_MASKED_EQ' }] },
      { names: ['mount', 'setns'], action: 'SCMP_ACT_ALLOW', includes: { caps: ['CAP_SYS_ADMIN'] } },
      { names: ['ptrace'], action: 'SCMP_ACT_ALLOW', includes: { minKernel: '4.8' } },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38, excludes: { caps: ['CAP_SYS_ADMIN'] } },
    ],
  })
  t.match(profileOf(await scan(t, { ...kernel, [`${root}/docker.json`]: text }), 'docker.json'), {
    state: 'valid',
    restrictive: true,
    allowed: 8,
    refused: 1,
    architectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X86_64'],
    dangerousAllowed: ['mount', 'ptrace', 'setns'],
    unknownCalls: ['futex_wiat'],
  })
})
