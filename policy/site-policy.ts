// The policy of a site: the built-in catalog with its own checks and profiles, its tailoring, its waivers and its cohorts.
import type { Facet } from '../proto/facet.ts'
import { sealCatalog } from './catalog.ts'
import { catalogProblems } from './catalog-problems.ts'
import type { Catalog, Check, Profile } from './check.ts'
import { rowProblems } from './check-row.ts'
import type { Cohort } from './cohorts.ts'
import { compileCatalog } from './compile.ts'
import { isGlob, matchesGlob } from './host-selector.ts'
import { parameterMismatches } from './parameters.ts'
import { didYouMean, PolicyError, type Problem } from './policy-error.ts'
import { type Placed, type PolicyFile, parsePolicyFile, type TailoringRule } from './policy-file.ts'
import { type ProfileSource, resolveProfiles } from './profiles.ts'
import type { Waiver } from './waivers.ts'

/** Text of a file and the path that errors name. */
export interface PolicySource {
  readonly path: string
  readonly text: string
}

export interface SitePolicy {
  /** paths of its files, in order */
  readonly files: readonly string[]
  /** the built-in catalog and what is the site's own, before tailoring */
  readonly catalog: Catalog
  /** checks that the site wrote, with their tests, by id */
  readonly ownChecks: ReadonlyMap<string, Placed<Check>>
  /** profiles that the site wrote, by id */
  readonly ownProfiles: ReadonlyMap<string, Placed<ProfileSource>>
  readonly tailoring: readonly Placed<TailoringRule>[]
  readonly waivers: readonly Placed<Waiver>[]
  readonly cohorts: readonly Placed<Cohort>[]
}

/** Takes the site's checks that no profile of its own lists, so that a check is judged as soon as it is written. */
export const localProfile = 'local'

/** The policy of a site that has none. */
export function plainPolicy(catalog: Catalog): SitePolicy {
  return { files: [], catalog, ownChecks: new Map(), ownProfiles: new Map(), tailoring: [], waivers: [], cohorts: [] }
}

/** Reads the files in order; what is said later goes over what is said before. @throws PolicyError with every problem */
export function readSitePolicy(base: Catalog, sources: readonly PolicySource[], facets: readonly Facet[]): SitePolicy {
  const { policy, problems } = inspectSitePolicy(base, sources, facets)
  if (problems.length > 0) throw new PolicyError(problems)
  return policy
}

/** The same, with the problems beside what could be used. Each has its file, line and column. */
export function inspectSitePolicy(
  base: Catalog,
  sources: readonly PolicySource[],
  facets: readonly Facet[],
): { readonly policy: SitePolicy; readonly problems: readonly Problem[] } {
  if (sources.length === 0) return { policy: plainPolicy(base), problems: [] }
  const read = sources.map(({ text, path }) => parsePolicyFile(text, path))
  const all = <T>(pick: (file: PolicyFile) => readonly Placed<T>[]) => read.flatMap(({ file }) => pick(file))
  const problems: Problem[] = read.flatMap(found => found.problems)
  const builtIn = { checks: idsOf(base.checks), profiles: new Set([...idsOf(base.profiles), localProfile]) }
  const ownChecks = unique(
    all(file => file.checks),
    'check',
    builtIn.checks,
    problems,
  )
  const ownProfiles = unique(
    all(file => file.profiles),
    'profile',
    builtIn.profiles,
    problems,
  )
  const waivers = unique(
    all(file => file.waivers),
    'waiver',
    new Set(),
    problems,
  )
  const cohorts = unique(
    all(file => file.cohorts),
    'cohort',
    new Set(),
    problems,
  )
  const tailoring = all(file => file.tailoring)
  const checks = [...base.checks, ...itemsOf(ownChecks)]
  const profiles = withLocal(ownChecks, resolved(base, ownProfiles, problems))
  const catalog = sealCatalog(checks, [...base.profiles, ...profiles])
  problems.push(...ownProblems(catalog, ownChecks, ownProfiles, facets))
  const known = new Map(checks.map(check => [check.id, check]))
  problems.push(...tailoring.flatMap(rule => ruleProblems(rule, known)))
  problems.push(...[...waivers.values()].flatMap(waiver => unknownCheck(waiver, `waiver ${waiver.item.id}`, known)))
  const files = sources.map(({ path }) => path)
  const own = { ownChecks, ownProfiles, tailoring, waivers: [...waivers.values()], cohorts: [...cohorts.values()] }
  const policy = { files, catalog, ...own }
  return { policy, problems: inOrder(problems, files) }
}

