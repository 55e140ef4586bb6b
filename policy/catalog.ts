// Reads check and profile files: YAML in, checks and profiles out, with the line and column of everything wrong.
import * as z from 'zod'
import { canonicalJson, sha256 } from '../proto/canonical.ts'
import { type Catalog, type Check, type Profile, resultStates, severities } from './check.ts'
import { PolicyError } from './policy-error.ts'
import type { ProfileSource } from './profiles.ts'
import { type ItemKind, nodesOf, openYaml, parseItems, placeIn } from './yaml-file.ts'

const text = z.string().min(1)
const value: z.ZodType = z.lazy(() =>
  z.union([z.string(), z.int(), z.boolean(), z.array(value), z.record(z.string(), value)], {
    error: 'must be a text, an integer, true, false, a list or a record',
  }),
)
/** Plain data with integers only, as facts and parameters are. */
export const PlainRecord = z.record(z.string(), value)

const ReferenceSchema = z.strictObject({ source: text, version: z.string().default(''), id: text })

const TestSchema = z.strictObject({
  name: text,
  facets: z.record(z.string(), z.union([z.enum(['absent', 'unreadable', 'error']), PlainRecord])),
  now: z.iso.datetime().optional(),
  parameters: PlainRecord.optional(),
  expect: z.enum(resultStates),
  evidence: z.array(text).optional(),
  remediation: z.array(text).optional(),
})

const FixSchema = z.strictObject({
  file: text.optional(),
  lines: z.array(text).min(1).optional(),
  paths: text.optional(),
  mode: text.optional(),
  owner: text.optional(),
  run: z.array(text).min(1).optional(),
  undo: z.array(text).min(1).optional(),
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
  fix: z.array(FixSchema).min(1).optional(),
  references: z.array(ReferenceSchema).default([]),
  parameters: PlainRecord.default({}),
  parameterNotes: z.record(z.string(), text).optional(),
  tests: z.array(TestSchema).default([]),
})

const ProfileSchema = z.strictObject({
  id: text,
  title: text,
  appliesTo: text,
  extends: z.array(text).default([]),
  without: z.array(text).default([]),
  checks: z.array(text),
  parameters: z.record(z.string(), PlainRecord).default({}),
  versions: z.array(z.strictObject({ profile: text, when: text })).optional(),
})

export const checkKind: ItemKind = { name: 'check', schema: CheckSchema }
export const profileKind: ItemKind = { name: 'profile', schema: ProfileSchema }

export interface ParsedFile<T> {
  readonly path: string
  readonly items: readonly T[]
  /** `path:line:column` of a part of an item (`pass`, `parameters.x`), of the item when the part is not there */
  place(index: number, part: string, offset?: number): string
}

/** Reads a file with a list of checks. @throws PolicyError with every problem */
export function parseCheckFile(source: string, path: string): ParsedFile<Check> {
  return parseList(source, path, checkKind) as ParsedFile<Check>
}

/** Reads a file with one profile, or a list of profiles. @throws PolicyError with every problem */
export function parseProfileFile(source: string, path: string): ParsedFile<ProfileSource> {
  return parseList(source, path, profileKind) as ParsedFile<ProfileSource>
}

/** A catalog without the tests of its checks, as it is compiled in. */
export function sealCatalog(checks: readonly Check[], profiles: readonly Profile[]): Catalog {
  const bare = checks.map(check => ({ ...check, tests: [] }))
  return { checks: bare, profiles, digest: sha256(canonicalJson({ checks: bare, profiles })) }
}

function parseList(text: string, path: string, kind: ItemKind): ParsedFile<unknown> {
  const file = openYaml(text, path)
  if (!file.contents) {
    const message = `the file is empty: it is to hold a list of ${kind.name}s`
    throw new PolicyError([{ place: file.position(0), subject: '', part: '', message }])
  }
  const nodes = nodesOf(file.contents)
  const { items, problems } = parseItems(file, nodes, kind)
  if (problems.length > 0) throw new PolicyError(problems)
  return { path, items, place: (index, part, offset) => placeIn(file, nodes[index], part, offset) }
}
