// Tells which units and start scripts of the known services are there, their state, and whether a boot starts them.
import type { Unit } from '../../proto/facets/services.ts'
import type { Failure, Host } from '../host/host.ts'
import { listDirective, parseSystemdUnit, type UnitFile } from '../parse/systemd-unit.ts'
import type { Gaps } from '../probe.ts'
import { readInitLinks, readUnitLinks, type UnitLinks } from '../unit-links.ts'
import { knownServices } from './known-services.ts'

export interface BootServices {
  readonly units: readonly Unit[]
  /** known services with a unit that is more than a mask, also where a mask hides it */
  readonly installed: ReadonlySet<string>
  /** names of everything that a boot starts */
  readonly startedAtBoot: readonly string[]
  /** nothing that could hold a unit or a link was unreadable */
  readonly complete: boolean
}

const initScripts = '/etc/init.d'
const maxDropIns = 50

/** @param ownInit an init other than systemd runs: unit files say nothing */
export async function readBootServices(host: Host, ownInit: boolean, gaps: Gaps): Promise<BootServices> {
  const links = await readUnitLinks(host)
  const init = await readInitLinks(host)
  const scripts = await host.list(initScripts)
  const failures: Failure[] = []
  if (scripts.state !== 'present' && scripts.state !== 'absent') failures.push(scripts)
  const scriptNames = new Set(scripts.state === 'present' ? scripts.value.map(({ name }) => name) : [])
  const aliases = await localAliases(links)
  const sources: Sources = { host, links, aliases, initNames: init.names, scriptNames, ownInit, gaps }
  const units: Unit[] = []
  const installed = new Set<string>()
  for (const [service, traces] of Object.entries(knownServices)) {
    for (const name of traces.units) {
      const row = await unitRow(sources, service, name)
      if (row) units.push(row)
      if (row && (row.state !== 'masked' || links.hidden.has(row.unit))) installed.add(service)
    }
  }
  const startedAtBoot = await bootNames(sources)
  const unusable = [...failures, ...links.failures, ...init.failures]
  for (const failure of unusable) noteUnusable(gaps, failure)
  if (unusable.length === 0) return { units, installed, startedAtBoot, complete: true }
  // What was found is true; what was not found may be in what could not be read.
  return { units: units.map(withoutUncertain), installed, startedAtBoot, complete: false }
}

function noteUnusable(gaps: Gaps, failure: Failure): void {
  gaps.note('units', 'incomplete', failure)
  gaps.note('startedAtBoot', 'incomplete', failure)
  for (const field of ['units.atBoot', 'units.state', 'known.installed', 'known.atBoot']) {
    gaps.note(field, 'omitted', failure)
  }
}

function withoutUncertain({ state, atBoot, ...row }: Unit): Unit {
  const certain = state === 'masked' || state === 'enabled'
  return { ...row, ...(certain && { state }), ...((atBoot || state === 'masked') && { atBoot }) }
}

interface Sources {
  readonly host: Host
  readonly links: UnitLinks
  readonly aliases: ReadonlyMap<string, readonly string[]>
  readonly initNames: ReadonlySet<string>
  readonly scriptNames: ReadonlySet<string>
  readonly ownInit: boolean
  readonly gaps: Gaps
}

/** Names that links of /etc give to units, by the unit. */
async function localAliases(links: UnitLinks): Promise<ReadonlyMap<string, readonly string[]>> {
  const aliases = new Map<string, string[]>()
  for (const name of links.names) {
    const file = links.isLocal(name) ? await links.fileOf(name) : undefined
    if (file && file.linkedTo !== '' && file.linkedTo !== name) {
      aliases.set(file.linkedTo, [...(aliases.get(file.linkedTo) ?? []), name])
    }
  }
  return aliases
}

