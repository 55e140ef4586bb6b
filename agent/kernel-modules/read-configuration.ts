// Reads how this host configures module loading: modprobe.d, modules-load.d and the kernel command line.
import { readDropIns } from '../drop-ins.ts'
import type { Host } from '../host/host.ts'
import { offline, unavailable } from '../no-answer.ts'
import { parseModprobeD } from '../parse/modprobe-d.ts'
import { isModuleName } from '../parse/module-name.ts'
import { type ModuleParameters, parseModuleParameters } from '../parse/module-parameters.ts'
import { parseModulesLoadD } from '../parse/modules-load-d.ts'
import type { Gaps } from '../probe.ts'
import type { ConfigurationLine } from './rules.ts'

export interface ModuleConfiguration {
  readonly lines: readonly ConfigurationLine[]
  /** no file that may hold a rule was unreadable */
  readonly linesComplete: boolean
  readonly parameters: ModuleParameters
  /** the kernel command line could be read */
  readonly parametersKnown: boolean
  readonly autoload: ReadonlySet<string>
  readonly autoloadComplete: boolean
  readonly hiddenFiles: readonly string[]
}

/** By precedence, modprobe.d(5). The single file of old, /etc/modprobe.conf, is not read by kmod. */
export const modprobeDirectories = [
  '/etc/modprobe.d',
  '/run/modprobe.d',
  '/usr/local/lib/modprobe.d',
  '/usr/lib/modprobe.d',
  '/lib/modprobe.d',
] as const

/** By precedence, modules-load.d(5). */
export const autoloadDirectories = [
  '/etc/modules-load.d',
  '/run/modules-load.d',
  '/usr/local/lib/modules-load.d',
  '/usr/lib/modules-load.d',
  '/lib/modules-load.d',
] as const

const maxLines = 100_000

/** kmod reads `*.conf` and, of old, `*.alias`; a name is at least one letter and not hidden. */
const isModprobeFile = (name: string) => name.length >= 6 && !name.startsWith('.') && /\.(?:conf|alias)$/.test(name)
const isAutoloadFile = (name: string) => !name.startsWith('.') && name.endsWith('.conf')

/** Notes gaps for what could not be read and for lines that are ignored as malformed. */
export async function readConfiguration(host: Host, gaps: Gaps): Promise<ModuleConfiguration> {
  const rules = await readRules(host, gaps)
  const boot = await readParameters(host, gaps)
  const autoload = await readAutoload(host, gaps)
  return {
    lines: rules.lines,
    linesComplete: rules.complete,
    parameters: boot ?? { denied: [], blacklisted: [], autoloaded: [] },
    parametersKnown: boot !== undefined,
    autoload: new Set([...autoload.names, ...(boot?.autoloaded ?? [])]),
    autoloadComplete: autoload.complete,
    hiddenFiles: [...rules.hidden, ...autoload.hidden],
  }
}

async function readRules(host: Host, gaps: Gaps) {
  const { files, hidden, failures: unusable } = await readDropIns(host, modprobeDirectories, isModprobeFile)
  const failures = [...unusable]
  const lines: ConfigurationLine[] = []
  for (const { path, text } of files) {
    const parsed = parseModprobeD(text)
    const foreign = parsed.lines.filter(({ module }) => !isModuleName(module) && !/[*?[]/.test(module))
    noteMalformed(gaps, 'modules.sources', path, [...parsed.malformed, ...foreign.map(({ line }) => line)])
    if (lines.length + parsed.lines.length > maxLines) {
      failures.push({ state: 'tooLarge', path, detail: `over the limit of ${maxLines} lines` })
      break
    }
    for (const line of parsed.lines) lines.push({ ...line, path })
  }
  for (const failure of failures) {
    gaps.note('modules', 'incomplete', failure)
    for (const field of ['blacklisted', 'installDisabled', 'loadable']) {
      gaps.note(`modules.${field}`, 'omitted', failure)
    }
  }
  return { lines, hidden, complete: failures.length === 0 }
}

async function readParameters(host: Host, gaps: Gaps): Promise<ModuleParameters | undefined> {
  const commandLine = await host.readText('/proc/cmdline')
  if (host.live && commandLine.state === 'present') return parseModuleParameters(commandLine.value)
  const failure = host.live && commandLine.state !== 'present' ? commandLine : offline('/proc/cmdline')
  gaps.note('modules.denied', 'omitted', unavailable(failure))
  if (host.live) gaps.note('modules.loadable', 'omitted', unavailable(failure))
  return undefined
}

async function readAutoload(host: Host, gaps: Gaps) {
  const { files, hidden, failures } = await readDropIns(host, autoloadDirectories, isAutoloadFile)
  const unusable = [...failures]
  const debian = await host.readText('/etc/modules')
  if (debian.state !== 'present' && debian.state !== 'absent') unusable.push(debian)
  const names = new Set<string>()
  const texts = debian.state === 'present' ? [...files, { path: '/etc/modules', text: debian.value }] : files
  for (const { path, text } of texts) {
    const parsed = parseModulesLoadD(text)
    for (const name of parsed.names) names.add(name)
    noteMalformed(gaps, 'modules.autoload', path, parsed.malformed)
  }
  for (const failure of unusable) {
    gaps.note('modules', 'incomplete', failure)
    gaps.note('modules.autoload', 'omitted', failure)
  }
  return { names, hidden, complete: unusable.length === 0 }
}

/** Programs ignore such a line, so that what is in force is known: the gap tells people that it has no effect. */
function noteMalformed(gaps: Gaps, field: string, source: string, lines: readonly number[]): void {
  const [first] = [...lines].sort((a, b) => a - b)
  if (first === undefined) return
  const detail = lines.length === 1 ? `line ${first}` : `line ${first} is the first of ${lines.length}`
  gaps.add({ field, effect: 'incomplete', source, state: 'malformed', detail })
}
