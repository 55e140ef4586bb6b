// Tests of the audit probe, held against auditctl of a recorded machine.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { audit } from '../../../agent/probes/audit.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { AuditFacet } from '../../../proto/facets/audit.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureCommand, type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => AuditFacet.facts.parse(presentFacts(state))
const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../../fixtures/audit', name), 'utf8')

async function factsFrom(t: Parameters<typeof hostFrom>[0], fixture: FixtureHost) {
  const facts = factsOf(await runProbe(audit, await hostFrom(t, fixture)))
  return { ...facts, gapTexts: facts.gaps.map(one => `${one.field} ${one.source} ${one.state}`) }
}

const d = '/etc/audit/rules.d'
const base: FixtureHost['files'] = {
  '/proc/cmdline': 'quiet audit=1\n',
  '/proc/1/comm': 'systemd\n',
  '/usr/sbin/auditctl': '',
  '/etc/audit/auditd.conf': 'log_file = /var/log/audit/audit.log\n',
}
const status = 'enabled 2\nfailure 1\npid 1\nbacklog_limit 64\nlost 5\nbacklog 2\n'
const commands = (rules: string): Record<string, FixtureCommand> => ({
  'auditctl -l': { stdout: rules },
  'auditctl -s': { stdout: status },
})

t.test('rules and state of the recorded machine are those that auditctl printed', async t => {
  const state = await runProbe(audit, await openFixtureHost('debian12-vm'))
  const facts = factsOf(state)
  const printed = fixtureCommand('debian12-vm', 'auditctl-rules').trim().split('\n')
  t.strictSame(
    facts.rules.filter(({ loaded }) => loaded).map(({ rule }) => rule),
    printed,
  )
  t.strictSame(facts.rules[0], {
    rule: '-w /etc/passwd -p wa -k identity',
    action: 'always',
    list: 'exit',
    configured: true,
    loaded: true,
    path: '/etc/audit/rules.d/identity.rules',
    line: 1,
  })
  t.strictSame(facts.kernel, { enabled: 1, failure: 1, backlogLimit: 8192 })
  t.match(facts, { installed: true, atBoot: true, running: true, commandLine: 'unset', rulesFileCurrent: true })
  t.match(facts.daemon, { maxLogFileMiB: 8, maxLogFileAction: 'rotate', spaceLeftAction: 'syslog', writesLogs: true })
  t.match(
    facts.coverage.find(({ group }) => group === 'identity'),
    {
      configured: false,
      missing: ['/etc/group', '/etc/gshadow', '/etc/security/opasswd', '/etc/shadow'],
      loaded: false,
    },
  )
  t.strictSame(
    facts.files.map(({ path, role, mode }) => `${path} ${role} ${mode}`),
    [
      '/etc/audit/audit.rules rules 0640',
      '/etc/audit/auditd.conf configuration 0640',
      '/etc/audit/rules.d/audit.rules rules 0640',
      '/etc/audit/rules.d/identity.rules rules 0644',
      ...['auditctl', 'auditd', 'augenrules', 'aureport', 'ausearch', 'autrace'].map(
        name => `/usr/sbin/${name} tool 0755`,
      ),
    ],
  )
  t.strictSame(facts.gaps, [])
  t.strictSame(state.state === 'present' && state.observations, { lost: 0, backlog: 0 })
})

t.test('an offline root tells what it would load', async t => {
  const facts = factsOf(await runProbe(audit, await openFixtureHost('debian12-minimal')))
  t.match(facts, { installed: true, atBoot: true, source: 'augenrules', rules: [] })
  t.equal(facts.running, undefined)
  t.equal(facts.commandLine, undefined)
  t.ok(facts.coverage.every(row => row.configured === false && row.loaded === undefined))
  t.ok(facts.gaps.every(({ detail }) => detail === 'offline root'))
})

