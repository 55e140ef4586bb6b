// Tests of the sysctl probe, held against `sysctl -a` of a recorded machine.
import t from 'tap'
import { sysctl } from '../../../agent/probes/sysctl.ts'
import { wantedParameters } from '../../../agent/sysctl/wanted-parameters.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { SysctlFacet } from '../../../proto/facets/sysctl.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => SysctlFacet.facts.parse(presentFacts(state))

async function factsFrom(t: Parameters<typeof hostFrom>[0], files: FixtureHost['files'], live = true) {
  const host = await hostFrom(t, { files: { '/proc/cmdline': 'quiet\n', ...files }, live })
  const facts = factsOf(await runProbe(sysctl, host))
  const parameter = (name: string) => facts.parameters.find(row => row.name === name)
  return { ...facts, parameter, gapTexts: facts.gaps.map(({ field, source, state }) => `${field} ${source} ${state}`) }
}

t.test('values of the recorded machine are those that sysctl -a printed', async t => {
  const facts = factsOf(await runProbe(sysctl, await openFixtureHost('debian12-vm')))
  const printed = new Map<string, string>()
  for (const line of fixtureCommand('debian12-vm', 'sysctl-a').split('\n')) {
    const [name = '', value = ''] = line.split(/ =(?: |$)/, 2)
    if (!printed.has(name)) printed.set(name, value.replace(/\s+/g, ' ').trim())
  }
  for (const { name, supported, live } of facts.parameters) {
    t.strictSame([supported, live], [printed.has(name), printed.get(name) ?? ''], name)
  }
  t.ok(facts.parameters.length > 60)
  t.strictSame(facts.gaps, [])
})

t.test('on the recorded machine ufw sets some after sysctl.d, and nothing differs', async t => {
  const facts = factsOf(await runProbe(sysctl, await openFixtureHost('debian12-vm')))
  const parameter = (name: string) => facts.parameters.find(row => row.name === name)
  t.equal(facts.loader, 'systemd')
  t.match(parameter('net.ipv4.ip_forward'), { persisted: '1', origin: { path: '/etc/sysctl.d/99-k8s.conf', line: 2 } })
  t.match(parameter('fs.protected_regular'), { origin: { path: '/usr/lib/sysctl.d/99-protect-links.conf', line: 9 } })
  t.match(parameter('net.ipv4.conf.all.accept_redirects'), { origin: { path: '/etc/ufw/sysctl.conf', line: 17 } })
  t.match(parameter('kernel.kptr_restrict'), { live: '0', persisted: '', origin: { path: '', line: 0 } })
  t.strictSame(
    facts.parameters.filter(row => row.differs),
    [],
  )
  const [, eth0] = facts.interfaces ?? []
  t.strictSame(
    facts.interfaces?.map(({ name }) => name),
    ['default', 'eth0'],
    'neither lo nor docker0',
  )
  // ufw came after the card: its default of 0 reached later interfaces only, and `all` means nothing here.
  t.match(eth0, { ipv6: { acceptsRedirects: true }, ipv4: { acceptsRedirects: false, forwards: true } })
})

t.test('an offline root is judged by its disk', async t => {
  const facts = factsOf(await runProbe(sysctl, await openFixtureHost('debian12-minimal')))
  t.equal(facts.loader, 'systemd')
  t.match(
    facts.parameters.find(row => row.name === 'fs.protected_symlinks'),
    { persisted: '1', origin: { path: '/usr/lib/sysctl.d/99-protect-links.conf' } },
  )
  t.ok(facts.parameters.every(row => row.live === undefined && row.supported === undefined))
  t.equal(facts.interfaces, undefined)
  t.strictSame(
    facts.gaps.map(({ field, detail }) => `${field} ${detail}`),
    [
      'interfaces offline root',
      'parameters.differs offline root',
      'parameters.live offline root',
      'parameters.supported offline root',
    ],
  )
})

