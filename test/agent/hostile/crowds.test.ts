// Ten thousand of everything, in files that somebody on the host may fill: facets stay within what a collector takes,
// say where rows are missing, and no work grows with the square of what is there.
import t from 'tap'
import { facetLimits } from '../../../proto/facet.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'
import { presentFacts } from '../../run-probe.ts'
import { failed, gapsOf, sweepAll } from './sweep-all.ts'

t.setTimeout(120_000)

const many = 10_000
const lines = (make: (index: number) => string, count = many) =>
  Array.from({ length: count }, (_, i) => make(i)).join('')
const hex = (value: number, width: number) => value.toString(16).toUpperCase().padStart(width, '0')
const port = (index: number) => 1 + (index % 65_000)

function socket(index: number, state: '0A' | '07'): string {
  const local = `00000000:${hex(port(index), 4)} 00000000:0000 ${state}`
  return `${index}: ${local} 00000000:00000000 00:00000000 00000000 0 0 ${1_000_000 + index} 1 0000000000000000 100 0 0 10 0\n`
}

const table = { family: 'ip', table: 'filter' }
const rule = (index: number) => ({
  rule: {
    ...{ ...table, chain: 'INPUT', handle: index + 2 },
    expr: [
      { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: port(index) } },
      { accept: null },
    ],
  },
})
const ruleSet = JSON.stringify({
  nftables: [
    { metainfo: { version: '1.0.6' } },
    { table: { family: 'ip', name: 'filter', handle: 1 } },
    { chain: { ...table, name: 'INPUT', handle: 1, type: 'filter', hook: 'input', prio: 0, policy: 'drop' } },
    ...Array.from({ length: many }, (_, index) => rule(index)),
  ],
})

const crowd: Readonly<Record<string, FixtureFile>> = {
  '/etc/hostname': 'crowd\n',
  '/etc/passwd': `root:x:0:0:root:/root:/bin/bash\n${lines(i => `u${i}:x:${1000 + i}:100::/home/u${i}:/bin/bash\n`)}toor:x:0:0::/:/bin/sh\n`,
  '/etc/group': `sudo:x:27:${lines(i => `u${i},`)}\n${lines(i => `g${i}:x:${1000 + i}:u${i}\n`)}`,
  '/etc/shadow': `root:*:19000:0:99999:7:::\n${lines(i => `u${i}:!:19000:0:99999:7:::\n`)}`,
  '/etc/sudoers': lines(i => `u${i} ALL=(root) NOPASSWD: /usr/bin/x${i}\n`),
  '/etc/ufw/ufw.conf': 'ENABLED=yes\n',
  '/etc/default/ufw': 'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n',
  '/etc/ufw/user.rules': lines(i => `### tuple ### allow tcp ${port(i)} 0.0.0.0/0 any 10.0.${i >> 8}.${i & 255} in\n`),
  '/etc/services': lines(i => `service${i} ${port(i)}/tcp\n`),
  '/proc/1/net/tcp': `  sl  local_address\n${lines(i => socket(i, '0A'))}`,
  '/proc/1/net/udp': `  sl  local_address\n${lines(i => socket(i, '07'))}`,
  '/proc/modules': lines(i => `loaded${i} 16384 0 - Live 0x0000000000000000\n`),
  '/etc/modprobe.d/crowd.conf': lines(i => `blacklist loaded${i}\ninstall other${i} /bin/false\n`),
  '/etc/sysctl.d/crowd.conf': lines(i => `net.crowd.k${i} = ${i}\n`),
  '/usr/sbin/sshd': '',
  '/etc/ssh/sshd_config': lines(i => `Match User u${i}\n  PermitRootLogin no\n`),
  '/usr/sbin/auditd': '',
  '/etc/audit/rules.d/crowd.rules': lines(i => `-w /etc/x${i} -p wa -k k${i}\n`),
  '/var/lib/dpkg/status': lines(
    i => `Package: p${i}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.${i}\n\n`,
  ),
  '/sys/module/apparmor/parameters/enabled': 'Y\n',
  '/sys/kernel/security/apparmor/profiles': lines(i => `profile${i} (enforce)\n`),
  '/var/lib/kubelet/seccomp/many': { directory: true },
  ...Object.fromEntries(Array.from({ length: 1_200 }, (_, i) => [`/var/lib/kubelet/seccomp/many/p${i}.json`, '{}'])),
  ...littleProc(
    { pid: 1, executable: '/usr/lib/systemd/systemd' },
    ...Array.from({ length: 300 }, (_, i) => ({ pid: 100 + i, executable: `/usr/bin/p${i}`, uid: 1000 + i })),
  ),
}

