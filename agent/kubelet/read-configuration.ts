// Reads the configuration file and the drop-ins that a kubelet's command line names.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import { type KubeletConfigFile, parseKubeletConfig } from '../parse/kubelet-config.ts'
import type { KubeletFlags } from '../parse/kubelet-flags.ts'
import { malformedDetail } from '../parse/kubernetes-document.ts'
import type { ConfigSource } from './effective.ts'
import { type Obstacle, obstacleOf } from './found-kubelet.ts'

export interface KubeletConfiguration {
  readonly configFile: ConfigSource | undefined
  readonly dropIns: readonly ConfigSource[]
  /** paths of drop-ins, also of those that could not be read */
  readonly dropInPaths: readonly string[]
  /** files below the directory that the kubelet passes over */
  readonly ignored: readonly string[]
  readonly unknownKeys: readonly string[]
  /** youngest change of file, drop-ins and directories, milliseconds since the epoch; 0 when there are none */
  readonly changedAtMs: number
  /** the first file that could not be used */
  readonly obstacle?: Obstacle | undefined
}

const maxFileBytes = 512 * 1024
const maxDropIns = 500
const maxDepth = 8

/**
 * @param flags with `config` and `config-dir` already resolved to absolute paths
 *
 * The directory is walked as the kubelet walks it: in order of names, down into real directories, never through links
 * to directories; a directory that is itself a link is not entered. Only `*.conf` count.
 */
export async function readConfiguration(host: Host, flags: KubeletFlags): Promise<KubeletConfiguration> {
  const walk: Walk = { host, sources: [], paths: [], ignored: [], changedAtMs: 0, obstacle: undefined }
  let configFile: ConfigSource | undefined
  if (flags.config) {
    const content = await readSource(walk, flags.config)
    configFile = content && { path: flags.config, content }
  }
  if (flags['config-dir']) await walkRoot(walk, flags['config-dir'])
  const all = configFile ? [configFile, ...walk.sources] : walk.sources
  return {
    configFile,
    dropIns: walk.sources,
    dropInPaths: walk.paths,
    ignored: walk.ignored,
    unknownKeys: [...new Set(all.flatMap(source => source.content.unknownKeys))],
    changedAtMs: walk.changedAtMs,
    obstacle: walk.obstacle,
  }
}

interface Walk {
  readonly host: Host
  readonly sources: ConfigSource[]
  readonly paths: string[]
  readonly ignored: string[]
  changedAtMs: number
  obstacle: Obstacle | undefined
}

async function walkRoot(walk: Walk, directory: string): Promise<void> {
  const stat = await walk.host.stat(directory, { follow: false })
  if (stat.state !== 'present') walk.obstacle ??= obstacleOf(stat)
  else if (stat.value.kind === 'directory') await walkDirectory(walk, directory, 0)
  else walk.ignored.push(directory)
}

async function walkDirectory(walk: Walk, directory: string, depth: number): Promise<void> {
  const entries = await walk.host.list(directory, { maxEntries: maxDropIns })
  if (entries.state !== 'present') {
    walk.obstacle ??= obstacleOf(entries)
    return
  }
  await noteChange(walk, directory)
  for (const { name, kind } of entries.value) {
    const path = posix.join(directory, name)
    if (kind === 'directory') {
      if (depth + 1 < maxDepth) await walkDirectory(walk, path, depth + 1)
      else walk.obstacle ??= { source: path, state: 'tooLarge', detail: `more than ${maxDepth} directories deep` }
    } else if (!name.endsWith('.conf')) walk.ignored.push(path)
    else if (walk.paths.length >= maxDropIns) {
      walk.obstacle ??= { source: directory, state: 'tooLarge', detail: `more than ${maxDropIns} drop-ins` }
    } else await readDropIn(walk, path)
  }
}

async function readDropIn(walk: Walk, path: string): Promise<void> {
  walk.paths.push(path)
  const content = await readSource(walk, path)
  if (content) walk.sources.push({ path, content })
}

async function readSource(walk: Walk, path: string): Promise<KubeletConfigFile | undefined> {
  const text = await walk.host.readText(path, { maxBytes: maxFileBytes })
  if (text.state !== 'present') {
    walk.obstacle ??= obstacleOf(text)
    return undefined
  }
  await noteChange(walk, path)
  const parsed = parseKubeletConfig(text.value)
  if (parsed.state === 'configuration') return parsed
  walk.obstacle ??= { source: path, state: 'malformed', detail: refusal(parsed) }
  return undefined
}

function refusal(parsed: Exclude<ReturnType<typeof parseKubeletConfig>, KubeletConfigFile>): string {
  if (parsed.state === 'other') return `kind is ${parsed.kind || 'missing'}, not KubeletConfiguration`
  return malformedDetail(parsed)
}

async function noteChange(walk: Walk, path: string): Promise<void> {
  const stat = await walk.host.stat(path)
  if (stat.state === 'present') walk.changedAtMs = Math.max(walk.changedAtMs, stat.value.modifiedAtMs)
}