t.test('the later file name wins whatever its directory, an equal name hides', async t => {
  const { parameter, hiddenFiles } = await factsFrom(t, {
    '/proc/1/comm': 'systemd\n',
    '/usr/lib/sysctl.d/50-x.conf': 'kernel.kptr_restrict = 1\nkernel.dmesg_restrict = 0\n',
    '/etc/sysctl.d/10-x.conf': 'kernel.kptr_restrict = 2\n',
    '/run/sysctl.d/50-y.conf': 'kernel.sysrq = 1\n',
    '/usr/lib/sysctl.d/50-y.conf': 'kernel.sysrq = 0\n',
    '/etc/sysctl.conf': 'kernel.dmesg_restrict = 1\n',
    '/etc/sysctl.d/z.conf~': 'kernel.dmesg_restrict = 2\n',
    '/proc/sys/kernel/kptr_restrict': '1\n',
    '/proc/sys/kernel/sysrq': '0x1\n',
    '/proc/sys/kernel/dmesg_restrict': '1\n',
  })
  t.match(parameter('kernel.kptr_restrict'), { persisted: '1', differs: false })
  t.match(parameter('kernel.sysrq'), { persisted: '1', origin: { path: '/run/sysctl.d/50-y.conf' }, differs: false })
  t.match(parameter('kernel.dmesg_restrict'), { persisted: '0', differs: true }, 'systemd does not read sysctl.conf')
  t.strictSame(hiddenFiles, ['/usr/lib/sysctl.d/50-y.conf'])
})

t.test('without systemd /etc/sysctl.conf has the last word', async t => {
  const { parameter, loader } = await factsFrom(t, {
    '/etc/sysctl.d/99-z.conf': 'kernel.kptr_restrict = 1\n',
    '/etc/sysctl.conf': 'kernel.kptr_restrict = 2\n',
  })
  t.equal(loader, 'procps')
  t.match(parameter('kernel.kptr_restrict'), { persisted: '2', origin: { path: '/etc/sysctl.conf', line: 1 } })
})

t.test('with systemd-sysctl masked no file counts', async t => {
  const { parameter, loader } = await factsFrom(t, {
    '/proc/1/comm': 'systemd\n',
    '/etc/systemd/system/systemd-sysctl.service': { symlink: '/dev/null' },
    '/etc/sysctl.d/99-z.conf': 'kernel.kptr_restrict = 1\n',
  })
  t.equal(loader, 'none')
  t.match(parameter('kernel.kptr_restrict'), { persisted: '' })
})

t.test('the kernel command line sets what no file sets', async t => {
  const { parameter } = await factsFrom(t, {
    '/proc/cmdline': 'quiet sysctl.kernel.sysrq=0 sysctl/kernel/kptr_restrict=2 sysctl.kernel/../x=1\n',
    '/etc/sysctl.d/a.conf': 'kernel.sysrq = 4\n',
  })
  t.match(parameter('kernel.sysrq'), { persisted: '4', origin: { path: '/etc/sysctl.d/a.conf', line: 1 } })
  t.match(parameter('kernel.kptr_restrict'), { persisted: '2', origin: { path: '/proc/cmdline', line: 1 } })
})

t.test('ufw counts only when it is on and starts at boot', async t => {
  const ufw = (enabled: string) => ({
    '/etc/default/ufw': 'IPT_SYSCTL=/etc/ufw/sysctl.conf\n',
    '/etc/ufw/ufw.conf': `ENABLED=${enabled}\n`,
    '/etc/ufw/sysctl.conf': 'net/ipv4/tcp_syncookies=0\n',
    '/etc/systemd/system/multi-user.target.wants/ufw.service': { symlink: '/usr/lib/systemd/system/ufw.service' },
  })
  const on = await factsFrom(t, ufw('yes'))
  t.match(on.parameter('net.ipv4.tcp_syncookies'), { persisted: '0', origin: { path: '/etc/ufw/sysctl.conf' } })
  t.match((await factsFrom(t, ufw('no'))).parameter('net.ipv4.tcp_syncookies'), { persisted: '' })
})

