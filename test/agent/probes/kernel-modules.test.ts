// Tests of the kernel-modules probe, held against lsmod and modprobe of a recorded machine.
import t from 'tap'
import { kernelModules } from '../../../agent/probes/kernel-modules.ts'
import type { FacetState } from '../../../proto/facet.ts'
import {
  KernelModulesFacet,
  type KernelModulesObservations,
  seldomUsedModules,
} from '../../../proto/facets/kernel-modules.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => KernelModulesFacet.facts.parse(presentFacts(state))

const running = {
  '/proc/modules': 'sctp 446464 2 - Live 0x0\nvendor 16384 0 - Live 0x0 (OE)\n',
  '/proc/cmdline': 'quiet\n',
  '/proc/sys/kernel/osrelease': '6.1.0-1\n',
  '/proc/sys/kernel/modules_disabled': '0\n',
  '/proc/sys/kernel/modprobe': '/sbin/modprobe\n',
  '/proc/sys/kernel/tainted': '12288\n',
  '/lib/modules/6.1.0-1/modules.dep': 'kernel/sctp.ko: kernel/a.ko\nkernel/udf.ko:\nkernel/usb-storage.ko:\n',
  '/lib/modules/6.1.0-1/modules.builtin': 'kernel/squashfs.ko\n',
}

async function factsFrom(t: Parameters<typeof hostFrom>[0], files: FixtureHost['files'], live = true) {
  const facts = factsOf(await runProbe(kernelModules, await hostFrom(t, { files, live })))
  const module = (name: string) => facts.modules.find(row => row.name === name)
  return { ...facts, module, gapFields: facts.gaps.map(({ field, source, state }) => `${field} ${source} ${state}`) }
}

t.test('what is loaded on the recorded machine is what lsmod printed', async t => {
  const state = await runProbe(kernelModules, await openFixtureHost('debian12-vm'))
  const facts = factsOf(state)
  const printed = fixtureCommand('debian12-vm', 'lsmod')
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(/\s+/))
  const names = facts.modules.filter(({ loaded }) => loaded).map(({ name }) => name)
  t.strictSame(
    names.filter(name => !cameLater.includes(name)),
    printed.map(([name]) => name).sort(),
  )
  const { loaded } = (state.state === 'present' ? state.observations : {}) as KernelModulesObservations
  t.equal(loaded.length, names.length)
  for (const { name, sizeBytes, refcount, dependants } of loaded) {
    const line = printed.find(([printedName]) => printedName === name)
    if (!line) continue
    t.equal(String(sizeBytes), line[1], `${name} has that size`)
    if (busier.includes(name)) continue
    t.equal(String(refcount), line[2], `${name} has as many users`)
    t.strictSame(dependants, (line[3] ?? '').split(',').filter(Boolean).sort(), `${name} is used by these`)
  }
  t.strictSame(facts.gaps, [])
})

/** /proc/modules was copied a little after lsmod had run: ss and iptables had loaded these since, and use those. */
const cameLater = ['inet_diag', 'tcp_diag', 'udp_diag', 'unix_diag', 'xt_recent']
const busier = ['sctp', 'x_tables']

t.test('rules of the recorded machine are those that modprobe --showconfig printed', async t => {
  const facts = factsOf(await runProbe(kernelModules, await openFixtureHost('debian12-vm')))
  const printed = fixtureCommand('debian12-vm', 'modprobe-showcfg')
    .split('\n')
    .map(line => line.split(' '))
  const named = (directive: string) =>
    printed
      .filter(([word]) => word === directive)
      .map(([, name]) => name)
      .sort()
  t.strictSame(
    facts.modules.filter(row => row.blacklisted).map(({ name }) => name),
    named('blacklist'),
  )
  t.strictSame(
    facts.modules.filter(row => row.installDisabled).map(({ name }) => name),
    named('install'),
  )
  const withOptions = facts.modules.filter(({ sources }) => sources.some(({ directive }) => directive === 'options'))
  t.strictSame(
    withOptions.map(({ name }) => name),
    // net, systemd and cryptomgr are parameters of the kernel command line, not lines of a file.
    [...new Set(named('options'))].filter(name => !['net', 'systemd', 'cryptomgr'].includes(name ?? '')),
  )
  for (const row of facts.modules)
    t.equal(
      row.sources.length > 0 || row.loaded || row.autoload || seldomUsedModules.some(name => name === row.name),
      true,
      row.name,
    )
})

