// Gives containers their names: from the records that engines keep on disk, and from the engine where those are silent.
import { posix } from 'node:path'
import type { Workload } from '../../proto/facets/containers.ts'
import type { Host } from '../host/host.ts'
import type { HostProcess } from '../host/processes.ts'
import {
  type ContainerName,
  parseDockerContainer,
  parseOciBundle,
  parseStorageContainers,
} from '../parse/container-records.ts'
import { parseDockerDaemonJson } from '../parse/docker-daemon-json.ts'
import { parseDockerdFlags } from '../parse/dockerd-flags.ts'
import { isGeneratedDockerName, podWorkload } from '../parse/workload-name.ts'
import { type FoundContainer, programOf } from './find-containers.ts'

export type Identity = Pick<Workload, 'manager' | 'namespace' | 'name' | 'container'> & {
  /** full name of the pod or container */
  readonly fullName: string
  /** empty when the records do not tell */
  readonly image: string
  readonly isSandbox: boolean
}

const storage = '/var/lib/containers/storage/overlay-containers'
const criSockets = ['/run/containerd/containerd.sock', '/run/crio/crio.sock', '/run/k3s/containerd/containerd.sock']
const maxRecord = 4 * 1024 * 1024

/** @param mayAsk whether engines may be asked for names that no record tells */
export async function nameContainers(
  host: Host,
  containers: readonly FoundContainer[],
  processes: readonly HostProcess[],
  mayAsk: boolean,
): Promise<ReadonlyMap<string, Identity>> {
  const dockerRoots = await readDockerRoots(host, processes)
  const podman = await readPodmanNames(host, containers)
  const named = new Map<string, Identity>()
  const nameless: FoundContainer[] = []
  for (const container of containers) {
    const found = await readRecord(host, container, dockerRoots)
    const name = found?.name ?? podman.get(container.id)
    const manager = found?.manager ?? (name ? 'podman' : undefined)
    named.set(container.id, identify(container, manager, name))
    if (name === undefined && container.inPod) nameless.push(container)
  }
  if (mayAsk && nameless.length > 0) await askEngines(host, nameless, named)
  return named
}

interface Recorded {
  readonly manager: Identity['manager']
  readonly name: ContainerName
}

async function readRecord(
  host: Host,
  container: FoundContainer,
  dockerRoots: readonly string[],
): Promise<Recorded | undefined> {
  const { id, namespace, shim } = container
  if (!/^[A-Za-z0-9_.-]{1,255}$/.test(id)) return undefined
  for (const root of namespace === 'moby' || namespace === '' ? dockerRoots : []) {
    const name = await readName(host, `${root}/containers/${id}/config.v2.json`, parseDockerContainer)
    if (name) return { manager: name.namespace === '' ? 'docker' : 'kubernetes', name }
  }
  const cwd = shim && (await host.readLink(`/proc/${shim.pid}/cwd`))
  const bundles = [
    ...(cwd?.state === 'present' ? [`${posix.dirname(cwd.value)}/${id}/config.json`] : []),
    `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
    `/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/config.json`,
    `/run/containers/storage/overlay-containers/${id}/userdata/config.json`,
    `${storage}/${id}/userdata/config.json`,
  ]
  for (const path of container.inPod || namespace === 'k8s.io' || namespace === '' ? bundles : []) {
    const name = await readName(host, path, parseOciBundle)
    if (name) return { manager: 'kubernetes', name }
  }
  return undefined
}

async function readName(
  host: Host,
  path: string,
  parse: (text: string) => ContainerName | undefined,
): Promise<ContainerName | undefined> {
  const text = await host.readText(path, { maxBytes: maxRecord })
  return text.state === 'present' ? parse(text.value) : undefined
}

function identify(
  container: FoundContainer,
  manager: Identity['manager'] | undefined,
  name: ContainerName | undefined,
): Identity {
  const image = name?.image ?? ''
  if (name && manager === 'kubernetes') {
    const { namespace, container: inner, isSandbox } = name
    return { manager, namespace, name: podWorkload(name.name), fullName: name.name, container: inner, image, isSandbox }
  }
  const common = { container: '', image, isSandbox: false }
  if (name && manager) {
    const own = isGeneratedDockerName(name.name) && image !== '' ? image : name.name
    return { ...common, manager, namespace: '', name: own, fullName: name.name }
  }
  const { id, namespace, process, inPod } = container
  // Ids of 64 digits are made up anew at every start; others are names that somebody chose.
  const fullName = /^[0-9a-f]{64}$/.test(id) ? '' : id
  return {
    ...common,
    manager: inPod ? 'kubernetes' : namespace === '' ? (fullName === '' ? 'other' : 'lxc') : managerOf(namespace),
    namespace: inPod ? '' : namespace,
    name: fullName || programOf(process),
    fullName,
  }
}

const managerOf = (namespace: string) => (namespace === 'moby' ? 'docker' : 'containerd')

async function askEngines(
  host: Host,
  nameless: readonly FoundContainer[],
  named: Map<string, Identity>,
): Promise<void> {
  for (const socket of criSockets) {
    const answer = await host.askCri({ socket, what: 'containers' })
    if (answer.state !== 'present') continue
    const pods = new Map(answer.value.sandboxes.map(pod => [pod.id, pod]))
    const containers = new Map(answer.value.containers.map(one => [one.id, one]))
    for (const container of nameless) {
      const one = containers.get(container.id)
      const pod = pods.get(one?.sandboxId ?? container.id)
      if (!pod) continue
      const { name, namespace } = pod
      const record = { name, namespace, container: one?.name ?? '', image: one?.image ?? '', isSandbox: !one }
      named.set(container.id, identify(container, 'kubernetes', record))
    }
  }
}

/** Directories that dockerds of the host keep their containers in; with user namespaces one below the usual one. */
async function readDockerRoots(host: Host, processes: readonly HostProcess[]): Promise<readonly string[]> {
  const roots = new Set(['/var/lib/docker'])
  for (const process of processes.filter(one => programOf(one) === 'dockerd')) {
    const text = await host.readText(`/proc/${process.pid}/cmdline`)
    const args = text.state === 'present' ? text.value.split('\0').slice(1) : []
    const { options, configFile } = parseDockerdFlags(args)
    const json = await host.readText(configFile === '' ? '/etc/docker/daemon.json' : posix.resolve('/', configFile))
    const file = parseDockerDaemonJson(json.state === 'present' ? json.value : '')
    const fromFile = file.state === 'options' ? (file.options['data-root'] ?? file.options.graph) : undefined
    const root = options['data-root'] ?? options.graph ?? fromFile
    if (root?.startsWith('/')) roots.add(root)
  }
  const all: string[] = []
  for (const root of roots) {
    const entries = await host.list(root)
    const names = entries.state === 'present' ? entries.value.map(({ name }) => name) : []
    all.push(root, ...names.filter(name => /^\d+\.\d+$/.test(name)).map(name => `${root}/${name}`))
  }
  return all
}

async function readPodmanNames(
  host: Host,
  containers: readonly FoundContainer[],
): Promise<ReadonlyMap<string, ContainerName>> {
  if (!containers.some(({ shim }) => shim?.name === 'conmon')) return new Map()
  const text = await host.readText(`${storage}/containers.json`, { maxBytes: maxRecord })
  return text.state === 'present' ? parseStorageContainers(text.value) : new Map()
}
