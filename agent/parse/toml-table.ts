// Reads a TOML file into plain values, or tells the line where it stops being TOML.
import { parse, TomlError } from 'smol-toml'

export type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable
export interface TomlTable {
  readonly [key: string]: TomlValue
}

export type TomlText =
  | { readonly state: 'table'; readonly table: TomlTable }
  /** `line` is 0 when it cannot be told; never content of the file */
  | { readonly state: 'malformed'; readonly line: number }

/** Deeper than any configuration that is meant. */
const maxDepth = 32

/** TOML 1.0. Dates are kept as text; integers beyond what JSON holds make the file malformed. */
export function parseTomlTable(text: string): TomlText {
  let parsed: unknown
  try {
    parsed = parse(text, { maxDepth: 200 })
  } catch (error) {
    return { state: 'malformed', line: error instanceof TomlError ? error.line : 0 }
  }
  const table = plain(parsed, 0)
  return isTable(table) ? { state: 'table', table } : { state: 'malformed', line: 0 }
}

export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The table below a path of keys, empty where there is none. */
export function tableAt(table: TomlTable, ...path: readonly string[]): TomlTable {
  let at: TomlTable = table
  for (const key of path) {
    const next = valueAt(at, key)
    if (!isTable(next)) return {}
    at = next
  }
  return at
}

export const valueAt = (table: TomlTable, key: string): TomlValue | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

export function textAt(table: TomlTable, key: string, otherwise: string): string {
  const value = valueAt(table, key)
  return typeof value === 'string' ? value : otherwise
}

export function boolAt(table: TomlTable, key: string, otherwise: boolean): boolean {
  const value = valueAt(table, key)
  return typeof value === 'boolean' ? value : otherwise
}

/** Texts of a list; undefined when the key is not there. */
export function textsAt(table: TomlTable, key: string): readonly string[] | undefined {
  const value = valueAt(table, key)
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : undefined
}

/** Tables of a list of tables, `[[key]]`. */
export function tablesAt(table: TomlTable, key: string): readonly TomlTable[] {
  const value = valueAt(table, key)
  return Array.isArray(value) ? value.filter(isTable) : []
}

function plain(value: unknown, depth: number): TomlValue | undefined {
  if (depth > maxDepth) return undefined
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return value
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString()
  if (Array.isArray(value)) {
    const items = value.map(item => plain(item, depth + 1))
    return items.every(item => item !== undefined) ? items : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const entries: [string, TomlValue][] = []
  for (const [key, item] of Object.entries(value)) {
    const kept = plain(item, depth + 1)
    if (kept === undefined) return undefined
    entries.push([key, kept])
  }
  return Object.fromEntries(entries)
}
