// Tests of the packages probe: held against recorded commands, and on hosts of each kind with holes.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Host } from '../../../agent/host/host.ts'
import { packagesOfRpm, parseRpmQuery, rpmQueryFormat } from '../../../agent/parse/rpm-query.ts'
import { packages } from '../../../agent/probes/packages.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { PackagesFacts, PackagesObservations } from '../../../proto/facets/packages.ts'
import { fixtureCommand, fixtureRoot, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, type FixtureHost, hostFrom } from '../../host-from.ts'
import { rootedAtSlash } from '../../rooted-at-slash.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as PackagesFacts
const observationsOf = (state: FacetState) =>
  (state.state === 'present' ? state.observations : {}) as unknown as PackagesObservations
const gapsOf = (facts: PackagesFacts) =>
  facts.gaps.map(gap => `${gap.field} ${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)

const stanza = (name: string, version: string) =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n\n`
const status = { '/var/lib/dpkg/status': stanza('bash', '5.2.15-2+b2') }
const kernel: Record<string, FixtureFile> = {
  ...processFiles(1, 'init', '/init.scope', ''),
  '/proc/sys/kernel/osrelease': '6.1.0-49-amd64\n',
  '/proc/sys/kernel/version': '#1 SMP PREEMPT_DYNAMIC Debian 6.1.170-1 (2026-05-01)\n',
}

function processFiles(pid: number, name: string, cgroup: string, maps: FixtureFile): Record<string, FixtureFile> {
  return {
    [`/proc/${pid}/stat`]: `${pid} (${name}) S 0 1 1 0 -1 4194560 ${'0 '.repeat(40)}\n`,
    [`/proc/${pid}/status`]: `Name:\t${name}\nUid:\t0\t0\t0\t0\n`,
    [`/proc/${pid}/cgroup`]: `0::${cgroup}\n`,
    [`/proc/${pid}/exe`]: { symlink: `/usr/sbin/${name}` },
    [`/proc/${pid}/maps`]: maps,
  }
}

/** A host that must not be asked that question. */
function refusing(host: Host, question: keyof Host): Host {
  return new Proxy(host, {
    get: (target, name, receiver) => {
      if (name === question) throw new Error(`${question} is asked`)
      return Reflect.get(target, name, receiver)
    },
  })
}

async function scan(t: Parameters<typeof hostFrom>[0], fixture: FixtureHost): Promise<FacetState> {
  return await runProbe(packages, await hostFrom(t, fixture))
}

t.test('the recorded machine has the packages that dpkg-query listed, and runs its newest kernel', async t => {
  const state = await runProbe(packages, await openFixtureHost('debian12-vm'))
  const facts = factsOf(state)
  t.strictSame(facts.gaps, [])
  const listed = fixtureCommand('debian12-vm', 'dpkg-query').split('\n').filter(Boolean)
  t.strictSame(
    facts.packages?.map(
      ({ name, version, architecture }) => `${name}\t${version}\tinstall ok installed\t${architecture}`,
    ),
    listed.sort(),
  )
  const [, , release = ''] = fixtureCommand('debian12-vm', 'uname').split(' ')
  t.match(facts, {
    manager: 'dpkg',
    installedKernels: [release],
    runningKernel: release,
    newerKernels: [],
    kernelBuild: { running: '6.1.192-2', installed: '6.1.192-2' },
    rebootRequired: false,
    rebootPackages: [],
    replacedFiles: [],
  })
  t.strictSame(observationsOf(state), { metadataRefreshedAt: '' })
})

t.test('an offline root tells its packages and says what it cannot', async t => {
  const facts = factsOf(await runProbe(packages, await openFixtureHost('debian12-minimal')))
  t.equal(facts.packages?.length, 150)
  t.strictSame(gapsOf(facts), [
    'kernelBuild omitted /proc/sys/kernel/osrelease unavailable offline root',
    'newerKernels omitted /proc/sys/kernel/osrelease unavailable offline root',
    'rebootPackages omitted /run/reboot-required.pkgs unavailable offline root',
    'rebootRequired omitted /run/reboot-required unavailable offline root',
    'replacedFiles omitted /proc/PID/maps unavailable offline root',
    'runningKernel omitted /proc/sys/kernel/osrelease unavailable offline root',
  ])
})

t.test('a host that waits for its reboot', async t => {
  const facts = factsOf(
    await scan(t, {
      files: {
        ...kernel,
        '/var/lib/dpkg/status': stanza('linux-image-6.1.0-49-amd64', '6.1.172-1'),
        '/boot/vmlinuz-6.1.0-49-amd64': '',
        '/boot/vmlinuz-6.1.0-56-amd64': '',
        '/boot/vmlinuz-6.1.0-48-amd64': '',
        '/boot/vmlinuz-0-rescue-0123456789abcdef': '',
        '/boot/vmlinuz.old': '',
        '/lib/modules/6.1.0-57-cloud-amd64/modules.dep': '',
        '/lib/modules/6.1.0-60-amd64/updates/dkms/x.ko': '',
        '/run/reboot-required': '*** System restart required ***\n',
        '/run/reboot-required.pkgs': 'linux-image-6.1.0-56-amd64\nlibc6\nlibc6\n\u0007bad\n',
      },
    }),
  )
  t.strictSame(facts.gaps, [])
  t.strictSame(facts.newerKernels, ['6.1.0-56-amd64', '6.1.0-57-cloud-amd64'])
  t.ok(facts.installedKernels.includes('6.1.0-48-amd64'))
  t.notOk(facts.installedKernels.includes('0-rescue-0123456789abcdef'))
  t.notOk(facts.installedKernels.includes('6.1.0-60-amd64'))
  t.strictSame(facts.kernelBuild, { running: '6.1.170-1', installed: '6.1.172-1' })
  t.equal(facts.rebootRequired, true)
  t.strictSame(facts.rebootPackages, ['libc6', 'linux-image-6.1.0-56-amd64'])
})

t.test('processes on replaced files are told by unit and name, containers are not', async t => {
  const line = (path: string) => `7f1cb5000000-7f1cb5100000 r-xp 00000000 fe:01 2644 ${path} (deleted)\n`
  const id = 'f'.repeat(64)
  const facts = factsOf(
    await scan(t, {
      files: {
        ...status,
        ...kernel,
        ...processFiles(10, 'web', '/system.slice/web.service', line('/usr/lib/libssl.so.3')),
        ...processFiles(11, 'web', '/system.slice/web.service', line('/usr/lib/libssl.so.3') + line('/usr/sbin/web')),
        ...processFiles(12, 'shell', '/user.slice/user-0.slice/session-1.scope', line('/usr/bin/shell')),
        ...processFiles(13, 'inside', `/system.slice/docker-${id}.scope`, line('/usr/lib/libssl.so.3')),
        ...processFiles(14, 'secret', '/system.slice/secret.service', { fifo: true }),
      },
    }),
  )
  t.strictSame(facts.replacedFiles, [
    { unit: 'session-1.scope', process: 'shell', files: ['/usr/bin/shell'] },
    { unit: 'web.service', process: 'web', files: ['/usr/lib/libssl.so.3', '/usr/sbin/web'] },
  ])
  t.match(gapsOf(facts), [/^replacedFiles incomplete \/proc\/PID\/maps notRegular/])
})

t.test('a database that cannot be read is a gap, and the rest is still told', async t => {
  const facts = factsOf(await scan(t, { files: { ...kernel, '/var/lib/dpkg/status': { fifo: true } } }))
  t.notOk('packages' in facts)
  t.match(gapsOf(facts), [
    /^kernelBuild omitted/,
    /^olderVersions omitted \/var\/lib\/dpkg\/status notRegular/,
    /^packages omitted \/var\/lib\/dpkg\/status notRegular/,
  ])
  const cut = factsOf(
    await scan(t, { files: { '/var/lib/dpkg/status': `${stanza('a', '1')}Package: b\nStatus: inst` } }),
  )
  t.equal(cut.packages?.length, 1)
  t.ok(gapsOf(cut).includes('packages incomplete /var/lib/dpkg/status malformed line 6'))
})

t.test('Alpine, images without dpkg, and hosts that have no database', async t => {
  const alpine = factsOf(
    await scan(t, { live: false, files: { '/lib/apk/db/installed': 'P:musl\nV:1.2-r0\nA:x86_64\n' } }),
  )
  t.match(alpine, { manager: 'apk', packages: [{ name: 'musl' }] })
  const distroless = factsOf(
    await scan(t, {
      live: false,
      files: {
        '/var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n',
        '/var/lib/dpkg/status.d/base.md5sums': 'x',
        '/var/lib/dpkg/status.d/loop': { symlink: 'loop' },
      },
    }),
  )
  t.match(distroless, { manager: 'dpkg', packages: [{ name: 'base-files', state: 'installed' }] })
  t.match(await scan(t, { files: { '/etc/hostname': 'x' } }), { state: 'absent', reason: { code: 'notSupported' } })
})

const rpmFixture = join(import.meta.dirname, '../../fixtures/rpm')
const berkeley = { '/var/lib/rpm/Packages': readFileSync(join(rpmFixture, 'Packages')) }

t.test('the database of Red Hat 8 has the packages that rpm printed of it', async t => {
  const { rows } = parseRpmQuery(readFileSync(join(rpmFixture, 'rpm-qa.tsv'), 'utf8'))
  const facts = factsOf(await scan(t, { live: false, files: berkeley }))
  const { packages: listed, olderVersions } = packagesOfRpm(rows)
  t.match(facts, { manager: 'rpm', packages: [...listed].sort((a, b) => (a.name < b.name ? -1 : 1)), olderVersions })
  t.equal(facts.packages?.length, 6)
  t.strictSame(olderVersions, [{ name: 'kernel-core', architecture: 'x86_64', version: '5.14.0-570.el9' }])
})

t.test('the database of Red Hat 9 has the packages that rpm printed of it, and rpm is not asked', async t => {
  const { rows } = parseRpmQuery(fixtureCommand('rhel9', 'rpm'))
  const listed = packagesOfRpm(rows).packages.map(row => `${row.name} ${row.architecture} ${row.version} ${row.source}`)
  t.equal(listed.length, 118)
  for (const host of [await openFixtureHost('rhel9'), rootedAtSlash(await openFixtureHost('rhel9'))]) {
    const facts = factsOf(await runProbe(packages, refusing(host, 'run')))
    t.strictSame(facts.gaps, [])
    const found = facts.packages?.map(row => `${row.name} ${row.architecture} ${row.version} ${row.source}`)
    t.strictSame(found, listed.sort())
    t.match(facts, { rebootRequired: true, rebootPackages: ['glibc'], newerKernels: [] })
    t.strictSame(facts.installedKernels, ['5.14.0-570.12.1.el9_6.x86_64', '5.14.0-570.el9.x86_64'])
  }
})

t.test('rpm asks for a reboot when it installed since boot what needs one', async t => {
  const at = (time: string) => ({ '/proc/stat': `btime ${Date.parse(time) / 1000}\n` })
  const conf = { '/etc/dnf/plugins/needs-restarting.d/local.conf': 'tzdata\nopenssl-libs\nnot-installed\n' }
  const reboot = async (files: FixtureHost['files']) =>
    factsOf(await scan(t, { files: { ...kernel, ...berkeley, ...files } }))
  const before = await reboot(at('2026-05-01T00:00:00Z'))
  t.match(before, { rebootRequired: true, rebootPackages: ['kernel-core'], gaps: [] })
  t.match(await reboot(at('2026-07-01T00:00:00Z')), { rebootRequired: false, rebootPackages: [], gaps: [] })
  const named = await reboot({ ...at('2026-03-10T09:12:00Z'), ...conf })
  t.strictSame(named.rebootPackages, ['dbus-broker', 'kernel-core', 'linux-firmware', 'openssl-libs', 'tzdata'])
  const marked = await reboot({ ...at('2026-07-01T00:00:00Z'), '/run/reboot-needed': '' })
  t.match(marked, { rebootRequired: true, rebootPackages: [] })
  const unknown = await reboot({})
  t.notOk('rebootRequired' in unknown)
  t.strictSame(gapsOf(unknown), [
    'rebootPackages incomplete /proc/stat unavailable time of boot not known',
    'rebootRequired omitted /proc/stat unavailable time of boot not known',
  ])
})

t.test('a damaged database is malformed, and rpm is asked where the root is the agent’s own', async t => {
  const commands = {
    [`rpm -qa --queryformat ${rpmQueryFormat}`]: {
      stdout: 'bash\t0\t5.1.8-9.el9\tx86_64\tbash-5.1.8-9.el9.src.rpm\t1773133920\n',
    },
  }
  const files = { ...kernel, '/proc/stat': 'btime 1773133921\n', '/var/lib/rpm/Packages': 'x' }
  const host = await hostFrom(t, { files, commands })
  const mounted = factsOf(await runProbe(packages, host))
  t.notOk('packages' in mounted)
  t.match(
    gapsOf(mounted).filter(gap => gap.startsWith('packages')),
    ['packages omitted /var/lib/rpm/Packages malformed ends within the piece at byte 0'],
  )
  t.notOk('rebootRequired' in mounted, 'what may hide a reason is no "no"')
  const own = factsOf(await runProbe(packages, rootedAtSlash(host)))
  t.match(own, {
    manager: 'rpm',
    packages: [{ name: 'bash', version: '5.1.8-9.el9' }],
    rebootRequired: false,
    gaps: [],
  })
})

t.test('the packages before the damage are told', async t => {
  const whole = berkeley['/var/lib/rpm/Packages']
  const facts = factsOf(
    await scan(t, { live: false, files: { '/var/lib/rpm/Packages': whole.subarray(0, whole.length - 9000) } }),
  )
  t.ok((facts.packages?.length ?? 0) > 0)
  const gaps = gapsOf(facts).filter(gap => gap.includes('/var/lib/rpm'))
  t.match(gaps, [/^olderVersions incomplete .* malformed ends within/, /^packages incomplete .* malformed ends within/])
})

t.test('whatever stands in place of the database is named', async t => {
  for (const [file, state] of [
    [{ fifo: true }, 'notRegular'],
    [{ directory: true }, 'notRegular'],
    [{ symlink: 'rpmdb.sqlite' }, 'unreadable'],
  ] as const) {
    const facts = factsOf(await scan(t, { live: false, files: { '/usr/lib/sysimage/rpm/rpmdb.sqlite': file } }))
    t.notOk('packages' in facts)
    t.match(
      gapsOf(facts).find(gap => gap.startsWith('packages')),
      new RegExp(`^packages omitted /usr/lib/sysimage/rpm/rpmdb.sqlite ${state}`),
    )
  }
})

t.test('a database of rpm that did not change is read once, by all probes together', async t => {
  const host = await hostFrom(t, { files: { ...kernel, ...berkeley } })
  let reads = 0
  const counting = new Proxy(host, {
    get(target, name, receiver) {
      if (name === 'readParts') reads += 1
      return Reflect.get(target, name, receiver)
    },
  })
  const [first, second] = await Promise.all([runProbe(packages, counting), runProbe(packages, counting)])
  t.strictSame(second, first)
  const once = reads
  t.ok(once > 0)
  t.strictSame(await runProbe(packages, counting), first)
  t.equal(reads, once)
  writeFileSync(join(host.root, 'var/lib/rpm/Packages'), 'x')
  t.notOk('packages' in factsOf(await runProbe(packages, counting)), 'a changed one is read again')
})

t.test('what rpm did last stands in the log: a log that cannot be read hides it', async t => {
  const database = readFileSync(join(fixtureRoot('rhel9'), 'var/lib/rpm/rpmdb.sqlite'))
  const files = { '/var/lib/rpm/rpmdb.sqlite': database }
  const log = '/var/lib/rpm/rpmdb.sqlite-wal'
  t.equal(factsOf(await scan(t, { live: false, files })).packages?.length, 118, 'without a log')
  const hidden = factsOf(await scan(t, { live: false, files: { ...files, [log]: { fifo: true } } }))
  t.notOk('packages' in hidden)
  t.ok(gapsOf(hidden).includes(`packages omitted ${log} notRegular fifo`), gapsOf(hidden).join('\n'))
})

t.test('the lists of available packages were fetched when their inodes last changed', async t => {
  const lists = '/var/lib/apt/lists/deb.debian.org_debian_dists_bookworm_InRelease'
  const started = Date.now()
  const state = await scan(t, { files: { ...status, [lists]: 'x', '/var/lib/apt/lists/lock': '' } })
  const { metadataRefreshedAt = '' } = observationsOf(state)
  t.ok(Math.abs(Date.parse(metadataRefreshedAt) - started) < 60_000, metadataRefreshedAt)
  const cut = factsOf(await scan(t, { files: { ...status, '/var/lib/apt/lists': { symlink: 'lists' } } }))
  t.match(
    gapsOf(cut).filter(gap => gap.includes('apt')),
    [/^observations\.metadataRefreshedAt omitted \/var\/lib\/apt\/lists unreadable/],
  )
})

t.test('a status file that did not change is read once', async t => {
  const host = await hostFrom(t, { files: { ...status, ...kernel } })
  const memory = new Map<string, unknown>()
  const first = await runProbe(packages, host, { memory })
  let reads = 0
  const counting = new Proxy(host, {
    get(target, name, receiver) {
      if (name !== 'readText') return Reflect.get(target, name, receiver)
      return (path: string, options?: { maxBytes?: number }) => {
        if (path === '/var/lib/dpkg/status') reads += 1
        return target.readText(path, options)
      }
    },
  })
  const second = await runProbe(packages, counting, { memory })
  t.strictSame(second, first)
  t.equal(reads, 0)
})