t.test('rules of the files and of the kernel are put together, each once', async t => {
  const files = { ...base, [`${d}/a.rules`]: '-w /etc/a -p wa\n-w /etc/b -p wa\n-a always,exit -S open -F uid=bob\n' }
  const { rules, kernel } = await factsFrom(t, {
    files: { ...files, '/etc/passwd': 'bob:x:1001:1001::/:/bin/sh\n' },
    commands: commands('-w /etc/b -p wa\n-w /etc/c -p r -k c\n-a always,exit -S open -F uid=1001\n'),
  })
  t.strictSame(
    rules.map(({ rule, configured, loaded, path }) => [rule, configured, loaded, path !== '']),
    [
      ['-a always,exit -S open -F uid=1001', true, true, true],
      ['-w /etc/a -p wa', true, false, true],
      ['-w /etc/b -p wa', true, true, true],
      ['-w /etc/c -p r -k c', false, true, false],
    ],
  )
  t.strictSame(kernel, { enabled: 2, failure: 1, backlogLimit: 64 })
})

t.test('only programs that give rights are to be recorded, and SELinux only where it is configured', async t => {
  const missing = async (files: FixtureHost['files'], modes: NonNullable<FixtureHost['modes']> = {}) => {
    const { coverage } = await factsFrom(t, { files: { ...base, [`${d}/a.rules`]: '', ...files }, modes, live: false })
    const rows = coverage.filter(({ group }) => ['privileged-programs', 'mac-policy'].includes(group))
    return rows.flatMap(row => row.missing ?? [])
  }
  const programs = { '/usr/bin/su': '', '/usr/bin/newgrp': '', '/usr/bin/crontab': '', '/usr/bin/newuidmap': '' }
  t.strictSame(
    await missing(programs, { '/usr/bin/su': { mode: 0o4755 }, '/usr/bin/crontab': { mode: 0o2755 } }),
    ['/usr/bin/crontab (execution)', '/usr/bin/newuidmap (execution)', '/usr/bin/su (execution)'],
    'newgrp lost its bit; newuidmap may have capabilities instead',
  )
  const links = { '/usr/bin/sudo': '', '/usr/bin/sudoedit': { symlink: 'sudo' } }
  t.strictSame(await missing(links, { '/usr/bin/sudo': { mode: 0o4755 } }), ['/usr/bin/sudo (execution)'])
  t.strictSame(await missing({ '/etc/selinux/semanage.conf': '' }), [])
  t.strictSame(await missing({ '/etc/selinux/config': '' }), ['/etc/selinux'])
})

t.test('a recorded set is the same in files and kernel', async t => {
  const { rules, coverage } = await factsFrom(t, {
    files: { ...base, [`${d}/benchmark.rules`]: fixture('benchmark.rules') },
    commands: commands(fixture('benchmark.list')),
  })
  t.equal(rules.length, 44)
  t.ok(rules.every(({ configured, loaded }) => configured && loaded))
  t.ok(coverage.every(row => row.configured === row.loaded && row.missing?.length === row.notLoaded?.length))
})

t.test('without the right to ask, loaded rules are unknown and the gap says what it takes', async t => {
  const [root = '', namespace = '', disabled = ''] = fixture('errors.txt').split('\n')
  const files = { ...base, [`${d}/a.rules`]: '-w /etc/a -p wa\n' }
  for (const stderr of [root, namespace]) {
    const facts = await factsFrom(t, {
      files,
      commands: {
        'auditctl -l': { exitCode: 255, stdout: '', stderr },
        'auditctl -s': { exitCode: 255, stdout: '', stderr },
      },
    })
    t.strictSame(facts.rules[0]?.loaded, undefined)
    t.equal(facts.kernel, undefined)
    t.match(
      facts.gaps.find(({ field }) => field === 'rules.loaded'),
      { source: 'auditctl -l', state: 'unreadable', detail: /CAP_AUDIT_CONTROL/ },
    )
    t.ok(facts.gapTexts.includes('rules auditctl -l unreadable'), 'there may be more rules than those of the files')
  }
  const other = await factsFrom(t, {
    files,
    commands: { 'auditctl -l': { stdout: disabled }, 'auditctl -s': { stdout: '' } },
  })
  t.ok(other.gapTexts.includes('rules.loaded auditctl -l unavailable'))
  const missing = await factsFrom(t, { files })
  t.ok(missing.gapTexts.includes('rules.loaded auditctl -l unavailable'))
  t.ok(missing.gapTexts.includes('kernel auditctl -s unavailable'))
})

