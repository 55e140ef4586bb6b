// Tests of the services probe, held against systemctl of a recorded machine.
import t from 'tap'
import { services } from '../../../agent/probes/services.ts'
import { knownServices } from '../../../agent/services/known-services.ts'
import { serviceOfUnit } from '../../../agent/services/running.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { ServicesFacet } from '../../../proto/facets/services.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => ServicesFacet.facts.parse(presentFacts(state))
const listCommand = 'systemctl list-units --all --no-pager --plain --no-legend'

async function factsFrom(t: Parameters<typeof hostFrom>[0], fixture: FixtureHost) {
  const facts = factsOf(await runProbe(services, await hostFrom(t, fixture)))
  const known = (name: string) => facts.known.find(row => row.name === name)
  return { ...facts, service: known, gapTexts: facts.gaps.map(one => `${one.field} ${one.source} ${one.state}`) }
}

/** A process as /proc has it. */
function process(pid: number, name: string, uid: number, cgroup: string): FixtureHost['files'] {
  return {
    [`/proc/${pid}/stat`]: `${pid} (${name}) S 1 ${pid} ${pid} 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 ${pid} 0 0\n`,
    [`/proc/${pid}/status`]: `Name:\t${name}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`,
    [`/proc/${pid}/comm`]: `${name}\n`,
    [`/proc/${pid}/exe`]: { symlink: `/usr/sbin/${name}` },
    [`/proc/${pid}/cgroup`]: `0::${cgroup}\n`,
  }
}
const systemd = { ...process(1, 'systemd', 0, '/init.scope') }

t.test('what runs on the recorded machine is what systemctl said', async t => {
  const facts = factsOf(await runProbe(services, await openFixtureHost('debian12-vm')))
  const active = new Set<string | undefined>()
  for (const line of fixtureCommand('debian12-vm', 'systemctl-units').split('\n')) {
    const [unit = '', , state] = line.trim().split(/\s+/)
    if (state === 'active') active.add(serviceOfUnit(unit))
  }
  for (const { name, running, inContainer } of facts.known) {
    t.strictSame([running, inContainer], [active.has(name), false], name)
  }
  t.ok(active.size > 8)
  t.strictSame(facts.failedUnits, [])
  t.strictSame(facts.gaps, [])
})

t.test('processes alone tell the same, but for what does its work and ends', async t => {
  const asked = factsOf(await runProbe(services, await openFixtureHost('debian12-vm')))
  const recorded = await openFixtureHost('debian12-vm')
  const run = async () => ({ state: 'absent', path: 'systemctl', detail: 'systemctl is not installed' }) as const
  const host = new Proxy(recorded, { get: (host, name) => (name === 'run' ? run : Reflect.get(host, name)) })
  const facts = factsOf(await runProbe(services, host))
  for (const { name, running } of facts.known) {
    if (knownServices[name]?.oneShot) t.equal(running, undefined, name)
    else t.equal(running, asked.known.find(row => row.name === name)?.running, name)
  }
  t.strictSame(
    facts.gaps.map(({ field, detail }) => `${field} ${detail}`),
    ['failedUnits systemctl is not installed', 'known.running systemctl is not installed'],
  )
})

t.test('logging, time and updates of the recorded machine', async t => {
  const facts = factsOf(await runProbe(services, await openFixtureHost('debian12-vm')))
  t.strictSame(facts.journald, { storage: 'auto', persistent: false, compress: true, forwardToSyslog: 'default' })
  t.strictSame(facts.timeSources, [{ daemon: 'systemd-timesyncd', sources: 0, authenticated: 0 }])
  t.strictSame(facts.automaticUpdates, { method: 'none', refreshes: false, installs: false })
})

t.test('an offline root tells what is installed and starts, not what runs', async t => {
  const facts = factsOf(await runProbe(services, await openFixtureHost('debian12-minimal')))
  const service = (name: string) => facts.known.find(row => row.name === name)
  t.strictSame(service('auditd'), { name: 'auditd', installed: true, atBoot: true })
  t.strictSame(service('docker'), { name: 'docker', installed: false, atBoot: false })
  t.strictSame(service('apt-upgrade'), { name: 'apt-upgrade', installed: true, atBoot: true })
  t.ok(facts.gaps.every(({ detail }) => detail === 'offline root'))
})

t.test('a process counts by its unit, or by its name under a system account, never under a user', async t => {
  const { service } = await factsFrom(t, {
    files: {
      ...systemd,
      ...process(10, 'python3', 0, '/system.slice/fail2ban.service'),
      ...process(11, 'auditd', 1000, '/user.slice/user-1000.slice/session-1.scope'),
      ...process(12, 'chronyd', 102, '/'),
      ...process(13, 'ssh-of-some-kind', 0, '/system.slice/ssh.service'),
    },
  })
  t.match(service('fail2ban'), { running: true, inContainer: false })
  t.match(service('auditd'), { running: false })
  t.match(service('chrony'), { running: true })
  t.match(service('ssh'), { running: true })
})