t.test('on the recorded machine sctp is loaded although blacklisted, tipc cannot be loaded, rds can', async t => {
  const facts = factsOf(await runProbe(kernelModules, await openFixtureHost('debian12-vm')))
  const module = (name: string) => facts.modules.find(row => row.name === name)
  t.match(module('sctp'), { loaded: true, blacklisted: true, installDisabled: false, loadable: true, builtin: false })
  t.match(module('dccp'), { loaded: false, blacklisted: true, loadable: true, available: true })
  t.match(module('rds'), { loaded: true, blacklisted: false, loadable: true, sources: [] })
  t.match(module('tipc'), {
    installDisabled: true,
    loadable: false,
    sources: [{ directive: 'install', path: '/etc/modprobe.d/cis.conf', line: 2, disables: true }],
  })
  t.match(module('overlay'), { autoload: true, loaded: true })
  t.match(facts, { support: 'modular', loadingDisabled: false, modprobePath: '/sbin/modprobe', hiddenFiles: [] })
})

t.test('taint is told of the kernel and of the module', async t => {
  const { tainted, taintFlags, module } = await factsFrom(t, running)
  t.equal(tainted, 12288)
  t.strictSame(taintFlags, ['E', 'O'])
  t.strictSame(module('vendor')?.taints, ['E', 'O'])
  t.strictSame([module('sctp')?.taints, module('udf')?.taints], [[], []])
  t.equal(module('vendor')?.available, false, 'loaded by hand: modprobe does not know it')
})

t.test('only what is available, not disabled and not denied is loadable', async t => {
  const { module } = await factsFrom(t, {
    ...running,
    '/proc/cmdline': 'module_blacklist=udf modprobe.blacklist=sctp\n',
    '/etc/modprobe.d/x.conf': 'install usb-storage /bin/true\nblacklist squashfs\n',
  })
  t.match(module('sctp'), { loadable: true, blacklisted: true, denied: false })
  t.match(module('udf'), { loadable: false, blacklisted: true, denied: true, available: true })
  t.match(module('usb_storage'), { loadable: false, installDisabled: true, available: true })
  t.match(module('squashfs'), { loadable: false, builtin: true, blacklisted: true, loaded: false })
  t.match(module('cramfs'), { loadable: false, available: false, builtin: false })
})

t.test('modules_disabled closes the door for all', async t => {
  const { loadingDisabled, modules } = await factsFrom(t, { ...running, '/proc/sys/kernel/modules_disabled': '1\n' })
  t.equal(loadingDisabled, true)
  t.ok(modules.every(({ loadable }) => loadable === false))
})

t.test('a kernel without modules is a fact: nothing is loaded, nothing can be', async t => {
  const { support, modules, modprobePath, loadingDisabled, module, gapFields } = await factsFrom(t, {
    '/proc/cmdline': '',
    '/proc/sys/kernel/osrelease': '6.6.1\n',
    '/proc/sys/kernel/tainted': '0\n',
    '/sys/module/tipc/parameters/x': '',
  })
  t.strictSame([support, modprobePath, loadingDisabled], ['monolithic', '', false])
  t.ok(modules.every(({ loaded, loadable }) => loaded === false && loadable === false))
  t.equal(module('tipc')?.builtin, true, 'it has a directory in /sys/module, so it is built in')
  t.notOk('builtin' in (module('sctp') ?? {}), 'nobody can tell')
  t.strictSame(gapFields, ['modules.builtin /lib/modules/6.6.1/modules.builtin unavailable'])
})

t.test('an offline root is judged by its disk: the only kernel there, and the rules', async t => {
  const { support, modules, module, gapFields } = await factsFrom(
    t,
    { ...running, '/etc/modprobe.d/x.conf': 'install udf /bin/true\n' },
    false,
  )
  t.equal(support, 'modular')
  t.ok(modules.every(row => !('loaded' in row) && !('taints' in row) && !('denied' in row)))
  t.match(module('udf'), { available: true, installDisabled: true, loadable: false })
  t.match(module('usb_storage'), { available: true, loadable: true })
  t.match(module('squashfs'), { builtin: true, loadable: false })
  t.strictSame(gapFields, [
    'loadingDisabled /proc/sys/kernel/modules_disabled unavailable',
    'modprobePath /proc/sys/kernel/modprobe unavailable',
    'modules.denied /proc/cmdline unavailable',
    'modules.loaded /proc/modules unavailable',
    'modules.taints /proc/modules unavailable',
    'taintFlags /proc/sys/kernel/tainted unavailable',
    'tainted /proc/sys/kernel/tainted unavailable',
  ])
})

t.test('an offline root with two kernels, or none, does not tell what is available', async t => {
  for (const kernels of [{}, { '/lib/modules/a/modules.dep': '', '/lib/modules/b/modules.dep': '' }]) {
    const { support, module, gapFields } = await factsFrom(t, { '/etc/hostname': 'x', ...kernels }, false)
    t.equal(support, undefined)
    t.notOk('available' in (module('sctp') ?? {}) || 'loadable' in (module('sctp') ?? {}))
    t.ok(gapFields.includes('modules.available /lib/modules unavailable'))
  }
})

