// Makes one kubelet's row: reads its configuration, computes what is in effect, and names its files.
import { posix } from 'node:path'
import type { Gap } from '../../proto/facet.ts'
import type { Kubelet, KubeletSettings } from '../../proto/facets/kubelet.ts'
import type { Host } from '../host/host.ts'
import { type KubeletFlags, overrideFlags } from '../parse/kubelet-flags.ts'
import type { CertificateFile } from './certificates.ts'
import { type Effective, effectiveSettings } from './effective.ts'
import type { NamedFile } from './files.ts'
import { type FoundKubelet, type Obstacle, obstacleOf } from './found-kubelet.ts'
import { readNodeName } from './node-name.ts'
import { type KubeletConfiguration, readConfiguration } from './read-configuration.ts'
import { readVersion, unknownVersion, type Version } from './version.ts'

export interface DescribedKubelet {
  readonly found: FoundKubelet
  readonly row: Omit<Kubelet, 'id' | 'configz'>
  readonly files: readonly NamedFile[]
  readonly certificateFiles: readonly CertificateFile[]
  readonly certDir: string
  readonly gaps: readonly Gap[]
  /** changes whenever the kubelet or its configuration does */
  readonly fingerprint: string
}

const defaultRootDir = '/var/lib/kubelet'
const defaultCertDir = '/var/lib/kubelet/pki'
/** The start of a process is known to a second. */
const clockToleranceMs = 1000

/** @param bootedAtMs when the host booted, undefined when unknown */
export async function describeKubelet(
  host: Host,
  seen: FoundKubelet,
  bootedAtMs: number | undefined,
  memory: Map<string, unknown>,
): Promise<DescribedKubelet> {
  const found = await withNodeName(host, seen)
  const flags = resolvedFlags(overrideFlags(found.builtIn?.flags ?? {}, found.flags), found.cwd)
  const startedAtMs = startOf(found, bootedAtMs)
  const configuration = found.contained ? nothingRead : await readConfiguration(host, flags)
  const told: Version = found.contained
    ? { obstacle: unknownVersion(found) }
    : await readVersion(host, found, startedAtMs, memory)
  const version = 'version' in told ? told.version : undefined
  const effective = effectiveOf(found, configuration, version)
  const settings = 'settings' in effective ? effective.settings : undefined
  const newer = newerThanProcess(found, configuration, startedAtMs)
  const row: DescribedKubelet['row'] = {
    running: found.process !== undefined,
    kind: refinedKind(found, flags, configuration),
    executable: found.process?.executable ?? '',
    unit: found.unit,
    uid: found.process?.uid ?? -1,
    rootDir: flags['root-dir'] ?? defaultRootDir,
    configFile: flags.config ?? '',
    configDir: flags['config-dir'] ?? '',
    kubeconfig: flags.kubeconfig ?? '',
    bootstrapKubeconfig: flags['bootstrap-kubeconfig'] ?? '',
    ignoredDropIns: [...configuration.ignored],
    unknownKeys: [...configuration.unknownKeys],
    ...(version === undefined ? {} : { version }),
    ...(settings === undefined ? {} : { settings }),
    ...(typeof newer === 'boolean' ? { configNewerThanProcess: newer } : {}),
  }
  const gaps = [
    ...('obstacle' in effective ? [gapOf('kubelets.settings', 'omitted', effective.obstacle)] : []),
    ...(found.assumed ? [gapOf('kubelets.settings', 'incomplete', found.assumed)] : []),
    ...('obstacle' in told ? [gapOf('kubelets.version', 'omitted', told.obstacle)] : []),
    ...(found.unlistedFiles ? [gapOf('files', 'incomplete', found.unlistedFiles)] : []),
    ...(typeof newer === 'boolean' ? [] : [gapOf('kubelets.configNewerThanProcess', 'omitted', newer)]),
  ]
  const { pid, startTicks } = found.process ?? { pid: 0, startTicks: 0 }
  const fingerprint = JSON.stringify([pid, startTicks, configuration.changedAtMs, row])
  const certDir = flags['cert-dir'] ?? defaultCertDir
  return {
    ...{ found, row, gaps, fingerprint, certDir },
    files: namedFiles(found, flags, configuration, settings),
    certificateFiles: found.contained ? [] : certificateFiles(certDir, settings),
  }
}

