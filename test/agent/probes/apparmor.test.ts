// Tests of the apparmor probe: held against what the commands of a recorded machine said, and on hosts with holes.
import { createHash } from 'node:crypto'
import t from 'tap'
import type { Host } from '../../../agent/host/host.ts'
import { apparmor } from '../../../agent/probes/apparmor.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { AppArmorFacts, AppArmorObservations } from '../../../proto/facets/apparmor.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as AppArmorFacts
const observationsOf = (state: FacetState) =>
  (state.state === 'present' ? state.observations : {}) as unknown as AppArmorObservations
const gapsOf = (facts: AppArmorFacts) =>
  facts.gaps.map(gap => `${gap.field} ${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)

const kernel = { '/sys/module/apparmor/parameters/enabled': 'Y\n' }
const profilesPath = '/sys/kernel/security/apparmor/profiles'

function processFiles(pid: number, executable: string, label: string): Record<string, FixtureFile> {
  return {
    [`/proc/${pid}/stat`]: `${pid} (x) S 0 1 1 0 -1 4194560 ${'0 '.repeat(40)}\n`,
    [`/proc/${pid}/status`]: 'Name:\tx\nUid:\t0\t0\t0\t0\n',
    [`/proc/${pid}/cgroup`]: '0::/\n',
    [`/proc/${pid}/exe`]: { symlink: executable },
    [`/proc/${pid}/attr/apparmor/current`]: `${label}\n`,
  }
}

async function scan(
  t: Parameters<typeof hostFrom>[0],
  files: Record<string, FixtureFile>,
  live = true,
): Promise<FacetState> {
  return await runProbe(apparmor, await hostFrom(t, { files, live }))
}

t.test('the recorded machine', async t => {
  const state = await runProbe(apparmor, await openFixtureHost('debian12-vm'))
  const facts = factsOf(state)
  t.strictSame(facts.gaps, [])
  const status = fixtureCommand('debian12-vm', 'aa-status')

  t.test('profiles and modes are those of aa-status', async t => {
    const expected: string[] = []
    for (const [, mode, names = ''] of status.matchAll(/profiles are in (\w+) mode\.\n((?: {3}.*\n)*)/g)) {
      expected.push(
        ...names
          .split('\n')
          .filter(Boolean)
          .map(name => `${name.trim()} ${mode}`),
      )
    }
    t.equal(expected.length, 35)
    t.strictSame(facts.profiles?.map(({ name, mode }) => `${name} ${mode}`).sort(), expected.sort())
    t.equal(facts.enabled, fixtureCommand('debian12-vm', 'aa-enabled').trim() === 'Yes')
    t.match(fixtureCommand('debian12-vm', 'systemctl-files'), /^apparmor\.service +enabled/m)
    t.equal(facts.enabledAtBoot, true)
  })

  t.test('processes are those of aa-status and ps -Z', async t => {
    const { processes, unconfined } = observationsOf(state)
    const labels = fixtureCommand('debian12-vm', 'ps-Z').split('\n').slice(1).filter(Boolean)
    const confined = labels.filter(line => !line.startsWith('unconfined')).map(line => line.replace(/ +\d+ .*/, ''))
    t.strictSame(processes.map(({ label, mode }) => `${label} (${mode})`).sort(), confined.sort())
    t.strictSame(
      processes.map(({ count }) => count),
      [1, 1],
    )
    t.equal(unconfined, 25)
    t.match(status, /^0 processes are unconfined but have a profile defined/m)
    t.strictSame(facts.unconfinedWithProfile, [])
  })

  t.test('files are loaded, disabled or only there as the kernel and the links say', async t => {
    const only = facts.files.filter(({ loaded }) => !loaded)
    t.strictSame(
      only.map(({ path, disabled }) => `${path} ${disabled}`),
      ['/etc/apparmor.d/testhost-not-loaded false', '/etc/apparmor.d/usr.sbin.traceroute true'],
    )
    t.equal(facts.files.length, 30)
    t.strictSame(
      facts.profiles?.filter(({ path }) => path === '').map(({ name }) => name),
      ['docker-default'],
    )
    t.equal(
      facts.profiles?.find(({ name }) => name === 'smbldap-useradd///etc/init.d/nscd')?.path,
      '/etc/apparmor.d/usr.sbin.smbldap-useradd',
    )
    const complaining = facts.profiles?.filter(({ mode, name }) => mode === 'complain' && !name.includes('//')) ?? []
    const flagged = facts.files.filter(({ complainFlag, loaded }) => complainFlag && loaded)
    t.strictSame(flagged.flatMap(({ profiles }) => profiles).sort(), complaining.map(({ name }) => name).sort())
  })
})

t.test('an executable that has a loaded profile and runs without it is named', async t => {
  const facts = factsOf(
    await scan(t, {
      ...kernel,
      [profilesPath]:
        'web (enforce)\nlazy (complain)\nfree (unconfined)\nbest (enforce)\nmade (enforce)\n/opt/a b (enforce)\n',
      '/etc/apparmor.d/tunables/global': '@{bin}=/{,usr/}bin\n',
      '/etc/apparmor.d/web': 'profile web /usr/sbin/web* {}\nprofile best /usr/sbin/web-worker {}\n',
      '/etc/apparmor.d/lazy': '@{exec_path} = @{bin}/lazy\nprofile lazy @{exec_path} flags=(complain) {}\n',
      '/etc/apparmor.d/free': 'profile free /usr/bin/free flags=(unconfined) {}\n',
      '/etc/apparmor.d/made': 'profile made @{nowhere}/made {}\n',
      '/etc/apparmor.d/blank': '"/opt/a b" {}\n',
      '/etc/apparmor.d/unloaded': '/usr/bin/unloaded {}\n',
      ...processFiles(1, '/sbin/init', 'unconfined'),
      ...processFiles(10, '/usr/sbin/web', 'unconfined'),
      ...processFiles(11, '/usr/sbin/web', 'unconfined'),
      ...processFiles(12, '/usr/sbin/web-worker (deleted)', 'unconfined'),
      ...processFiles(13, '/usr/bin/lazy', 'unconfined'),
      ...processFiles(14, '/usr/bin/free', 'unconfined'),
      ...processFiles(15, '/opt/a b', 'unconfined'),
      ...processFiles(16, '/usr/bin/unloaded', 'unconfined'),
      ...processFiles(17, '/usr/sbin/web2', 'web (enforce)'),
      ...processFiles(18, '/usr/bin/free', 'free (unconfined)'),
    }),
  )
  t.strictSame(facts.unconfinedWithProfile, [
    { executable: '/opt/a b', profile: '/opt/a b' },
    { executable: '/usr/bin/lazy', profile: 'lazy' },
    { executable: '/usr/sbin/web', profile: 'web' },
    { executable: '/usr/sbin/web-worker', profile: 'best' },
  ])
  t.strictSame(gapsOf(facts), [
    'unconfinedWithProfile incomplete /etc/apparmor.d/made unavailable the attachment of a profile cannot be told',
  ])
})

t.test('files: links, leftovers, directories, digests, modes by link', async t => {
  const text = 'profile a {}\nprofile b flags=(complain) {}\n'
  const facts = factsOf(
    await scan(t, {
      ...kernel,
      [profilesPath]: 'a (enforce)\nsnap.code.code (complain)\nsnap.gone (enforce)\n',
      '/etc/apparmor.d/two': text,
      '/etc/apparmor.d/one': 'profile a {}\n',
      '/etc/apparmor.d/linked': { symlink: '../../elsewhere/policy' },
      '/elsewhere/policy': 'profile linked {}\n',
      '/etc/apparmor.d/README': 'profile readme {}\n',
      '/etc/apparmor.d/two.dpkg-old': text,
      '/etc/apparmor.d/two~': text,
      '/etc/apparmor.d/.hidden': text,
      '/etc/apparmor.d/notes': '# nothing\n',
      '/etc/apparmor.d/local/two': 'profile local {}\n',
      '/etc/apparmor.d/abstractions/base': 'profile abstraction {}\n',
      '/etc/apparmor.d/disable/two': { symlink: '/etc/apparmor.d/two' },
      '/etc/apparmor.d/force-complain/one': '',
      '/etc/apparmor.d/directory': { symlink: 'local' },
      '/var/lib/snapd/apparmor/profiles/snap.code.code': 'profile',
    }),
  )
  t.strictSame(facts.files, [
    {
      path: '/etc/apparmor.d/linked',
      sha256: createHash('sha256').update('profile linked {}\n').digest('hex'),
      profiles: ['linked'],
      disabled: false,
      forceComplain: false,
      complainFlag: false,
      loaded: false,
    },
    {
      path: '/etc/apparmor.d/one',
      sha256: createHash('sha256').update('profile a {}\n').digest('hex'),
      profiles: ['a'],
      disabled: false,
      forceComplain: true,
      complainFlag: false,
      loaded: true,
    },
    {
      path: '/etc/apparmor.d/two',
      sha256: createHash('sha256').update(text).digest('hex'),
      profiles: ['a', 'b'],
      disabled: true,
      forceComplain: false,
      complainFlag: true,
      loaded: false,
    },
  ])
  t.strictSame(facts.profiles?.map(({ name, path }) => `${name} ${path}`).slice(1), [
    'snap.code.code /var/lib/snapd/apparmor/profiles/snap.code.code',
    'snap.gone ',
  ])
  t.equal(facts.enabledAtBoot, false)
})

t.test('without securityfs the loaded profiles are unknown, and said so', async t => {
  const facts = factsOf(await scan(t, { ...kernel, '/etc/apparmor.d/one': 'profile a {}\n' }))
  t.notOk('profiles' in facts || 'unconfinedWithProfile' in facts)
  t.notOk('loaded' in (facts.files[0] ?? {}))
  t.strictSame(gapsOf(facts), [
    `files.loaded omitted ${profilesPath} unavailable securityfs is not mounted`,
    `profiles omitted ${profilesPath} unavailable securityfs is not mounted`,
    `unconfinedWithProfile omitted ${profilesPath} unavailable securityfs is not mounted`,
  ])
})

t.test('a kernel that asks for a capability is named with it', async t => {
  const host = await hostFrom(t, { files: { ...kernel, '/etc/apparmor.d/one': 'profile a {}\n' } })
  const denying: Host = {
    ...host,
    readText: async (path, options) =>
      path === profilesPath
        ? { state: 'unreadable', path, detail: 'EACCES, CAP_DAC_READ_SEARCH would help' }
        : await host.readText(path, options),
  }
  const facts = factsOf(await runProbe(apparmor, denying))
  t.match(gapsOf(facts)[1], `profiles omitted ${profilesPath} unreadable EACCES, root with CAP_MAC_ADMIN would help`)
  t.notOk('profiles' in facts)
})

t.test('what cannot be read is noted and the rest still told', async t => {
  const facts = factsOf(
    await scan(t, {
      '/sys/module/apparmor/parameters/enabled': { directory: true },
      [profilesPath]: 'a (enforce)\n',
      '/etc/apparmor.d/loop': { symlink: 'loop' },
      '/etc/apparmor.d/broken': '\nprofile a {\n canary\n',
      '/etc/apparmor.d/disable': { symlink: 'disable' },
      ...processFiles(1, '/sbin/init', 'unconfined'),
      '/proc/1/attr/apparmor/current': { fifo: true },
    }),
  )
  t.strictSame(
    gapsOf(facts).map(gap => gap.split(' ').slice(0, 4).join(' ')),
    [
      'enabled omitted /sys/module/apparmor/parameters/enabled notRegular',
      'files incomplete /etc/apparmor.d/broken malformed',
      'files incomplete /etc/apparmor.d/disable unreadable',
      'files incomplete /etc/apparmor.d/loop unreadable',
      'unconfinedWithProfile incomplete /proc/PID/attr/apparmor/current notRegular',
    ],
  )
  t.match(gapsOf(facts)[1], /line 2$/)
  t.strictSame(
    facts.files.map(({ profiles }) => profiles),
    [['a']],
  )
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('a kernel before 5.8 has the label in attr/current', async t => {
  const files = processFiles(1, '/sbin/init', '')
  delete files['/proc/1/attr/apparmor/current']
  const state = await scan(t, { ...kernel, [profilesPath]: '', ...files, '/proc/1/attr/current': 'init (kill)\n' })
  t.strictSame(observationsOf(state), { processes: [{ count: 1, label: 'init', mode: 'kill' }], unconfined: 0 })
})

t.test('AppArmor switched off has no profiles in the kernel, and knows it', async t => {
  const facts = factsOf(
    await scan(t, { '/sys/module/apparmor/parameters/enabled': 'N\n', '/etc/apparmor.d/a': 'profile a {}' }),
  )
  t.match(facts, { enabled: false, profiles: [], unconfinedWithProfile: [], gaps: [] })
  t.equal(facts.files[0]?.loaded, false)
})

t.test('a kernel without AppArmor, and an offline root with and without policy', async t => {
  t.match(await scan(t, { '/sys/module/nfs/refcnt': '0' }), { state: 'absent', reason: { code: 'notSupported' } })
  t.match(await scan(t, { '/etc/hostname': 'x' }, false), { state: 'absent', reason: { code: 'notInstalled' } })
  const facts = factsOf(await scan(t, { '/etc/apparmor.d/a': 'profile a {}' }, false))
  t.strictSame(
    facts.gaps.map(({ field, state, detail }) => `${field} ${state}: ${detail}`),
    [
      'enabled unavailable: offline root',
      'files.loaded unavailable: offline root',
      'profiles unavailable: offline root',
      'unconfinedWithProfile unavailable: offline root',
    ],
  )
  t.notOk('enabled' in facts || 'profiles' in facts)
  t.equal(facts.files.length, 1)
})
