// Computes what configures a kubelet in effect: defaults, file, drop-ins and flags, and where each value comes from.
import { posix } from 'node:path'
import { type KubeletSettings, KubeletSettingsSchema } from '../../proto/facets/kubelet.ts'
import { parseGoDuration } from '../parse/go-duration.ts'
import type { KubeletConfigFile } from '../parse/kubelet-config.ts'
import type { KubeletFlags } from '../parse/kubelet-flags.ts'
import type { ConfigObject, ConfigValue } from '../parse/kubernetes-document.ts'
import { serverAddress } from '../parse/server-address.ts'
import { decides, mergePatch, valueAt } from './merge-patch.ts'
import {
  legacyConfiguration,
  type SettingField,
  type SettingName,
  type SettingValue,
  settingFields,
} from './setting-fields.ts'

export interface ConfigSource {
  readonly path: string
  readonly content: KubeletConfigFile
}

export interface KubeletInputs {
  readonly flags: KubeletFlags
  /** flags that a distribution gives its kubelet by itself, and how to call them; `flags` override them */
  readonly builtIn?: { readonly flags: KubeletFlags; readonly origin: string } | undefined
  /** what `--config` names; undefined when the flag is not given */
  readonly configFile?: ConfigSource | undefined
  /** `*.conf` of `--config-dir` in the order in which they apply */
  readonly dropIns: readonly ConfigSource[]
  /** such as 1.30.2, undefined when unknown */
  readonly version?: string | undefined
  /** working directory, undefined when unknown */
  readonly cwd?: string | undefined
}

export type Effective =
  | { readonly state: 'effective'; readonly settings: KubeletSettings }
  /** a value has a type that the kubelet refuses */
  | { readonly state: 'malformed'; readonly source: string; readonly line: number; readonly detail: string }
  /** a relative path cannot be resolved */
  | { readonly state: 'unresolved'; readonly detail: string }

interface Provenance {
  readonly source: 'flag' | 'file' | 'drop-in' | 'default'
  readonly origin: string
}
interface Layer extends Provenance {
  readonly values: ConfigObject
  /** directory that relative paths of this layer are meant from; undefined when unknown */
  readonly base: string | undefined
  readonly lineOf: (path: readonly string[]) => number
}
interface Setting extends Provenance {
  readonly value: SettingValue
}

/** Newest minor version whose defaults are known; stands in for an unknown version. */
const newestMinor = 37

/**
 * Scheme defaults < `--config` < drop-ins < flags; feature gates gate by gate, flags last. Without `--config` (also
 * with `--config-dir` alone) the legacy defaults are underneath. A relative path counts from the configuration file's
 * directory, in a drop-in and in a flag from the working directory.
 */
export function effectiveSettings(inputs: KubeletInputs): Effective {
  const layers = configLayers(inputs)
  const merged = layers.reduce<ConfigValue>((values, layer) => mergePatch(values, layer.values), {})
  const settings: Record<string, Setting> = {}
  for (const [name, field] of Object.entries(settingFields)) {
    try {
      settings[name] = effectiveSetting(field, layers, merged, inputs)
    } catch (error) {
      if (error instanceof Unusable) return error.result
      throw error
    }
  }
  settings['seccompDefault'] = seccompDefault(inputs, settings['seccompDefault'], layers, merged)
  return { state: 'effective', settings: KubeletSettingsSchema.parse(settings) }
}

/**
 * What a kubelet says of itself at /configz: every value is in effect as it stands, also a duration of zero. A field that
 * is not there has its zero value, which is also the default of those that Go leaves out.
 */
export function runningValues(
  values: ConfigObject,
  { version, cwd }: Pick<KubeletInputs, 'version' | 'cwd'>,
): ReadonlyMap<SettingName, SettingValue> | Exclude<Effective, { readonly state: 'effective' }> {
  const running = new Map<SettingName, SettingValue>()
  for (const [name, field] of Object.entries(settingFields) as [SettingName, SettingField][]) {
    if (field.path.length === 0) continue
    const value = valueAt(values, field.path)
    try {
      const typed =
        value === undefined || value === null
          ? field.fallback(minorVersion(version) ?? newestMinor)
          : typedValue(field, value, { origin: '/configz', lineOf: () => 0 })
      running.set(name, told(field, typed, cwd, '/configz'))
    } catch (error) {
      if (error instanceof Unusable) return error.result
      throw error
    }
  }
  return running
}

/** Minor version of `1.30.2`, undefined when the version is unknown or not 1.x. */
export function minorVersion(version: string | undefined): number | undefined {
  const match = /^1\.(\d{1,3})(?:\D|$)/.exec(version ?? '')
  return match ? Number(match[1]) : undefined
}

function configLayers({ configFile, dropIns, version, cwd }: KubeletInputs): readonly Layer[] {
  const first: Layer = configFile
    ? fileLayer('file', configFile, posix.dirname(configFile.path))
    : {
        source: 'default',
        origin: defaultOrigin(version, false),
        values: legacyConfiguration,
        base: cwd,
        lineOf: () => 0,
      }
  return [first, ...dropIns.map(dropIn => fileLayer('drop-in', dropIn, cwd))]
}

function fileLayer(source: 'file' | 'drop-in', { path, content }: ConfigSource, base: string | undefined): Layer {
  return { source, origin: path, values: content.values, base, lineOf: content.lineOf }
}

function defaultOrigin(version: string | undefined, withFile: boolean): string {
  const minor = minorVersion(version)
  const which = minor === undefined ? 'default, version unknown,' : `default of 1.${minor}`
  return `${which} ${withFile ? 'with' : 'without'} a configuration file`
}

