// Reads the settings that facts and checks want out of merged configurations of containerd and CRI-O.
import type { ContainerdSettings, ContainerRuntimeFacts, CrioSettings } from '../../proto/facets/container-runtime.ts'
import { grpcAddress, imagesPlugin, runtimePlugin } from '../parse/containerd-config.ts'
import { allowed, containerdRegistries, type RegistryRow } from '../parse/registry-hosts.ts'
import { sandboxOfHandler } from '../parse/sandbox-kind.ts'
import { boolAt, isTable, type TomlTable, tableAt, textAt, textsAt } from '../parse/toml-table.ts'

export type Handler = Omit<ContainerRuntimeFacts['handlers'][number], 'engine'>

export interface Configured<Settings> {
  readonly settings: Settings
  readonly handlers: readonly Handler[]
  readonly registries: readonly RegistryRow[]
}

/** @param flags of the command line: they win over files */
export function containerdConfiguration(
  table: TomlTable,
  configVersion: number,
  flags: { readonly address?: string | undefined; readonly logLevel?: string | undefined },
): Configured<ContainerdSettings> {
  const runtime = tableAt(table, 'plugins', runtimePlugin)
  const registry = tableAt(table, 'plugins', imagesPlugin, 'registry')
  const disabled = textsAt(table, 'disabled_plugins') ?? []
  const defaultRuntime = textAt(tableAt(runtime, 'containerd'), 'default_runtime_name', '') || 'runc'
  return {
    settings: {
      configVersion,
      address: flags.address ?? (grpcAddress(table, 'unix') || '/run/containerd/containerd.sock'),
      tcpAddress: grpcAddress(table, 'tcp'),
      disabledPlugins: [...disabled],
      criEnabled: !disabled.some(name => criNames.has(name)),
      defaultRuntime,
      selinuxEnabled: boolAt(runtime, 'enable_selinux', false),
      apparmorDisabled: boolAt(runtime, 'disable_apparmor', false),
      unsetSeccompProfile: textAt(runtime, 'unset_seccomp_profile', ''),
      streamServerAddress: textAt(runtime, 'stream_server_address', '127.0.0.1'),
      streamServerTls: boolAt(runtime, 'enable_tls_streaming', false),
      registryConfigPath: textAt(registry, 'config_path', ''),
      logLevel: flags.logLevel ?? textAt(tableAt(table, 'debug'), 'level', ''),
    },
    handlers: containerdHandlers(tableAt(runtime, 'containerd', 'runtimes'), defaultRuntime),
    registries: containerdRegistries(registry),
  }
}

const criNames: ReadonlySet<string> = new Set(['cri', 'io.containerd.grpc.v1.cri', runtimePlugin])

/** The built-in handler is there when nothing else has its name. */
function containerdHandlers(runtimes: TomlTable, defaultRuntime: string): readonly Handler[] {
  const names = new Set([...Object.keys(runtimes), ...(defaultRuntime === 'runc' ? ['runc'] : [])])
  return [...names].map(name => {
    const handler = tableAt(runtimes, name)
    const options = tableAt(handler, 'options')
    const type = textAt(handler, 'runtime_type', name === 'runc' ? 'io.containerd.runc.v2' : '')
    const program = textAt(options, 'BinaryName', '') || textAt(handler, 'runtime_path', '')
    return {
      name,
      type,
      program,
      sandbox: sandboxOfHandler(type, program),
      default: name === defaultRuntime,
      systemdCgroup: boolAt(options, 'SystemdCgroup', false),
      privilegedWithoutHostDevices: boolAt(handler, 'privileged_without_host_devices', false),
    }
  })
}

/** @param crio the merged `crio` table */
export function crioConfiguration(
  crio: TomlTable,
  flags: { readonly address?: string | undefined; readonly logLevel?: string | undefined },
): Configured<CrioSettings> {
  const api = tableAt(crio, 'api')
  const runtime = tableAt(crio, 'runtime')
  const defaultRuntime = textAt(runtime, 'default_runtime', '')
  const systemd = textAt(runtime, 'cgroup_manager', 'systemd') === 'systemd'
  const runtimes = tableAt(runtime, 'runtimes')
  return {
    settings: {
      address: flags.address ?? textAt(api, 'listen', '/var/run/crio/crio.sock'),
      streamServerAddress: textAt(api, 'stream_address', '127.0.0.1'),
      streamServerTls: boolAt(api, 'stream_enable_tls', false),
      defaultRuntime,
      seccompProfile: textAt(runtime, 'seccomp_profile', ''),
      apparmorProfile: textAt(runtime, 'apparmor_profile', 'crio-default'),
      selinuxEnabled: boolAt(runtime, 'selinux', false),
      readOnly: boolAt(runtime, 'read_only', false),
      logLevel: flags.logLevel ?? textAt(runtime, 'log_level', 'info'),
    },
    handlers: Object.entries(runtimes).flatMap(([name, handler]) =>
      isTable(handler) ? [crioHandler(name, handler, defaultRuntime, systemd)] : [],
    ),
    registries: (textsAt(tableAt(crio, 'image'), 'insecure_registries') ?? []).map(allowed),
  }
}

function crioHandler(name: string, handler: TomlTable, defaultRuntime: string, systemdCgroup: boolean): Handler {
  const type = textAt(handler, 'runtime_type', '') || 'oci'
  const program = textAt(handler, 'runtime_path', '')
  return {
    name,
    type,
    program,
    // Without a path it is a program of that name.
    sandbox: sandboxOfHandler(type, program || name),
    default: name === defaultRuntime,
    systemdCgroup,
    privilegedWithoutHostDevices: boolAt(handler, 'privileged_without_host_devices', false),
  }
}