t.test('ten thousand users, groups, rules, profiles and sockets at once', async t => {
  const host = await hostFrom(t, { files: crowd, commands: { 'nft -j list ruleset': { stdout: ruleSet } } })
  const states = await sweepAll(host)
  t.same(failed(states), [], 'no probe fails')

  t.test('no facet is larger than a collector takes', async t => {
    for (const [name, state] of states) {
      if (state.state !== 'present') continue
      t.ok(JSON.stringify(state.facts).length < facetLimits.factsBytes, `${name}: facts`)
      t.ok(JSON.stringify(state.observations).length < facetLimits.observationsBytes, `${name}: observations`)
    }
  })

  t.test('what was left out is told, by field and source', async t => {
    const told = (facet: string) =>
      gapsOf(states.get(facet))
        .filter(({ state }) => state === 'tooLarge')
        .map(({ field, source }) => `${field} ${source}`)
    t.strictSame(
      told('accounts').filter(gap => !gap.startsWith('users.')),
      [
        'groups /etc/group',
        'groups /etc/passwd',
        'privilegedMembers /etc/group',
        'privilegedMembers /etc/passwd',
      ].concat(['sudoRules /etc/sudoers', 'users /etc/passwd']),
    )
    t.ok(told('accounts').includes('users.homeMode /etc/passwd'))
    t.ok(told('audit').includes('rules /etc/audit'))
    t.ok(told('firewall').some(gap => gap.startsWith('exposures ')))
    t.ok(told('ports').some(gap => gap.startsWith('listeners ')))
    t.ok(told('seccomp').some(gap => gap.startsWith('profiles')))
  })

  t.test('what matters most is kept', async t => {
    const { users } = presentFacts(states.get('accounts') ?? (t.fail('no accounts') as never)) as unknown as {
      users: readonly { readonly name: string; readonly uid: number }[]
    }
    t.equal(users.length, many)
    t.strictSame(
      users.filter(({ uid }) => uid === 0).map(({ name }) => name),
      ['root', 'toor'],
      'also at the end of the file',
    )
  })

  t.test('facets of other sources are complete', async t => {
    for (const name of ['host', 'services', 'sysctl', 'kernel-modules', 'packages', 'apparmor', 'ssh']) {
      t.equal(states.get(name)?.state, 'present', name)
      t.same(
        gapsOf(states.get(name)).filter(({ state }) => state === 'tooLarge'),
        [],
        name,
      )
    }
  })
})

t.test('files over the limit of what is read are gaps, and nobody parses them', async t => {
  const huge = 'x'.repeat(9 * 1024 * 1024)
  const files = {
    ...{
      '/etc/hostname': 'x\n',
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
      '/etc/group': huge,
      '/etc/shadow': huge,
    },
    ...{ '/etc/services': huge, '/proc/modules': huge, '/etc/sudoers': huge, '/etc/sysctl.d/x.conf': huge },
    ...{ '/etc/modprobe.d/x.conf': huge, '/usr/sbin/sshd': '', '/etc/ssh/sshd_config': huge, '/proc/1/net/tcp': '' },
    ...{ '/usr/sbin/auditd': '', '/etc/audit/rules.d/x.rules': huge, '/etc/audit/auditd.conf': huge },
    ...{ '/etc/ufw/ufw.conf': 'ENABLED=yes\n', '/etc/ufw/user.rules': huge },
    ...littleProc({ pid: 1, executable: '/usr/lib/systemd/systemd' }),
  }
  const states = await sweepAll(await hostFrom(t, { files }))
  t.same(failed(states), [])
  const tooLarge = (facet: string) => {
    const state = states.get(facet)
    if (state && state.state !== 'present') return [`${facet} ${state.reason.code}`]
    return [
      ...new Set(
        gapsOf(state)
          .filter(gap => gap.state === 'tooLarge')
          .map(({ source }) => source),
      ),
    ].sort()
  }
  t.strictSame(tooLarge('accounts'), ['/etc/group', '/etc/shadow', '/etc/sudoers'])
  t.strictSame(tooLarge('ports'), ['/etc/services'])
  t.strictSame(tooLarge('kernel-modules'), ['/etc/modprobe.d/x.conf', '/proc/modules'])
  t.strictSame(tooLarge('sysctl'), ['/etc/sysctl.d/x.conf'])
  t.strictSame(tooLarge('firewall'), ['/etc/ufw/user.rules'])
  t.strictSame(tooLarge('ssh'), ['ssh tooLarge'])
  t.strictSame(tooLarge('audit'), ['/etc/audit/auditd.conf', '/etc/audit/rules.d/x.rules'])
})

/** Work that is done with the square of these would take minutes: the test would end by its own limit of time. */
t.test('a hundred thousand lines of one name, group or device cost no square', async t => {
  const count = 100_000
  const files = {
    '/etc/hostname': 'x\n',
    '/etc/passwd': lines(i => `a:x:${i % 7}:5:::\n`, count),
    '/etc/group': `${lines(() => 'b:x:5:a\n', count)}c:x:6:${'a,'.repeat(count)}\n`,
    '/etc/sudoers': `a ALL=(ALL) ${'/bin/x, '.repeat(5_000)}/bin/y\n`,
    '/usr/sbin/sshd': '',
    '/etc/ssh/sshd_config': lines(() => 'Match User a\nPort 22\n', 9_000),
    '/etc/modprobe.d/x.conf': lines(() => 'install a /bin/false\nalias a* b\n', 20_000),
    '/etc/sysctl.d/x.conf': lines(() => '-net.*.a = 1\nnet.ipv4.a = 2\n', 9_000),
    '/proc/1/mountinfo': lines(i => `${i + 20} 1 8:1 /d${i} /d${i} rw - ext4 /dev/sda1 rw\n`, count),
    '/proc/1/net/tcp': lines(() => socket(1, '0A'), count),
    ...littleProc(
      { pid: 1, executable: '/usr/lib/systemd/systemd' },
      {
        pid: 5,
        executable: '/x',
        cgroup: `/kubepods/besteffort/pod11111111-2222-3333-4444-555555555555/${'a'.repeat(64)}`,
        files: { mountinfo: lines(i => `${i + 20} 1 8:1 /d${i} /m${i} rw - ext4 /dev/sda1 rw\n`, 5_000) },
      },
    ),
  }
  const states = await sweepAll(await hostFrom(t, { files }))
  t.same(failed(states), [])
  t.equal(states.get('accounts')?.state, 'present')
})
