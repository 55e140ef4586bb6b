// Puts together what is known of one container engine: its configuration, version and files.
import type {
  ContainerdSettings,
  ContainerRuntimeFacts,
  CrioSettings,
  DockerSettings,
} from '../../proto/facets/container-runtime.ts'
import type { Host } from '../host/host.ts'
import type { RegistryRow } from '../parse/registry-hosts.ts'
import type { ProbeContext } from '../probe.ts'
import type { NamedFile } from './engine-files.ts'
import type { Configured, Handler } from './engine-settings.ts'
import { readEngineVersion } from './engine-version.ts'
import type { EngineKind, FoundEngine } from './find-engines.ts'
import { type ReadConfigured, readContainerd } from './read-containerd.ts'
import { readCrio } from './read-crio.ts'
import { type Obstacle, obstacleOf, readDocker } from './read-docker.ts'

export type ReadSettings =
  | { readonly kind: 'docker'; readonly settings: DockerSettings | undefined }
  | { readonly kind: 'containerd'; readonly settings: ContainerdSettings | undefined }
  | { readonly kind: 'crio'; readonly settings: CrioSettings | undefined }

export interface DescribedEngine {
  readonly found: FoundEngine
  /** fields that rows of all engines have */
  readonly common: Omit<ContainerRuntimeFacts['docker'][number], 'id' | 'configFile' | 'settings'>
  readonly configFile: string
  readonly configFiles: readonly string[]
  readonly read: ReadSettings
  readonly handlers: readonly Handler[]
  readonly registries: readonly RegistryRow[]
  readonly files: readonly NamedFile[]
  /** socket of its Kubernetes interface, empty when it has none or does not run here */
  readonly criSocket: string
}

/** @param home of the user that runs it */
export async function describeEngine(
  host: Host,
  found: FoundEngine,
  home: string,
  context: ProbeContext,
): Promise<DescribedEngine> {
  const version = await readEngineVersion(host, found, context.memory)
  if (typeof version !== 'string') {
    context.gaps.add({ field: `${found.kind}.version`, effect: 'omitted', ...obstacleOf(version) })
  }
  const known = typeof version === 'string' ? version : ''
  const described = await readEngine(host, found, home, known)
  if (described.obstacle) noteSettings(context, found, described.obstacle)
  return {
    found,
    common: {
      running: found.process !== undefined,
      executable: found.process?.executable ?? '',
      unit: found.unit,
      uid: found.process?.uid ?? -1,
      contained: found.contained,
      ...(typeof version === 'string' && { version }),
    },
    ...described,
    files: [...described.files, ...unitFilesOf(found)],
  }
}

/** Without its settings an engine's handlers and registries are not known either; those lists leave containers out. */
function noteSettings({ gaps }: ProbeContext, { kind, contained }: FoundEngine, obstacle: Obstacle): void {
  gaps.add({ field: `${kind}.settings`, effect: 'omitted', ...obstacle })
  if (contained) return
  for (const list of ['handlers', 'registries']) gaps.add({ field: list, effect: 'incomplete', ...obstacle })
}

type Read = Pick<
  DescribedEngine,
  'configFile' | 'configFiles' | 'read' | 'handlers' | 'registries' | 'files' | 'criSocket'
> & { readonly obstacle?: Obstacle | undefined }

async function readEngine(host: Host, found: FoundEngine, home: string, version: string): Promise<Read> {
  if (found.kind === 'docker') {
    const { settings, ...read } = await readDocker(host, found, home)
    const files = found.contained ? [] : dockerFiles(read.configFile, settings)
    return { ...read, configFiles: [], read: { kind: 'docker', settings }, files, criSocket: '' }
  }
  if (found.kind === 'containerd') {
    const read = await readContainerd(host, found, version)
    const speaks = read.configured?.settings.criEnabled ?? false
    return { ...common(found, read, speaks), read: { kind: 'containerd', settings: read.configured?.settings } }
  }
  const read = await readCrio(host, found)
  return { ...common(found, read, true), read: { kind: 'crio', settings: read.configured?.settings } }
}

function common(
  found: FoundEngine,
  read: ReadConfigured<{ readonly address: string }>,
  speaksCri: boolean,
): Omit<Read, 'read'> {
  const configured: Configured<{ readonly address: string }> | undefined = read.configured
  const address = configured?.settings.address.replace(/^unix:\/\//, '') ?? ''
  const isHere = found.process !== undefined && !found.contained
  return {
    configFile: read.configFile,
    configFiles: read.configFiles,
    obstacle: read.obstacle,
    handlers: configured?.handlers ?? [],
    registries: configured?.registries ?? [],
    files: found.contained ? [] : read.configFiles.map(path => ({ path, role: 'config' })),
    criSocket: isHere && speaksCri ? address : '',
  }
}

function dockerFiles(configFile: string, settings: DockerSettings | undefined): readonly NamedFile[] {
  const files: NamedFile[] = [{ path: configFile, role: 'config', optional: true }]
  if (settings === undefined) return files
  files.push({ path: settings.dataRoot, role: 'data-root', optional: true })
  if (!settings.tls) return files
  return [
    ...files,
    { path: settings.tlsCaCert, role: 'tls-ca' },
    { path: settings.tlsCert, role: 'tls-cert' },
    { path: settings.tlsKey, role: 'tls-key' },
  ]
}

const sockets: Readonly<Record<EngineKind, string>> = {
  docker: 'docker.socket',
  containerd: '',
  crio: '',
}

function unitFilesOf({ kind, unitFiles, environmentFiles }: FoundEngine): readonly NamedFile[] {
  const socket = sockets[kind]
  const directories = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system']
  const socketUnits = socket === '' ? [] : directories.map(directory => `${directory}/${socket}`)
  return [
    ...unitFiles.map(path => ({ path, role: 'unit' as const })),
    ...socketUnits.map(path => ({ path, role: 'unit' as const, optional: true })),
    ...environmentFiles.map(path => ({ path, role: 'environment' as const, optional: true })),
  ]
}