/** Adds the argument that names the node, where the distribution gives one. */
async function withNodeName(host: Host, found: FoundKubelet): Promise<FoundKubelet> {
  if (!found.nodeName || !found.builtIn) return found
  const name = await readNodeName(host, found.nodeName)
  if (name.state === 'absent') return found
  if (name.state !== 'present') return { ...found, obstacle: found.obstacle ?? obstacleOf(name) }
  const flags = { ...found.builtIn.flags, 'hostname-override': name.value }
  return { ...found, builtIn: { ...found.builtIn, flags } }
}

/** Milliseconds since the epoch, undefined when unknown or not running. 100 clock ticks a second on every Linux ABI. */
export function startOf({ process }: FoundKubelet, bootedAtMs: number | undefined): number | undefined {
  return process === undefined || bootedAtMs === undefined ? undefined : bootedAtMs + process.startTicks * 10
}

const nothingRead: KubeletConfiguration = {
  configFile: undefined,
  dropIns: [],
  dropInPaths: [],
  ignored: [],
  unknownKeys: [],
  changedAtMs: 0,
}

const pathFlags = [
  'config',
  'config-dir',
  'kubeconfig',
  'bootstrap-kubeconfig',
  'root-dir',
  'cert-dir',
  'seccomp-profile-root',
] as const

/** Relative paths count from the working directory; they stay as they are when it is unknown. */
export function resolvedFlags(flags: KubeletFlags, cwd: string | undefined): KubeletFlags {
  const resolved = pathFlags.flatMap(name => {
    const value = flags[name]
    if (value === undefined || value === '') return []
    return [[name, cwd === undefined ? value : posix.resolve('/', cwd, value)]]
  })
  return { ...flags, ...Object.fromEntries(resolved) }
}

type Settled = { readonly settings: KubeletSettings } | { readonly obstacle: Obstacle }

function effectiveOf(found: FoundKubelet, configuration: KubeletConfiguration, version: string | undefined): Settled {
  const source = found.process ? `/proc/${found.process.pid}/cmdline` : (found.unitFiles[0] ?? found.kind)
  if (found.contained) {
    const detail = 'runs in a container: its files are not reached through the host’s root'
    return { obstacle: { source: 'container', state: 'unavailable', detail } }
  }
  const obstacle = found.obstacle ?? configuration.obstacle
  if (obstacle)
    return { obstacle: obstacle.source.startsWith('/proc/') ? { ...obstacle, source: 'cmdline' } : obstacle }
  const { configFile, dropIns } = configuration
  const effective = effectiveSettings({ ...found, configFile, dropIns, version })
  if (effective.state === 'effective') return { settings: effective.settings }
  return { obstacle: obstacleOfEffective(effective, source) }
}

function obstacleOfEffective(effective: Exclude<Effective, { state: 'effective' }>, source: string): Obstacle {
  if (effective.state === 'unresolved')
    return { source: stable(source), state: 'unavailable', detail: effective.detail }
  const line = effective.line > 0 ? `line ${effective.line}: ` : ''
  return { source: effective.source, state: 'malformed', detail: line + effective.detail }
}

/** Process ids change by themselves and have no place in facts. */
function stable(source: string): string {
  return source.startsWith('/proc/') ? 'cmdline' : source
}

/** OpenShift and Talos run a plain kubelet; their configuration lies where nobody else's does. */
function refinedKind(found: FoundKubelet, flags: KubeletFlags, { configFile }: KubeletConfiguration): Kubelet['kind'] {
  if (found.kind !== 'kubelet' || configFile === undefined) return found.kind
  if (flags.config === '/etc/kubernetes/kubelet.conf') return 'openshift'
  return flags.config === '/etc/kubernetes/kubelet.yaml' ? 'talos' : 'kubelet'
}

