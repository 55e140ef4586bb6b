// Makes what the rows of all components have in common: what runs, what is declared, and whether these differ.
import type { Gap } from '../../proto/facet.ts'
import type { ControlPlaneFacts } from '../../proto/facets/control-plane.ts'
import type { Host } from '../host/host.ts'
import { type Obstacle, obstacleOf } from '../kubelet/found-kubelet.ts'
import { versionInPath } from '../kubelet/version.ts'
import type { FlagStyle } from '../parse/component-flags.ts'
import { imageVersion } from '../parse/image-version.ts'
import { type MalformedDocument, malformedDetail } from '../parse/kubernetes-document.ts'
import type { Gaps } from '../probe.ts'
import { type FoundComponent, listOf, reach } from './component.ts'
import type { NamedFile } from './files.ts'
import type { SettingField } from './setting-fields.ts'
import { changedFlags, readFlags } from './settings.ts'

type Row = ControlPlaneFacts['kubeProxies'][number]
export type CommonRow = Omit<Row, 'id' | 'settings'>

/** What describing a component collects besides its row. */
export interface Description {
  readonly host: Host
  readonly found: FoundComponent
  readonly gaps: Gaps
  readonly version: string | undefined
  /** milliseconds since the epoch; undefined when not running or unknown */
  readonly startedAtMs: number | undefined
  readonly files: NamedFile[]
  readonly unmounted: Set<string>
  readonly changedFiles: Set<string>
}

/** The start of a process is known to a second. */
const clockToleranceMs = 1000

/** @param bootedAtMs when the host booted, undefined when unknown */
export function startDescription(
  host: Host,
  found: FoundComponent,
  gaps: Gaps,
  bootedAtMs: number | undefined,
): Description {
  const ticks = found.running?.process.startTicks
  // 100 clock ticks a second on every Linux ABI.
  const startedAtMs = ticks === undefined || bootedAtMs === undefined ? undefined : bootedAtMs + ticks * 10
  const files: NamedFile[] = found.manifest ? [{ path: found.manifest.path, role: 'manifest' }] : []
  const common = { host, found, gaps, startedAtMs, files }
  return { ...common, version: versionOf(found), unmounted: new Set(), changedFiles: new Set() }
}

/** Call last: by then all files that the component names are known. */
export function commonRow(
  description: Description,
  fields: Readonly<Record<string, SettingField>>,
  style: FlagStyle = 'pflag',
): CommonRow {
  const { found, version } = description
  const { running, manifest } = found
  const newer = manifestNewer(description)
  if (version === undefined) {
    const source = manifest?.path || running?.process.executable || found.unit || found.name
    const detail = 'neither an image tag nor a path tells the version'
    note(description, 'version', { source, state: 'unavailable', detail })
  }
  if (typeof newer !== 'boolean') note(description, 'manifestNewerThanProcess', newer)
  return {
    running: running !== undefined,
    kind: found.kind,
    foreign: running?.foreign ?? false,
    manifest: manifest?.path ?? '',
    image: manifest?.container.image.slice(0, 300) ?? '',
    executable: running?.process.executable ?? '',
    unit: found.unit,
    uid: running?.process.uid ?? -1,
    manifestDiffers: manifestDiffers(found),
    changedFlags: [...changedOf(found, fields, style)],
    changedFiles: [...description.changedFiles],
    unmounted: [...description.unmounted],
    ...(version === undefined ? {} : { version }),
    ...(typeof newer === 'boolean' ? { manifestNewerThanProcess: newer } : {}),
  }
}

/** Notes what could not be told of this component's row. */
export function note(
  { gaps, found }: Description,
  field: string,
  obstacle: Obstacle,
  effect: Gap['effect'] = 'omitted',
): void {
  // A process id changes by itself and has no place in facts.
  const source = obstacle.source.startsWith('/proc/') ? 'cmdline' : obstacle.source
  gaps.add({ field: `${listOf[found.name]}.${field}`, effect, ...obstacle, source })
}

