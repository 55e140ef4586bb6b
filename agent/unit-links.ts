// Tells from files and links on disk which services are there, masked, and started at boot: systemd, SysV and OpenRC.
import type { DirectoryEntry, Failure, Host, Outcome } from './host/host.ts'

/** Unit directories by precedence (systemd.unit(5)); /run is empty at boot and has no say. */
export const unitDirectories = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
] as const

/** Runlevels that systemd-sysv-generator and sysvinit start services in. */
const runlevels = ['rcS.d', 'rc2.d', 'rc3.d', 'rc4.d', 'rc5.d'] as const
const openrcRunlevels = ['sysinit', 'boot', 'default'] as const

/** Targets that a boot does not pass through: a link there starts nothing at boot. */
const notBoot =
  /^(shutdown|reboot|poweroff|halt|kexec|soft-reboot|final|umount|exit|rescue|emergency|sleep|suspend|hibernate|hybrid-sleep|suspend-then-hibernate|initrd[a-z-]*)\.target$/

const unitName = /^[^/]+\.(?:service|socket|timer|path|target|mount|automount|swap|slice|scope|device)$/

/** A unit file of highest precedence, or a link in its place. */
export interface UnitFileEntry {
  /** host path */
  readonly path: string
  /** a link to /dev/null or an empty file: it hides the unit and starts nothing */
  readonly masked: boolean
  /** base name of what a link leads to, empty for a file */
  readonly linkedTo: string
}

/** A link in a `*.wants`, `*.requires` or `*.upholds` directory. */
export interface WantLink {
  /** host path */
  readonly path: string
  /** unit that wants it */
  readonly owner: string
}

/** The unit directories, listed once; single files and links are looked at when they are asked for. */
export interface UnitLinks {
  /** directories, files and links that could not be read so far: what is not found may be there */
  readonly failures: readonly Failure[]
  /** every unit that has a file, a link or a mask */
  readonly names: ReadonlySet<string>
  /** units that a file of higher precedence, such as a mask, hides */
  readonly hidden: ReadonlySet<string>
  /** every unit that some link wants, withdrawn ones among them */
  readonly wanted: ReadonlySet<string>
  /** whether what counts of a unit stands in /etc */
  isLocal(unit: string): boolean
  /** file of a unit; of an instance (`a@b.service`) the template's, unless it has its own */
  fileOf(unit: string): Promise<UnitFileEntry | undefined>
  /** links that want a unit, without those that one to /dev/null withdraws */
  wantsOf(unit: string): Promise<readonly WantLink[]>
  /** wanted or required at boot by another unit, and not masked */
  isWantedAtBoot(unit: string): Promise<boolean>
  /** directories of drop-ins for a unit (and its template), by precedence */
  dropInDirectories(unit: string): readonly string[]
}

/**
 * Whether a service is linked to start at boot: wanted or required by a unit and not masked, or, where it has no unit
 * of its own, started by a SysV runlevel or an OpenRC one. Equals `systemctl is-enabled` saying enabled or static with a
 * shipped link.
 *
 * @param name service name such as `ufw`, or a unit name with its type such as `docker.socket`
 * @returns present with true or false; a failure (never `absent`) when a directory that could say so cannot be read
 */
export async function isEnabledAtBoot(host: Host, name: string): Promise<Outcome<boolean>> {
  const unit = unitName.test(name) ? name : `${name}.service`
  const links = await readUnitLinks(host)
  const file = await links.fileOf(unit)
  if (file?.masked) return answer(unit, false)
  if (await links.isWantedAtBoot(unit)) return answer(unit, true)
  if (file) return links.failures[0] ?? answer(unit, false)
  const init = await readInitLinks(host)
  if (init.names.has(unit.replace(/\.service$/, ''))) return answer(unit, true)
  return links.failures[0] ?? init.failures[0] ?? answer(unit, false)
}

const answer = (unit: string, value: boolean): Outcome<boolean> => ({ state: 'present', path: unit, value })

interface Listed {
  /** first entry of each unit name */
  readonly files: Map<string, { readonly path: string; readonly entry: DirectoryEntry }>
  readonly hidden: Set<string>
  /** paths of `*.d` directories by the unit they are for */
  readonly dropIns: Map<string, string[]>
  /** by unit, in order of precedence */
  readonly wants: Map<string, (WantLink & { readonly link: boolean })[]>
}

