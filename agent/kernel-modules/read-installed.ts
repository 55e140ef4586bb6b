// Reads which modules the kernel on this host can find on disk, and which are built into it.
import type { Failure, Host, Outcome } from '../host/host.ts'
import { unavailable } from '../no-answer.ts'
import { type ModuleList, parseModulesBuiltin } from '../parse/modules-builtin.ts'
import { parseModulesDep } from '../parse/modules-dep.ts'
import type { Gaps } from '../probe.ts'

export interface InstalledModules {
  /** modules.dep; undefined when it could not be read */
  readonly available: ReadonlySet<string> | undefined
  /** modules.builtin; undefined when there is none */
  readonly builtin: ReadonlySet<string> | undefined
}

/** A full distribution kernel's modules.dep is about 700 KiB. */
const maxListBytes = 8 * 1024 * 1024

/**
 * The lists of the running kernel; on an offline root those of the only kernel that is installed.
 * @param memory keeps a parsed list as long as its file does not change
 */
export async function readInstalled(host: Host, gaps: Gaps, memory: Map<string, unknown>): Promise<InstalledModules> {
  const directory = await kernelDirectory(host)
  if (directory.state !== 'present') {
    for (const field of ['available', 'builtin', 'loadable']) {
      gaps.note(`modules.${field}`, 'omitted', unavailable(directory))
    }
    return { available: undefined, builtin: undefined }
  }
  const dependencies = await readList(host, `${directory.value}/modules.dep`, parseModulesDep, memory)
  const builtin = await readList(host, `${directory.value}/modules.builtin`, parseModulesBuiltin, memory)
  noteList(gaps, 'available', dependencies)
  noteList(gaps, 'builtin', builtin.state === 'absent' ? unavailable(builtin) : builtin)
  if (dependencies.state !== 'absent') noteList(gaps, 'loadable', dependencies)
  return {
    // Without modules.dep modprobe finds nothing.
    available: namesOf(dependencies) ?? (dependencies.state === 'absent' ? new Set() : undefined),
    builtin: namesOf(builtin),
  }
}

async function kernelDirectory(host: Host): Promise<Outcome<string>> {
  const path = '/proc/sys/kernel/osrelease'
  if (!host.live) return await onlyKernel(host)
  const release = await host.readText(path)
  if (release.state !== 'present') return release
  const name = release.value.trim()
  if (!/^[\w.+~-]+$/.test(name)) return { state: 'unavailable', path, detail: 'not a kernel release' }
  return { state: 'present', path, value: `/lib/modules/${name}` }
}

async function onlyKernel(host: Host): Promise<Outcome<string>> {
  for (const path of ['/lib/modules', '/usr/lib/modules']) {
    const entries = await host.list(path)
    if (entries.state === 'absent') continue
    if (entries.state !== 'present') return entries
    const kernels = entries.value.filter(({ kind }) => kind === 'directory')
    const [kernel] = kernels
    if (kernel && kernels.length === 1) return { state: 'present', path, value: `${path}/${kernel.name}` }
    return { state: 'unavailable', path, detail: `offline root with ${kernels.length} kernels` }
  }
  return { state: 'unavailable', path: '/lib/modules', detail: 'offline root without a kernel' }
}

interface Remembered {
  readonly stamp: string
  readonly list: ModuleList
}

async function readList(
  host: Host,
  path: string,
  parse: (text: string) => ModuleList,
  memory: Map<string, unknown>,
): Promise<Outcome<ModuleList>> {
  const stat = await host.stat(path)
  if (stat.state !== 'present') return stat
  const { modifiedAtMs, changedAtMs, sizeBytes } = stat.value
  const stamp = `${modifiedAtMs} ${changedAtMs} ${sizeBytes}`
  const known = memory.get(path) as Remembered | undefined
  if (known?.stamp === stamp) return { state: 'present', path, value: known.list }
  const text = await host.readText(path, { maxBytes: maxListBytes })
  if (text.state !== 'present') return text
  const list = parse(text.value)
  memory.set(path, { stamp, list } satisfies Remembered)
  return { state: 'present', path, value: list }
}

const namesOf = (list: Outcome<ModuleList>) => (list.state === 'present' ? list.value.names : undefined)

function noteList(gaps: Gaps, field: string, list: Outcome<ModuleList> | Failure): void {
  if (list.state !== 'present') gaps.note(`modules.${field}`, 'omitted', list)
  else if (list.value.malformed.length > 0) {
    const detail = `line ${list.value.malformed[0]}`
    gaps.add({ field: `modules.${field}`, effect: 'incomplete', source: list.path, state: 'malformed', detail })
  }
}