t.test('a process in a container is not one of the host', async t => {
  const pod = `/kubepods.slice/kubepods-pod6e8e5b6c_0f1d_4d0e_9d6a_2f6f4a0c8a11.slice/cri-containerd-${'a'.repeat(64)}.scope`
  const { service } = await factsFrom(t, { files: { ...systemd, ...process(20, 'falco', 0, pod) } })
  t.match(service('falco'), { running: false, inContainer: true, installed: false })
})

t.test('the word of systemd counts for units that have ended or only listen', async t => {
  const list = `ufw.service loaded active exited Firewall
cups.socket loaded active listening CUPS
apparmor.service loaded inactive dead AppArmor
● broken.service loaded failed failed It broke
`
  const { service, failedUnits } = await factsFrom(t, { files: systemd, commands: { [listCommand]: { stdout: list } } })
  t.match(service('ufw'), { running: true })
  t.match(service('cups'), { running: true })
  t.match(service('apparmor'), { running: false })
  t.strictSame(failedUnits, ['broken.service'])
})

t.test('a systemctl that fails, or that speaks of another system, leaves unknown what only it knows', async t => {
  const failing = await factsFrom(t, { files: systemd, commands: { [listCommand]: { exitCode: 1, stdout: '' } } })
  t.equal(failing.service('ufw')?.running, undefined)
  t.ok(failing.gapTexts.includes(`failedUnits ${listCommand} unavailable`))
  const elsewhere = await factsFrom(t, {
    files: { ...systemd, '/proc/self/ns/mnt': { symlink: 'mnt:[1]' }, '/proc/1/ns/mnt': { symlink: 'mnt:[2]' } },
    commands: { [listCommand]: { stdout: 'ufw.service loaded active exited X\n' } },
  })
  t.equal(elsewhere.service('ufw')?.running, undefined)
})

t.test('hidden processes leave unknown what was not seen', async t => {
  const { service, gapTexts } = await factsFrom(t, { files: process(12, 'chronyd', 102, '/') })
  t.match(service('chrony'), { running: true })
  t.equal(service('auditd')?.running, undefined)
  t.equal(service('falco')?.inContainer, undefined)
  t.ok(gapTexts.includes('known.running /proc unreadable'))
})

t.test('another init has no failed units, and no timers', async t => {
  const { failedUnits, automaticUpdates } = await factsFrom(t, {
    files: {
      ...process(1, 'init', 0, '/'),
      '/etc/apt/apt.conf.d/20auto-upgrades':
        'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
      '/usr/bin/unattended-upgrade': '',
      '/etc/cron.daily/apt-compat': '',
    },
  })
  t.strictSame(failedUnits, [])
  t.strictSame(automaticUpdates, { method: 'apt', refreshes: true, installs: true })
})

t.test('drop-ins of journald win over its file, and words it does not know change nothing', async t => {
  const { journald } = await factsFrom(t, {
    files: {
      '/etc/systemd/journald.conf': '[Journal]\nStorage=volatile\nCompress=no\nForwardToSyslog=yes\n',
      '/usr/lib/systemd/journald.conf.d/50-x.conf': '[Journal]\nStorage=persistent\nStorage=somewhere\nCompress=512\n',
      '/usr/lib/systemd/journald.conf': '[Journal]\nStorage=none\n',
    },
  })
  t.strictSame(journald, { storage: 'persistent', persistent: true, compress: true, forwardToSyslog: 'yes' })
  const auto = await factsFrom(t, { files: { '/var/log/journal': { directory: true } } })
  t.strictSame(auto.journald, { storage: 'auto', persistent: true, compress: true, forwardToSyslog: 'default' })
})

t.test('a file of journald that cannot be read leaves its set-up unknown', async t => {
  const { journald, gapTexts } = await factsFrom(t, { files: { '/etc/systemd/journald.conf': { fifo: true } } })
  t.equal(journald, undefined)
  t.ok(gapTexts.includes('journald /etc/systemd/journald.conf notRegular'))
})

