// Reads the service files of PAM and resolves what they include.

import type { Gap } from '../../proto/facet.ts'
import type { Host, Outcome } from '../host/host.ts'
import {
  type PamFile,
  type PamInclude,
  type PamModule,
  type PamType,
  pamTypes,
  parsePamConf,
  parsePamStack,
} from '../parse/pam-stack.ts'

/** Why a file does not say what it should; `malformed` has the numbers of its lines. */
export type PamFault = { readonly path: string } & (
  | { readonly state: 'malformed'; readonly lines: readonly number[] }
  | { readonly state: Exclude<Gap['state'], 'malformed'>; readonly detail: string }
)

export interface PamServices {
  /** undefined when it cannot be told */
  readonly installed: boolean | undefined
  /** by name of the service; includes are by name or path */
  readonly files: ReadonlyMap<string, PamFile>
  /** by the same names; key '' is for what concerns all of them */
  readonly faults: ReadonlyMap<string, PamFault>
}

/** One module of a service, after its includes. */
export interface PamStack {
  readonly modules: readonly PamModule[]
  readonly faults: readonly PamFault[]
}

/** The first that has a file wins; the others are where distributions that keep /etc empty put their own. */
export const pamDirectories = ['/etc/pam.d', '/usr/lib/pam.d', '/usr/etc/pam.d'] as const
const maxFiles = 400
/** libpam itself stops at 32 substacks. */
const maxDepth = 16
const maxModules = 500
/** Files that are gone through for one service: a few that include each other often are a great many. */
const maxVisits = 200
/** What package managers and editors leave; no program asks for a service of that name. */
const leftover = /~$|\.(?:rpm\w+|dpkg-\w+|ucf-\w+|bak|old|orig|save)$/

interface Reading {
  readonly host: Host
  readonly files: Map<string, PamFile>
  readonly faults: Map<string, PamFault>
  installed: boolean
}

export async function readPam(host: Host): Promise<PamServices> {
  const reading: Reading = { host, files: new Map(), faults: new Map(), installed: false }
  const names = await listServices(reading)
  if (names.length > maxFiles) {
    reading.faults.set('', { path: '/etc/pam.d', state: 'tooLarge', detail: `over the limit of ${maxFiles} services` })
  }
  for (const name of names.slice(0, maxFiles)) await readService(reading, name)
  await readIncluded(reading)
  if (!reading.installed && reading.faults.size === 0) await readPamConf(reading)
  const { installed, files, faults } = reading
  return { installed: installed || faults.size === 0 ? installed : undefined, files, faults }
}

async function listServices(reading: Reading): Promise<readonly string[]> {
  const names = new Set<string>()
  for (const directory of pamDirectories) {
    const entries = await reading.host.list(directory)
    if (entries.state === 'absent') continue
    if (entries.state !== 'present') {
      reading.faults.set('', entries)
      continue
    }
    reading.installed = true
    for (const { name, kind } of entries.value) {
      if (kind !== 'directory' && !leftover.test(name)) names.add(name)
    }
  }
  return [...names].sort()
}

/** @param name of a service, or an absolute path */
async function readService(reading: Reading, name: string): Promise<void> {
  for (const path of name.startsWith('/') ? [name] : pamDirectories.map(directory => `${directory}/${name}`)) {
    const text = await reading.host.readText(path)
    if (text.state === 'absent') continue
    keepFile(reading, name, text)
    return
  }
}

function keepFile(reading: Reading, name: string, text: Exclude<Outcome<string>, { readonly state: 'absent' }>): void {
  if (text.state !== 'present') {
    reading.faults.set(name, text)
    return
  }
  const file = parsePamStack(text.value)
  reading.files.set(name, file)
  if (file.malformed.length > 0) {
    reading.faults.set(name, { path: text.path, state: 'malformed', lines: file.malformed })
  }
}

/** Files outside the directories that lines name; those they name in turn come in the next round. */
async function readIncluded(reading: Reading): Promise<void> {
  const asked = new Set<string>()
  for (let round = 0; round < maxDepth; round += 1) {
    const targets = [...reading.files.values()].flatMap(({ lines }) =>
      lines.flatMap(line => (line.kind === 'include' ? [line.target] : [])),
    )
    const unread = [...new Set(targets)].filter(
      target => !reading.files.has(target) && !reading.faults.has(target) && !asked.has(target),
    )
    if (unread.length === 0) return
    for (const target of unread) {
      if (asked.size >= maxFiles) return
      asked.add(target)
      await readService(reading, target)
    }
  }
}

/** It is read only where there is no /etc/pam.d. */
async function readPamConf(reading: Reading): Promise<void> {
  const path = '/etc/pam.conf'
  const text = await reading.host.readText(path)
  if (text.state === 'absent') return
  if (text.state !== 'present') {
    reading.faults.set('', text)
    return
  }
  for (const [name, file] of parsePamConf(text.value)) {
    reading.installed = true
    reading.files.set(name, file)
    if (file.malformed.length > 0) reading.faults.set(name, { path, state: 'malformed', lines: file.malformed })
  }
}

/** The modules of a service in the order in which PAM asks them, and what of its files could not be read. */
export function pamStack(services: PamServices, service: string): PamStack {
  const modules: PamModule[] = []
  const faults = new Set<PamFault>()
  const general = services.faults.get('')
  if (general) faults.add(general)
  let visits = 0
  const walk = (name: string, types: ReadonlySet<PamType>, depth: number): void => {
    visits += 1
    const fault = services.faults.get(name)
    if (fault) faults.add(fault)
    for (const line of services.files.get(name)?.lines ?? []) {
      if (depth > maxDepth || visits > maxVisits || modules.length >= maxModules) {
        faults.add({
          path: `/etc/pam.d/${service}`,
          state: 'tooLarge',
          detail: `over the limit of ${maxModules} modules or ${maxVisits} includes`,
        })
        return
      }
      if (line.kind === 'include') walk(line.target, typesOf(line, types), depth + 1)
      else if (types.has(line.type)) modules.push(line)
    }
  }
  walk(service, new Set(pamTypes), 0)
  return { modules, faults: [...faults] }
}

function typesOf(include: PamInclude, types: ReadonlySet<PamType>): ReadonlySet<PamType> {
  if (include.type === 'all') return types
  return new Set([include.type].filter(type => types.has(type)))
}
