// Reads what containerd is told: its command line, its configuration file and everything that this imports.
import { posix } from 'node:path'
import type { ContainerdSettings } from '../../proto/facets/container-runtime.ts'
import type { Host } from '../host/host.ts'
import {
  type ContainerdFile,
  type MergeRule,
  mergeContainerd,
  parseContainerdConfig,
  sharesPlugin,
} from '../parse/containerd-config.ts'
import { matchesGlob } from '../parse/glob.ts'
import type { TomlTable } from '../parse/toml-table.ts'
import { type Configured, containerdConfiguration } from './engine-settings.ts'
import type { FoundEngine } from './find-engines.ts'
import { flagValue } from './flag-value.ts'
import { type Obstacle, obstacleOf } from './read-docker.ts'

export interface ReadConfigured<Settings> {
  readonly configFile: string
  /** files that were read, in the order in which they apply */
  readonly configFiles: readonly string[]
  readonly configured?: Configured<Settings>
  /** why there are no settings */
  readonly obstacle?: Obstacle
}

const maxFiles = 100

/** @param version of the program, empty when unknown: containerd 1 and 2 merge imports differently */
export async function readContainerd(
  host: Host,
  engine: FoundEngine,
  version: string,
): Promise<ReadConfigured<ContainerdSettings>> {
  const configFile = posix.resolve('/', flagValue(engine.args, '--config', '-c') ?? usualFile(engine))
  const nothing = (obstacle: Obstacle) => ({ configFile, configFiles: [], obstacle })
  if (engine.failure) return nothing(obstacleOf(engine.failure))
  if (engine.contained) {
    return nothing({ source: configFile, state: 'unavailable', detail: 'the engine runs in a container' })
  }
  const files = await readFiles(host, configFile)
  if ('state' in files) return nothing(files)
  const merged = mergeFiles(files, version)
  if ('state' in merged) return nothing({ source: configFile, ...merged })
  const flags = {
    address: flagValue(engine.args, '--address', '-a'),
    logLevel: flagValue(engine.args, '--log-level', '-l'),
  }
  return {
    configFile,
    configFiles: files.map(({ path }) => path),
    configured: containerdConfiguration(merged.table, files[0]?.file.version ?? 0, flags),
  }
}

/** k3s hides the arguments of its containerd, and names the file that it wrote in its own directory. */
function usualFile({ process }: FoundEngine): string {
  const [, dataDir] = /^(\/.+)\/data\/[^/]+\/bin\/k3s$/.exec(process?.executable ?? '') ?? []
  return dataDir === undefined ? '/etc/containerd/config.toml' : `${dataDir}/agent/etc/containerd/config.toml`
}

interface NamedFile {
  readonly path: string
  readonly file: ContainerdFile
}

/** Breadth first, each file once: a file's own imports come after those of the file before it. */
async function readFiles(host: Host, main: string): Promise<readonly NamedFile[] | Obstacle> {
  const read = new Map<string, NamedFile>()
  const pending = [main]
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    if (read.has(path)) continue
    if (read.size === maxFiles) return { source: main, state: 'tooLarge', detail: `over ${maxFiles} imports` }
    const text = await host.readText(path)
    if (text.state === 'absent') continue
    if (text.state !== 'present') return obstacleOf(text)
    const file = parseContainerdConfig(text.value)
    if (file.state === 'malformed') return { source: path, state: 'malformed', detail: `line ${file.line}` }
    read.set(path, { path, file })
    for (const pattern of file.imports) {
      const paths = await resolveImport(host, path, pattern)
      if (!Array.isArray(paths)) return paths as Obstacle
      pending.push(...paths)
    }
  }
  return [...read.values()]
}

/** A pattern in the file's name is matched against its directory, as every distribution writes it. */
async function resolveImport(host: Host, from: string, pattern: string): Promise<readonly string[] | Obstacle> {
  const path = posix.resolve(posix.dirname(from), pattern)
  if (!path.includes('*')) return [path]
  const directory = posix.dirname(path)
  if (directory.includes('*')) {
    return { source: from, state: 'unavailable', detail: 'imports with a pattern in a directory are not followed' }
  }
  const entries = await host.list(directory)
  if (entries.state === 'absent') return []
  if (entries.state !== 'present') return obstacleOf(entries)
  const name = posix.basename(path)
  const names = entries.value.map(entry => entry.name).filter(one => matchesGlob(name, one))
  return names.map(one => `${directory}/${one}`)
}

function mergeFiles(
  files: readonly NamedFile[],
  version: string,
): { readonly table: TomlTable } | Pick<Obstacle, 'state' | 'detail'> {
  const rule = mergeRule(files[0]?.file.version ?? 0, version)
  let table: TomlTable = {}
  for (const { file } of files) {
    if (rule === undefined && sharesPlugin(table, file.table)) {
      return {
        state: 'unavailable',
        detail: 'imports change plugins of it, and how depends on a version that is unknown',
      }
    }
    table = mergeContainerd(table, file.table, rule ?? 'merge')
  }
  return { table }
}

/** Files of version 3 are for containerd 2 only; undefined when it cannot be told. */
function mergeRule(configVersion: number, version: string): MergeRule | undefined {
  if (configVersion >= 3) return 'merge'
  if (version === '') return undefined
  return version.startsWith('0.') || version.startsWith('1.') ? 'replace' : 'merge'
}
