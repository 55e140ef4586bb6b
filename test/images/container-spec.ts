// The container that a runtime makes of a pod: containerd's own default specification with what the manifest asks for.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Pod } from '../deploy/rendered.ts'

export interface ContainerSpec {
  process: { args: string[]; env: string[]; capabilities: Record<string, string[]>; [key: string]: unknown }
  mounts: { destination: string; type: string; source: string; options: string[] }[]
  linux: { namespaces: { type: string }[]; [key: string]: unknown }
  [key: string]: unknown
}

export interface SpecOptions {
  /** root file system of the image */
  readonly rootfs: string
  readonly pod: Pod
  /** variables of the image */
  readonly environment: readonly string[]
  /** where volumes that are no hostPath of `/` come from, by their name */
  readonly volumes: Readonly<Record<string, string>>
}

const defaults = [
  ...['CHOWN', 'DAC_OVERRIDE', 'FSETID', 'FOWNER', 'MKNOD', 'NET_RAW', 'SETGID', 'SETUID', 'SETFCAP', 'SETPCAP'],
  ...['NET_BIND_SERVICE', 'SYS_CHROOT', 'KILL', 'AUDIT_WRITE'],
]

/** Where containerd runs that is asked for specifications. */
export interface Containerd {
  readonly socket: string
  stop(): Promise<void>
}

/** @param directory an existing one that is its own */
export async function startContainerd(directory: string): Promise<Containerd> {
  const socket = join(directory, 'containerd.sock')
  const config = join(directory, 'containerd.toml')
  const lines = [
    ...['version = 2', `root = "${directory}/root"`, `state = "${directory}/state"`],
    'disabled_plugins = ["io.containerd.grpc.v1.cri"]',
    ...['[grpc]', `address = "${socket}"`, '[ttrpc]', `address = "${socket}.ttrpc"`],
  ]
  mkdirSync(directory, { recursive: true })
  writeFileSync(config, `${lines.join('\n')}\n`)
  const child = spawn('containerd', ['--config', config], { stdio: 'ignore' })
  for (let attempt = 0; !isServed(socket); attempt += 1) {
    if (attempt === 100 || child.exitCode !== null) throw new Error('containerd did not start')
    await delay(100)
  }
  return { socket, stop: () => stop(child) }
}

function isServed(socket: string): boolean {
  if (!existsSync(socket)) return false
  try {
    execFileSync('ctr', ['-a', socket, 'version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Resolves when it has ended. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  child.kill()
  await ended
}

/**
 * What runc runs. The container is in the process and network namespaces of whoever starts it, which stand for the host's.
 * @throws for settings of the manifest that it does not know how to make
 */
export function containerSpec({ socket }: Containerd, options: SpecOptions): ContainerSpec {
  const { rootfs, pod } = options
  const { securityContext: rights, args = [] } = pod.container
  const isFiltered = rights?.seccompProfile?.type === 'RuntimeDefault' && rights.privileged !== true
  if (!isFiltered || rights.allowPrivilegeEscalation !== false || pod.pod.hostPID !== true) {
    throw new Error('not the container of an agent')
  }
  if (rights.capabilities?.drop?.join() !== 'ALL') throw new Error('not every capability is dropped')
  const spec = createSpec(socket, {
    ...{ id: `gabion-${process.pid}`, rootfs, args },
    ...{ isReadOnly: rights.readOnlyRootFilesystem === true, capabilities: rights.capabilities.add ?? [] },
  })
  // Pods have no /run of their own.
  const mounts = spec.mounts.filter(({ destination }) => destination !== '/run' && !destination.startsWith('/etc/'))
  return {
    ...spec,
    mounts: [...mounts, ...mountsOf(options)],
    linux: { ...spec.linux, namespaces: spec.linux.namespaces.filter(({ type }) => type !== 'pid') },
    process: { ...spec.process, env: [...options.environment] },
  }
}

interface PlainSpec {
  readonly id: string
  readonly rootfs: string
  readonly args: readonly string[]
  readonly isReadOnly: boolean
  /** those that it has, without the prefix CAP_ */
  readonly capabilities: readonly string[]
}

/** containerd's own, with the host's network, the default filter of system calls and these capabilities only. */
function createSpec(socket: string, { id, rootfs, args, isReadOnly, capabilities }: PlainSpec): ContainerSpec {
  const flags = [
    ...['--rootfs', '--seccomp', '--net-host', ...(isReadOnly ? ['--read-only'] : [])],
    ...defaults.flatMap(name => ['--cap-drop', `CAP_${name}`]),
    ...capabilities.flatMap(name => ['--cap-add', `CAP_${name}`]),
  ]
  const ctr = (...words: readonly string[]) => execFileSync('ctr', ['-a', socket, ...words], { encoding: 'utf8' })
  ctr('container', 'create', ...flags, rootfs, id, ...args)
  const spec = JSON.parse(ctr('container', 'info', '--spec', id)) as ContainerSpec
  ctr('container', 'rm', id)
  return { ...spec, process: { ...spec.process, user: { uid: 0, gid: 0 } } }
}

function mountsOf({ pod, volumes }: SpecOptions): ContainerSpec['mounts'] {
  return (pod.container.volumeMounts ?? []).flatMap(({ name, mountPath, readOnly, mountPropagation }) => {
    const volume = pod.pod.volumes?.find(one => one.name === name)
    const source = volume?.hostPath?.path === '/' ? '/' : volumes[name]
    if (source === undefined) return []
    const propagation = mountPropagation === 'HostToContainer' ? 'rslave' : 'rprivate'
    return [
      {
        destination: mountPath,
        type: 'bind',
        source,
        options: ['rbind', propagation, readOnly === true ? 'ro' : 'rw'],
      },
    ]
  })
}
