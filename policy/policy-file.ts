// Reads the files of a site's own policy: checks, profiles, tailoring, waivers and cohorts, each with its place.
import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import * as z from 'zod'
import type { JsonObject } from '../proto/facet.ts'
import { checkKind, PlainRecord, profileKind } from './catalog.ts'
import { type Check, type Severity, severities } from './check.ts'
import { type Cohort, CohortSchema, cohortOf, cohortProblems, type RawCohort } from './cohorts.ts'
import type { LabelSelector } from './host-selector.ts'
import { didYouMean, PolicyError, type Problem } from './policy-error.ts'
import type { ProfileSource } from './profiles.ts'
import {
  HostsSchema,
  hostsProblems,
  labelFields,
  selectorOf,
  selectorProblems,
  withAllHosts,
} from './selector-schema.ts'
import type { Waiver } from './waivers.ts'
import { type ItemKind, nodesOf, openYaml, parseItems, placeIn, type YamlFile } from './yaml-file.ts'

/** Changes checks of the catalog on the hosts with certain labels. */
export interface TailoringRule {
  /** id of a check, or a glob over ids */
  readonly check: string
  readonly hosts?: LabelSelector
  /** true switches the check off, false on again after an earlier rule */
  readonly disabled?: boolean
  readonly severity?: Severity
  readonly parameters?: JsonObject
  readonly rationale?: string
}

/** An item with the place of each of its parts. */
export interface Placed<T> {
  readonly item: T
  /** `path:line:column` of a dotted part, of the item when the part is not there; `offset` counts in its text */
  place(part: string, offset?: number): string
}

export interface PolicyFile {
  readonly path: string
  readonly checks: readonly Placed<Check>[]
  readonly profiles: readonly Placed<ProfileSource>[]
  readonly tailoring: readonly Placed<TailoringRule>[]
  readonly waivers: readonly Placed<Waiver>[]
  readonly cohorts: readonly Placed<Cohort>[]
}

const text = z.string().min(1)
const line = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\r\n]+$/, 'must be one line')
const RuleSchema = z.strictObject({
  check: text,
  hosts: z.strictObject(labelFields).optional(),
  disabled: z.boolean().optional(),
  severity: z.enum(severities).optional(),
  parameters: PlainRecord.optional(),
  rationale: text.optional(),
})

/** A waiver as people write it; what its parts say of each other `waiverOfRecord` holds. */
export const WaiverSchema = z.strictObject({
  id: line,
  hosts: HostsSchema,
  check: text,
  reason: text,
  owner: line,
  ticket: line.default(''),
  expires: z.string().refine(value => expiryOf(value) !== undefined, {
    error: 'must be a day (2027-01-31, the last one of the waiver, UTC) or a time (2027-01-31T12:00:00Z)',
  }),
})

export type RawWaiver = z.infer<typeof WaiverSchema>

const day = /^\d{4}-\d\d-\d\d$/
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/

/** ISO 8601 moment at which the failure counts again: the end of a day, or the time that is named. */
export function expiryOf(value: string): string | undefined {
  const date = new Date(day.test(value) ? `${value}T00:00:00Z` : time.test(value) ? value : Number.NaN)
  if (Number.isNaN(date.getTime())) return undefined
  if (!day.test(value)) return date.toISOString()
  // Date turns the 31st of a short month into the next month instead of refusing it.
  if (date.toISOString().slice(0, 10) !== value) return undefined
  date.setUTCDate(date.getUTCDate() + 1)
  return date.toISOString()
}

const ruleKind: ItemKind = { name: 'tailoring', schema: RuleSchema }
const waiverKind: ItemKind = { name: 'waiver', schema: WaiverSchema, prepare: withAllHosts }

const cohortKind: ItemKind = { name: 'cohort', schema: CohortSchema, prepare: withAllHosts }

const kinds = {
  ...{ checks: checkKind, profiles: profileKind, tailoring: ruleKind },
  ...{ waivers: waiverKind, cohorts: cohortKind },
} as const
type Section = keyof typeof kinds

export interface ReadPolicyFile {
  /** what fits its schema */
  readonly file: PolicyFile
  /** everything that does not */
  readonly problems: readonly Problem[]
}

/**
 * Reads one file. It holds a list of checks or of profiles, one profile, or a record with the keys `checks`, `profiles`,
 * `tailoring`, `waivers` and `cohorts`, each with a list.
 */
