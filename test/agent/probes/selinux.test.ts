// Tests of the selinux probe on trees in the shape of Red Hat 9, constructed, and on hosts without SELinux.
import t from 'tap'
import { selinux } from '../../../agent/probes/selinux.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { SelinuxFacts, SelinuxObservations } from '../../../proto/facets/selinux.ts'
import { openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as SelinuxFacts
const observationsOf = (state: FacetState) =>
  (state.state === 'present' ? state.observations : {}) as unknown as SelinuxObservations
const gapsOf = (facts: SelinuxFacts) =>
  facts.gaps.map(gap => `${gap.field} ${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)

function processFiles(pid: number, executable: string, label: FixtureFile, unit = ''): Record<string, FixtureFile> {
  return {
    [`/proc/${pid}/stat`]: `${pid} (x) S 0 1 1 0 -1 4194560 ${'0 '.repeat(40)}\n`,
    [`/proc/${pid}/status`]: 'Name:\tx\nUid:\t0\t0\t0\t0\n',
    [`/proc/${pid}/cgroup`]: `0::/system.slice/${unit}\n`,
    [`/proc/${pid}/exe`]: { symlink: executable },
    [`/proc/${pid}/attr/current`]: label,
  }
}

const red: Record<string, FixtureFile> = {
  '/etc/selinux/config': 'SELINUX=enforcing\nSELINUXTYPE=targeted\n',
  '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 ro quiet\n',
  '/sys/fs/selinux/enforce': '1',
  '/sys/fs/selinux/policyvers': '33',
  '/sys/fs/selinux/deny_unknown': '0',
  '/sys/fs/selinux/reject_unknown': '0',
  '/sys/fs/selinux/booleans/selinuxuser_execheap': '0 0',
  '/sys/fs/selinux/booleans/nis_enabled': '1 0',
  '/sys/fs/selinux/booleans/abrt_anon_write': '1 1',
  '/var/lib/selinux/targeted/active/modules/100/sshd/cil': '',
  '/var/lib/selinux/targeted/active/modules/400/permissive_httpd_t/cil': '',
  ...processFiles(1, '/usr/lib/systemd/systemd', 'system_u:system_r:init_t:s0\0'),
  ...processFiles(20, '/usr/sbin/sshd', 'system_u:system_r:sshd_t:s0-s0:c0.c1023\0', 'sshd.service'),
  ...processFiles(21, '/usr/sbin/sshd', 'system_u:system_r:sshd_t:s0-s0:c0.c1023\0', 'sshd.service'),
  ...processFiles(30, '/opt/shop/bin/shop', 'system_u:system_r:unconfined_service_t:s0\0', 'shop.service'),
  ...processFiles(31, '/opt/shop/bin/shop', 'system_u:system_r:unconfined_service_t:s0\0', 'shop.service'),
}

async function scan(
  t: Parameters<typeof hostFrom>[0],
  files: Record<string, FixtureFile>,
  live = true,
): Promise<FacetState> {
  return await runProbe(selinux, await hostFrom(t, { files, live }))
}

t.test('a host that enforces', async t => {
  const state = await scan(t, red)
  t.strictSame(factsOf(state), {
    mode: 'enforcing',
    configuredMode: 'enforcing',
    configuredType: 'targeted',
    disabledAtBoot: false,
    policyVersion: 33,
    unknownPermissions: 'allow',
    booleans: [
      { name: 'nis_enabled', value: true, pending: false },
      { name: 'selinuxuser_execheap', value: false, pending: false },
    ],
    permissiveDomains: ['httpd_t'],
    unconfinedDaemons: [{ executable: '/opt/shop/bin/shop', unit: 'shop.service', type: 'unconfined_service_t' }],
    gaps: [],
  })
  t.strictSame(observationsOf(state).processes, [
    { type: 'init_t', count: 1 },
    { type: 'sshd_t', count: 2 },
    { type: 'unconfined_service_t', count: 2 },
  ])
})

t.test('what runs may differ from what is configured', async t => {
  const facts = factsOf(
    await scan(t, {
      ...red,
      '/sys/fs/selinux/enforce': '0\n',
      '/sys/fs/selinux/deny_unknown': '1',
      '/proc/cmdline': 'selinux=0 quiet selinux=1\n',
    }),
  )
  t.match(facts, { mode: 'permissive', configuredMode: 'enforcing', unknownPermissions: 'deny', disabledAtBoot: false })
})

t.test('switched off by the boot, though configured', async t => {
  const off = Object.fromEntries(Object.entries(red).filter(([path]) => !path.startsWith('/sys/fs/selinux')))
  const state = await scan(t, { ...off, '/sys/fs/cgroup/x': '', '/proc/cmdline': 'selinux=0\n' })
  t.match(factsOf(state), {
    mode: 'disabled',
    configuredMode: 'enforcing',
    disabledAtBoot: true,
    policyVersion: 0,
    unknownPermissions: 'none',
    booleans: [],
    unconfinedDaemons: [],
    gaps: [],
  })
  t.strictSame(observationsOf(state).processes, [])
})

t.test('it is on without a configuration of its own', async t => {
  const { '/etc/selinux/config': _, ...rest } = red
  t.match(factsOf(await scan(t, rest)), {
    mode: 'enforcing',
    configuredMode: 'none',
    configuredType: '',
    permissiveDomains: [],
  })
})

t.test('what cannot be read is named', async t => {
  const facts = factsOf(
    await scan(t, {
      ...red,
      '/etc/selinux/config': { fifo: true },
      '/sys/fs/selinux/enforce': 'canary',
      '/sys/fs/selinux/policyvers': { directory: true },
      '/sys/fs/selinux/booleans/nis_enabled': { symlink: 'nis_enabled' },
      '/proc/21/attr/current': { fifo: true },
    }),
  )
  t.match(gapsOf(facts), [
    /^booleans incomplete \/sys\/fs\/selinux\/booleans\/nis_enabled unreadable/,
    /^configuredMode omitted \/etc\/selinux\/config notRegular/,
    /^configuredType omitted \/etc\/selinux\/config notRegular/,
    /^mode omitted \/sys\/fs\/selinux\/enforce unavailable not the text of selinuxfs$/,
    /^permissiveDomains omitted \/etc\/selinux\/config unavailable the name of the policy is not known$/,
    /^policyVersion omitted \/sys\/fs\/selinux\/policyvers notRegular/,
    /^unconfinedDaemons incomplete \/proc\/PID\/attr\/current notRegular/,
  ])
  t.notMatch(JSON.stringify(facts), /canary/)
  const store = factsOf(
    await scan(t, {
      '/etc/selinux/config': 'SELINUX=canary\nSELINUXTYPE=targeted\n',
      '/sys/fs/selinux/enforce': '1',
      '/var/lib/selinux/targeted/active/modules': { symlink: 'modules' },
      ...processFiles(1, '/sbin/init', ''),
    }),
  )
  t.ok(gapsOf(store).includes('configuredMode omitted /etc/selinux/config malformed line 1'))
  t.ok(store.gaps.some(({ field, state }) => field === 'permissiveDomains' && state === 'unreadable'))
  t.ok(store.gaps.some(({ field, source }) => field === 'disabledAtBoot' && source === '/proc/cmdline'))
})

t.test('an offline root tells what is configured', async t => {
  const facts = factsOf(await scan(t, { '/etc/selinux/config': 'SELINUX=permissive\nSELINUXTYPE=mls\n' }, false))
  t.match(facts, { configuredMode: 'permissive', configuredType: 'mls', permissiveDomains: [] })
  t.strictSame(
    facts.gaps.map(({ field, detail }) => `${field}: ${detail}`),
    ['booleans', 'disabledAtBoot', 'mode', 'policyVersion', 'unconfinedDaemons', 'unknownPermissions'].map(
      field => `${field}: offline root`,
    ),
  )
})

t.test('hosts without SELinux', async t => {
  t.match(await runProbe(selinux, await openFixtureHost('debian12-vm')), {
    state: 'absent',
    reason: { code: 'notSupported' },
  })
  t.match(await runProbe(selinux, await openFixtureHost('debian12-minimal')), {
    state: 'absent',
    reason: { code: 'notInstalled' },
  })
})
