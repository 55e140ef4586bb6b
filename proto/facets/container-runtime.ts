// Facet `container-runtime`: container engines of the host, how they are configured, and who can reach them.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

const engine = {
  id: z.string().describe('what it is and which file configures it: such as docker:/etc/docker/daemon.json'),
  running: z.boolean().describe('a process was found; otherwise the row is what is configured to start'),
  executable: z.string().describe('target of /proc/PID/exe, empty when not running'),
  unit: z.string().describe('systemd unit, empty when it has none'),
  uid: z.int().describe('user of the process, -1 when not running'),
  contained: z.boolean().describe('it runs in a container, where its files are not the host’s'),
  version: z.string().optional().describe('such as 20.10.24; left out when neither the engine nor a package tells it'),
}

const DockerHostSchema = z.object({
  host: z.string().describe('as dockerd takes it, without a path: tcp://0.0.0.0:2375, unix:///run/docker.sock, fd://'),
  transport: z.enum(['tcp', 'unix', 'fd', 'other']).describe('kind of socket'),
  port: z.int().describe('TCP port, -1 for other kinds'),
  scope: z
    .enum(['loopback', 'link', 'any', 'specific', 'local'])
    .describe('from where it can be reached; local for sockets of the file system'),
})

export const DockerSettingsSchema = z.object({
  hosts: keyed(DockerHostSchema, ['host']).describe('-H and `hosts`; the default socket when none is given'),
  tls: z.boolean().describe('TCP is encrypted: tls is on, or tlsverify is given at all'),
  tlsVerify: z
    .enum(['on', 'off', 'unset'])
    .describe('clients must prove themselves; unset means another thing by version'),
  tlsCaCert: z.string().describe('tlscacert, or where dockerd looks when it is not given'),
  tlsCert: z.string().describe('tlscert, or where dockerd looks when it is not given'),
  tlsKey: z.string().describe('tlskey, or where dockerd looks when it is not given'),
  authorizationPlugins: sortedSet(z.string()).describe('authorization-plugins'),
  group: z.string().describe('group of the Unix socket'),
  usernsRemap: z.string().describe('userns-remap, empty when off'),
  icc: z.boolean().describe('containers of the default bridge may talk to each other'),
  liveRestore: z.boolean().describe('live-restore'),
  noNewPrivileges: z.boolean().describe('no-new-privileges for new containers'),
  seccompProfile: z.string().describe('builtin, unconfined, or a path'),
  selinuxEnabled: z.boolean().describe('selinux-enabled'),
  iptables: z.boolean().describe('iptables: dockerd writes rules for IPv4'),
  ip6tables: z.enum(['on', 'off', 'unset']).describe('the same for IPv6; unset means another thing by version'),
  userlandProxy: z.boolean().describe('userland-proxy'),
  ipcMode: z.string().describe('default-ipc-mode'),
  cgroupnsMode: z.string().describe('default-cgroupns-mode, empty for the default of the cgroup version'),
  logDriver: z.string().describe('log-driver'),
  logLevel: z.string().describe('log-level'),
  storageDriver: z.string().describe('storage-driver, empty when dockerd chooses'),
  dataRoot: z.string().describe('data-root'),
  defaultRuntime: z.string().describe('default-runtime'),
  defaultUlimits: z.boolean().describe('default-ulimits are set'),
  cgroupParent: z.string().describe('cgroup-parent, empty when not set'),
  metricsAddress: z.string().describe('metrics-addr, empty when off'),
  corsHeaders: z.boolean().describe('api-cors-header is set: web pages may call the API'),
  debug: z.boolean().describe('debug'),
  experimental: z.boolean().describe('experimental'),
  rootless: z.boolean().describe('rootless'),
  insecureRegistries: z.int().describe('number of insecure-registries; `registries` names them'),
  flags: sortedSet(z.string()).describe('settings that the command line gives, by their names in daemon.json'),
  fileKeys: sortedSet(z.string()).describe('settings that daemon.json gives'),
  conflicts: sortedSet(z.string()).describe('given by both: dockerd refuses to start with these'),
  unknownKeys: sortedSet(z.string()).describe('keys that no dockerd knows: it refuses to start with these'),
})
export type DockerSettings = z.infer<typeof DockerSettingsSchema>

export const ContainerdSettingsSchema = z.object({
  configVersion: z.int().describe('version of the main configuration file, 1 when it does not say; 0 without a file'),
  address: z.string().describe('Unix socket of the API'),
  tcpAddress: z.string().describe('TCP address of the API, empty when off'),
  disabledPlugins: sortedSet(z.string()).describe('disabled_plugins'),
  criEnabled: z.boolean().describe('the Kubernetes interface is not disabled'),
  defaultRuntime: z.string().describe('handler of pods that name none'),
  selinuxEnabled: z.boolean().describe('enable_selinux'),
  apparmorDisabled: z.boolean().describe('disable_apparmor'),
  unsetSeccompProfile: z.string().describe('profile of containers that ask for none; empty means unconfined'),
  streamServerAddress: z.string().describe('address of the exec and attach server'),
  streamServerTls: z.boolean().describe('enable_tls_streaming'),
  registryConfigPath: z.string().describe('directory of hosts.toml files, empty when not set'),
  logLevel: z.string().describe('debug.level or --log-level, empty when not set'),
})
export type ContainerdSettings = z.infer<typeof ContainerdSettingsSchema>