/** By file, line and column. */
function inOrder(problems: readonly Problem[], files: readonly string[]): readonly Problem[] {
  const keyOf = ({ place = '' }: Problem) => {
    const [, path = '', line, column] = /^(.*):(\d+):(\d+)$/.exec(place) ?? []
    return [files.indexOf(path), Number(line), Number(column)] as const
  }
  const keyed = problems.map(problem => ({ problem, key: keyOf(problem) }))
  keyed.sort(({ key: a }, { key: b }) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
  return keyed.map(({ problem }) => problem)
}

const idsOf = (items: readonly { readonly id: string }[]): ReadonlySet<string> => new Set(items.map(({ id }) => id))

const itemsOf = <T>(placed: ReadonlyMap<string, Placed<T>>): readonly T[] =>
  [...placed.values()].map(({ item }) => item)

type Own<T> = ReadonlyMap<string, Placed<T>>

/** By id; an id that is taken already is a problem, and the first one stays. */
function unique<T extends { readonly id: string }>(
  items: readonly Placed<T>[],
  kind: string,
  taken: ReadonlySet<string>,
  problems: Problem[],
): Own<T> {
  const kept = new Map<string, Placed<T>>()
  for (const placed of items) {
    const { id } = placed.item
    const before = kept.get(id)
    const message = taken.has(id)
      ? id === localProfile
        ? 'is the profile of checks that no other lists: take another id'
        : `is the id of a built-in ${kind}: take another${kind === 'check' ? ', or tailor that one' : ''}`
      : before && `is used before, at ${before.place('id')}`
    if (message === undefined) kept.set(id, placed)
    else problems.push({ place: placed.place('id'), subject: `${kind} ${id}`, part: 'id', message })
  }
  return kept
}

function resolved(base: Catalog, own: Own<ProfileSource>, problems: Problem[]): readonly Profile[] {
  const builtIn = base.profiles.map(profile => ({ ...profile, extends: [], without: [] }))
  try {
    return resolveProfiles([...builtIn, ...itemsOf(own)]).slice(builtIn.length)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    problems.push(...error.problems.map(problem => placedProblem(problem, own.get(idOf(problem)))))
    return itemsOf(own).map(({ extends: _, without: __, ...profile }) => profile)
  }
}

const idOf = ({ subject }: Problem) => subject.replace(/^\S+ /, '')

/** A list's problem names the item in quotes: its own place says more than that of the list. */
function placedProblem<T>(problem: Problem, placed: Placed<T> | undefined): Problem {
  if (!placed) return problem
  const list = (placed.item as Readonly<Record<string, unknown>>)[problem.part]
  const named = /"([^"]*)"/.exec(problem.message)?.[1]
  const index = Array.isArray(list) ? list.lastIndexOf(named) : -1
  const part = index < 0 ? problem.part : `${problem.part}.${index}`
  return { ...problem, place: placed.place(part, problem.offset ?? 0) }
}

function withLocal(own: Own<Check>, profiles: readonly Profile[]): readonly Profile[] {
  const listed = new Set(profiles.flatMap(profile => profile.checks))
  const checks = [...own.keys()].filter(id => !listed.has(id))
  if (checks.length === 0) return profiles
  const title = 'Checks of this site that no other profile lists'
  return [...profiles, { id: localProfile, title, appliesTo: 'true', checks, parameters: {} }]
}

function ownProblems(
  catalog: Catalog,
  checks: Own<Check>,
  profiles: Own<ProfileSource>,
  facets: readonly Facet[],
): readonly Problem[] {
  if (checks.size + profiles.size === 0) return []
  const compiled = compileCatalog(catalog, facets)
  const mine = {
    checks: catalog.checks.filter(({ id }) => checks.has(id)),
    profiles: catalog.profiles.filter(({ id }) => profiles.has(id)),
  }
  const found = catalogProblems(mine, facets, compiled).map(problem => {
    const own: Own<unknown> = problem.subject.startsWith('profile ') ? profiles : checks
    return placedProblem(problem, own.get(idOf(problem)))
  })
  return [...found, ...[...checks.values()].flatMap(check => testProblems(check, facets))]
}

function testProblems({ item, place }: Placed<Check>, facets: readonly Facet[]): readonly Problem[] {
  return item.tests.flatMap((row, index) => {
    const part = `tests.${index}`
    const report = (inner: string, message: string) => ({
      ...{ place: place(`${part}.${inner}`), subject: `check ${item.id}`, part: `${part}.${inner}`, message },
    })
    return [
      ...rowProblems(facets, row).map(message => report('facets', message)),
      ...parameterMismatches(item.parameters, row.parameters ?? {}).map(message => report('parameters', message)),
    ]
  })
}

type Known = ReadonlyMap<string, Check>

/** The checks that an id or a glob names. */
export function namedChecks(pattern: string, known: Known): readonly Check[] {
  if (isGlob(pattern)) return [...known.values()].filter(({ id }) => matchesGlob(pattern, id))
  const check = known.get(pattern)
  return check ? [check] : []
}

function unknownCheck(
  { item, place }: Placed<{ readonly check: string }>,
  subject: string,
  known: Known,
): readonly Problem[] {
  if (namedChecks(item.check, known).length > 0) return []
  const message = isGlob(item.check)
    ? `no check fits "${item.check}"`
    : `there is no check "${item.check}"${didYouMean(item.check, known.keys())}`
  return [{ place: place('check'), subject, part: 'check', message }]
}

function ruleProblems(rule: Placed<TailoringRule>, known: Known): readonly Problem[] {
  const { item, place } = rule
  const subject = `tailoring of ${item.check}`
  const mismatches = namedChecks(item.check, known).flatMap(check =>
    parameterMismatches(check.parameters, item.parameters ?? {}).map(message => {
      const name = /"([^"]*)"/.exec(message)?.[1] ?? ''
      const part = `parameters.${name}`
      return {
        place: place(part),
        subject,
        part,
        message: check.id === item.check ? message : `${check.id}: ${message}`,
      }
    }),
  )
  return [...unknownCheck(rule, subject, known), ...mismatches]
}