t.test('a kernel booted with audit=0 has no rules', async t => {
  const { commandLine, rules } = await factsFrom(t, {
    files: { ...base, '/proc/cmdline': 'audit=1 quiet audit=0\n', [`${d}/a.rules`]: '-w /etc/a -p wa\n' },
    commands: { 'auditctl -l': { stdout: 'The audit system is disabled\n' }, 'auditctl -s': { stdout: '' } },
  })
  t.equal(commandLine, 'off')
  t.match(rules, [{ configured: true, loaded: false }])
})

t.test('auditd.conf with its defaults, and actions without their arguments', async t => {
  const conf =
    'write_logs = no\nspace_left_action = EXEC /usr/local/bin/alarm\ndisk_full_action = HALT\nnum_logs = many\n'
  const { daemon } = await factsFrom(t, { files: { ...base, '/etc/audit/auditd.conf': conf } })
  t.strictSame(daemon, {
    present: true,
    logFile: '/var/log/audit/audit.log',
    writesLogs: false,
    maxLogFileMiB: 0,
    numLogs: 0,
    maxLogFileAction: 'ignore',
    spaceLeftAction: 'exec',
    adminSpaceLeftAction: 'ignore',
    diskFullAction: 'halt',
    diskErrorAction: 'syslog',
  })
})

t.test('modes of logs and tools', async t => {
  const { files } = await factsFrom(t, {
    files: { ...base, '/var/log/audit/audit.log': 'x', '/usr/sbin/augenrules': '' },
    modes: { '/var/log/audit': { mode: 0o750, gid: 4 }, '/var/log/audit/audit.log': { mode: 0o640, gid: 4 } },
  })
  t.strictSame(
    files.map(({ path, role, mode, gid }) => `${path} ${role} ${mode} ${gid}`),
    [
      '/etc/audit/auditd.conf configuration 0644 0',
      '/usr/sbin/auditctl tool 0644 0',
      '/usr/sbin/augenrules tool 0644 0',
      '/var/log/audit logDirectory 0750 4',
      '/var/log/audit/audit.log log 0640 4',
    ],
  )
})

t.test('a host without auditd has no groups to cover', async t => {
  const { installed, atBoot, running, coverage, rules, source } = await factsFrom(t, {
    files: {
      '/proc/cmdline': 'quiet\n',
      '/proc/1/stat': '1 (systemd) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0\n',
      '/proc/1/status': 'Uid:\t0\t0\t0\t0\n',
    },
    commands: commands('No rules\n'),
  })
  t.strictSame(
    { installed, atBoot, running, coverage, rules, source },
    {
      ...{ installed: false, atBoot: false, running: false },
      ...{ coverage: [], rules: [], source: 'none' },
    },
  )
})

t.test('files that cannot be read are named, and what they hold is unknown', async t => {
  const facts = await factsFrom(t, {
    files: { ...base, [`${d}/a.rules`]: { fifo: true }, '/etc/audit/auditd.conf': { fifo: true } },
    commands: commands('-w /etc/a -p wa\n'),
  })
  t.equal(facts.daemon, undefined)
  t.equal(facts.source, undefined)
  t.match(facts.rules, [{ loaded: true }])
  t.equal(facts.rules[0]?.configured, undefined)
  for (const text of ['daemon /etc/audit/auditd.conf notRegular', `rules.configured ${d}/a.rules notRegular`]) {
    t.ok(facts.gapTexts.includes(text), text)
  }
})