/** Whether the files changed after the process started; an obstacle when that cannot be told. */
function newerThanProcess(
  found: FoundKubelet,
  { changedAtMs }: KubeletConfiguration,
  startedAtMs: number | undefined,
): boolean | Obstacle {
  const unknown = (source: string, detail: string): Obstacle => ({ source, state: 'unavailable', detail })
  if (found.process === undefined) return false
  if (found.contained) return unknown('container', 'runs in a container')
  if (found.kind === 'k3s') return unknown('k3s', 'writes its drop-ins after it has started')
  if (changedAtMs === 0) return false
  if (startedAtMs === undefined) return unknown('/proc/stat', 'the time of boot is not known')
  return changedAtMs > startedAtMs + clockToleranceMs
}

function gapOf(field: string, effect: Gap['effect'], obstacle: Obstacle): Gap {
  return { field, effect, ...obstacle }
}

function namedFiles(
  found: FoundKubelet,
  flags: KubeletFlags,
  { dropInPaths }: KubeletConfiguration,
  settings: KubeletSettings | undefined,
): readonly NamedFile[] {
  if (found.contained) return []
  const certDir = flags['cert-dir'] ?? defaultCertDir
  return [
    { path: flags.config ?? '', role: 'config' },
    { path: flags['config-dir'] ?? '', role: 'config-dir' },
    ...dropInPaths.map(path => ({ path, role: 'drop-in' }) as const),
    { path: flags.kubeconfig ?? '', role: 'kubeconfig' },
    { path: flags['bootstrap-kubeconfig'] ?? '', role: 'kubeconfig', optional: true },
    { path: settings?.clientCAFile.value ?? '', role: 'client-ca' },
    ...servingFiles(certDir, settings),
    { path: `${certDir}/kubelet-client-current.pem`, role: 'tls-key', optional: true },
    ...found.unitFiles.map(path => ({ path, role: 'unit' }) as const),
    ...found.environmentFiles.map(path => ({ path, role: 'environment' }) as const),
  ]
}

/** Named certificates, else those that the kubelet makes or asks for itself. */
function servingFiles(certDir: string, settings: KubeletSettings | undefined): readonly NamedFile[] {
  const cert = settings?.tlsCertFile.value ?? ''
  const key = settings?.tlsPrivateKeyFile.value ?? ''
  if (cert !== '' || key !== '') {
    return [
      { path: cert, role: 'tls-cert' },
      { path: key, role: 'tls-key' },
    ]
  }
  return [
    { path: `${certDir}/kubelet.crt`, role: 'tls-cert', optional: true },
    { path: `${certDir}/kubelet.key`, role: 'tls-key', optional: true },
    { path: `${certDir}/kubelet-server-current.pem`, role: 'tls-key', optional: true },
  ]
}

/**
 * A certificate that the kubelet asks the cluster for counts before a configured one, that before the one it makes
 * itself. Without settings it may be any.
 */
function certificateFiles(certDir: string, settings: KubeletSettings | undefined): readonly CertificateFile[] {
  const asked = settings?.serverTLSBootstrap.value && settings.rotateServerCertificate.value
  const bootstrapped = { path: `${certDir}/kubelet-server-current.pem`, use: 'serving', rotated: true } as const
  const configured = { path: settings?.tlsCertFile.value ?? '', use: 'serving', rotated: false } as const
  const own = { path: `${certDir}/kubelet.crt`, use: 'serving', rotated: false } as const
  const one = asked ? bootstrapped : configured.path === '' ? own : configured
  const client = {
    path: `${certDir}/kubelet-client-current.pem`,
    use: 'client',
    rotated: settings?.rotateCertificates.value ?? false,
  } as const
  const authority = { path: settings?.clientCAFile.value ?? '', use: 'client-ca', rotated: false } as const
  const all = [client, ...(settings === undefined ? [bootstrapped, own] : [one]), authority]
  return all.filter(({ path }) => path.startsWith('/'))
}