export function parsePolicyFile(source: string, path: string): ReadPolicyFile {
  const problems: Problem[] = []
  const empty: PolicyFile = { path, checks: [], profiles: [], tailoring: [], waivers: [], cohorts: [] }
  let yaml: YamlFile
  try {
    yaml = openYaml(source, path)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return { file: empty, problems: error.problems }
  }
  const sections = sectionsOf(yaml, problems)
  const read = <T>(section: Section) => readSection<T>(yaml, section, sections[section], problems)
  const waivers = read<RawWaiver>('waivers')
  const cohorts = read<RawCohort>('cohorts')
  const file: PolicyFile = {
    path,
    checks: read<Check>('checks'),
    profiles: read<ProfileSource>('profiles'),
    tailoring: read<TailoringRule>('tailoring'),
    waivers: waivers.map(({ item, place }) => ({ item: waiverOf(item), place })),
    cohorts: cohorts.map(({ item, place }) => ({ item: cohortOf(item), place })),
  }
  problems.push(...file.tailoring.flatMap(ruleProblems), ...waivers.flatMap(waiverProblems))
  problems.push(...cohorts.flatMap(({ item, place }) => cohortProblems(item, place)))
  return { file, problems }
}

type Sections = Readonly<Record<Section, readonly Node[]>>

const none: Sections = { checks: [], profiles: [], tailoring: [], waivers: [], cohorts: [] }

function sectionsOf(yaml: YamlFile, problems: Problem[]): Sections {
  const { contents } = yaml
  if (!contents || (isScalar(contents) && contents.value === null)) return none
  if (isSeq(contents)) {
    const nodes = nodesOf(contents)
    return { ...none, checks: nodes.filter(node => !isProfile(node)), profiles: nodes.filter(isProfile) }
  }
  if (!isMap(contents)) {
    const message = `expected a list of checks, a profile, or the keys ${Object.keys(kinds).join(', ')}`
    problems.push({ place: yaml.position(contents.range?.[0] ?? 0), subject: '', part: '', message })
    return none
  }
  if (contents.has('id') || contents.has('appliesTo')) return { ...none, profiles: [contents] }
  return Object.assign({}, none, ...contents.items.map(pair => sectionOf(pair as Pair<Node, Node>, yaml, problems)))
}

const isProfile = (node: Node) => isMap(node) && (node.has('appliesTo') || node.has('checks'))

function sectionOf({ key, value }: Pair<Node, Node>, yaml: YamlFile, problems: Problem[]): Partial<Sections> {
  const name = isScalar(key) ? String(key.value) : ''
  const at = (node: Node | null | undefined) => yaml.position(node?.range?.[0] ?? 0)
  if (!Object.hasOwn(kinds, name)) {
    const message = `unknown key "${name}"${didYouMean(name, Object.keys(kinds)) || `, there are ${Object.keys(kinds).join(', ')}`}`
    problems.push({ place: at(key), subject: '', part: '', message })
    return {}
  }
  if (!value || (isScalar(value) && value.value === null)) return {}
  if (isSeq(value)) return { [name]: nodesOf(value) }
  problems.push({ place: at(value), subject: '', part: name, message: 'must be a list' })
  return {}
}

function readSection<T>(
  yaml: YamlFile,
  section: Section,
  nodes: readonly Node[],
  problems: Problem[],
): readonly Placed<T>[] {
  const { items, problems: found } = parseItems(yaml, nodes, kinds[section])
  problems.push(...found)
  return items.flatMap((item, index) => {
    if (item === undefined) return []
    return { item: item as T, place: (part: string, offset?: number) => placeIn(yaml, nodes[index], part, offset) }
  })
}

/** The same for a record that stands in no file. @throws PolicyError */
export function waiverOfRecord(record: RawWaiver): Waiver {
  const problems = waiverProblems({ item: record, place: () => '' })
  if (problems.length > 0) throw new PolicyError(problems.map(({ place: _, ...problem }) => problem))
  return waiverOf(record)
}

function waiverOf({ id, hosts, check, reason, owner, ticket, expires }: RawWaiver): Waiver {
  return { id, hosts: selectorOf(hosts), check, reason, owner, ticket, expiresAt: expiryOf(expires) ?? '' }
}

function ruleProblems({ item, place }: Placed<TailoringRule>): readonly Problem[] {
  const found: Problem[] = []
  const report = (part: string, message: string) =>
    found.push({ place: place(part), subject: `tailoring of ${item.check}`, part, message })
  const { disabled, severity, parameters, rationale } = item
  if (disabled === undefined && severity === undefined && parameters === undefined) {
    report('', 'changes nothing: give `disabled`, `severity` or `parameters`')
  }
  if (disabled === true && rationale === undefined) report('', 'lacks `rationale`: say why the check is switched off')
  if (disabled === true && severity !== undefined) report('severity', 'has no effect on a check that is switched off')
  if (disabled === true && parameters) report('parameters', 'have no effect on a check that is switched off')
  if (item.hosts) found.push(...selectorProblems(item.hosts, `tailoring of ${item.check}`, place))
  return found
}

function waiverProblems({ item, place }: Placed<RawWaiver>): readonly Problem[] {
  return hostsProblems(item.hosts, `waiver ${item.id}`, place)
}
