// Reads the first YAML or JSON document of a Kubernetes file as plain values, with the line of each.
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml'

export type ConfigValue = null | boolean | number | string | readonly ConfigValue[] | ConfigObject
export interface ConfigObject {
  readonly [key: string]: ConfigValue
}

export interface KubernetesDocument {
  readonly state: 'document'
  /** as JSON would have it, apiVersion and kind included */
  readonly values: ConfigObject
  /** line of the value at a path, from 1; the line of its nearest parent when it is not there, 0 when unknown */
  readonly lineOf: (path: readonly (string | number)[]) => number
}

/** `line` is 0 when it cannot be told; `detail` never holds content of the file */
export interface MalformedDocument {
  readonly state: 'malformed'
  readonly line: number
  readonly detail: string
}

/**
 * Reads YAML 1.1 or JSON, as Kubernetes does: the first document counts, of repeated keys the last, `yes` and `off` are
 * booleans. Anchors are resolved up to a bound.
 */
export function parseKubernetesDocument(text: string): KubernetesDocument | MalformedDocument {
  const lines = new LineCounter()
  const document = firstDocument(text, lines)
  if (document === undefined) return malformed(0, 'nested too deeply to be read')
  const [error] = document.errors
  if (error) return malformed(error.linePos?.[0].line ?? 0, 'not YAML')
  const values = plainValues(document)
  if (values === undefined) return malformed(0, 'nested too deeply or too many aliases')
  if (!isObject(values)) return malformed(text.trim() === '' ? 0 : 1, text.trim() === '' ? 'empty' : 'not a mapping')
  return { state: 'document', values, lineOf: path => lineOfPath(document, path, lines) }
}

/** The kind of a document, empty when it has none that looks like one. */
export function kindOfDocument({ kind }: ConfigObject): string {
  return typeof kind === 'string' && /^[A-Za-z]{1,64}$/.test(kind) ? kind : ''
}

export function isObject(value: unknown): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is wrong with a document, with its line in front where there is one. */
export function malformedDetail({ line, detail }: MalformedDocument): string {
  return line > 0 ? `line ${line}: ${detail}` : detail
}

export const malformed = (line: number, detail: string): MalformedDocument => ({ state: 'malformed', line, detail })

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

function lineOfPath(document: Document.Parsed, path: readonly (string | number)[], lines: LineCounter): number {
  let node: unknown = document.contents
  for (const key of path) {
    const inner = isSeq(node) ? node.items[Number(key)] : valueOfKey(node, String(key))
    if (!isNode(inner)) break
    node = inner
  }
  const start = isNode(node) ? node.range?.[0] : undefined
  return start === undefined ? 0 : lines.linePos(start).line
}

/** Of repeated keys the last one counts. */
function valueOfKey(node: unknown, key: string): unknown {
  if (!isMap(node)) return undefined
  return node.items.findLast(item => isScalar(item.key) && String(item.key.value) === key)?.value
}