export async function readUnitLinks(host: Host): Promise<UnitLinks> {
  const failures: Failure[] = []
  const { files, hidden, dropIns, wants } = await listUnits(host, failures)
  const known = new Map<string, UnitFileEntry | undefined>()
  const templateOf = (unit: string) => unit.replace(/@.+(?=\.[a-z]+$)/, '@')
  async function fileOf(unit: string): Promise<UnitFileEntry | undefined> {
    if (known.has(unit)) return known.get(unit)
    const found = files.get(unit) ?? files.get(templateOf(unit))
    const file = found && (await readUnitEntry(host, found.path, found.entry, failures))
    known.set(unit, file)
    return file
  }
  async function wantsOf(unit: string): Promise<readonly WantLink[]> {
    const withdrawn = new Set<string>()
    const kept: WantLink[] = []
    for (const { path, owner, link } of wants.get(unit) ?? []) {
      const directory = path.split('/').at(-2) ?? ''
      if (withdrawn.has(directory)) continue
      const target = link ? await host.readLink(path) : undefined
      if (target && target.state !== 'present') note(failures, target)
      if (target?.state === 'present' && target.value === '/dev/null') withdrawn.add(directory)
      else kept.push({ path, owner })
    }
    return kept
  }
  async function isWantedAtBoot(unit: string): Promise<boolean> {
    if (!(wants.get(unit) ?? []).some(({ owner }) => !notBoot.test(owner))) return false
    if ((await fileOf(unit))?.masked) return false
    return (await wantsOf(unit)).some(({ owner }) => !notBoot.test(owner))
  }
  const dropInDirectories = (unit: string) =>
    [...new Set([unit, templateOf(unit)])].flatMap(name => dropIns.get(name) ?? [])
  const [names, wanted] = [new Set(files.keys()), new Set(wants.keys())]
  const isLocal = (unit: string) => files.get(unit)?.path.startsWith('/etc/') ?? false
  return { failures, names, hidden, wanted, isLocal, fileOf, wantsOf, isWantedAtBoot, dropInDirectories }
}

async function listUnits(host: Host, failures: Failure[]): Promise<Listed> {
  const units: Listed = { files: new Map(), hidden: new Set(), dropIns: new Map(), wants: new Map() }
  const seen = new Set<string>()
  for (const directory of unitDirectories) {
    const real = await host.realPath(directory)
    if (real.state === 'present' && seen.has(real.value)) continue
    if (real.state === 'present') seen.add(real.value)
    for (const entry of await listed(host, directory, failures)) {
      const path = `${directory}/${entry.name}`
      const owner = /^(.+)\.(?:wants|requires|upholds)$/.exec(entry.name)?.[1]
      if (owner !== undefined && entry.kind !== 'file') await listWants(host, path, owner, units.wants, failures)
      else if (entry.name.endsWith('.d') && entry.kind !== 'file') addTo(units.dropIns, entry.name.slice(0, -2), path)
      else if (isUnitEntry(entry) && units.files.has(entry.name)) units.hidden.add(entry.name)
      else if (isUnitEntry(entry)) units.files.set(entry.name, { path, entry })
      else if (unitName.test(entry.name) && entry.kind !== 'directory') {
        failures.push({ state: 'notRegular', path, detail: entry.kind })
      }
    }
  }
  return units
}

/** A FIFO in place of a unit file is one that cannot be read: whoever reads it says so. */
const isUnitEntry = ({ name, kind }: DirectoryEntry) => kind !== 'directory' && unitName.test(name)

async function listWants(host: Host, directory: string, owner: string, wants: Listed['wants'], failures: Failure[]) {
  for (const { name, kind } of await listed(host, directory, failures)) {
    addTo(wants, name, { path: `${directory}/${name}`, owner, link: kind === 'symlink' })
  }
}

function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key)
  if (list) list.push(item)
  else lists.set(key, [item])
}

/** Services that SysV runlevels or OpenRC start at boot: names of their scripts, without `.sh` as systemd takes them. */
export async function readInitLinks(host: Host) {
  const failures: Failure[] = []
  const names = new Set<string>()
  for (const directory of runlevels.flatMap(name => [`/etc/${name}`, `/etc/rc.d/${name}`])) {
    for (const { name } of await listed(host, directory, failures)) {
      if (/^S\d\d./.test(name)) names.add(name.slice(3).replace(/(?<=.)\.sh$/, ''))
    }
  }
  for (const runlevel of openrcRunlevels) {
    for (const { name } of await listed(host, `/etc/runlevels/${runlevel}`, failures)) names.add(name)
  }
  return { names: names as ReadonlySet<string>, failures: failures as readonly Failure[] }
}

async function listed(host: Host, directory: string, failures: Failure[]): Promise<readonly DirectoryEntry[]> {
  const entries = await host.list(directory)
  if (entries.state === 'present') return entries.value
  if (entries.state !== 'absent') failures.push(entries)
  return []
}

async function readUnitEntry(
  host: Host,
  path: string,
  { kind }: DirectoryEntry,
  failures: Failure[],
): Promise<UnitFileEntry> {
  if (kind === 'symlink') {
    const target = await host.readLink(path)
    if (target.state !== 'present') note(failures, target)
    const value = target.state === 'present' ? target.value : ''
    return { path, masked: value === '/dev/null', linkedTo: value.slice(value.lastIndexOf('/') + 1) }
  }
  const stat = await host.stat(path, { follow: false })
  if (stat.state !== 'present') note(failures, stat)
  const empty = stat.state === 'present' && stat.value.kind === 'file' && stat.value.sizeBytes === 0
  return { path, masked: empty, linkedTo: '' }
}

function note(failures: Failure[], failure: Failure): void {
  if (failure.state !== 'absent') failures.push(failure)
}
