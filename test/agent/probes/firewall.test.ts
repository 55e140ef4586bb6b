// Tests of the firewall probe, held against what ufw, nft and iptables printed on a recorded machine.
import { chmodSync } from 'node:fs'
import t from 'tap'
import { firewall } from '../../../agent/probes/firewall.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { FirewallFacet } from '../../../proto/facets/firewall.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'
import { numberedRules, printedRow, statusRow } from '../../ufw-status-text.ts'

const factsOf = (state: FacetState) => FirewallFacet.facts.parse(presentFacts(state))

const recorded = async () => factsOf(await runProbe(firewall, await openFixtureHost('debian12-vm')))

const ufwFiles = {
  '/etc/ufw/ufw.conf': 'ENABLED=yes\nLOGLEVEL=low\n',
  '/etc/default/ufw':
    'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\nDEFAULT_FORWARD_POLICY="REJECT"\n',
  '/etc/ufw/user.rules': '### tuple ### allow tcp 22 0.0.0.0/0 any 10.0.0.1 in\n',
  '/etc/ufw/user6.rules': '',
}
const emptyNft = { 'nft -j list ruleset': { stdout: '{"nftables": [{"metainfo": {"version": "1.0.6"}}]}' } }

async function factsFrom(t: Parameters<typeof hostFrom>[0], fixture: FixtureHost) {
  const files = { '/proc/1/net/tcp': '', '/proc/sys/net/ipv4/ip_local_port_range': '32768 60999\n', ...fixture.files }
  const facts = factsOf(await runProbe(firewall, await hostFrom(t, { ...fixture, files })))
  return {
    ...facts,
    // What reaches a port is told with the rules, or not: a test of its own holds that.
    gapRows: facts.gaps
      .filter(({ field }) => field !== 'exposures')
      .map(({ field, effect, source, state }) => `${field} ${effect} ${source} ${state}`),
  }
}

t.test('each rule of the recorded machine is one row of ufw status, and each row one rule', async t => {
  const { ufwRules } = await recorded()
  const rows = (command: string) =>
    fixtureCommand('debian12-vm', command)
      .split('\n')
      .filter(line => /(ALLOW|DENY|REJECT|LIMIT) (IN|OUT|FWD)/.test(line))
      .map(printedRow)
  t.equal(rows('ufw-numbered').length, 6)
  t.strictSame(
    numberedRules(ufwRules).map(rule => statusRow(rule, 'numbered')),
    rows('ufw-numbered'),
  )
  t.strictSame(
    ufwRules.map(rule => statusRow(rule, 'verbose')),
    rows('ufw-verbose'),
  )
  const added = fixtureCommand('debian12-vm', 'ufw-added')
    .split('\n')
    .filter(line => line.startsWith('ufw '))
  const ipv4 = ufwRules.filter(({ family }) => family === 'ipv4')
  t.equal(added.length, ipv4.length)
  for (const [index, { action, from, toPort, comment }] of ipv4.entries()) {
    const line = added[index] ?? ''
    t.ok(line.startsWith(`ufw ${action} `) && line.includes(toPort), line)
    t.equal(line.includes(`from ${from} `), from !== 'any', line)
    t.equal(line.includes(`comment '${comment}'`), comment !== '', line)
  }
})

t.test('state and defaults of the recorded machine are those of ufw status verbose', async t => {
  const { ufw, firewalld, nftablesAtBoot, gaps } = await recorded()
  const printed = fixtureCommand('debian12-vm', 'ufw-verbose')
  const words = { accept: 'allow', drop: 'deny', reject: 'reject', unknown: '?' }
  t.equal(ufw?.loaded, printed.includes('Status: active'))
  t.match(printed, `Logging: on (${ufw?.logLevel})`)
  const policies = [ufw?.defaultInput, ufw?.defaultOutput, ufw?.defaultForward].map(
    policy => words[policy ?? 'unknown'],
  )
  t.match(printed, `Default: ${policies[0]} (incoming), ${policies[1]} (outgoing), ${policies[2]} (routed)`)
  t.match(ufw, { installed: true, enabled: true, enabledAtBoot: true, ipv6: true })
  t.strictSame(firewalld, { installed: false, enabledAtBoot: false, defaultZone: '' })
  t.equal(nftablesAtBoot, false)
  t.strictSame(gaps, [])
})

