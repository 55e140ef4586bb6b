// Reads what the running kernel says of its modules: loaded ones, taint, and whether more can come.
import type { Failure, Host, Outcome } from '../host/host.ts'
import { offline, unavailable } from '../no-answer.ts'
import { type LoadedModule, parseProcModules } from '../parse/proc-modules.ts'
import { taintFlags } from '../parse/taint-flags.ts'
import type { Gaps } from '../probe.ts'

export interface RunningKernel {
  /** undefined on an offline root, too: its disk may tell */
  readonly support: 'modular' | 'monolithic' | undefined
  /** by name; undefined when that could not be read */
  readonly loaded: ReadonlyMap<string, LoadedModule> | undefined
  readonly loadingDisabled: boolean | undefined
  readonly modprobePath: string | undefined
  readonly tainted: number | undefined
  readonly taintFlags: readonly string[] | undefined
  /** names below /sys/module that are not loaded modules, so they are built in; many built-in modules are not there */
  readonly seenBuiltin: ReadonlySet<string>
}

const settings = {
  loadingDisabled: '/proc/sys/kernel/modules_disabled',
  modprobePath: '/proc/sys/kernel/modprobe',
  tainted: '/proc/sys/kernel/tainted',
} as const

const maxProcModulesBytes = 4 * 1024 * 1024

/** On an offline root nothing of it is known, and a gap per field says so. */
export async function readRunning(host: Host, gaps: Gaps): Promise<RunningKernel> {
  const list = host.live
    ? await host.readText('/proc/modules', { maxBytes: maxProcModulesBytes })
    : offline('/proc/modules')
  const loaded = loadedOf(list, host.live, gaps)
  const tainted = await readTainted(host, gaps)
  return {
    support: list.state === 'present' ? 'modular' : list.state === 'absent' ? 'monolithic' : undefined,
    loaded,
    loadingDisabled: await readLoadingDisabled(host, gaps),
    modprobePath: await readModprobePath(host, gaps),
    tainted,
    taintFlags: tainted === undefined ? undefined : taintFlags(tainted),
    seenBuiltin: loaded ? await readSeenBuiltin(host, loaded) : new Set(),
  }
}

/** A kernel that cannot load modules has no /proc/modules: nothing is loaded, and that is known. */
function loadedOf(list: Outcome<string>, live: boolean, gaps: Gaps): ReadonlyMap<string, LoadedModule> | undefined {
  if (list.state === 'absent') return new Map()
  if (list.state !== 'present') {
    for (const field of ['modules.loaded', 'modules.taints']) gaps.note(field, 'omitted', list)
    if (live) gaps.note('support', 'omitted', list)
    return undefined
  }
  const { modules, malformed } = parseProcModules(list.value)
  if (malformed.length > 0) {
    const detail = `line ${malformed[0]}`
    gaps.add({ field: 'modules', effect: 'incomplete', source: list.path, state: 'malformed', detail })
  }
  return new Map(modules.map(module => [module.name, module]))
}

async function readLoadingDisabled(host: Host, gaps: Gaps): Promise<boolean | undefined> {
  const text = await readSetting(host, settings.loadingDisabled)
  if (text.state === 'absent') return false
  if (text.state === 'present' && /^[01]$/.test(text.value)) return text.value === '1'
  const failure = text.state === 'present' ? malformed(settings.loadingDisabled) : text
  gaps.note('loadingDisabled', 'omitted', failure)
  if (host.live) gaps.note('modules.loadable', 'omitted', failure)
  return undefined
}

async function readModprobePath(host: Host, gaps: Gaps): Promise<string | undefined> {
  const text = await readSetting(host, settings.modprobePath)
  if (text.state === 'present') return text.value
  if (text.state === 'absent') return ''
  gaps.note('modprobePath', 'omitted', text)
  return undefined
}

async function readTainted(host: Host, gaps: Gaps): Promise<number | undefined> {
  const text = await readSetting(host, settings.tainted)
  if (text.state === 'present' && /^\d{1,15}$/.test(text.value)) return Number(text.value)
  const failure = text.state === 'present' ? malformed(settings.tainted) : unavailable(text)
  for (const field of ['tainted', 'taintFlags']) gaps.note(field, 'omitted', failure)
  return undefined
}

async function readSetting(host: Host, path: string): Promise<Outcome<string>> {
  if (!host.live) return offline(path)
  const text = await host.readText(path)
  return text.state === 'present' ? { ...text, value: text.value.trim() } : text
}

const malformed = (path: string): Failure => ({ state: 'unavailable', path, detail: 'not a number of the kernel' })

async function readSeenBuiltin(host: Host, loaded: ReadonlyMap<string, LoadedModule>): Promise<ReadonlySet<string>> {
  const entries = await host.list('/sys/module')
  if (entries.state !== 'present') return new Set()
  return new Set(entries.value.map(({ name }) => name).filter(name => !loaded.has(name)))
}
