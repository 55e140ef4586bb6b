// Reads whether updates are fetched and installed by themselves: unattended-upgrades or dnf-automatic with their timers.
import type { KnownService, ServicesFacts, Unit } from '../../proto/facets/services.ts'
import type { Failure, Host } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { type AptConf, parseAptConf } from '../parse/apt-conf.ts'
import { lastDirective, parseSystemdUnit } from '../parse/systemd-unit.ts'
import type { Gaps } from '../probe.ts'

export const aptDirectory = '/etc/apt/apt.conf.d'
const aptFile = '/etc/apt/apt.conf'
const dnfFile = '/etc/dnf/automatic.conf'
const upgradePrograms = ['/usr/bin/unattended-upgrade', '/usr/bin/unattended-upgrades'] as const
/** What starts apt's daily work where no systemd runs. */
const aptCron = '/etc/cron.daily/apt-compat'

type Updates = NonNullable<ServicesFacts['automaticUpdates']>

export interface UpdateTimers {
  readonly known: readonly KnownService[]
  readonly units: readonly Unit[]
  /** another init than systemd runs: timers start nothing */
  readonly ownInit: boolean
}

/** Undefined, with a gap, when a file or a timer that decides is unknown. */
export async function readUpdates(host: Host, timers: UpdateTimers, gaps: Gaps): Promise<Updates | undefined> {
  const failures: Failure[] = []
  const updates = (await aptUpdates(host, timers, failures, gaps)) ?? (await dnfUpdates(host, timers, failures, gaps))
  for (const failure of failures) gaps.note('automaticUpdates', 'omitted', failure)
  return failures.length === 0 ? (updates ?? { method: 'none', refreshes: false, installs: false }) : undefined
}

async function aptUpdates(
  host: Host,
  timers: UpdateTimers,
  failures: Failure[],
  gaps: Gaps,
): Promise<Updates | undefined> {
  const conf = await readAptConf(host, failures, gaps)
  const program = await anyExists(host, upgradePrograms, failures)
  if (!conf && !program) return undefined
  const isOn = (key: string) => isInterval(conf?.get(`apt::periodic::${key}`) ?? '')
  const enabled = (conf?.get('apt::periodic::enable') ?? '1') !== '0'
  const cron = timers.ownInit && (await anyExists(host, [aptCron], failures))
  const starts = (name: string) => cron || startsAtBoot(timers, name, failures)
  const refreshes = enabled && isOn('update-package-lists') && starts('apt-refresh')
  const installs = enabled && program && isOn('unattended-upgrade') && starts('apt-upgrade')
  return { method: program ? 'apt' : 'none', refreshes, installs }
}

/** Days, or a number with a unit, or `always`; 0 is never. */
const isInterval = (value: string) => /^(?:always|0*[1-9]\d{0,9}[smhd]?)$/.test(value)

/** By name, as apt sorts them; /etc/apt/apt.conf has the last word. Undefined where apt is not configured at all. */
async function readAptConf(host: Host, failures: Failure[], gaps: Gaps): Promise<AptConf['values'] | undefined> {
  const entries = await host.list(aptDirectory)
  if (entries.state !== 'present' && entries.state !== 'absent') failures.push(entries)
  const names = entries.state === 'present' ? entries.value.map(({ name }) => name).filter(isAptFile) : []
  const values = new Map<string, string>()
  let found = entries.state === 'present'
  for (const path of [...names.map(name => `${aptDirectory}/${name}`), aptFile]) {
    const text = await host.readText(path)
    if (text.state !== 'present') {
      if (text.state !== 'absent') failures.push(text)
      continue
    }
    found = true
    const parsed = parseAptConf(text.value)
    noteMalformedLines(gaps, 'automaticUpdates', 'incomplete', path, parsed.malformed)
    for (const [key, value] of parsed.values) values.set(key, value)
  }
  return found ? values : undefined
}

/** GetListOfFilesInDir of apt: letters, digits, `_`, `-` and, for the ending `.conf`, dots. */
const isAptFile = (name: string) => /^[A-Za-z0-9_-]+$/.test(name) || /^[A-Za-z0-9_-][A-Za-z0-9_.-]*\.conf$/.test(name)

async function dnfUpdates(
  host: Host,
  timers: UpdateTimers,
  failures: Failure[],
  gaps: Gaps,
): Promise<Updates | undefined> {
  const row = timers.known.find(({ name }) => name === 'dnf-automatic')
  const text = await host.readText(dnfFile)
  if (text.state !== 'present' && text.state !== 'absent') failures.push(text)
  if (text.state === 'absent' && row?.installed !== true) return undefined
  const file = parseSystemdUnit(text.state === 'present' ? text.value : '')
  noteMalformedLines(gaps, 'automaticUpdates', 'incomplete', dnfFile, file.malformed)
  const apply = /^(?:1|yes|true|on)$/i.test(lastDirective([file], 'commands', 'apply_updates'))
  const starts = startsAtBoot(timers, 'dnf-automatic', failures)
  const installTimer = timers.units.some(({ unit, atBoot }) => unit === 'dnf-automatic-install.timer' && atBoot)
  return { method: 'dnf', refreshes: starts, installs: starts && (apply || installTimer) }
}

function startsAtBoot({ known }: UpdateTimers, name: string, failures: Failure[]): boolean {
  const atBoot = known.find(service => service.name === name)?.atBoot
  if (atBoot === undefined)
    failures.push({ state: 'unavailable', path: name, detail: 'whether its timer starts is unknown' })
  return atBoot === true
}

async function anyExists(host: Host, paths: readonly string[], failures: Failure[]): Promise<boolean> {
  for (const path of paths) {
    const stat = await host.stat(path)
    if (stat.state === 'present') return true
    if (stat.state !== 'absent') failures.push(stat)
  }
  return false
}
