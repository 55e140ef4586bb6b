// The options of dockerd: their names as flags and in daemon.json, and the types of those that are read.

/** How values of an option are read; `count` is for options of which only their being given is told. */
export type OptionKind = 'text' | 'bool' | 'list' | 'runtimes' | 'given'

/** Options whose values are read, by their names in daemon.json. */
export const dockerdOptions = {
  'api-cors-header': 'text',
  'authorization-plugins': 'list',
  'cgroup-parent': 'text',
  'data-root': 'text',
  debug: 'bool',
  'default-cgroupns-mode': 'text',
  'default-ipc-mode': 'text',
  'default-runtime': 'text',
  'default-ulimits': 'given',
  experimental: 'bool',
  graph: 'text',
  group: 'text',
  hosts: 'list',
  icc: 'bool',
  'insecure-registries': 'list',
  ip6tables: 'bool',
  iptables: 'bool',
  'live-restore': 'bool',
  'log-driver': 'text',
  'log-level': 'text',
  'metrics-addr': 'text',
  'no-new-privileges': 'bool',
  'registry-mirrors': 'list',
  rootless: 'bool',
  runtimes: 'runtimes',
  'seccomp-profile': 'text',
  'selinux-enabled': 'bool',
  'storage-driver': 'text',
  tls: 'bool',
  tlscacert: 'text',
  tlscert: 'text',
  tlskey: 'text',
  tlsverify: 'bool',
  'userland-proxy': 'bool',
  'userns-remap': 'text',
} as const satisfies Record<string, OptionKind>

export type OptionName = keyof typeof dockerdOptions

/** A runtime as `runtimes` and `--add-runtime` declare it. */
export interface DeclaredRuntime {
  readonly name: string
  /** program, empty when a type is given instead */
  readonly path: string
  /** containerd's type of shim, empty when a program is given */
  readonly type: string
}

interface OptionTypes {
  readonly text: string
  readonly bool: boolean
  readonly list: readonly string[]
  readonly runtimes: readonly DeclaredRuntime[]
  readonly given: true
}
export type OptionValue = OptionTypes[OptionKind]

/** Values of the options that were given. */
export type DockerdOptions = { readonly [Name in OptionName]?: OptionTypes[(typeof dockerdOptions)[Name]] }

export const isOptionName = (name: string): name is OptionName => Object.hasOwn(dockerdOptions, name)

/** Flags that have another name in daemon.json. */
const listFlags: ReadonlyMap<string, string> = new Map([
  ['add-runtime', 'runtimes'],
  ['authorization-plugin', 'authorization-plugins'],
  ['cdi-spec-dir', 'cdi-spec-dirs'],
  ['cluster-store-opt', 'cluster-store-opts'],
  ['default-address-pool', 'default-address-pools'],
  ['default-network-opt', 'default-network-opts'],
  ['default-ulimit', 'default-ulimits'],
  ['dns-opt', 'dns-opts'],
  ['exec-opt', 'exec-opts'],
  ['feature', 'features'],
  ['host', 'hosts'],
  ['insecure-registry', 'insecure-registries'],
  ['label', 'labels'],
  ['log-opt', 'log-opts'],
  ['node-generic-resource', 'node-generic-resources'],
  ['registry-mirror', 'registry-mirrors'],
  ['storage-opt', 'storage-opts'],
])

const shorthands: ReadonlyMap<string, string> = new Map([
  ['b', 'bridge'],
  ['D', 'debug'],
  ['G', 'group'],
  ['g', 'graph'],
  ['H', 'hosts'],
  ['l', 'log-level'],
  ['p', 'pidfile'],
  ['r', 'restart'],
  ['s', 'storage-driver'],
])

/** Flags that take no separate value. */
const booleans: ReadonlySet<string> = new Set(
  `cri-containerd debug disable-legacy-registry experimental help icc init ip-forward ip-forward-no-drop ip-masq
  ip6tables iptables ipv6 live-restore no-new-privileges raw-logs restart rootless selinux-enabled tls tlsverify
  userland-proxy validate version allow-direct-routing`.split(/\s+/),
)

/** Names in daemon.json of a long flag or of a letter. */
export const optionOfFlag = (flag: string): string => listFlags.get(flag) ?? flag
export const optionOfShorthand = (letter: string): string | undefined => shorthands.get(letter)
export const isBooleanOption = (name: string): boolean => booleans.has(name)

/** Keys of daemon.json whose value is one object and not a group of further keys. */
export const flatKeys: ReadonlySet<string> = new Set(
  'builder cluster-store-opts default-network-opts default-ulimits features log-opts runtimes'.split(' '),
)

/** Every key that some dockerd since 1.12 knows. */
export const knownKeys: ReadonlySet<string> = new Set([
  ...Object.keys(dockerdOptions),
  ...listFlags.values(),
  ...shorthands.values(),
  ...booleans,
  ...`allow-nondistributable-artifacts bip bip6 bridge-accept-fwmark builder cluster-advertise cluster-store containerd
  containerd-namespace containerd-plugins-namespace cpu-rt-period cpu-rt-runtime default-gateway default-gateway-v6
  default-shm-size deprecated-key-path dns dns-search exec-root firewall-backend fixed-cidr fixed-cidr-v6
  host-gateway-ip host-gateway-ips http-proxy https-proxy init-path ip log-format max-concurrent-downloads
  max-concurrent-uploads max-download-attempts metrics-addr mtu network-control-plane-mtu network-diagnostic-port
  no-proxy nri-opts oom-score-adjust proxies resolv-conf shutdown-timeout swarm-default-advertise-addr
  swarm-raft-election-tick swarm-raft-heartbeat-tick userland-proxy-path`.split(/\s+/),
])
