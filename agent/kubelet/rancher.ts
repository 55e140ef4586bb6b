// Works out the arguments that k3s and RKE2 give their kubelet: their own, those of their configuration and of users.
import type { Host } from '../host/host.ts'
import { type KubeletFlags, parseKubeletFlags } from '../parse/kubelet-flags.ts'
import {
  parseRancherConfig,
  type RancherConfig,
  type RancherOptions,
  readRancherOptions,
} from '../parse/rancher-options.ts'
import { type NodeName, type Obstacle, obstacleOf } from './found-kubelet.ts'

export type RancherKind = 'k3s' | 'rke2'

export interface RancherKubelet {
  readonly flags: KubeletFlags
  readonly builtIn: { readonly flags: KubeletFlags; readonly origin: string }
  readonly obstacle?: Obstacle | undefined
  readonly unreadOptions: Obstacle | undefined
  readonly nodeName: NodeName
  /** the agent is switched off: no kubelet in this process */
  readonly disabled: boolean
}

/**
 * @param words the arguments after `server` or `agent`, as far as they are known
 *
 * Since 1.32 both write drop-ins and name their directory to the kubelet; without it the settings are passed in memory
 * only and cannot be told. Arguments of the command line follow those of /etc/rancher/KIND/config.yaml and its .d.
 */
export async function readRancherKubelet(
  host: Host,
  kind: RancherKind,
  words: readonly string[],
): Promise<RancherKubelet> {
  const given = readRancherOptions(words)
  const main = given.config ?? `/etc/rancher/${kind}/config.yaml`
  const { files, obstacle } = await readRancherFiles(host, main, parseRancherConfig)
  const all = [...withoutReplaced(files), given]
  const last = <K extends keyof RancherOptions>(key: K) => all.findLast(options => options[key] !== undefined)?.[key]
  const dataDir = last('dataDir') ?? `/var/lib/rancher/${kind}`
  const dropIns = `${dataDir}/agent/etc/kubelet.conf.d`
  const user = parseKubeletFlags(all.flatMap(options => options.kubeletArgs.map(arg => `--${arg}`))).flags
  // A configuration that a user names is copied into the drop-in directory and not passed on.
  const { config: _config, 'config-dir': _configDir, ...flags } = user
  const rootDir = last('rootDir')
  const directory = await host.stat(dropIns)
  const inMemory: Obstacle = {
    source: dropIns,
    state: 'unavailable',
    detail: `${kind} without this directory passes the settings to its kubelet in memory only`,
  }
  return {
    flags,
    builtIn: {
      origin: `argument that ${kind} gives its kubelet`,
      flags: {
        'config-dir': dropIns,
        kubeconfig: `${dataDir}/agent/kubelet.kubeconfig`,
        'read-only-port': 0,
        ...(rootDir === undefined ? {} : { 'root-dir': rootDir, 'cert-dir': `${rootDir}/pki` }),
        ...(last('protectKernelDefaults') === true ? { 'protect-kernel-defaults': true } : {}),
      },
    },
    disabled: last('disableAgent') ?? false,
    nodeName: { given: last('nodeName'), withId: last('withNodeId') ?? false },
    unreadOptions: obstacle,
    obstacle: obstacle ?? (directory.state === 'absent' ? inMemory : undefined),
  }
}

/** A later file replaces the arguments of earlier ones, unless its key ends in `+`. */
function withoutReplaced(files: readonly RancherConfig[]): readonly RancherOptions[] {
  const last = files.findLastIndex(file => file.replacesKubeletArgs)
  return files.map((file, index) => (index < last ? { ...file, kubeletArgs: [] } : file))
}

export interface RancherFiles<T> {
  readonly files: readonly T[]
  /** the first file or directory that could not be used */
  readonly obstacle: Obstacle | undefined
}

/** The configuration file and its `.d/*.yaml` in the order in which they apply. */
export async function readRancherFiles<T>(
  host: Host,
  main: string,
  parse: (text: string) => T | undefined,
): Promise<RancherFiles<T>> {
  const listing = await host.list(`${main}.d`)
  const more = listing.state === 'present' ? listing.value.filter(entry => /\.ya?ml$/.test(entry.name)) : []
  const files: T[] = []
  let obstacle = listing.state === 'present' || listing.state === 'absent' ? undefined : obstacleOf(listing)
  for (const path of [main, ...more.map(entry => `${main}.d/${entry.name}`)]) {
    const text = await host.readText(path)
    if (text.state === 'absent') continue
    const parsed = text.state === 'present' ? parse(text.value) : undefined
    if (parsed !== undefined) files.push(parsed)
    else if (text.state === 'present') obstacle ??= { source: path, state: 'malformed', detail: 'not YAML' }
    else obstacle ??= obstacleOf(text)
  }
  return { files, obstacle }
}