/**
 * Adds a file that the component names. The path on the host, or an obstacle when it is not the host's file that the
 * component sees.
 *
 * @param flag without dashes
 */
export function nameFile(
  description: Description,
  flag: string,
  path: string,
  role: NamedFile['role'],
): string | Obstacle {
  const reached = reach(description.found, path)
  if (reached.state === 'host') {
    description.files.push({ path: reached.path, role })
    return reached.path
  }
  if (reached.state === 'unmounted') {
    description.unmounted.add(`--${flag}`)
    const detail = 'no volume of the host is mounted there in the pod'
    return { source: path, state: 'unavailable', detail }
  }
  return containedObstacle
}

/** A file that decides settings. */
export interface NamedSource {
  /** without dashes */
  readonly flag: string
  readonly path: string
  readonly role: NamedFile['role']
  /** the component reads it again when it changes */
  readonly reloads?: boolean
}

export type Parsed<T> = { readonly path: string; readonly value: T } | { readonly obstacle: Obstacle }

/** Reads and parses a file that the component read at its start; notes when it changed after that. */
export async function readParsed<T extends { readonly state: string }>(
  description: Description,
  { flag, path, role, reloads }: NamedSource,
  parse: (text: string) => T | MalformedDocument,
): Promise<Parsed<T>> {
  const named = nameFile(description, flag, path, role)
  if (typeof named !== 'string') return { obstacle: named }
  const text = await description.host.readText(named)
  // The component has it open or refuses to start, so that its absence is no plain fact.
  if (text.state !== 'present') return { obstacle: obstacleOf(text) }
  if (reloads !== true) await noteChange(description, named)
  const parsed = parse(text.value)
  if (!isMalformed(parsed)) return { path: named, value: parsed }
  return { obstacle: { source: named, state: 'malformed', detail: malformedDetail(parsed) } }
}

function isMalformed(parsed: { readonly state: string }): parsed is MalformedDocument {
  return parsed.state === 'malformed'
}

const containedObstacle: Obstacle = {
  source: 'container',
  state: 'unavailable',
  detail: 'runs in a container: its files are not reached through the host’s root',
}

async function noteChange({ host, startedAtMs, changedFiles }: Description, path: string): Promise<void> {
  const stat = await host.stat(path)
  if (startedAtMs === undefined || stat.state !== 'present') return
  if (stat.value.modifiedAtMs > startedAtMs + clockToleranceMs) changedFiles.add(path)
}

function versionOf({ manifest, running, version }: FoundComponent): string | undefined {
  return version ?? imageVersion(manifest?.container.image ?? '') ?? versionInPath(running?.process.executable ?? '')
}

function manifestNewer({ found, startedAtMs }: Description): boolean | Obstacle {
  if (!found.manifest || !found.running) return false
  if (startedAtMs !== undefined) return found.manifest.modifiedAtMs > startedAtMs + clockToleranceMs
  return { source: '/proc/stat', state: 'unavailable', detail: 'the time of boot is not known' }
}

/** A word with a variable of the pod that is not in the manifest may be anything in the process. */
function manifestDiffers({ manifest, running }: FoundComponent): boolean {
  if (!manifest || !running || manifest.obstacle) return false
  const open = manifest.args.filter(word => /\$\([A-Za-z0-9_.-]+\)/.test(word)).length
  const left = [...running.args]
  for (const word of manifest.args) {
    const at = left.indexOf(word)
    if (at >= 0) left.splice(at, 1)
    else if (!/\$\([A-Za-z0-9_.-]+\)/.test(word)) return true
  }
  return left.length > open
}

function changedOf(
  found: FoundComponent,
  fields: Readonly<Record<string, SettingField>>,
  style: FlagStyle,
): readonly string[] {
  const { manifest, running } = found
  if (!manifest || !running || !manifestDiffers(found)) return []
  const places = [manifest.args, running.args].map(args => ({ source: 'manifest', place: '', args }) as const)
  const [declared, effective] = readFlags(places, fields, found, style).layers
  return declared && effective ? changedFlags(declared, effective).map(name => `--${name}`) : []
}
