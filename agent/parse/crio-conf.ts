// Reads CRI-O's configuration: crio.conf with its drop-ins laid over it.
import { isTable, parseTomlTable, type TomlTable, type TomlValue, tableAt } from './toml-table.ts'

export type CrioFileText =
  | { readonly state: 'config'; readonly table: TomlTable }
  | { readonly state: 'malformed'; readonly line: number }

export function parseCrioConf(text: string): CrioFileText {
  const parsed = parseTomlTable(text)
  return parsed.state === 'table' ? { state: 'config', table: tableAt(parsed.table, 'crio') } : parsed
}

/** Settings of later files win one by one; a handler of a later file replaces the one of the same name. */
export function mergeCrio(base: TomlTable, over: TomlTable): TomlTable {
  const merged = new Map<string, TomlValue>(Object.entries(base))
  for (const [section, value] of Object.entries(over)) {
    if (isTable(value)) merged.set(section, mergeSection(tableAt(base, section), value))
    else merged.set(section, value)
  }
  return Object.fromEntries(merged)
}

function mergeSection(base: TomlTable, over: TomlTable): TomlTable {
  const merged = new Map<string, TomlValue>(Object.entries(base))
  for (const [key, value] of Object.entries(over)) {
    const before = merged.get(key)
    merged.set(
      key,
      isTable(value) && isTable(before)
        ? Object.fromEntries([...Object.entries(before), ...Object.entries(value)])
        : value,
    )
  }
  return Object.fromEntries(merged)
}
