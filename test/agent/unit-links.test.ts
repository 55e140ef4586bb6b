// Tests of what counts as started at boot.
import t from 'tap'
import { isEnabledAtBoot } from '../../agent/unit-links.ts'
import { fixtureCommand, openFixtureHost } from '../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../host-from.ts'

const unit = '/usr/lib/systemd/system/ufw.service'
const want = '/etc/systemd/system/multi-user.target.wants/ufw.service'
const toUnit = { symlink: unit }
const toNull = { symlink: '/dev/null' }

const cases: readonly (readonly [string, boolean, FixtureHost['files'], string?])[] = [
  ['a link in a target of /etc', true, { [unit]: 'x', [want]: toUnit }],
  ['a dangling link, as offline roots have', true, { [want]: toUnit }],
  ['no link', false, { [unit]: 'x' }],
  ['nothing at all', false, {}],
  ['masked by a link', false, { [want]: toUnit, [unit]: 'x', '/etc/systemd/system/ufw.service': toNull }],
  ['masked by an empty file', false, { [want]: toUnit, '/etc/systemd/system/ufw.service': '' }],
  [
    'an own unit in /etc above a masked one',
    true,
    { [want]: toUnit, [unit]: toNull, '/etc/systemd/system/ufw.service': 'x' },
  ],
  [
    'required instead of wanted',
    true,
    { [unit]: 'x', '/etc/systemd/system/basic.target.requires/ufw.service': toUnit },
  ],
  ['a shipped link', true, { [unit]: 'x', '/usr/lib/systemd/system/sysinit.target.wants/ufw.service': toUnit }],
  [
    'a shipped link taken back',
    false,
    {
      [unit]: 'x',
      '/usr/lib/systemd/system/sysinit.target.wants/ufw.service': toUnit,
      '/etc/systemd/system/sysinit.target.wants/ufw.service': toNull,
    },
  ],
  [
    'wanted by a target no boot passes',
    false,
    { [unit]: 'x', '/etc/systemd/system/rescue.target.wants/ufw.service': toUnit },
  ],
  ['a SysV link without a unit', true, { '/etc/rc2.d/S01ufw': { symlink: '../init.d/ufw' } }],
  ['a SysV link of Red Hat', true, { '/etc/rc.d/rc3.d/S08ufw': 'x' }],
  ['a SysV link that stops', false, { '/etc/rc2.d/K01ufw': 'x' }],
  ['a SysV link of another service', false, { '/etc/rc2.d/S01ufw-extra': 'x' }],
  ['a SysV link beside a unit that is off', false, { [unit]: 'x', '/etc/rcS.d/S01ufw': 'x' }],
  ['a runlevel of OpenRC', true, { '/etc/runlevels/default/ufw': { symlink: '/etc/init.d/ufw' } }],
  ['a socket', true, { '/etc/systemd/system/sockets.target.wants/ufw.socket': { symlink: '/x' } }, 'ufw.socket'],
  [
    'an instance of a template',
    true,
    {
      '/usr/lib/systemd/system/a@.service': 'x',
      '/etc/systemd/system/multi-user.target.wants/a@b.service': { symlink: '/x' },
    },
    'a@b.service',
  ],
  [
    'a masked template',
    false,
    { '/etc/systemd/system/a@.service': toNull, '/etc/systemd/system/x.target.wants/a@b.service': toNull },
    'a@b',
  ],
]

for (const [title, enabled, files, name = 'ufw'] of cases) {
  t.test(title, async t => {
    const answer = await isEnabledAtBoot(await hostFrom(t, { files }), name)
    t.equal(answer.state === 'present' ? answer.value : answer, enabled)
  })
}

t.test('a directory that cannot be listed is a failure, not a no', async t => {
  const files = {
    [unit]: 'x',
    ...Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`/etc/systemd/system/${at}`, ''])),
  }
  const answer = await isEnabledAtBoot(await hostFrom(t, { files }), 'ufw')
  t.match(answer, { state: 'tooLarge', path: '/etc/systemd/system' })
})

t.test('services of a recorded machine are what systemctl said', async t => {
  const host = await openFixtureHost('debian12-vm')
  const listed = fixtureCommand('debian12-vm', 'systemctl-files')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
  let compared = 0
  for (const [name = '', state = ''] of listed) {
    if (
      ![
        'ufw.service',
        'apparmor.service',
        'ssh.service',
        'docker.service',
        'containerd.service',
        'nftables.service',
        'auditd.service',
        'ssh.socket',
        'docker.socket',
        'rsync.service',
      ].includes(name)
    )
      continue
    const answer = await isEnabledAtBoot(host, name)
    t.equal(answer.state === 'present' && answer.value, state === 'enabled', `${name} ${state}`)
    compared++
  }
  t.ok(compared >= 6, `${compared} units were compared`)
})