t.test('an unreadable /proc/modules is a gap, not an empty list', async t => {
  const { support, modules, gapFields } = await factsFrom(t, { ...running, '/proc/modules': { fifo: true } })
  t.equal(support, undefined)
  t.ok(modules.every(row => !('loaded' in row)))
  t.ok(gapFields.includes('modules.loaded /proc/modules notRegular'))
  const malformed = await factsFrom(t, { ...running, '/proc/modules': 'sctp 1 0 - Live 0x0\nnonsense\n' })
  t.match(malformed.gaps, [{ field: 'modules', effect: 'incomplete', state: 'malformed', detail: 'line 2' }])
})

t.test('with a rule file that cannot be read, only what was found is certain', async t => {
  const { module, gapFields } = await factsFrom(t, {
    ...running,
    '/etc/modprobe.d/a.conf': 'install udf /bin/false\nblacklist sctp\n',
    '/etc/modprobe.d/b.conf': { fifo: true },
  })
  t.match(module('udf'), { installDisabled: true, loadable: false })
  t.match(module('sctp'), { blacklisted: true, installDisabled: undefined, loadable: undefined })
  t.match(module('usb_storage'), { blacklisted: undefined, loadable: undefined })
  t.match(module('cramfs'), { loadable: false }, 'not available, whatever the rules')
  t.ok(gapFields.includes('modules.installDisabled /etc/modprobe.d/b.conf notRegular'))
})

t.test('values the kernel never writes are gaps', async t => {
  const { gapFields, loadingDisabled, tainted } = await factsFrom(t, {
    ...running,
    '/proc/sys/kernel/modules_disabled': 'x',
    '/proc/sys/kernel/tainted': '-1',
    '/proc/sys/kernel/osrelease': '../../etc',
  })
  t.strictSame([loadingDisabled, tainted], [undefined, undefined])
  t.ok(gapFields.includes('modules.available /proc/sys/kernel/osrelease unavailable'))
})

t.test('hostile configuration neither hangs nor breaks the facet', async t => {
  const { modules, gaps } = await factsFrom(t, {
    ...running,
    '/etc/modprobe.d/a.conf': Array.from({ length: 10_000 }, (_, at) => `blacklist m${at}`).join('\n'),
    '/etc/modprobe.d/b.conf': `blacklist ${'x'.repeat(1_000_000)}`,
    '/etc/modprobe.d/c.conf': 'blacklist __proto__\nblacklist constructor\nblacklist a\0b\n',
    '/etc/modprobe.d/d.conf': Uint8Array.from([0x62, 0x20, 0xff, 0xfe, 0x0a, 0x00, 0x0a]),
    '/etc/modprobe.d/e.conf': 'blacklist byte\udcff\ninstall q /bin/true \\\n'.repeat(5000),
    '/etc/modules': 'a\n'.repeat(100_000),
  })
  t.ok(modules.length > 10_000)
  t.ok(modules.some(({ name }) => name === 'byte\\xff'))
  t.ok(modules.some(({ name }) => name === '__proto__'))
  t.ok(gaps.some(({ source }) => source === '/etc/modprobe.d/b.conf'))
})

t.test('two sweeps of an unchanged host are equal, and a changed list of modules is seen', async t => {
  const host = await hostFrom(t, { files: running })
  const memory = new Map<string, unknown>()
  const first = await runProbe(kernelModules, host, { memory })
  t.ok(memory.size >= 2, 'lists are kept')
  t.strictSame(await runProbe(kernelModules, host, { memory }), first)
  for (const [path, value] of memory) memory.set(path, { ...(value as object), stamp: 'of another time' })
  t.strictSame(await runProbe(kernelModules, host, { memory }), first)
})

t.test('as a user without rights the real machine answers, too', async t => {
  if (process.getuid?.() !== 0) {
    t.comment('skipped: only root can become somebody else')
    return
  }
  const host = await hostFrom(t, { files: { ...running, '/etc/modprobe.d/secret.conf': 'install sctp /bin/false\n' } })
  const { chmodSync } = await import('node:fs')
  chmodSync(host.root, 0o755)
  chmodSync(`${host.root}/etc/modprobe.d/secret.conf`, 0o600)
  process.seteuid?.(65534)
  let state: FacetState
  try {
    state = await runProbe(kernelModules, host)
  } finally {
    process.seteuid?.(0)
  }
  const facts = factsOf(state)
  t.ok(
    facts.gaps.some(
      ({ field, source, state }) =>
        field === 'modules.installDisabled' && source.endsWith('secret.conf') && state === 'unreadable',
    ),
  )
  t.notOk('installDisabled' in (facts.modules.find(({ name }) => name === 'sctp') ?? {}))
})