t.test('every parameter that a file names has a row, one the kernel lacks too', async t => {
  const { parameter, gapTexts } = await factsFrom(t, {
    '/etc/sysctl.d/a.conf':
      'net.ipv4.conf.eth0/1.rp_filter=1\nvm.no_such = 3\njunk\nnet.ipv6.conf.all.stable_secret=2001::1\n',
    '/proc/sys/net/ipv4/conf/eth0.1/rp_filter': '0\n',
    '/proc/sys/net/ipv6/conf/all/stable_secret': '2001:db8::1\n',
  })
  t.match(parameter('net.ipv4.conf.eth0/1.rp_filter'), { live: '0', persisted: '1', differs: true })
  t.match(parameter('vm.no_such'), { supported: false, live: '', persisted: '3', differs: false })
  t.match(parameter('net.ipv6.conf.all.stable_secret'), { live: '(hidden)', persisted: '(hidden)', differs: true })
  t.strictSame(gapTexts, ['parameters.origin /etc/sysctl.d/a.conf malformed'])
})

t.test('text set for a parameter that is not known to exist is not told', async t => {
  const files = {
    '/etc/sysctl.d/a.conf': 'vm.no_such = hunter2\nvm.nr = 1 -2\nkernel.core_pattern = |/bin/x\nfs.real = text\n',
    '/proc/sys/fs/real': 'other\n',
  }
  const live = await factsFrom(t, files)
  t.match(live.parameter('vm.no_such'), { persisted: '(hidden)', origin: { path: '/etc/sysctl.d/a.conf', line: 1 } })
  t.equal(live.parameter('vm.nr')?.persisted, '1 -2')
  t.equal(live.parameter('kernel.core_pattern')?.persisted, '|/bin/x')
  t.match(live.parameter('fs.real'), { live: 'other', persisted: 'text' })
  const offline = await factsFrom(t, files, false)
  t.equal(offline.parameter('fs.real')?.persisted, '(hidden)', 'only a running kernel tells what it has')
  t.equal(offline.parameter('kernel.core_pattern')?.persisted, '|/bin/x')
})

t.test('a name that leads out of /proc/sys is never read', async t => {
  const facts = await factsFrom(t, {
    '/etc/sysctl.d/a.conf': 'kernel/../../1/environ = 1\nkernel.//.secret = 1\n',
    '/proc/1/environ': 'SECRET=1',
    '/proc/secret': 'SECRET=2',
  })
  t.notMatch(JSON.stringify(facts), /SECRET/)
  t.strictSame(facts.gapTexts, ['parameters.origin /etc/sysctl.d/a.conf malformed'])
})

t.test('a file that cannot be read leaves unknown what is persisted, not what is live', async t => {
  const { parameter, gapTexts } = await factsFrom(t, {
    '/etc/sysctl.d/a.conf': { fifo: true },
    '/proc/sys/kernel/sysrq': '0\n',
    '/proc/sys/kernel/panic': 'x'.repeat(2000),
  })
  t.strictSame(parameter('kernel.sysrq'), { name: 'kernel.sysrq', supported: true, live: '0' })
  t.strictSame(parameter('kernel.panic'), { name: 'kernel.panic' })
  t.strictSame(gapTexts, [
    'parameters.differs /etc/sysctl.d/a.conf notRegular',
    'parameters.differs /proc/sys/kernel/panic tooLarge',
    'parameters.live /proc/sys/kernel/panic tooLarge',
    'parameters.origin /etc/sysctl.d/a.conf notRegular',
    'parameters.persisted /etc/sysctl.d/a.conf notRegular',
    'parameters.supported /proc/sys/kernel/panic tooLarge',
  ])
})