t.test('chains of the recorded machine are those of nft, policies those of iptables -S', async t => {
  const { chains = [], live } = await recorded()
  const text = fixtureCommand('debian12-vm', 'nft')
  const printed = text.split('\n').flatMap(line => /^\tchain (\S+) \{/.exec(line)?.[1] ?? [])
  t.strictSame(chains.map(({ chain }) => chain).sort(), printed.sort())
  for (const { family, table, chain, hook, policy } of chains.filter(
    one => one.hook !== '' && one.table === 'filter' && one.family === 'ip',
  )) {
    t.match(
      fixtureCommand('debian12-vm', 'iptables-S'),
      `-P ${chain} ${policy.toUpperCase()}\n`,
      `${family} ${table} ${hook}`,
    )
  }
  const owners = new Map(chains.map(({ chain, owner }) => [chain, owner]))
  t.strictSame(
    ['ufw-user-input', 'ufw6-before-input', 'DOCKER-USER', 'INPUT'].map(chain => owners.get(chain)),
    ['ufw', 'ufw', 'docker', 'other'],
  )
  t.strictSame(live, { source: 'nft', inputIpv4: 'drop', inputIpv6: 'drop', forwardIpv4: 'drop', filtersInput: true })
})

t.test(
  'without nft the recorded machine tells the same of ufw through iptables, and what drops still drops',
  async t => {
    const files = { ...ufwFiles }
    const commands = {
      'iptables-save': { stdout: fixtureCommand('debian12-vm', 'iptables-save') },
      'ip6tables-save': { stdout: fixtureCommand('debian12-vm', 'ip6tables-save') },
    }
    const { live, ufw, chains = [], gapRows } = await factsFrom(t, { files, commands })
    t.strictSame(live, {
      source: 'iptables',
      inputIpv4: 'drop',
      inputIpv6: 'drop',
      forwardIpv4: 'drop',
      filtersInput: true,
    })
    t.equal(ufw?.loaded, true)
    const { chains: viaNft = [] } = await recorded()
    // iptables-save prints every chain that a table may have: this one was never made.
    const real = chains.filter(({ family, table, chain }) => `${family} ${table} ${chain}` !== 'ip nat INPUT')
    const bare = (rows: typeof chains) => rows.map(({ source, ...row }) => row)
    t.strictSame(bare(real), bare(viaNft), 'chain by chain, with the same counts and policies')
    t.strictSame(gapRows, ['chains incomplete nft -j list ruleset unavailable'], 'tables that nft made are not seen')
  },
)

t.test('without nft an open iptables is no proof: tables that nft made are not seen', async t => {
  const header = '# Generated by iptables-save v1.8.9 (nf_tables) on Sun\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n'
  const commands = { 'iptables-save': { stdout: header }, 'ip6tables-save': { stdout: header } }
  const { live, ufw, gapRows } = await factsFrom(t, { files: ufwFiles, commands })
  t.strictSame(live, { source: 'iptables' })
  t.equal(ufw?.loaded, false, 'of ufw iptables tells enough')
  t.strictSame(gapRows, [
    'chains incomplete nft -j list ruleset unavailable',
    'live.filtersInput omitted nft -j list ruleset unavailable',
    'live.forwardIpv4 omitted nft -j list ruleset unavailable',
    'live.inputIpv4 omitted nft -j list ruleset unavailable',
    'live.inputIpv6 omitted nft -j list ruleset unavailable',
  ])
})

t.test('without any program, or without rights, nothing is told of the kernel', async t => {
  const none = await factsFrom(t, { files: ufwFiles })
  t.strictSame([none.live, none.chains, none.ufw?.loaded], [undefined, undefined, undefined])
  t.ok(none.gaps.some(({ field, detail }) => field === 'live' && detail === 'nft is not installed'))
  const denied = await factsFrom(t, {
    files: ufwFiles,
    commands: {
      'nft -j list ruleset': { exitCode: 1, stdout: '', stderr: 'Operation not permitted (you must be root)\n' },
      'iptables-save': {
        exitCode: 4,
        stdout: '',
        stderr: 'Could not fetch rule set generation id: Permission denied (you must be root)\n',
      },
      'ip6tables-save': { exitCode: 4, stdout: '', stderr: 'Permission denied' },
    },
  })
  t.equal(denied.live, undefined)
  for (const field of ['live', 'chains', 'ufw.loaded']) {
    t.ok(
      denied.gaps.some(
        gap => gap.field === field && gap.state === 'unreadable' && gap.detail.includes('CAP_NET_ADMIN'),
      ),
      field,
    )
  }
  t.equal(denied.ufwRules.length, 1, 'what is declared is told all the same')
})

t.test('output that is none of nft is a failure of nft', async t => {
  for (const stdout of ['', '{"nftables": [{"table": {"flags": ', 'x'.repeat(1 << 20)]) {
    const { live, gaps } = await factsFrom(t, { files: {}, commands: { 'nft -j list ruleset': { stdout } } })
    t.equal(live, undefined)
    t.ok(gaps.some(({ field, source }) => field === 'live' && source === 'nft -j list ruleset'))
  }
})

t.test('on an offline root rules on disk are told, and what the kernel does is not', async t => {
  const { ufw, ufwRules, live, gapRows } = await factsFrom(t, { files: ufwFiles, live: false })
  t.match(ufw, { installed: true, enabled: true, defaultForward: 'reject', loaded: undefined })
  t.equal(ufwRules.length, 1)
  t.equal(live, undefined)
  t.strictSame(gapRows, [
    'chains omitted nft -j list ruleset unavailable',
    'live omitted nft -j list ruleset unavailable',
    'ufw.loaded omitted nft -j list ruleset unavailable',
    'ufwRules.loaded omitted nft -j list ruleset unavailable',
    'ufwUndeclared omitted nft -j list ruleset unavailable',
  ])
})

t.test('a host without any firewall has facts that say so', async t => {
  const { gaps, gapRows, ...facts } = await factsFrom(t, { files: {}, commands: emptyNft })
  t.strictSame(facts, {
    exposures: [],
    ufw: {
      installed: false,
      enabled: false,
      enabledAtBoot: false,
      loaded: false,
      logLevel: 'off',
      ipv6: false,
      defaultInput: 'unknown',
      defaultOutput: 'unknown',
      defaultForward: 'unknown',
    },
    ufwRules: [],
    ufwUndeclared: [],
    firewalld: { installed: false, enabledAtBoot: false, defaultZone: '' },
    nftablesAtBoot: false,
    live: { source: 'nft', inputIpv4: 'accept', inputIpv6: 'accept', forwardIpv4: 'accept', filtersInput: false },
    chains: [],
  })
  t.strictSame([gaps, gapRows], [[], []])
})

t.test('a kernel without nf_tables is not asked through it, so that nothing is loaded for the question', async t => {
  const files = {
    '/proc/modules': 'loop 1 0 - Live 0x0\n',
    '/proc/sys/kernel/osrelease': '6.1\n',
    '/lib/modules/6.1/modules.builtin': 'kernel/fs/ext4.ko\n',
  }
  const none = await factsFrom(t, { files })
  t.match(none.live, { source: 'none', inputIpv4: 'accept', filtersInput: false })
  t.strictSame(none.gaps, [])
  const legacy = { stdout: '# Generated by iptables-save v1.4.21 on Sun\n*filter\n:INPUT DROP [0:0]\nCOMMIT\n' }
  const old = await factsFrom(t, {
    files: { ...files, '/proc/1/net/ip_tables_names': 'filter\n' },
    commands: { 'iptables-save': legacy },
  })
  t.match(old.live, { source: 'iptables-legacy', inputIpv4: 'drop', inputIpv6: 'accept' })
  t.match(old.chains, [{ source: 'iptables-legacy', chain: 'INPUT', policy: 'drop' }])
})

t.test('legacy tables beside nft are both seen', async t => {
  const files = { '/proc/1/net/ip_tables_names': 'filter\n', '/proc/1/net/ip6_tables_names': '' }
  const legacy = {
    stdout: '# Generated by iptables-save v1.8.9 on Sun\n*filter\n:INPUT DROP [0:0]\n:ufw-user-input - [0:0]\nCOMMIT\n',
  }
  const { live, chains, ufw, gaps } = await factsFrom(t, {
    files,
    commands: { ...emptyNft, 'iptables-legacy-save': legacy },
  })
  t.match(live, { source: 'nft', inputIpv4: 'drop', inputIpv6: 'accept' })
  t.strictSame(
    chains?.map(({ source, chain }) => `${source} ${chain}`),
    ['iptables-legacy INPUT', 'iptables-legacy ufw-user-input'],
  )
  t.equal(ufw?.loaded, true)
  t.strictSame(gaps, [])
})

t.test('legacy tables that nobody can show leave open what happens', async t => {
  const files = { ...ufwFiles, '/proc/1/net/ip_tables_names': 'filter\n' }
  for (const commands of [emptyNft, { ...emptyNft, 'iptables-legacy-save': { stdout: '' } }]) {
    const { live, ufw, gaps } = await factsFrom(t, { files, commands })
    t.strictSame(live, { source: 'nft', inputIpv6: 'accept' })
    t.equal(ufw?.loaded, undefined)
    t.ok(gaps.some(({ field, source }) => field === 'live.inputIpv4' && source === 'iptables-legacy-save'))
  }
})

t.test('rules that nft does not show in full are taken from iptables-save, or left open', async t => {
  const base = (name: string, hook: string) => ({
    chain: { family: 'ip', table: 'filter', name, type: 'filter', hook, prio: 0, policy: 'drop' },
  })
  const opaque = {
    rule: {
      family: 'ip',
      table: 'filter',
      chain: 'INPUT',
      expr: [{ xt: { type: 'match', name: 'conntrack' } }, { accept: null }],
    },
  }
  const nft = { 'nft -j list ruleset': { stdout: JSON.stringify({ nftables: [base('INPUT', 'input'), opaque] }) } }
  const save = (state: string) => ({
    'iptables-save': {
      stdout: `# Generated by iptables-save v1.8.9 (nf_tables) on Sun\n*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate ${state} -j ACCEPT\nCOMMIT\n`,
    },
    'ip6tables-save': { stdout: '' },
  })
  t.match((await factsFrom(t, { files: {}, commands: { ...nft, ...save('RELATED,ESTABLISHED') } })).live, {
    inputIpv4: 'drop',
  })
  t.match((await factsFrom(t, { files: {}, commands: { ...nft, ...save('NEW') } })).live, { inputIpv4: 'accept' })
  const { live, gapRows } = await factsFrom(t, { files: {}, commands: nft })
  t.equal(live?.inputIpv4, undefined)
  t.strictSame(gapRows, ['live.inputIpv4 omitted iptables-save unavailable'])
})

t.test('what an agent in another network namespace sees is not told of the host', async t => {
  const files = {
    '/proc/1/ns/net': { symlink: 'net:[4026531840]' },
    '/proc/self/ns/net': { symlink: 'net:[4026532999]' },
  }
  const { live, gaps } = await factsFrom(t, { files, commands: emptyNft })
  t.equal(live, undefined)
  t.match(gaps[0], {
    source: '/proc/1/ns/net',
    state: 'unavailable',
    detail: 'the agent is not in the network namespace of the host',
  })
  const same = { ...files, '/proc/self/ns/net': files['/proc/1/ns/net'] }
  t.ok((await factsFrom(t, { files: same, commands: emptyNft })).live)
})

t.test('ufw is off while its empty chains linger and its rules stand on disk', async t => {
  const lingering = ['ufw-before-input', 'ufw-track-input'].map(name => ({
    chain: { family: 'ip', table: 'filter', name },
  }))
  const { ufw, ufwRules } = await factsFrom(t, {
    files: { ...ufwFiles, '/etc/ufw/ufw.conf': 'ENABLED=no\nLOGLEVEL=FULL\n' },
    commands: { 'nft -j list ruleset': { stdout: JSON.stringify({ nftables: lingering }) } },
  })
  t.match(ufw, { installed: true, enabled: false, loaded: false, logLevel: 'full' })
  t.equal(ufwRules.length, 1)
})

t.test('ufw.conf has the last word, and only yes and YES start ufw at boot', async t => {
  for (const [conf, enabled] of [
    ['ENABLED=YES', true],
    ['ENABLED="yes"', true],
    ['ENABLED=Yes', false],
    ['ENABLED=yes\nENABLED=no', false],
    ['', false],
  ] as const) {
    const { ufw } = await factsFrom(t, { files: { ...ufwFiles, '/etc/ufw/ufw.conf': `${conf}\n` }, commands: emptyNft })
    t.equal(ufw?.enabled, enabled, conf)
  }
  const { ufw } = await factsFrom(t, {
    files: {
      ...ufwFiles,
      '/etc/ufw/ufw.conf': 'ENABLED=yes\nDEFAULT_INPUT_POLICY=ACCEPT\nDEFAULT_OUTPUT_POLICY=SKIP\nIPV6=$X\n',
    },
    commands: emptyNft,
  })
  t.match(ufw, { defaultInput: 'accept', defaultOutput: 'unknown' })
})

t.test('firewalld is told with its zone', async t => {
  const files = {
    '/etc/firewalld/firewalld.conf': '# c\nDefaultZone=drop\n',
    '/usr/sbin/firewalld': '',
    '/usr/lib/systemd/system/firewalld.service': 'x',
    '/etc/systemd/system/multi-user.target.wants/firewalld.service': {
      symlink: '/usr/lib/systemd/system/firewalld.service',
    },
    '/etc/systemd/system/sysinit.target.wants/nftables.service': {
      symlink: '/usr/lib/systemd/system/nftables.service',
    },
  }
  const { firewalld, nftablesAtBoot } = await factsFrom(t, { files, commands: emptyNft })
  t.strictSame(firewalld, { installed: true, enabledAtBoot: true, defaultZone: 'drop' })
  t.equal(nftablesAtBoot, true)
  const bare = await factsFrom(t, { files: { '/usr/sbin/firewalld': '' }, commands: emptyNft })
  t.strictSame(bare.firewalld, { installed: true, enabledAtBoot: false, defaultZone: 'public' })
  const services = await factsFrom(t, { files: { '/usr/lib/firewalld/services/ceph.xml': '' }, commands: emptyNft })
  t.equal(services.firewalld?.installed, false, 'service files of other packages do not make it installed')
  const broken = await factsFrom(t, {
    files: { '/usr/sbin/firewalld': '', '/etc/firewalld/firewalld.conf': { fifo: true } },
    commands: emptyNft,
  })
  t.strictSame(broken.firewalld, { installed: true, enabledAtBoot: false })
})

t.test('files that cannot be read leave gaps, malformed lines are told by number', async t => {
  const pipe = await factsFrom(t, { files: { ...ufwFiles, '/etc/default/ufw': { fifo: true } }, commands: emptyNft })
  t.equal(pipe.ufw, undefined)
  t.strictSame(pipe.gapRows, ['ufw omitted /etc/default/ufw notRegular'])
  const bad = await factsFrom(t, {
    files: {
      ...ufwFiles,
      '/etc/ufw/user.rules': 'x\n### tuple ### secret\n',
      '/etc/ufw/user6.rules': '#'.repeat(9 << 20),
      '/etc/ufw/ufw.conf': 'A=`secret`\n',
    },
    commands: emptyNft,
  })
  t.strictSame(bad.gapRows, [
    'ufw incomplete /etc/ufw/ufw.conf malformed',
    'ufwRules incomplete /etc/ufw/user.rules malformed',
    'ufwRules incomplete /etc/ufw/user6.rules tooLarge',
    'ufwRules.loaded omitted /etc/ufw/user6.rules unavailable',
    'ufwUndeclared omitted /etc/ufw/user6.rules unavailable',
  ])
  t.notMatch(JSON.stringify(bad), /secret/)
})

t.test('chains that come and go with pods are no facts', async t => {
  const chain = (name: string, table = 'nat') => ({ chain: { family: 'ip', table, name } })
  const rule = (name: string) => ({ rule: { family: 'ip', table: 'nat', chain: name, expr: [{ return: null }] } })
  const many = Array.from({ length: 10_000 }, (_, at) => `KUBE-SEP-${at}`)
  const nftables = [
    chain('KUBE-SERVICES'),
    chain('DOCKER'),
    ...many.map(name => chain(name)),
    ...many.map(rule),
    rule('KUBE-SERVICES'),
    rule('DOCKER'),
  ]
  const host = await hostFrom(t, {
    files: {},
    commands: { 'nft -j list ruleset': { stdout: JSON.stringify({ nftables }) } },
  })
  const state = await runProbe(firewall, host)
  t.strictSame(
    factsOf(state).chains?.map(({ chain, rules, owner }) => [chain, rules, owner]),
    [
      ['DOCKER', 1, 'docker'],
      ['KUBE-SERVICES', -1, 'kube-proxy'],
    ],
  )
  t.match(state, { observations: { rulesTotal: 10_002 } })
})

t.test('hostile rule sets and files neither hang nor break the facet', async t => {
  const chains = Array.from({ length: 3000 }, (_, at) => ({
    chain: { family: 'ip', table: 'x', name: `c\u0000\u001b${at}`, hook: 'input', type: 'filter' },
  }))
  const {
    chains: rows,
    gapRows,
    ufwRules,
  } = await factsFrom(t, {
    files: {
      ...ufwFiles,
      '/etc/ufw/user.rules': '### tuple ### allow tcp 22 0.0.0.0/0 any 10.0.0.1 in\n'.repeat(10_000),
      '/etc/ufw/user6.rules': Uint8Array.from([0x23, 0xff, 0x00, 0x0a]),
      '/etc/ufw/ufw.conf': `${'\0'.repeat(1000)}\nENABLED=yes\n`,
    },
    commands: { 'nft -j list ruleset': { stdout: JSON.stringify({ nftables: [...chains, ...chains] }) } },
  })
  t.equal(rows?.length, 2000)
  t.equal(ufwRules.length, 10_000)
  t.strictSame(gapRows, [
    'chains incomplete nft -j list ruleset tooLarge',
    'ufw incomplete /etc/ufw/ufw.conf malformed',
    'ufwRules.hiddenBy omitted /etc/ufw/user.rules tooLarge',
  ])
})

t.test('as a user without rights, rules that only root may read are a gap', async t => {
  if (process.getuid?.() !== 0) {
    t.comment('skipped: only root can become somebody else')
    return
  }
  const host = await hostFrom(t, { files: ufwFiles, commands: emptyNft })
  chmodSync(host.root, 0o755)
  for (const file of ['user.rules', 'user6.rules']) chmodSync(`${host.root}/etc/ufw/${file}`, 0o600)
  process.seteuid?.(65534)
  let state: FacetState
  try {
    state = await runProbe(firewall, host)
  } finally {
    process.seteuid?.(0)
  }
  const { ufwRules, ufw, gaps } = factsOf(state)
  t.strictSame(ufwRules, [])
  t.equal(ufw?.enabled, true)
  t.match(gaps, [
    { field: 'exposures', effect: 'omitted' },
    { field: 'ufwRules', effect: 'incomplete', source: '/etc/ufw/user.rules', state: 'unreadable' },
    { field: 'ufwRules' },
  ])
})

t.test('ports of the recorded machine are reached as its firewall says', async t => {
  const { exposures = [] } = await recorded()
  const told = exposures.map(
    ({ protocol, family, port, verdict, decidedBy, condition }) =>
      `${protocol}/${port} ${family} ${verdict} ${condition === '' ? decidedBy : condition}`,
  )
  t.strictSame(told, [
    'tcp/22 ipv4 conditional from 10.0.2.2/32; from 172.16.238.5/32',
    'tcp/8080 ipv4 dropped ip filter ufw-user-input: tcp port 8080 drop',
    'tcp/2375 ipv4 dropped ip filter INPUT: policy drop',
    'tcp/22 ipv6 dropped ip6 filter INPUT: policy drop',
    'tcp/2375 ipv6 dropped ip6 filter INPUT: policy drop',
  ])
  t.ok(exposures.every(({ via }) => via === 'socket'))
  const printed = fixtureCommand('debian12-vm', 'ufw-verbose')
  t.strictSame(
    [...printed.matchAll(/^22\/tcp +ALLOW IN +(\S+)/gm)].map(([, source]) => `from ${source}/32`).join('; '),
    exposures.find(({ port, family }) => port === 22 && family === 'ipv4')?.condition,
  )
})

t.test('what reaches a port is left out with the rules, and when sockets cannot be seen', async t => {
  const gapsOf = async (files: Record<string, string>, commands: FixtureHost['commands'] = {}) => {
    const facts = factsOf(await runProbe(firewall, await hostFrom(t, { files: { ...ufwFiles, ...files }, commands })))
    t.notOk('exposures' in facts)
    return facts.gaps.filter(({ field }) => field === 'exposures').map(({ effect, source }) => `${effect} ${source}`)
  }
  t.ok((await gapsOf({ '/proc/1/net/tcp': '' })).length > 0)
  t.strictSame(await gapsOf({}, emptyNft), ['omitted /proc/1/net'])
})

t.test('ports that Docker publishes are told although no socket has them, and by which rule', async t => {
  const rules = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
-A FORWARD -o docker0 -j DOCKER
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -m comment --comment "secret word" -j DNAT --to-destination 172.17.0.2:80
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.3:80
COMMIT
`
  const { exposures } = await factsFrom(t, {
    files: {
      '/proc/1/net/ip_tables_names': 'nat\nfilter\n',
      '/proc/1/net/fib_trie': 'Local:\n  |-- 10.0.0.1\n     /32 host LOCAL\n',
      '/proc/1/net/route': 'Iface\tDestination\ndocker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n',
    },
    commands: { ...emptyNft, 'iptables-legacy-save': { stdout: rules } },
  })
  const common = {
    protocol: 'tcp',
    family: 'ipv4',
    address: '0.0.0.0',
    via: 'dnat',
    condition: '',
    restriction: 'none',
  }
  t.strictSame(exposures, [
    { ...common, port: 8080, verdict: 'accepted', decidedBy: 'ip filter DOCKER: tcp accept' },
    { ...common, port: 8081, verdict: 'dropped', decidedBy: 'ip filter FORWARD: policy drop' },
  ])
})

t.test('a port behind a rule that is not understood is unknown, and a gap', async t => {
  const rules = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m string --string x -j DROP\nCOMMIT\n'
  const listening = '   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1'
  const { exposures, gaps } = await factsFrom(t, {
    files: { '/proc/1/net/ip_tables_names': 'filter\n', '/proc/1/net/tcp': `${listening}\n` },
    commands: { ...emptyNft, 'iptables-legacy-save': { stdout: rules } },
  })
  t.match(exposures, [{ port: 22, verdict: 'unknown', decidedBy: 'ip filter INPUT: a test that is not read' }])
  t.match(gaps, [{ field: 'exposures', effect: 'incomplete', source: 'the live rules', state: 'unavailable' }])
})

const save = (...rules: readonly string[]) => ({
  stdout: `# Generated by iptables-save v1.8.9 (nf_tables)
*filter
:INPUT DROP [0:0]
:ufw-user-input - [0:0]
:ufw-user-limit - [0:0]
:ufw-user-limit-accept - [0:0]
${rules.join('\n')}
COMMIT
`,
})
const noSave = { 'ip6tables-save': { stdout: '' } }
const userRules = `*filter
### RULES ###
### tuple ### limit tcp 22 0.0.0.0/0 any 10.0.0.1 in
-A ufw-user-input -p tcp --dport 22 -s 10.0.0.1 -m conntrack --ctstate NEW -m recent --set
-A ufw-user-input -p tcp --dport 22 -s 10.0.0.1 -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 -j ufw-user-limit
-A ufw-user-input -p tcp --dport 22 -s 10.0.0.1 -j ufw-user-limit-accept
### tuple ### allow any 8080 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p tcp --dport 8080 -j ACCEPT
-A ufw-user-input -p udp --dport 8080 -j ACCEPT
### tuple ### allow tcp 443 0.0.0.0/0 any 10.1.2.3/16 in
-A ufw-user-input -p tcp --dport 443 -s 10.1.2.3/16 -j ACCEPT
### END RULES ###
COMMIT
`
/** As the kernel gives the same rules back. */
const inKernel = [
  '-A ufw-user-input -s 10.0.0.1/32 -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --set --name DEFAULT --mask 255.255.255.255 --rsource',
  '-A ufw-user-input -s 10.0.0.1/32 -p tcp -m tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 --name DEFAULT --mask 255.255.255.255 --rsource -j ufw-user-limit',
  '-A ufw-user-input -s 10.0.0.1/32 -p tcp -m tcp --dport 22 -j ufw-user-limit-accept',
  '-A ufw-user-input -p tcp -m tcp --dport 8080 -j ACCEPT',
  '-A ufw-user-input -p udp -m udp --dport 8080 -j ACCEPT',
  '-A ufw-user-input -s 10.1.0.0/16 -p tcp -m tcp --dport 443 -j ACCEPT',
]
const withUserRules = { ...ufwFiles, '/etc/ufw/user.rules': userRules }

t.test('the recorded machine has each declared rule in the kernel, and no other in ufw’s chains', async t => {
  const { ufwRules, ufwUndeclared } = await recorded()
  t.equal(ufwRules.length, 6)
  t.ok(ufwRules.every(({ loaded }) => loaded))
  t.strictSame(ufwUndeclared, [])
})

t.test('rules changed behind ufw’s back: declared and not loaded, loaded and not declared', async t => {
  const look = async (...rules: readonly string[]) => {
    const facts = await factsFrom(t, { files: withUserRules, commands: { 'iptables-save': save(...rules), ...noSave } })
    return [
      facts.ufwRules.map(({ loaded }) => loaded),
      facts.ufwUndeclared?.map(({ position, rule }) => [position, rule]),
    ]
  }
  t.strictSame(await look(...inKernel), [[true, true, true], []], 'as the kernel writes them')
  t.strictSame(
    await look(...inKernel.filter(rule => !rule.includes('udp'))),
    [[true, false, true], []],
    'a rule of which the kernel has half is not loaded',
  )
  t.strictSame(
    await look(
      '-A ufw-user-input -s 6.6.6.6/32 -j ACCEPT',
      ...inKernel,
      '-A ufw-user-input -p tcp -m tcp --dport 8080 -j ACCEPT',
    ),
    [
      [true, true, true],
      [
        [1, 'from 6.6.6.6/32 accept'],
        [8, 'tcp port 8080 accept'],
      ],
    ],
    'also one that repeats a declared one',
  )
  t.strictSame(await look(), [[false, false, false], []], 'flushed')
})

t.test('a kernel whose rules only nft shows does not tell which of ufw’s are loaded', async t => {
  const chain = { family: 'ip', table: 'filter', name: 'ufw-user-input', handle: 2 }
  const nft = JSON.stringify({ nftables: [{ table: { family: 'ip', name: 'filter', handle: 1 } }, { chain }] })
  const { ufwRules, ufwUndeclared, gapRows } = await factsFrom(t, {
    files: withUserRules,
    commands: { 'nft -j list ruleset': { stdout: nft } },
  })
  t.strictSame(
    ufwRules.map(({ loaded }) => loaded),
    [undefined, undefined, undefined],
  )
  t.equal(ufwUndeclared, undefined)
  t.ok(gapRows.includes('ufwRules.loaded omitted iptables-save unavailable'), gapRows.join('; '))
})

t.test('rules that can never match name the one that takes their packets', async t => {
  const rules =
    '### tuple ### deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n### tuple ### allow tcp 22 0.0.0.0/0 any 10.0.0.1 in\n'
  const { ufwRules } = await factsFrom(t, { files: { ...ufwFiles, '/etc/ufw/user.rules': rules }, commands: emptyNft })
  t.strictSame(
    ufwRules.map(({ hiddenBy }) => hiddenBy),
    [0, 1],
  )
})
