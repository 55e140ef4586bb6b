// Reads what sets kernel parameters at boot: sysctl.d files, /etc/sysctl.conf, ufw's file and the kernel command line.
import type { SysctlFacts } from '../../proto/facets/sysctl.ts'
import { readDropIns } from '../drop-ins.ts'
import type { Failure, Host } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { unavailable } from '../no-answer.ts'
import { parseProcCmdline } from '../parse/proc-cmdline.ts'
import { parseSysctlD, type SysctlAssignment, sysctlPath } from '../parse/sysctl-d.ts'
import { parseUfwConf } from '../parse/ufw-conf.ts'
import type { Gaps } from '../probe.ts'
import { isEnabledAtBoot } from '../unit-links.ts'
import { type BootSettings, layBootSettings, type SettingsSource } from './boot-settings.ts'

export interface PersistedParameters {
  readonly loader: SysctlFacts['loader']
  readonly settings: BootSettings
  /** no file that may set a parameter was unreadable */
  readonly complete: boolean
  readonly hiddenFiles: readonly string[]
}

/** By precedence, sysctl.d(5) and sysctl(8) alike. */
export const sysctlDirectories = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
] as const

export const sysctlConf = '/etc/sysctl.conf'
const ufwDefaults = '/etc/default/ufw'
const ufwConf = '/etc/ufw/ufw.conf'
const commandLine = '/proc/cmdline'
const maxAssignments = 20_000

/**
 * The order that counts, later beats earlier: `sysctl.` parameters of the kernel command line; sysctl.d by file name;
 * /etc/sysctl.conf, which procps and OpenRC read last and systemd not at all (Debian links it as 99-sysctl.conf); the
 * file that ufw applies when it starts. What else changes parameters later (dockerd, kubelet, kube-proxy, network
 * managers) is not modelled: such a parameter differs from what is persisted.
 */
export async function readPersisted(host: Host, gaps: Gaps): Promise<PersistedParameters> {
  const failures: Failure[] = []
  const loader = await readLoader(host, failures)
  const sources: SettingsSource[] = [await readCommandLine(host, failures)]
  const { files, hidden, failures: unusable } = await readDropIns(host, sysctlDirectories, isSysctlFile)
  failures.push(...unusable)
  const late = await readLateFiles(host, loader, failures)
  let total = 0
  for (const { path, text } of [...(loader === 'none' ? [] : files), ...late]) {
    const { assignments, malformed } = parseSysctlD(text)
    noteMalformedLines(gaps, 'parameters.origin', 'incomplete', path, malformed)
    total += assignments.length
    if (total > maxAssignments) {
      failures.push({ state: 'tooLarge', path, detail: `over the limit of ${maxAssignments} assignments` })
      break
    }
    sources.push({ path, assignments })
  }
  for (const failure of failures) {
    for (const field of ['persisted', 'origin', 'differs']) gaps.note(`parameters.${field}`, 'omitted', failure)
  }
  return { loader, settings: layBootSettings(sources), complete: failures.length === 0, hiddenFiles: hidden }
}

/** systemd reads `*.conf`, and passes over hidden files. */
const isSysctlFile = (name: string) => name.endsWith('.conf') && !name.startsWith('.')

const systemdUnits = ['/usr/lib/systemd/system', '/lib/systemd/system'] as const
const maskedUnit = '/etc/systemd/system/systemd-sysctl.service'

async function readLoader(host: Host, failures: Failure[]): Promise<SysctlFacts['loader']> {
  let systemd = false
  for (const directory of systemdUnits) {
    const unit = await host.stat(`${directory}/systemd-sysctl.service`)
    if (unit.state === 'present') systemd = true
    else if (unit.state !== 'absent') failures.push(unit)
  }
  const init = host.live ? await host.readText('/proc/1/comm') : undefined
  if (init?.state === 'present' && init.value.trim() === 'systemd') systemd = true
  if (!systemd) return 'procps'
  const mask = await host.readLink(maskedUnit)
  return mask.state === 'present' && mask.value === '/dev/null' ? 'none' : 'systemd'
}

/** `sysctl.NAME=VALUE` since Linux 5.8. An offline root is judged by its disk alone. */
async function readCommandLine(host: Host, failures: Failure[]): Promise<SettingsSource> {
  const assignments: SysctlAssignment[] = []
  const text = host.live ? await host.readText(commandLine) : undefined
  if (text && text.state !== 'present') failures.push(unavailable(text))
  for (const { name, value } of text?.state === 'present' ? parseProcCmdline(text.value) : []) {
    const path = name.startsWith('sysctl.') || name.startsWith('sysctl/') ? sysctlPath(name.slice(7)) : ''
    if (path !== '') assignments.push({ line: 1, path, value })
  }
  return { path: commandLine, assignments }
}

async function readLateFiles(host: Host, loader: SysctlFacts['loader'], failures: Failure[]) {
  const paths = [...(loader === 'procps' ? [sysctlConf] : []), ...(await ufwFiles(host, failures))]
  const files: { path: string; text: string }[] = []
  for (const path of paths) {
    const text = await host.readText(path)
    if (text.state === 'present') files.push({ path, text: text.value })
    else if (text.state !== 'absent') failures.push(text)
  }
  return files
}

/** The file of IPT_SYSCTL, when ufw is on and starts at boot. */
async function ufwFiles(host: Host, failures: Failure[]): Promise<readonly string[]> {
  const values = new Map<string, string>()
  for (const path of [ufwDefaults, ufwConf]) {
    const text = await host.readText(path)
    if (text.state === 'absent') return []
    if (text.state !== 'present') failures.push(text)
    else for (const [key, value] of parseUfwConf(text.value).values) values.set(key, value)
  }
  const file = values.get('IPT_SYSCTL') ?? ''
  if (!/^yes$/i.test(values.get('ENABLED') ?? '') || !file.startsWith('/')) return []
  const boot = await isEnabledAtBoot(host, 'ufw')
  if (boot.state !== 'present') failures.push(boot)
  return boot.state === 'present' && boot.value ? [file] : []
}