export const CrioSettingsSchema = z.object({
  address: z.string().describe('Unix socket of the API'),
  streamServerAddress: z.string().describe('address of the exec and attach server'),
  streamServerTls: z.boolean().describe('stream_enable_tls'),
  defaultRuntime: z.string().describe('handler of pods that name none, empty when not set'),
  seccompProfile: z.string().describe('seccomp_profile, empty for the built-in one'),
  apparmorProfile: z.string().describe('apparmor_profile'),
  selinuxEnabled: z.boolean().describe('selinux'),
  readOnly: z.boolean().describe('read_only: containers get read-only roots'),
  logLevel: z.string().describe('log_level'),
})
export type CrioSettings = z.infer<typeof CrioSettingsSchema>

const configFiles = sortedSet(z.string()).describe('configuration files that were read, imports and drop-ins included')

export const ContainerRuntimeFacet = defineFacet({
  name: 'container-runtime',
  version: 1,
  title: 'Container engines, their configuration, handlers, registries, sockets and files',
  facts: {
    docker: keyed(
      z.object({
        ...engine,
        configFile: z.string().describe('--config-file or its default'),
        settings: DockerSettingsSchema.optional().describe('effective; left out when flags or file cannot be read'),
      }),
      ['id'],
    ).describe('dockerd'),
    containerd: keyed(
      z.object({
        ...engine,
        configFile: z.string().describe('--config or its default'),
        configFiles,
        settings: ContainerdSettingsSchema.optional().describe('effective; left out when a file cannot be read'),
      }),
      ['id'],
    ).describe('containerd, also where another engine or k3s starts it'),
    crio: keyed(
      z.object({
        ...engine,
        configFile: z.string().describe('--config or its default'),
        configFiles,
        settings: CrioSettingsSchema.optional().describe('effective; left out when a file cannot be read'),
      }),
      ['id'],
    ).describe('CRI-O'),
    handlers: keyed(
      z.object({
        engine: z.string().describe('id of the engine'),
        name: z.string().describe('what RuntimeClass objects and --runtime name'),
        type: z.string().describe('such as io.containerd.runc.v2, oci or vm; empty when not said'),
        program: z.string().describe('path of the runtime’s program, empty when not said'),
        sandbox: z
          .enum(['none', 'gvisor', 'kata', 'firecracker', 'other'])
          .describe('what stands between it and the kernel'),
        default: z.boolean().describe('used when nothing else is named'),
        systemdCgroup: z.boolean().describe('its cgroups are made by systemd'),
        privilegedWithoutHostDevices: z.boolean().describe('privileged containers do not get all devices of the host'),
      }),
      ['engine', 'name'],
    ).describe('runtimes that are configured'),
    registries: keyed(
      z.object({
        engine: z.string().describe('id of the engine, or `containers` for registries.conf'),
        registry: z.string().describe('registry or network that the row is about'),
        endpoint: z.string().describe('scheme, host and port of a mirror or server, empty when the row names none'),
        trust: z
          .enum(['verified', 'unverified', 'plainHttp', 'insecureAllowed'])
          .describe('unverified: any certificate will do; insecureAllowed: falls back to that or to plain HTTP'),
      }),
      ['engine', 'registry', 'endpoint'],
    ).describe('mirrors and exceptions that are configured; credentials stay on the host'),
    sockets: keyed(
      z.object({
        path: z.string().describe('path on the host'),
        engine: z.enum(['docker', 'containerd', 'cri-o', 'podman', 'cri-dockerd']).describe('whose API it is'),
        mode: z.string().describe('octal permission bits such as 0660'),
        uid: z.int().describe('owner'),
        gid: z.int().describe('group'),
        group: z
          .string()
          .optional()
          .describe('its name, empty when it has none; left out when /etc/group is unreadable'),
      }),
      ['path'],
    ).describe('API sockets that exist: who can write to one is root'),
    files: keyed(
      z.object({
        path: z.string().describe('path on the host'),
        role: z
          .enum([
            'config',
            'config-directory',
            'unit',
            'environment',
            'tls-ca',
            'tls-cert',
            'tls-key',
            'client-key',
            'client-certificate',
            'client-config',
            'registry-key',
            'registry-certificate',
            'data-root',
          ])
          .describe('what it is for'),
        state: z.enum(['present', 'absent', 'unreadable']).describe('whether it could be looked at'),
        mode: z.string().describe('octal permission bits such as 0644, empty when not present'),
        uid: z.int().describe('owner, -1 when not present'),
        gid: z.int().describe('group, -1 when not present'),
      }),
      ['path', 'role'],
    ).describe('files of engines and of root’s Docker client, with mode and owner'),
    sandboxPrograms: keyed(
      z.object({
        path: z.string().describe('path on the host'),
        sandbox: z.enum(['gvisor', 'kata', 'firecracker']).describe('which sandbox it belongs to'),
      }),
      ['path'],
    ).describe('runtimes of sandboxes that are installed'),
    kvm: z.boolean().optional().describe('/dev/kvm exists: sandboxes in virtual machines can run'),
    cri: keyed(
      z.object({
        socket: z.string().describe('Unix socket that was asked'),
        runtime: z.string().describe('name that the runtime gives itself'),
        version: z.string().describe('its version'),
        apiVersion: z.string().describe('version of the interface, such as v1'),
      }),
      ['socket'],
    )
      .optional()
      .describe('answers of runtime.v1 Version; left out for an offline root or when probing is switched off'),
  },
  observations: {
    processes: keyed(
      z.object({ engine: z.string().describe('id of the engine'), pid: z.int().describe('process id') }),
      ['engine', 'pid'],
    ).describe('engine processes now'),
  },
})
export type ContainerRuntimeFacts = FactsOf<typeof ContainerRuntimeFacet>
export type ContainerRuntimeObservations = ObservationsOf<typeof ContainerRuntimeFacet>
