// Computes the effective settings of a component from its flags, and where each value comes from.
import { posix } from 'node:path'
import type { SettingSource } from '../../proto/facets/control-plane.ts'
import type { Obstacle } from '../kubelet/found-kubelet.ts'
import { type FlagStyle, parseComponentFlags } from '../parse/component-flags.ts'
import type { FlagValue } from '../parse/flag-value.ts'
import { serverAddress } from '../parse/server-address.ts'
import type { FoundComponent, Words } from './component.ts'
import { flagKindsOf, flagName, type SettingField, type SettingValue } from './setting-fields.ts'

export interface Setting {
  readonly value: SettingValue
  readonly source: SettingSource
  readonly origin: string
}

/** Flags of one place. */
export interface FlagLayer {
  readonly words: Words
  readonly values: ReadonlyMap<string, FlagValue>
}

export interface ReadFlags {
  readonly layers: readonly FlagLayer[]
  readonly obstacle: Obstacle | undefined
}

type Fields = Readonly<Record<string, SettingField>>

/** Reads the words of every place; one that no such program accepts is an obstacle. */
export function readFlags(
  words: readonly Words[],
  fields: Fields,
  found: FoundComponent,
  style: FlagStyle = 'pflag',
): ReadFlags {
  const kinds = flagKindsOf(fields)
  const layers: FlagLayer[] = []
  let obstacle: Obstacle | undefined
  for (const one of words) {
    const { values, invalid } = parseComponentFlags(one.args, kinds, style)
    const [first] = invalid
    const source = one.place === '' ? found.name : one.place
    if (first !== undefined) {
      obstacle ??= { source, state: 'malformed', detail: `--${first} has no value of its type` }
    }
    layers.push({ words: one, values })
  }
  return { layers, obstacle }
}

/** The text of a flag that is no setting of its own; empty when it is not given. */
export function textFlag(layers: readonly FlagLayer[], flag: string): string {
  const value = layers.findLast(layer => layer.values.has(flag))?.values.get(flag)
  return typeof value === 'string' ? value : ''
}

/**
 * @param version for the words that tell where a default comes from
 * @returns an obstacle for words that cannot be told, a value that no such program accepts, or a relative path without
 *   its directory
 */
export function settingsOf<F extends Fields>(
  fields: F,
  { layers, obstacle }: ReadFlags,
  found: FoundComponent,
  version: string | undefined,
): { readonly settings: Record<keyof F, Setting> } | { readonly obstacle: Obstacle } {
  const known = found.obstacle ?? obstacle
  if (known) return { obstacle: known }
  const settings: Record<string, Setting> = {}
  for (const [name, field] of Object.entries(fields)) {
    const flag = flagName(field.flag, field.kind)
    const layer = layers.findLast(one => hasValue(one.values.get(flag), field))
    const given = layer?.values.get(flag)
    if (layer === undefined || given === undefined) {
      settings[name] = { value: field.fallback, source: 'default', origin: defaultOrigin(version) }
      continue
    }
    const value = typedValue(field, given, found.cwd)
    const { source, place } = layer.words
    if (value === undefined) {
      const detail = `--${flag} has no value that can be understood`
      return { obstacle: { source: place === '' ? found.name : place, state: 'malformed', detail } }
    }
    settings[name] = { value, source, origin: originOf(source, place, flag) }
  }
  return { settings: settings as Record<keyof F, Setting> }
}

export function originOf(source: SettingSource, place: string, flag: string): string {
  if (source === 'distribution') return place
  return place === '' ? `--${flag}` : `--${flag} in ${place}`
}

export function defaultOrigin(version: string | undefined): string {
  const minor = /^(\d+\.\d+)/.exec(version ?? '')?.[1]
  return minor === undefined ? 'default' : `default of ${minor}`
}

function hasValue(value: FlagValue | undefined, { flag, kind }: SettingField): boolean {
  if (value === undefined) return false
  return kind !== 'gate' || Object.hasOwn(value as object, flag)
}

function typedValue({ kind, flag }: SettingField, given: FlagValue, cwd: string | undefined): SettingValue | undefined {
  if (kind === 'gate') return (given as Readonly<Record<string, boolean>>)[flag]
  if (kind === 'seconds') return wholeSeconds(given as bigint)
  if (kind === 'path') return resolved(given as string, cwd)
  if (kind === 'paths') return allOf((given as readonly string[]).map(path => resolved(path, cwd)))
  if (kind === 'urls') return allOf((given as readonly string[]).filter(url => url !== '').map(serverAddress))
  return given as SettingValue
}

function allOf(values: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = values.filter(value => value !== undefined)
  return known.length === values.length ? known : undefined
}

/** `-` is standard output, not a path. */
function resolved(path: string, cwd: string | undefined): string | undefined {
  if (path === '' || path === '-') return path
  if (path.startsWith('/')) return posix.normalize(path)
  return cwd === undefined ? undefined : posix.resolve('/', cwd, path)
}

/** Rounded up, so that a short time is never taken for none. */
function wholeSeconds(nanoseconds: bigint): number {
  const second = 1_000_000_000n
  return Number((nanoseconds + second - 1n) / second)
}

/** Known flags whose values differ between two places. */
export function changedFlags(one: FlagLayer, other: FlagLayer): readonly string[] {
  const names = new Set([...one.values.keys(), ...other.values.keys()])
  return [...names].filter(name => shown(one.values.get(name)) !== shown(other.values.get(name)))
}

function shown(value: FlagValue | undefined): string {
  return typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? '')
}
