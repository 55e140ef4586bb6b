// Reads YAML by schemas, with the line and column of everything that is wrong in it.
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import type * as z from 'zod'
import { didYouMean, PolicyError, type Problem } from './policy-error.ts'

export interface YamlFile {
  readonly path: string
  readonly text: string
  readonly document: Document
  /** undefined for a file that holds nothing but comments */
  readonly contents: Node | undefined
  /** `path:line:column` of an offset in the text */
  position(offset: number): string
}

/** @throws PolicyError with everything that is no YAML */
export function openYaml(text: string, path: string): YamlFile {
  const lines = new LineCounter()
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const document = parse(text, lines, path)
  const errors = document.errors.map(({ pos, message, code }) => {
    const told = code === 'MULTIPLE_DOCS' ? 'a file holds one document: begin another file' : message
    return { place: position(pos[0]), subject: '', part: '', message: told }
  })
  if (errors.length > 0) throw new PolicyError(errors)
  return { path, text, document, contents: (document.contents as Node | null) ?? undefined, position }
}

/** The parser descends by recursion, so deep nesting ends in an error of the stack. */
function parse(text: string, lineCounter: LineCounter, path: string): Document {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new PolicyError([{ place: `${path}:1:1`, subject: '', part: '', message: 'is nested too deeply' }])
  }
}

export interface ItemKind {
  /** what an item is called: check, profile, waiver */
  readonly name: string
  readonly schema: z.ZodObject
  /** a short form written out, before the schema is held against it */
  readonly prepare?: (value: unknown) => unknown
}

export interface Items {
  /** parsed and trimmed, undefined where the schema does not fit */
  readonly items: readonly unknown[]
  readonly problems: readonly Problem[]
}

/** Holds each node against the schema. */
export function parseItems(file: YamlFile, nodes: readonly Node[], kind: ItemKind): Items {
  const problems: Problem[] = []
  const items = nodes.map((node, index) => {
    const plain = plainValue(node, file)
    if ('problem' in plain) {
      problems.push(plain.problem)
      return undefined
    }
    const parsed = kind.schema.safeParse(kind.prepare ? kind.prepare(plain.value) : plain.value)
    if (parsed.success) return trimmed(parsed.data)
    problems.push(...problemsOf(parsed.error, file, node, index, kind))
    return undefined
  })
  return { items, problems }
}

/** The plain value of a node. Anchors are bounded, so that a small file cannot become a huge value. */
function plainValue(node: Node, file: YamlFile): { readonly value: unknown } | { readonly problem: Problem } {
  try {
    return { value: node.toJS(file.document, { maxAliasCount: 100 }) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { problem: { place: placeIn(file, node, ''), subject: '', part: '', message } }
  }
}

/** Block scalars end in a line break that nobody meant. */
function trimmed(item: object): unknown {
  return Object.fromEntries(
    Object.entries(item)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, typeof field === 'string' ? field.trimEnd() : field]),
  )
}

/** `check kubelet-x`, or `check 3` where the id cannot be told. */
export function subjectOf(node: Node | undefined, index: number, kind: string): string {
  const id = isMap(node) ? node.get('id') : undefined
  return typeof id === 'string' ? `${kind} ${id}` : `${kind} ${index + 1}`
}

function problemsOf(
  error: z.ZodError,
  file: YamlFile,
  node: Node,
  index: number,
  { name, schema }: ItemKind,
): readonly Problem[] {
  const subject = subjectOf(node, index, name)
  return error.issues.flatMap(issue => {
    const path = issue.path.map(String)
    const part = path.join('.')
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, path)
      return issue.keys.map(key => ({
        place: placeIn(file, node, [...path, key].join('.'), undefined, true),
        subject,
        part,
        message: `unknown key "${key}"${didYouMean(key, known)}`,
      }))
    }
    return { place: placeIn(file, node, part), subject, part, message: explain(issue) }
  })
}

/** Keys that a place in a file may have; paths lead through objects and lists. */
function knownKeys(schema: z.ZodObject, path: readonly string[]): readonly string[] {
  let current: unknown = schema
  for (const step of path) current = stepInto(unwrap(current), step)
  const shape = (unwrap(current) as { readonly shape?: object } | undefined)?.shape
  return Object.keys(shape ?? {})
}

function stepInto(schema: unknown, step: string): unknown {
  const known = schema as { readonly shape?: Readonly<Record<string, unknown>>; readonly element?: unknown } | undefined
  return known?.shape?.[step] ?? known?.element
}

function unwrap(schema: unknown): unknown {
  const inner = (schema as { readonly def?: { readonly innerType?: unknown } } | undefined)?.def?.innerType
  return inner === undefined ? schema : unwrap(inner)
}

function explain(issue: z.core.$ZodIssue): string {
  const message = issue.message.replace(/^Invalid input: /, '')
  if (message.endsWith('received undefined')) return 'is missing'
  return message.startsWith('expected string, received number') ? `${message}: put it in quotes` : message
}

/** The nodes of a list, or the node itself. */
export function nodesOf(node: Node): readonly Node[] {
  return isSeq(node) ? (node.items as Node[]) : [node]
}

/**
 * `path:line:column` of a dotted part of a node. `offset` counts in the value, and is exact in a block scalar and in a
 * plain or quoted one on one line; elsewhere the place is where the value begins.
 */
export function placeIn(
  file: YamlFile,
  item: Node | undefined,
  part: string,
  offset?: number,
  ofKey: boolean = false,
): string {
  const steps = part === '' ? [] : part.split('.')
  const found = find(item, steps, ofKey)
  const start = (found ?? item)?.range?.[0] ?? 0
  const inText = offset !== undefined && isScalar(found) && typeof found.value === 'string'
  return file.position(inText ? start + advance(file.text, start, found.type, offset) : start)
}

/** The node of a part, or the innermost one on the way to it. */
function find(node: Node | undefined, steps: readonly string[], ofKey: boolean): Node | undefined {
  const [step, ...rest] = steps
  if (step === undefined || !node || !('items' in node)) return node
  if (!isMap(node)) return find((node.items as Node[])[Number(step)], rest, ofKey) ?? node
  const pair = (node as YAMLMap).items.find(({ key }) => isScalar(key) && String(key.value) === step)
  if (ofKey && rest.length === 0) return (pair?.key as Node | undefined) ?? node
  return pair ? (find((pair.value ?? pair.key) as Node, rest, ofKey) ?? node) : node
}

/** How many characters of the file lie between the start of a scalar and an offset in its value. */
function advance(text: string, start: number, type: string | undefined, offset: number): number {
  if (type === 'PLAIN') return offset
  if (type === 'QUOTE_SINGLE' || type === 'QUOTE_DOUBLE') return offset + 1
  if (type !== 'BLOCK_LITERAL' && type !== 'BLOCK_FOLDED') return 0
  let position = text.indexOf('\n', start) + 1
  const indent = /^ */.exec(text.slice(position))?.[0].length ?? 0
  let left = offset
  for (;;) {
    const end = text.indexOf('\n', position)
    const length = Math.max(0, (end < 0 ? text.length : end) - position - indent)
    if (left <= length || end < 0) return position + indent + left - start
    left -= length + 1
    position = end + 1
  }
}
