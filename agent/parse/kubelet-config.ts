// Parses a kubelet configuration file or drop-in, and tells it from a kubeconfig by what it says of itself.
import { type Document, isMap, isNode, isScalar, LineCounter, parseAllDocuments } from 'yaml'
import { configFields, nestedFields } from './kubelet-config-fields.ts'

export type ConfigValue = null | boolean | number | string | readonly ConfigValue[] | ConfigObject
export interface ConfigObject {
  readonly [key: string]: ConfigValue
}

export interface KubeletConfigFile {
  readonly state: 'configuration'
  /** the document as JSON would have it, apiVersion and kind included */
  readonly values: ConfigObject
  /** dotted paths of keys that no kubelet version knows */
  readonly unknownKeys: readonly string[]
  /** line of the value at a path, from 1; the line of its nearest parent when it is not there, 0 when unknown */
  readonly lineOf: (path: readonly string[]) => number
}

export type KubeletConfigText =
  | KubeletConfigFile
  /** a document of another kind, such as a kubeconfig (`Config`); kind is empty when it has none */
  | { readonly state: 'other'; readonly kind: string }
  /** `line` is 0 when it cannot be told; `detail` never holds content of the file */
  | { readonly state: 'malformed'; readonly line: number; readonly detail: string }

const group = 'kubelet.config.k8s.io/'
const maxUnknownKeys = 100

/**
 * Reads YAML 1.1 or JSON, as the kubelet does: the first document counts, of repeated keys the last, `yes` and `off`
 * are booleans. Anchors are resolved up to a bound.
 */
export function parseKubeletConfig(text: string): KubeletConfigText {
  const lines = new LineCounter()
  const document = firstDocument(text, lines)
  if (document === undefined) return malformed(0, 'nested too deeply to be read')
  const [error] = document.errors
  if (error) return malformed(error.linePos?.[0].line ?? 0, 'not YAML')
  const values = plainValues(document)
  if (values === undefined) return malformed(0, 'nested too deeply or too many aliases')
  if (!isObject(values)) return malformed(text.trim() === '' ? 0 : 1, text.trim() === '' ? 'empty' : 'not a mapping')
  const { kind, apiVersion } = values
  if (kind !== 'KubeletConfiguration') return { state: 'other', kind: readKind(kind) }
  const lineOf = (path: readonly string[]) => lineOfPath(document, path, lines)
  if (typeof apiVersion !== 'string' || !apiVersion.startsWith(group)) {
    return malformed(lineOf(['apiVersion']), `apiVersion is not ${group}v1beta1`)
  }
  return { state: 'configuration', values, unknownKeys: findUnknownKeys(values, lineOf), lineOf }
}

export function isObject(value: unknown): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function firstDocument(text: string, lines: LineCounter): Document.Parsed | undefined {
  try {
    const documents = parseAllDocuments(text, {
      version: '1.1',
      uniqueKeys: false,
      lineCounter: lines,
      logLevel: 'silent',
    })
    return documents[0] ?? parseAllDocuments('null')[0]
  } catch {
    return undefined
  }
}

function plainValues(document: Document.Parsed): ConfigValue | undefined {
  try {
    return toJson(document.toJS({ maxAliasCount: 100 }), 0)
  } catch {
    return undefined
  }
}

/** Keeps what JSON can hold. @throws RangeError on a depth that no configuration has */
function toJson(value: unknown, depth: number): ConfigValue {
  if (depth > 32) throw new RangeError('too deep')
  if (Array.isArray(value)) return value.map(item => toJson(item, depth + 1))
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item, depth + 1)]))
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

function lineOfPath(document: Document.Parsed, path: readonly string[], lines: LineCounter): number {
  let node: unknown = document.contents
  for (const key of path) {
    // Of repeated keys the last one counts.
    const pair = isMap(node)
      ? node.items.findLast(item => isScalar(item.key) && String(item.key.value) === key)
      : undefined
    if (!isNode(pair?.value)) break
    node = pair.value
  }
  const start = isNode(node) ? node.range?.[0] : undefined
  return start === undefined ? 0 : lines.linePos(start).line
}

function findUnknownKeys(values: ConfigObject, lineOf: (path: readonly string[]) => number): readonly string[] {
  const unknown: string[] = []
  const look = (object: ConfigObject, known: ReadonlySet<string>, path: readonly string[]) => {
    for (const [key, value] of Object.entries(object)) {
      const inside = [...path, key]
      const fields = nestedFields.get(inside.join('.'))
      if (!known.has(key)) unknown.push(nameOfKey(inside, lineOf))
      else if (fields && isObject(value)) look(value, fields, inside)
    }
  }
  look(values, configFields, [])
  return unknown.slice(0, maxUnknownKeys)
}

/** A key that does not look like a field's name may be anything, so only its line is told. */
function nameOfKey(path: readonly string[], lineOf: (path: readonly string[]) => number): string {
  const key = path.at(-1) ?? ''
  return /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(key) ? path.join('.') : `line ${lineOf(path)}`
}

function readKind(kind: ConfigValue | undefined): string {
  return typeof kind === 'string' && /^[A-Za-z]{1,64}$/.test(kind) ? kind : ''
}

const malformed = (line: number, detail: string) => ({ state: 'malformed', line, detail }) as const