t.test('an agent in another network namespace does not take its own parameters for the one of the host', async t => {
  const { parameter, interfaces, gapTexts } = await factsFrom(t, {
    '/proc/self/ns/net': { symlink: 'net:[1]' },
    '/proc/1/ns/net': { symlink: 'net:[2]' },
    '/proc/sys/net/ipv4/ip_forward': '1\n',
    '/proc/sys/net/ipv4/conf/eth0/rp_filter': '1\n',
    '/proc/sys/kernel/sysrq': '0\n',
  })
  t.equal(parameter('net.ipv4.ip_forward')?.live, undefined)
  t.equal(parameter('kernel.sysrq')?.live, '0')
  t.strictSame(
    interfaces?.filter(({ ipv4 }) => ipv4 !== undefined),
    [],
  )
  t.ok(gapTexts.includes('parameters.live /proc/sys/net/ipv4/ip_forward unavailable'))
  t.ok(gapTexts.some(text => text.startsWith('interfaces.ipv4 /proc/sys/net/ipv4/conf/')))
})

t.test('the values of all and of an interface make together what the kernel does', async t => {
  const conf = (family: string, name: string, values: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      Object.entries(values).map(([leaf, value]) => [`/proc/sys/net/${family}/conf/${name}/${leaf}`, `${value}\n`]),
    )
  const { interfaces } = await factsFrom(t, {
    ...conf('ipv4', 'all', {
      accept_redirects: 0,
      send_redirects: 0,
      accept_source_route: 1,
      rp_filter: 2,
      log_martians: 0,
    }),
    ...conf('ipv4', 'default', { accept_redirects: 1, send_redirects: 0, accept_source_route: 0, rp_filter: 1 }),
    ...conf('ipv4', 'eth0', {
      accept_redirects: 1,
      send_redirects: 1,
      accept_source_route: 1,
      forwarding: 1,
      log_martians: 1,
    }),
    ...conf('ipv4', 'veth12ab', { accept_redirects: 1 }),
    ...conf('ipv4', 'lo', { accept_redirects: 1 }),
    ...conf('ipv6', 'all', { accept_redirects: 0, accept_source_route: 0 }),
    ...conf('ipv6', 'default', { accept_redirects: 1, accept_ra: 1, accept_source_route: 1 }),
    ...conf('ipv6', 'eth0', { accept_ra: 1, forwarding: 1, accept_redirects: 1 }),
    ...conf('ipv6', 'wg0', { disable_ipv6: 1, accept_ra: 1 }),
    ...conf('ipv4', 'wg0', { rp_filter: 0 }),
  })
  t.strictSame(
    interfaces?.map(({ name }) => name),
    ['default', 'eth0', 'wg0'],
  )
  t.match(interfaces, [
    {
      ipv4: { acceptsRedirects: true, sendsRedirects: false, acceptsSourceRoute: false, reversePathFilter: 2 },
      ipv6: { enabled: true, acceptsRedirects: true, acceptsRouterAdvertisements: true, acceptsSourceRoute: false },
    },
    {
      ipv4: { acceptsRedirects: false, sendsRedirects: true, acceptsSourceRoute: true, logsMartians: true },
      ipv6: { acceptsRedirects: false, acceptsRouterAdvertisements: false, forwards: true },
    },
    { ipv4: { reversePathFilter: 2 }, ipv6: { enabled: false, acceptsRouterAdvertisements: false } },
  ])
})

t.test('a kernel without IPv6 accepts nothing of it, one with too many interfaces says so', async t => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => [`/proc/sys/net/ipv4/conf/ppp${at}/rp_filter`, '1\n']),
  )
  const { interfaces, gapTexts } = await factsFrom(t, files)
  t.equal(interfaces?.length, 128)
  t.match(interfaces?.[0], { ipv6: { enabled: false, acceptsRedirects: false } })
  t.strictSame(gapTexts, ['interfaces /proc/sys/net/ipv4/conf tooLarge'])
})

t.test('a host without /proc/sys supports nothing, and every wanted parameter has a row', async t => {
  const { parameters } = await factsFrom(t, {})
  t.equal(parameters.length, wantedParameters.length)
  t.ok(parameters.every(({ supported, live }) => supported === false && live === ''))
})
