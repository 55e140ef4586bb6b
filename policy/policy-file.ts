// Reads the files of a site's own policy: checks, profiles, tailoring and waivers, each with its place.
import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml'
import * as z from 'zod'
import type { JsonObject } from '../proto/facet.ts'
import { checkKind, PlainRecord, profileKind } from './catalog.ts'
import { type Check, type Severity, severities } from './check.ts'
import { type HostSelector, type LabelSelector, labelOperators } from './host-selector.ts'
import { didYouMean, PolicyError, type Problem } from './policy-error.ts'
import type { ProfileSource } from './profiles.ts'
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
}

const text = z.string().min(1)
const line = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\r\n]+$/, 'must be one line')
const labels = {
  matchLabels: z.record(text, z.string()).default({}),
  matchExpressions: z
    .array(z.strictObject({ key: text, operator: z.enum(labelOperators), values: z.array(z.string()).default([]) }))
    .default([]),
}

const RuleSchema = z.strictObject({
  check: text,
  hosts: z.strictObject(labels).optional(),
  disabled: z.boolean().optional(),
  severity: z.enum(severities).optional(),
  parameters: PlainRecord.optional(),
  rationale: text.optional(),
})

/** A waiver as people write it; what its parts say of each other `waiverOfRecord` holds. */
export const WaiverSchema = z.strictObject({
  id: line,
  hosts: z.strictObject({
    all: z.literal(true).optional(),
    ids: z.array(text).default([]),
    hostnames: z.array(text).default([]),
    ...labels,
  }),
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

/** `hosts: all` is written out, so that a waiver for every host is never what somebody forgot to narrow. */
function withAllHosts(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('hosts' in value) || value.hosts !== 'all') return value
  return { ...value, hosts: { all: true } }
}

const ruleKind: ItemKind = { name: 'tailoring', schema: RuleSchema }
const waiverKind: ItemKind = { name: 'waiver', schema: WaiverSchema, prepare: withAllHosts }

const kinds = { checks: checkKind, profiles: profileKind, tailoring: ruleKind, waivers: waiverKind } as const
type Section = keyof typeof kinds

export interface ReadPolicyFile {
  /** what fits its schema */
  readonly file: PolicyFile
  /** everything that does not */
  readonly problems: readonly Problem[]
}

/**
 * Reads one file. It holds a list of checks or of profiles, one profile, or a record with the keys `checks`, `profiles`,
 * `tailoring` and `waivers`, each with a list.
 */
export function parsePolicyFile(source: string, path: string): ReadPolicyFile {
  const problems: Problem[] = []
  const empty: PolicyFile = { path, checks: [], profiles: [], tailoring: [], waivers: [] }
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
  const file: PolicyFile = {
    path,
    checks: read<Check>('checks'),
    profiles: read<ProfileSource>('profiles'),
    tailoring: read<TailoringRule>('tailoring'),
    waivers: waivers.map(({ item, place }) => ({ item: waiverOf(item), place })),
  }
  problems.push(...file.tailoring.flatMap(ruleProblems), ...waivers.flatMap(waiverProblems))
  return { file, problems }
}

type Sections = Readonly<Record<Section, readonly Node[]>>

const none: Sections = { checks: [], profiles: [], tailoring: [], waivers: [] }

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
  const { all: _, ...selector } = hosts
  return { id, hosts: selector, check, reason, owner, ticket, expiresAt: expiryOf(expires) ?? '' }
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
  const { all, ...selector } = item.hosts
  const subject = `waiver ${item.id}`
  const found = selectorProblems(selector, subject, place)
  if ((all === true) !== isEmpty(selector)) {
    const message = all
      ? 'names all hosts and some'
      : 'selects nothing: name ids, hostnames or labels, or write `hosts: all`'
    return [{ place: place('hosts'), subject, part: 'hosts', message }, ...found]
  }
  return found
}

function isEmpty({ ids, hostnames, matchLabels, matchExpressions }: HostSelector): boolean {
  return ids.length + hostnames.length + matchExpressions.length + Object.keys(matchLabels).length === 0
}

function selectorProblems(
  { matchExpressions }: LabelSelector,
  subject: string,
  place: Placed<unknown>['place'],
): readonly Problem[] {
  return matchExpressions.flatMap(({ operator, values }, index) => {
    const part = `hosts.matchExpressions.${index}`
    const wantsValues = operator === 'In' || operator === 'NotIn'
    if (wantsValues === values.length > 0) return []
    const message = wantsValues ? `${operator} wants \`values\`` : `${operator} takes no \`values\``
    return { place: place(part), subject, part, message }
  })
}