t.test('time servers are counted over all files of chrony, each once', async t => {
  const unit = { '/usr/lib/systemd/system/chrony.service': '' }
  const files = {
    '/usr/lib/systemd/system/chronyd.service': '[Install]\nWantedBy=multi-user.target\n',
    '/etc/chrony.conf': 'server wrong\n',
    '/etc/chrony/chrony.conf':
      'pool a iburst\nconfdir /etc/chrony/conf.d\nsourcedir /etc/chrony/sources.d\ninclude /etc/chrony/*.inc\n',
    '/etc/chrony/conf.d/x.conf': 'server b nts\ninclude /etc/chrony/chrony.conf\n',
    '/etc/chrony/conf.d/x.old': 'server c\n',
    '/etc/chrony/sources.d/y.sources': 'peer d key 1\n',
    '/etc/chrony/z.inc': 'server e\n',
  }
  t.strictSame((await factsFrom(t, { files })).timeSources, [{ daemon: 'chrony', sources: 4, authenticated: 2 }])
  const { timeSources, gapTexts } = await factsFrom(t, { files: { ...files, '/etc/chrony/z.inc': { fifo: true } } })
  t.equal(timeSources, undefined)
  t.ok(gapTexts.includes('timeSources /etc/chrony/z.inc notRegular'))
  t.strictSame((await factsFrom(t, { files: unit })).timeSources, [], 'an empty unit file is a mask')
})

t.test('unattended upgrades need the program, the settings and the timer', async t => {
  const timer = '[Install]\nWantedBy=timers.target\n'
  const files = {
    ...systemd,
    '/usr/bin/unattended-upgrade': '',
    '/etc/apt/apt.conf.d/20auto-upgrades':
      'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
    '/usr/lib/systemd/system/apt-daily.timer': timer,
    '/usr/lib/systemd/system/apt-daily-upgrade.timer': timer,
    '/etc/systemd/system/timers.target.wants/apt-daily.timer': { symlink: '/usr/lib/systemd/system/apt-daily.timer' },
    '/etc/systemd/system/timers.target.wants/apt-daily-upgrade.timer': { symlink: '/usr/lib/systemd/system/x' },
  }
  const updates = async (more: FixtureHost['files']) =>
    (await factsFrom(t, { files: { ...files, ...more } })).automaticUpdates
  t.strictSame(await updates({}), { method: 'apt', refreshes: true, installs: true })
  t.strictSame(
    await updates({ '/etc/systemd/system/apt-daily-upgrade.timer': { symlink: '/dev/null' } }),
    { method: 'apt', refreshes: true, installs: false },
    'its timer is masked',
  )
  t.strictSame(
    await updates({ '/etc/apt/apt.conf.d/99x': 'APT { Periodic { Unattended-Upgrade "0"; }; };' }),
    { method: 'apt', refreshes: true, installs: false },
    'a later file takes it back',
  )
  t.strictSame(await updates({ '/etc/apt/apt.conf': 'APT::Periodic::Enable "0";' }), {
    method: 'apt',
    refreshes: false,
    installs: false,
  })
  t.strictSame(
    await updates({ '/etc/apt/apt.conf.d/99x.bak': 'APT::Periodic::Enable "0";' }),
    { method: 'apt', refreshes: true, installs: true },
    'apt passes over that name',
  )
  const { automaticUpdates, gapTexts } = await factsFrom(t, {
    files: { ...files, '/etc/apt/apt.conf.d/30x': { fifo: true } },
  })
  t.equal(automaticUpdates, undefined)
  t.strictSame(
    gapTexts.filter(text => text.startsWith('automaticUpdates')),
    ['automaticUpdates /etc/apt/apt.conf.d/30x notRegular'],
  )
})

t.test('dnf-automatic installs when its file or its timer says so', async t => {
  const timer = '[Install]\nWantedBy=timers.target\n'
  const updates = async (name: string, conf: string) => {
    const files = {
      ...systemd,
      '/etc/dnf/automatic.conf': conf,
      [`/usr/lib/systemd/system/${name}`]: timer,
      [`/etc/systemd/system/timers.target.wants/${name}`]: { symlink: `/usr/lib/systemd/system/${name}` },
    }
    return (await factsFrom(t, { files })).automaticUpdates
  }
  const on = { method: 'dnf', refreshes: true, installs: true }
  t.strictSame(await updates('dnf-automatic.timer', '[commands]\napply_updates = yes\n'), on)
  t.strictSame(await updates('dnf-automatic.timer', '[commands]\napply_updates = no\n'), { ...on, installs: false })
  t.strictSame(await updates('dnf-automatic-install.timer', '[commands]\napply_updates = no\n'), on)
  t.strictSame(await updates('other.timer', ''), { method: 'dnf', refreshes: false, installs: false })
})

t.test('every known service has one row, also on an empty host', async t => {
  const { known, units } = await factsFrom(t, { files: { '/etc/hostname': 'x' } })
  t.strictSame(
    known.map(({ name }) => name),
    Object.keys(knownServices).sort(),
  )
  t.ok(known.every(({ installed, atBoot }) => installed === false && atBoot === false))
  t.strictSame(units, [])
})
