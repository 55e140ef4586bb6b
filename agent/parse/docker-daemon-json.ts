// Reads /etc/docker/daemon.json, keeping typed values of an allow-list of options only.
import {
  type DeclaredRuntime,
  type DockerdOptions,
  dockerdOptions,
  flatKeys,
  isOptionName,
  knownKeys,
  type OptionKind,
  type OptionName,
  type OptionValue,
} from './dockerd-options.ts'
import { jsonErrorLine } from './json-error.ts'

export type DockerDaemonJson =
  | {
      readonly state: 'options'
      readonly options: DockerdOptions
      /** known keys that are given */
      readonly keys: readonly string[]
      /** keys that no dockerd knows; one that does not look like a key is told by its line */
      readonly unknownKeys: readonly string[]
    }
  /** dockerd refuses to start with it; `detail` names a line and a known key, never content */
  | { readonly state: 'malformed'; readonly line: number; readonly detail: string }

type Json = Readonly<Record<string, unknown>>
const maxUnknownKeys = 100

/**
 * Strict JSON, a byte order mark allowed; an empty file gives nothing. Objects that are no option of their own are
 * groups (`proxies`), whose keys count as if they stood outside. Of repeated keys the last one counts.
 */
export function parseDockerDaemonJson(text: string): DockerDaemonJson {
  const body = text.replace(/^\ufeff/, '')
  if (/^[ \t\r\n]*$/.test(body)) return { state: 'options', options: {}, keys: [], unknownKeys: [] }
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { state: 'malformed', line: jsonErrorLine(body), detail: 'not JSON' }
  }
  if (!isObject(value)) return { state: 'malformed', line: 1, detail: 'not an object' }
  return readOptions(value, body)
}

function readOptions(file: Json, text: string): DockerDaemonJson {
  const options: [OptionName, OptionValue][] = []
  const keys = new Set<string>()
  const unknown = new Set<string>()
  for (const key of flatten(file)) {
    if (knownKeys.has(key)) keys.add(key)
    else if (unknown.size < maxUnknownKeys) unknown.add(nameOfKey(key, text))
  }
  for (const [key, value] of Object.entries(file)) {
    // What is null is as if it were not given.
    if (!isOptionName(key) || value === null) continue
    const read = readValue(dockerdOptions[key], value)
    if (read === undefined) {
      return { state: 'malformed', line: lineOfKey(key, text), detail: `${key} has a value of another type` }
    }
    options.push([key, read])
  }
  return {
    state: 'options',
    options: Object.fromEntries(options) as DockerdOptions,
    keys: [...keys].sort(),
    unknownKeys: [...unknown].sort(),
  }
}

function* flatten(file: Json): Generator<string> {
  for (const [key, value] of Object.entries(file)) {
    if (isObject(value) && !flatKeys.has(key)) yield* Object.keys(value)
    else yield key
  }
}

function readValue(kind: OptionKind, value: unknown): OptionValue | undefined {
  if (kind === 'text') return typeof value === 'string' ? value : undefined
  if (kind === 'bool') return typeof value === 'boolean' ? value : undefined
  if (kind === 'list') return isTexts(value) ? value : undefined
  if (!isObject(value)) return undefined
  return kind === 'given' ? true : readRuntimes(value)
}

function readRuntimes(value: Json): readonly DeclaredRuntime[] | undefined {
  const runtimes: DeclaredRuntime[] = []
  for (const [name, runtime] of Object.entries(value)) {
    if (!isObject(runtime)) return undefined
    const text = (key: string) => (typeof runtime[key] === 'string' ? runtime[key] : '')
    runtimes.push({ name, path: text('path'), type: text('runtimeType') })
  }
  return runtimes
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(item => typeof item === 'string')

/** A key that does not look like one may be anything, so only its line is told. */
function nameOfKey(key: string, text: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(key) ? key : `line ${lineOfKey(key, text)}`
}

/** Line of the last place where the key stands as a key, 0 when it is written with escapes. */
function lineOfKey(key: string, text: string): number {
  const quoted = JSON.stringify(key)
  for (let at = text.lastIndexOf(quoted); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(quoted, at - 1)) {
    if (/^[ \t\r\n]*:/.test(text.slice(at + quoted.length, at + quoted.length + 1000))) {
      return text.slice(0, at).split('\n').length
    }
  }
  return 0
}
