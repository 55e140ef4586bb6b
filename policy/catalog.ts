// Reads check and profile files: YAML in, checks and profiles out, with the line and column of everything wrong.
import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import * as z from 'zod'
import { canonicalJson, sha256 } from '../proto/canonical.ts'
import type { JsonObject } from '../proto/facet.ts'
import { type Catalog, type Check, type Profile, resultStates, severities } from './check.ts'
import { didYouMean, PolicyError, type Problem } from './policy-error.ts'

const text = z.string().min(1)
const value: z.ZodType = z.lazy(() =>
  z.union([z.string(), z.int(), z.boolean(), z.array(value), z.record(z.string(), value)], {
    error: 'must be a text, an integer, true, false, a list or a record',
  }),
)
const facts = z.record(z.string(), value)

const ReferenceSchema = z.strictObject({ source: text, version: z.string().default(''), id: text })

const TestSchema = z.strictObject({
  name: text,
  facets: z.record(z.string(), z.union([z.enum(['absent', 'unreadable', 'error']), facts])),
  now: z.iso.datetime().optional(),
  parameters: facts.optional(),
  expect: z.enum(resultStates),
  evidence: z.array(text).optional(),
})

const CheckSchema = z.strictObject({
  id: text,
  title: text,
  severity: z.enum(severities),
  applies: text.optional(),
  pass: text.optional(),
  evidence: text.optional(),
  manual: text.optional(),
  rationale: text,
  remediation: text,
  references: z.array(ReferenceSchema).default([]),
  parameters: facts.default({}),
  tests: z.array(TestSchema).default([]),
})

const ProfileSchema = z.strictObject({
  id: text,
  title: text,
  appliesTo: text,
  checks: z.array(text),
  parameters: z.record(z.string(), facts).default({}),
})

export interface ParsedFile<T> {
  readonly path: string
  readonly items: readonly T[]
  /** `path:line:column` of a part of an item (`pass`, `parameters.x`), of the item when the part is not there */
  place(index: number, part: string, offset?: number): string
}

/** Reads a file with a list of checks. @throws PolicyError with every problem */
export function parseCheckFile(source: string, path: string): ParsedFile<Check> {
  return parseList(source, path, CheckSchema, 'check') as ParsedFile<Check>
}

/** Reads a file with one profile, or a list of profiles. @throws PolicyError with every problem */
export function parseProfileFile(source: string, path: string): ParsedFile<Profile> {
  return parseList(source, path, ProfileSchema, 'profile') as ParsedFile<Profile>
}

/** A catalog without the tests of its checks, as it is compiled in. */
export function sealCatalog(checks: readonly Check[], profiles: readonly Profile[]): Catalog {
  const bare = checks.map(check => ({ ...check, tests: [] }))
  return { checks: bare, profiles, digest: sha256(canonicalJson({ checks: bare, profiles })) }
}

interface Source {
  readonly path: string
  readonly text: string
  readonly lines: LineCounter
  readonly nodes: readonly Node[]
}

function parseList(text: string, path: string, schema: z.ZodObject, kind: string): ParsedFile<unknown> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  const fail = (position: number, message: string) => {
    const { line, col } = lines.linePos(position)
    return new PolicyError([{ place: `${path}:${line}:${col}`, subject: '', part: '', message }])
  }
  if (error) throw fail(error.pos[0], error.message)
  const contents = document.contents as Node | null
  if (!contents) throw fail(0, `the file is empty: it is to hold a list of ${kind}s`)
  const nodes = ('items' in contents && !isMap(contents) ? contents.items : [contents]) as Node[]
  const source: Source = { path, text, lines, nodes }
  const problems: Problem[] = []
  const items = nodes.map((node, index) => {
    const parsed = schema.safeParse(plainValue(node, document, fail))
    if (!parsed.success) problems.push(...problemsOf(parsed.error, source, index, schema, kind))
    return parsed.data
  })
  if (problems.length > 0) throw new PolicyError(problems)
  return { path, items: items.map(trimmed), place: (index, part, offset) => placeOf(source, index, part, offset) }
}

/** The plain value of a node. Anchors are bounded, so that a small file cannot become a huge value. */
function plainValue(node: Node, document: Document, fail: (position: number, message: string) => PolicyError): unknown {
  try {
    return node.toJS(document, { maxAliasCount: 100 })
  } catch (error) {
    throw fail(node.range?.[0] ?? 0, error instanceof Error ? error.message : String(error))
  }
}

/** Block scalars end in a line break that nobody meant. */
function trimmed(item: unknown): unknown {
  const record = item as JsonObject
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [name, typeof field === 'string' ? field.trimEnd() : field]),
  )
}

function problemsOf(
  error: z.ZodError,
  source: Source,
  index: number,
  schema: z.ZodObject,
  kind: string,
): readonly Problem[] {
  const node = source.nodes[index]
  const id = isMap(node) ? node.get('id') : undefined
  const subject = typeof id === 'string' ? `${kind} ${id}` : `${kind} ${index + 1}`
  return error.issues.flatMap(issue => {
    const path = issue.path.map(String)
    const part = path.join('.')
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(schema, path)
      return issue.keys.map(key => ({
        place: placeOf(source, index, [...path, key].join('.'), undefined, true),
        subject,
        part,
        message: `unknown key "${key}"${didYouMean(key, known)}`,
      }))
    }
    return { place: placeOf(source, index, part), subject, part, message: explain(issue) }
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

/**
 * Place of a dotted part of an item. `offset` counts in the value, and is exact in a block scalar and in a plain or
 * quoted one on one line; elsewhere the place is where the value begins.
 */
function placeOf(source: Source, index: number, part: string, offset?: number, ofKey = false): string {
  const item = source.nodes[index]
  const steps = part === '' ? [] : part.split('.')
  const found = find(item, steps, ofKey)
  const start = (found ?? item)?.range?.[0] ?? 0
  const inText = offset !== undefined && isScalar(found) && typeof found.value === 'string'
  const at = inText ? start + advance(source.text, start, found.type, offset) : start
  const { line, col } = source.lines.linePos(at)
  return `${source.path}:${line}:${col}`
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
