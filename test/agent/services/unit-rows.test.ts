// Tests of unit states, held against `systemctl --root` on generated trees and against a recorded list.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { Gaps } from '../../../agent/probe.ts'
import { knownServices } from '../../../agent/services/known-services.ts'
import { readBootServices } from '../../../agent/services/unit-rows.ts'
import { fixtureCommand, fixtureRoot, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, type FixtureHost, hostFrom } from '../../host-from.ts'
import { findTool } from '../../tools.ts'

async function rowsOf(t: Parameters<typeof hostFrom>[0], files: FixtureHost['files'], ownInit = false) {
  const gaps = new Gaps()
  const boot = await readBootServices(await hostFrom(t, { files }), ownInit, gaps)
  const row = (unit: string) => boot.units.find(one => one.unit === unit)
  return { ...boot, row, gaps: gaps.rows.map(({ field, source, state }) => `${field} ${source} ${state}`) }
}

const system = '/usr/lib/systemd/system'
const local = '/etc/systemd/system'
const toNull = { symlink: '/dev/null' }
const installed = '[Install]\nWantedBy=multi-user.target\n'

t.test('states of the recorded machine are those that systemctl listed', async t => {
  const { units } = await readBootServices(await openFixtureHost('debian12-vm'), false, new Gaps())
  const listed = new Map(
    fixtureCommand('debian12-vm', 'systemctl-files')
      .split('\n')
      .map(line => line.trim().split(/\s+/))
      .map(([unit = '', state = '']) => [unit, state]),
  )
  for (const { unit, state } of units) t.equal(state, listed.get(unit), unit)
  t.ok(units.length >= 18, `${units.length} units were compared`)
  const ours = new Set(units.map(({ unit }) => unit))
  const wanted = Object.values(knownServices).flatMap(({ units }) => units)
  const missing = wanted.map(name => (name.includes('.') ? name : `${name}.service`)).filter(unit => listed.has(unit))
  t.strictSame(
    missing.filter(unit => !ours.has(unit)),
    [],
    'none that systemctl lists is missing',
  )
})

t.test('what starts at boot on the recorded machine is enabled there or shipped with a link', async t => {
  const { startedAtBoot } = await readBootServices(await openFixtureHost('debian12-vm'), false, new Gaps())
  const listed = fixtureCommand('debian12-vm', 'systemctl-files')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
  for (const [unit = '', state = ''] of listed) {
    if (state === 'masked') t.notOk(startedAtBoot.includes(unit), `${unit} is masked`)
    // These are enabled in ways that no link of a target says.
    const otherwise = ['systemd-network-generator.service', 'getty@.service', 'systemd-remount-fs.service']
    if (state === 'enabled' && !otherwise.includes(unit)) t.ok(startedAtBoot.includes(unit), `${unit} is enabled`)
  }
})

t.test('a script without a unit, a mask, an alias and drop-ins', async t => {
  const {
    row,
    startedAtBoot,
    installed: known,
  } = await rowsOf(t, {
    '/etc/init.d/snmpd': '#!/bin/sh',
    '/etc/rc2.d/S01snmpd': { symlink: '../init.d/snmpd' },
    '/etc/init.d/rsync': '#!/bin/sh',
    [`${system}/avahi-daemon.service`]: installed,
    [`${local}/avahi-daemon.service`]: toNull,
    [`${local}/rpcbind.service`]: toNull,
    [`${system}/ssh.service`]: '[Install]\nWantedBy=multi-user.target\nAlias=sshd.service\n',
    [`${local}/sshd.service`]: { symlink: `${system}/ssh.service` },
    [`${local}/ssh.service.d/a.conf`]: '[Service]\n',
    [`${local}/ssh.service.d/b.bak`]: '',
  })
  t.match(row('snmpd.service'), { state: 'sysv', atBoot: true, path: '/etc/init.d/snmpd' })
  t.match(row('rsync.service'), { state: 'sysv', atBoot: false })
  t.match(row('avahi-daemon.service'), { state: 'masked', atBoot: false, path: `${local}/avahi-daemon.service` })
  t.match(row('ssh.service'), { state: 'enabled', atBoot: false, dropIns: [`${local}/ssh.service.d/a.conf`] })
  t.match(row('sshd.service'), { state: 'alias' })
  t.strictSame([known.has('avahi'), known.has('rpcbind')], [true, false], 'a mask alone installs nothing')
  t.strictSame(startedAtBoot, ['snmpd.service'])
})

