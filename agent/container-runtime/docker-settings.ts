// Lays the flags of dockerd over daemon.json and fills in its defaults.
import type { DockerSettings } from '../../proto/facets/container-runtime.ts'
import { parseDockerHost } from '../parse/docker-host.ts'
import type { DeclaredRuntime, DockerdOptions } from '../parse/dockerd-options.ts'

export interface DockerSources {
  readonly flags: DockerdOptions
  readonly file: DockerdOptions
  /** names in daemon.json of the options that the command line gives */
  readonly flagNames: readonly string[]
  readonly fileKeys: readonly string[]
  readonly unknownKeys: readonly string[]
  /** where certificates are looked for: ~/.docker of the user that runs dockerd */
  readonly certificates: string
}

export interface DockerConfiguration {
  readonly settings: DockerSettings
  readonly runtimes: readonly DeclaredRuntime[]
  readonly insecureRegistries: readonly string[]
  readonly mirrors: readonly string[]
}

/** Options that may be given by flag and file together: they add up. */
const addUp: ReadonlySet<string> = new Set(['runtimes'])

/** A flag wins over the file, where dockerd starts with both at all. */
export function dockerConfiguration(sources: DockerSources): DockerConfiguration {
  const given: DockerdOptions = { ...sources.file, ...sources.flags }
  const insecure = given['insecure-registries'] ?? []
  return {
    settings: {
      ...network(given, sources.certificates),
      ...isolation(given),
      ...operation(given),
      insecureRegistries: new Set(insecure).size,
      flags: [...sources.flagNames],
      fileKeys: [...sources.fileKeys],
      conflicts: sources.flagNames.filter(name => sources.fileKeys.includes(name) && !addUp.has(name)),
      unknownKeys: [...sources.unknownKeys],
    },
    runtimes: [...(sources.file.runtimes ?? []), ...(sources.flags.runtimes ?? [])],
    insecureRegistries: insecure,
    mirrors: given['registry-mirrors'] ?? [],
  }
}

type Part<Name extends keyof DockerSettings> = Pick<DockerSettings, Name>

function network(
  given: DockerdOptions,
  certificates: string,
): Part<
  | 'hosts'
  | 'tls'
  | 'tlsVerify'
  | 'tlsCaCert'
  | 'tlsCert'
  | 'tlsKey'
  | 'authorizationPlugins'
  | 'group'
  | 'iptables'
  | 'ip6tables'
  | 'userlandProxy'
  | 'icc'
  | 'metricsAddress'
  | 'corsHeaders'
> {
  const { tlsverify } = given
  // Given at all, whether true or false, tlsverify switches TLS on.
  const tls = tlsverify !== undefined || (given.tls ?? false)
  const hosts = given.hosts?.length ? given.hosts : ['']
  const byHost = new Map(hosts.map(host => parseDockerHost(host, tls)).map(host => [host.host, host]))
  return {
    hosts: [...byHost.values()],
    tls,
    tlsVerify: threeWay(tlsverify),
    tlsCaCert: given.tlscacert ?? `${certificates}/ca.pem`,
    tlsCert: given.tlscert ?? `${certificates}/cert.pem`,
    tlsKey: given.tlskey ?? `${certificates}/key.pem`,
    authorizationPlugins: [...(given['authorization-plugins'] ?? [])],
    group: given.group ?? 'docker',
    iptables: given.iptables ?? true,
    ip6tables: threeWay(given.ip6tables),
    userlandProxy: given['userland-proxy'] ?? true,
    icc: given.icc ?? true,
    metricsAddress: given['metrics-addr'] ?? '',
    corsHeaders: (given['api-cors-header'] ?? '') !== '',
  }
}

function threeWay(value: boolean | undefined): 'on' | 'off' | 'unset' {
  return value === undefined ? 'unset' : value ? 'on' : 'off'
}

function isolation(
  given: DockerdOptions,
): Part<
  | 'usernsRemap'
  | 'noNewPrivileges'
  | 'seccompProfile'
  | 'selinuxEnabled'
  | 'ipcMode'
  | 'cgroupnsMode'
  | 'cgroupParent'
  | 'defaultRuntime'
  | 'defaultUlimits'
  | 'rootless'
> {
  return {
    usernsRemap: given['userns-remap'] ?? '',
    noNewPrivileges: given['no-new-privileges'] ?? false,
    seccompProfile: given['seccomp-profile'] || 'builtin',
    selinuxEnabled: given['selinux-enabled'] ?? false,
    ipcMode: given['default-ipc-mode'] || 'private',
    cgroupnsMode: given['default-cgroupns-mode'] ?? '',
    cgroupParent: given['cgroup-parent'] ?? '',
    defaultRuntime: given['default-runtime'] || 'runc',
    defaultUlimits: given['default-ulimits'] ?? false,
    rootless: given.rootless ?? false,
  }
}

function operation(
  given: DockerdOptions,
): Part<'liveRestore' | 'logDriver' | 'logLevel' | 'storageDriver' | 'dataRoot' | 'debug' | 'experimental'> {
  return {
    liveRestore: given['live-restore'] ?? false,
    logDriver: given['log-driver'] || 'json-file',
    logLevel: given['log-level'] || 'info',
    storageDriver: given['storage-driver'] ?? '',
    dataRoot: given['data-root'] ?? given.graph ?? '/var/lib/docker',
    debug: given.debug ?? false,
    experimental: given.experimental ?? false,
  }
}