function effectiveSetting(
  field: SettingField,
  layers: readonly Layer[],
  merged: ConfigValue,
  inputs: KubeletInputs,
): Setting {
  return flagSetting(field, inputs) ?? fileSetting(field, layers, merged, inputs) ?? defaultSetting(field, inputs)
}

function defaultSetting(field: SettingField, { configFile, version }: KubeletInputs): Setting {
  return {
    value: field.fallback(minorVersion(version) ?? newestMinor),
    source: 'default',
    origin: defaultOrigin(version, configFile !== undefined),
  }
}

function flagSetting(field: SettingField, { flags, builtIn, cwd }: KubeletInputs): Setting | undefined {
  if (field.flag === '') return undefined
  const given = flagValue(flags, field)
  if (given !== undefined) return settingOfFlag(field, given, `--${field.flag}`, cwd)
  const ofDistribution = builtIn && flagValue(builtIn.flags, field)
  return ofDistribution === undefined ? undefined : settingOfFlag(field, ofDistribution, builtIn?.origin ?? '', cwd)
}

type FlagSetting = SettingValue | bigint | Readonly<Record<string, boolean>>

function flagValue(flags: KubeletFlags, field: SettingField): FlagSetting | undefined {
  const value: FlagSetting | undefined = field.flag === '' ? undefined : flags[field.flag]
  if (field.flag !== 'feature-gates' || value === undefined) return value
  const gate = field.path.at(-1) ?? ''
  const gates = value as Readonly<Record<string, boolean>>
  return Object.hasOwn(gates, gate) ? gates[gate] : undefined
}

function settingOfFlag(field: SettingField, value: FlagSetting, origin: string, cwd: string | undefined): Setting {
  const plain = typeof value === 'bigint' ? wholeSeconds(value) : (value as SettingValue)
  return { value: told(field, plain, cwd, origin), source: 'flag', origin }
}

function fileSetting(
  field: SettingField,
  layers: readonly Layer[],
  merged: ConfigValue,
  { version }: KubeletInputs,
): Setting | undefined {
  if (field.path.length === 0) return undefined
  const value = valueAt(merged, field.path)
  const layer = layers.findLast(candidate => decides(candidate.values, field.path))
  if (layer === undefined || value === undefined || value === null) return undefined
  if (field.since !== undefined && (minorVersion(version) ?? newestMinor) < field.since) return undefined
  const typed = typedValue(field, value, layer)
  if (isUnset(field, typed)) return undefined
  const { source, origin } = layer
  return { value: told(field, typed, layer.base, origin), source, origin }
}

/** A value as it is told: paths from the root, of URLs scheme and address only. */
function told(field: SettingField, value: SettingValue, base: string | undefined, origin: string): SettingValue {
  if (field.kind === 'path') return resolvePath(String(value), base, origin)
  if (field.kind === 'url') return value === '' ? '' : (serverAddress(String(value)) ?? 'not a URL')
  return value
}

function typedValue(field: SettingField, value: ConfigValue, layer: Pick<Layer, 'origin' | 'lineOf'>): SettingValue {
  if (field.kind === 'bool' && typeof value === 'boolean') return value
  if (field.kind === 'int' && typeof value === 'number' && Number.isSafeInteger(value)) return value
  if (isTextKind(field.kind) && typeof value === 'string') return value
  if (field.kind === 'list' && Array.isArray(value) && value.every(item => typeof item === 'string')) return value
  const nanoseconds = field.kind === 'duration' && typeof value === 'string' ? parseGoDuration(value) : undefined
  if (nanoseconds !== undefined) return wholeSeconds(nanoseconds)
  throw new Unusable({
    state: 'malformed',
    source: layer.origin,
    line: layer.lineOf(field.path),
    detail: `${field.path.join('.')} is not a ${kindNames[field.kind]}`,
  })
}

const isTextKind = (kind: SettingField['kind']) => kind === 'text' || kind === 'path' || kind === 'url'

const kindNames = {
  bool: 'boolean',
  int: 'whole number',
  text: 'string',
  path: 'string',
  url: 'string',
  list: 'list of strings',
  duration: 'duration',
} as const

function isUnset(field: SettingField, value: SettingValue): boolean {
  if (field.unset === 'zero') return value === 0 || value === ''
  return field.unset === 'negative' && typeof value === 'number' && value < 0
}

/** Rounded away from zero, so that a short timeout is never taken for none. */
function wholeSeconds(nanoseconds: bigint): number {
  const second = 1_000_000_000n
  const seconds = nanoseconds / second
  if (nanoseconds % second === 0n) return Number(seconds)
  return Number(nanoseconds > 0n ? seconds + 1n : seconds - 1n)
}

function resolvePath(path: string, base: string | undefined, origin: string): string {
  if (path === '' || path.startsWith('/')) return path
  if (base === undefined) {
    throw new Unusable({
      state: 'unresolved',
      detail: `${origin} holds a relative path, the working directory is unknown`,
    })
  }
  return posix.resolve('/', base, path)
}

/** The kubelet turns seccompDefault on when either the flag or the configuration says so. */
function seccompDefault(
  inputs: KubeletInputs,
  effective: Setting | undefined,
  layers: readonly Layer[],
  merged: ConfigValue,
): Setting {
  const field = settingFields.seccompDefault
  const setting = effective ?? defaultSetting(field, inputs)
  if (setting.source !== 'flag' || setting.value === true) return setting
  const configured = fileSetting(field, layers, merged, inputs)
  return configured?.value === true ? configured : setting
}

class Unusable extends Error {
  readonly result: Exclude<Effective, { readonly state: 'effective' }>
  constructor(result: Exclude<Effective, { readonly state: 'effective' }>) {
    super(result.detail)
    this.result = result
  }
}