t.test('a display manager starts with a graphical boot only', async t => {
  const files = {
    [`${system}/gdm.service`]: '[Install]\nAlias=display-manager.service\n',
    [`${local}/display-manager.service`]: { symlink: `${system}/gdm.service` },
  }
  const graphical = await rowsOf(t, { ...files, [`${system}/default.target`]: { symlink: 'graphical.target' } })
  t.match(graphical.row('gdm.service'), { state: 'enabled', atBoot: true })
  t.strictSame(graphical.startedAtBoot, ['gdm.service'])
  const text = await rowsOf(t, {
    ...files,
    [`${system}/default.target`]: { symlink: 'graphical.target' },
    [`${local}/default.target`]: { symlink: `${system}/multi-user.target` },
  })
  t.match(text.row('gdm.service'), { atBoot: false })
})

t.test('where another init runs, scripts alone count', async t => {
  const { row, startedAtBoot } = await rowsOf(
    t,
    {
      [`${system}/cron.service`]: installed,
      [`${local}/multi-user.target.wants/cron.service`]: { symlink: `${system}/cron.service` },
      '/etc/init.d/cron': '',
      '/etc/init.d/rsyslog': '',
      '/etc/runlevels/default/rsyslog': { symlink: '/etc/init.d/rsyslog' },
    },
    true,
  )
  t.match(row('cron.service'), { state: 'sysv', atBoot: false })
  t.match(row('rsyslog.service'), { state: 'sysv', atBoot: true })
  t.strictSame(startedAtBoot, ['rsyslog'])
})

t.test('what cannot be read leaves unknown what it may hold', async t => {
  const { row, gaps, complete } = await rowsOf(t, {
    [`${system}/cron.service`]: { fifo: true },
    [`${system}/ssh.service`]: installed,
    [`${system}/auditd.service`]: new Uint8Array(2 << 20),
    [`${local}/multi-user.target.wants`]: 'not a directory',
    [`${local}/sockets.target.wants`]: { symlink: '/x' },
    '/x': { fifo: true },
  })
  t.equal(complete, false)
  t.strictSame(row('auditd.service'), {
    unit: 'auditd.service',
    service: 'auditd',
    path: `${system}/auditd.service`,
    dropIns: [],
  })
  t.strictSame(row('ssh.service'), { unit: 'ssh.service', service: 'ssh', path: `${system}/ssh.service`, dropIns: [] })
  t.ok(gaps.includes(`units.state ${system}/auditd.service tooLarge`), gaps.join('\n'))
  t.ok(gaps.includes(`units.state ${system}/cron.service notRegular`))
  t.ok(gaps.includes(`known.atBoot ${local}/sockets.target.wants notRegular`))
})

const unitText = fc.constantFrom(
  '[Service]\nExecStart=/bin/true\n',
  installed,
  '[Install]\nAlias=sshd.service\n',
  '[Install]\nAlso=ssh.socket\n',
  '[Install]\nRequiredBy=multi-user.target\nAlias=sshd.service\n',
  '[Install]\nWantedBy=multi-user.target\nWantedBy=\n',
  '',
)
const link = (path: string, target: string) =>
  fc.constantFrom<Record<string, FixtureFile>>({}, { [path]: { symlink: target } })
const tree = fc
  .tuple(
    fc.oneof(
      unitText.map(text => ({ [`${system}/ssh.service`]: text })),
      fc.constant({}),
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      unitText.map(text => ({ [`${local}/ssh.service`]: text })),
    ),
    link(`${local}/multi-user.target.wants/ssh.service`, `${system}/ssh.service`),
    link(`${local}/sshd.service`, `${system}/ssh.service`),
    link(`${system}/sysinit.target.wants/ssh.service`, '../ssh.service'),
    fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, fc.constant({ [`${local}/ssh.service`]: toNull })),
    fc.constantFrom<Record<string, FixtureFile>>({}, { [`${local}/ssh.service.d/x.conf`]: installed }),
  )
  .map(parts => Object.assign({}, ...parts) as Record<string, FixtureFile>)

t.test('on generated trees the state is that of systemctl --root', async t => {
  const systemctl = findTool('systemctl')
  if (!systemctl) {
    t.comment('skipped: systemctl is not installed (package systemd)')
    return
  }
  let compared = 0
  await fc.assert(
    fc.asyncProperty(tree, async files => {
      const host = await hostFrom(t, { files: { ...files, '/etc/os-release': '' } })
      const { units } = await readBootServices(host, false, new Gaps())
      const { stdout } = spawnSync(systemctl, [`--root=${host.root}`, 'is-enabled', 'ssh.service'], {
        encoding: 'utf8',
      })
      const ours = units.find(({ unit }) => unit === 'ssh.service')?.state
      const theirs = stdout.trim()
      assert.equal(ours, theirs === '' || theirs === 'not-found' ? undefined : theirs, JSON.stringify(files))
      compared += ours === undefined ? 0 : 1
    }),
    { numRuns: 80 },
  )
  t.ok(compared > 30, `${compared} states were compared`)
  t.match(
    execFileSync(systemctl, [`--root=${fixtureRoot('debian12-vm')}`, 'is-enabled', 'ssh.service'], {
      encoding: 'utf8',
    }),
    'enabled',
  )
})