async function unitRow(sources: Sources, service: string, name: string): Promise<Unit | undefined> {
  const { host, links, initNames, scriptNames, ownInit, gaps } = sources
  const unit = name.includes('.') ? name : `${name}.service`
  const script = unit.replace(/\.service$/, '')
  const file = ownInit ? undefined : await links.fileOf(unit)
  if (!file) {
    if (!scriptNames.has(script)) return undefined
    const row = { unit, service, path: `${initScripts}/${script}`, state: 'sysv' as const }
    return { ...row, atBoot: initNames.has(script), dropIns: [] }
  }
  const row = { unit, service, path: file.path }
  if (file.masked) return { ...row, state: 'masked', atBoot: false, dropIns: [] }
  const dropIns = await dropInFiles(host, links, unit, gaps)
  const atBoot = await startsAtBoot(links, unit)
  if (file.linkedTo !== '' && file.linkedTo !== unit && links.names.has(unit)) {
    return { ...row, state: 'alias', atBoot, dropIns }
  }
  const state = await installState(sources, unit, file.path, file.linkedTo !== '', dropIns)
  return { ...row, ...(state && { state }), atBoot: state === 'masked' ? false : atBoot, dropIns }
}

async function dropInFiles(host: Host, links: UnitLinks, unit: string, gaps: Gaps): Promise<string[]> {
  const files: string[] = []
  for (const directory of links.dropInDirectories(unit)) {
    const entries = await host.list(directory)
    if (entries.state !== 'present') gaps.note('units.dropIns', 'incomplete', entries)
    else
      files.push(
        ...entries.value
          .map(one => one.name)
          .filter(isDropIn)
          .map(name => `${directory}/${name}`),
      )
  }
  return files.slice(0, maxDropIns)
}

const isDropIn = (name: string) => name.endsWith('.conf') && !name.startsWith('.')

/** Graphical boots want the display manager by its alias, in the unit file itself and not by a link. */
async function startsAtBoot(links: UnitLinks, unit: string): Promise<boolean> {
  if (await links.isWantedAtBoot(unit)) return true
  const manager = await links.fileOf('display-manager.service')
  if (!manager || manager.masked || (unit !== 'display-manager.service' && manager.linkedTo !== unit)) return false
  const target = await links.fileOf('default.target')
  return target?.linkedTo === 'graphical.target' || target?.linkedTo === 'runlevel5.target'
}

/** unit_file_lookup_state of systemd's install.c, for what is on disk. */
async function installState(
  { host, links, aliases: others, gaps }: Sources,
  unit: string,
  path: string,
  isLink: boolean,
  dropIns: readonly string[],
): Promise<Unit['state']> {
  if ((await links.wantsOf(unit)).some(link => link.path.startsWith('/etc/'))) return 'enabled'
  const files: UnitFile[] = []
  for (const file of [path, ...dropIns]) {
    const text = await host.readText(file)
    if (text.state === 'present') files.push(parseSystemdUnit(text.value))
    else if (text.state !== 'absent' || file === path) {
      gaps.note('units.state', 'omitted', text.state === 'absent' ? { ...text, state: 'unavailable' } : text)
      return undefined
    }
    if (file === path && text.state === 'present' && text.value === '') return 'masked'
  }
  const install = (key: string) => listDirective(files, 'Install', key).flatMap(value => value.split(/\s+/))
  const named = install('Alias').filter(alias => alias !== '')
  const aliases = others.get(unit) ?? []
  if (aliases.some(alias => named.includes(alias))) return 'enabled'
  if (isLink) return 'linked'
  if (aliases.length > 0) return 'indirect'
  const rules = [...install('WantedBy'), ...install('RequiredBy'), ...install('UpheldBy'), ...named]
  if (rules.some(rule => rule !== '')) return 'disabled'
  return install('Also').some(also => also !== '') ? 'indirect' : 'static'
}

async function bootNames({ links, initNames, ownInit }: Sources): Promise<readonly string[]> {
  if (ownInit) return [...initNames]
  const names: string[] = []
  for (const unit of links.wanted) if (await links.isWantedAtBoot(unit)) names.push(unit)
  const manager = await links.fileOf('display-manager.service')
  if (manager && (await startsAtBoot(links, 'display-manager.service'))) names.push(manager.linkedTo)
  for (const script of initNames) if (!links.names.has(`${script}.service`)) names.push(`${script}.service`)
  return names.filter(name => name !== '')
}
