// Tells whether packages wait for a reboot: by the marks of dpkg and zypp in /run, or by what rpm installed since boot.
import type { PackagesFacts } from '../../proto/facets/packages.ts'
import { readBootTime } from '../boot-time.ts'
import type { Failure, Host, Outcome } from '../host/host.ts'
import { offline } from '../no-answer.ts'
import type { Gaps } from '../probe.ts'
import type { PackageDatabase } from './package-database.ts'

type Reboot = Pick<PackagesFacts, 'rebootRequired' | 'rebootPackages'>

const markPath = '/run/reboot-required'
const listPath = '/run/reboot-required.pkgs'
const zyppMark = '/run/reboot-needed'
/** A deployment of ostree that the next boot takes. */
const stagedPath = '/run/ostree/staged-deployment'
export const rebootMarks = [markPath, zyppMark, stagedPath] as const
const maxPackages = 1000
/** What dnf's needs-restarting asks a reboot for. Kernels of today come in kernel-core. */
const rebootNames: readonly string[] = [
  ...['kernel', 'kernel-core', 'kernel-rt', 'kernel-rt-core', 'glibc', 'linux-firmware', 'microcode_ctl'],
  ...['systemd', 'dbus', 'dbus-broker', 'dbus-daemon'],
]
/** More names, one a line, from administrators and packages. */
const rebootNamesDirectory = '/etc/dnf/plugins/needs-restarting.d'

/** /run is empty at boot, so an offline root cannot tell. */
export async function readRebootRequired(host: Host, gaps: Gaps, database: PackageDatabase): Promise<Reboot> {
  const isRpm = database.manager === 'rpm'
  if (!host.live) {
    gaps.note('rebootRequired', 'omitted', offline(isRpm ? '/proc/stat' : markPath))
    gaps.note('rebootPackages', 'omitted', offline(isRpm ? '/proc/stat' : listPath))
    return {}
  }
  return isRpm ? await askInstallTimes(host, gaps, database) : await readMarks(host, gaps)
}

async function readMarks(host: Host, gaps: Gaps): Promise<Reboot> {
  const mark = await host.stat(markPath)
  const list = await host.readText(listPath)
  if (mark.state !== 'present') gaps.note('rebootRequired', 'omitted', mark)
  if (list.state !== 'present') gaps.note('rebootPackages', 'omitted', list)
  const isKnown = mark.state === 'present' || mark.state === 'absent'
  return {
    ...(isKnown && { rebootRequired: mark.state === 'present' }),
    ...(list.state === 'absent' && { rebootPackages: [] }),
    ...(list.state === 'present' && { rebootPackages: packageNames(list.value) }),
  }
}

/** Nothing leaves a mark on Red Hat's kin, but rpm keeps the times. What could not be read may hide a reason. */
async function askInstallTimes(host: Host, gaps: Gaps, database: PackageDatabase): Promise<Reboot> {
  const more = await readMoreNames(host)
  const marks = [await host.stat(zyppMark), await host.stat(stagedPath)]
  const bootedAtMs = await readBootTime(host)
  const failures: Failure[] = [...more.failures, ...marks.filter(isUnread), ...database.failures]
  if (bootedAtMs === undefined)
    failures.push({ state: 'unavailable', path: '/proc/stat', detail: 'time of boot not known' })
  for (const { path, detail } of database.damages) failures.push({ state: 'unavailable', path, detail })
  const names = [...new Set([...rebootNames, ...more.names])]
  const isSinceBoot = (name: string) => (database.installTimes.get(name) ?? 0) * 1000 > (bootedAtMs ?? Infinity)
  const rebootPackages = names.filter(isSinceBoot)
  const rebootRequired = rebootPackages.length > 0 || marks.some(mark => mark.state === 'present')
  for (const failure of failures) {
    if (!rebootRequired) gaps.note('rebootRequired', 'omitted', failure)
    gaps.note('rebootPackages', 'incomplete', failure)
  }
  return { ...((rebootRequired || failures.length === 0) && { rebootRequired }), rebootPackages }
}

const isUnread = (outcome: Outcome<unknown>): outcome is Failure =>
  outcome.state !== 'present' && outcome.state !== 'absent'

async function readMoreNames(host: Host): Promise<{ names: readonly string[]; failures: readonly Failure[] }> {
  const entries = await host.list(rebootNamesDirectory)
  if (entries.state !== 'present') return { names: [], failures: isUnread(entries) ? [entries] : [] }
  const files = entries.value.filter(({ name }) => name.endsWith('.conf'))
  const texts = await host.readTexts(files.map(({ name }) => `${rebootNamesDirectory}/${name}`))
  const names = texts.flatMap(text => (text.state === 'present' ? packageNames(text.value) : []))
  return { names, failures: texts.filter(isUnread) }
}

/** One name a line, again and again for each that asked. */
function packageNames(text: string): string[] {
  const names = text.split('\n').map(line => line.trim())
  return [...new Set(names.filter(name => /^[A-Za-z0-9][A-Za-z0-9.+:_-]{0,200}$/.test(name)))].slice(0, maxPackages)
}
