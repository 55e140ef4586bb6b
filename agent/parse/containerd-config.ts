// Reads containerd's configuration files of versions 1 to 4 and merges imports over the main one.
import {
  isTable,
  parseTomlTable,
  type TomlTable,
  type TomlValue,
  tableAt,
  textAt,
  textsAt,
  valueAt,
} from './toml-table.ts'

/** One file, its plugin sections under the names of version 3. */
export interface ContainerdFile {
  readonly state: 'config'
  /** 1 when the file does not say */
  readonly version: number
  /** as written: absolute or relative to the file's directory, possibly with `*` */
  readonly imports: readonly string[]
  readonly table: TomlTable
}
export type ContainerdFileText = ContainerdFile | { readonly state: 'malformed'; readonly line: number }

/** What becomes of a plugin's section that stands in two files: containerd 1 takes the later, containerd 2 merges. */
export type MergeRule = 'replace' | 'merge'

export const runtimePlugin = 'io.containerd.cri.v1.runtime'
export const imagesPlugin = 'io.containerd.cri.v1.images'
const criPlugin = 'io.containerd.grpc.v1.cri'
const listKeys = ['disabled_plugins', 'required_plugins', 'imports']

export function parseContainerdConfig(text: string): ContainerdFileText {
  const parsed = parseTomlTable(text)
  if (parsed.state !== 'table') return parsed
  const { table } = parsed
  const version = valueAt(table, 'version')
  return {
    state: 'config',
    version: typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : 1,
    imports: textsAt(table, 'imports') ?? [],
    table: withPluginNames(table),
  }
}

/** Whether two files give the same plugin a section, so that the rule matters. */
export function sharesPlugin(base: TomlTable, over: TomlTable): boolean {
  const plugins = tableAt(base, 'plugins')
  return Object.keys(tableAt(over, 'plugins')).some(name => Object.hasOwn(plugins, name))
}

/** Values of `over` win, lists at the top add up, and what is zero or empty at the top says nothing. */
export function mergeContainerd(base: TomlTable, over: TomlTable, rule: MergeRule): TomlTable {
  const merged = new Map(Object.entries(base))
  for (const [key, value] of Object.entries(over)) {
    if (key === 'plugins') merged.set(key, mergePlugins(tableAt(base, key), tableAt(over, key), rule))
    else if (listKeys.includes(key)) merged.set(key, [...new Set([...texts(base, key), ...texts(over, key)])])
    else if (isTable(value)) merged.set(key, deepMerge(tableAt(base, key), value, isEmpty))
    else if (!isEmpty(value)) merged.set(key, value)
  }
  return Object.fromEntries(merged)
}

const texts = (table: TomlTable, key: string) => textsAt(table, key) ?? []
const isEmpty = (value: TomlValue) => value === '' || value === 0 || value === false

function mergePlugins(base: TomlTable, over: TomlTable, rule: MergeRule): TomlTable {
  return rule === 'merge'
    ? deepMerge(base, over, () => false)
    : Object.fromEntries(Object.entries({ ...base, ...over }))
}

function deepMerge(base: TomlTable, over: TomlTable, saysNothing: (value: TomlValue) => boolean): TomlTable {
  const merged = new Map(Object.entries(base))
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key)
    if (isTable(value) && isTable(before)) merged.set(key, deepMerge(before, value, saysNothing))
    else if (!saysNothing(value)) merged.set(key, value)
  }
  return Object.fromEntries(merged)
}

/**
 * Names of version 1 have no dots (`cri`); versions 1 and 2 keep in one section what version 3 has in two. Version 4
 * moved `[grpc]` into plugins of its own.
 */
function withPluginNames(table: TomlTable): TomlTable {
  const plugins = new Map<string, TomlValue>()
  for (const [name, value] of Object.entries(tableAt(table, 'plugins'))) {
    const full = name === 'cri' ? criPlugin : name
    if (full === criPlugin && isTable(value)) {
      plugins.set(
        runtimePlugin,
        deepMerge(value, tableAt(table, 'plugins', runtimePlugin), () => false),
      )
      const images = { registry: tableAt(value, 'registry') }
      plugins.set(
        imagesPlugin,
        deepMerge(images, tableAt(table, 'plugins', imagesPlugin), () => false),
      )
    } else if (!plugins.has(full)) plugins.set(full, value)
  }
  const disabled = textsAt(table, 'disabled_plugins')
  return Object.fromEntries([
    ...Object.entries(table),
    ['plugins', Object.fromEntries(plugins)] as const,
    ...(disabled ? [['disabled_plugins', disabled] as const] : []),
  ])
}

/** Address of the API over the Unix socket, or over TCP, empty when it is not set. */
export function grpcAddress(table: TomlTable, kind: 'unix' | 'tcp'): string {
  const plugin = kind === 'unix' ? 'io.containerd.server.v1.grpc' : 'io.containerd.server.v1.grpc-tcp'
  const older = textAt(tableAt(table, 'grpc'), kind === 'unix' ? 'address' : 'tcp_address', '')
  return textAt(tableAt(table, 'plugins', plugin), 'address', older)
}
