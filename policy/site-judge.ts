// Judges by a site's policy: what is built in here, what people of the site wrote in a sandbox.
import type { Facet, FacetState } from '../proto/facet.ts'
import type { Catalog, Check, Profile, Result } from './check.ts'
import { createEngine, type Engine, type Evaluation, type Inputs } from './engine.ts'
import { rootNames } from './expression.ts'
import { judgeInSandbox, type SandboxLimits, type SandboxRequest, type StartSandbox } from './sandbox.ts'
import type { SitePolicy } from './site-policy.ts'

export interface SiteJudge {
  readonly catalog: Catalog
  /** Results in the order of `Engine.evaluate`. @throws PolicyError for an unknown profile, check, parameter */
  evaluate(evaluation: Evaluation): Promise<readonly Result[]>
  /** As `Engine.profilesFor`. */
  profilesFor(facets: States): Promise<readonly string[]>
  /** properties of the facets that `profilesFor` reads, sorted: others make no difference to it */
  readonly profileInputs: readonly string[]
  /** As `Engine.versionsFor`. @throws PolicyError for an unknown profile */
  versionsFor(profiles: readonly string[], facets: States): Promise<readonly string[]>
  /** As `Engine.facetsOf`. @throws PolicyError for an unknown check */
  facetsOf(check: string): readonly string[]
  /** As `Engine.inputsOf`. @throws PolicyError for an unknown check */
  inputsOf(check: string): Inputs
}

export interface SiteJudgeOptions {
  readonly policy: Pick<SitePolicy, 'ownChecks' | 'ownProfiles'>
  /** tailored or not */
  readonly catalog: Catalog
  readonly facets: readonly Facet[]
  readonly startSandbox: StartSandbox
  readonly limits?: SandboxLimits
}

type States = ReadonlyMap<string, FacetState>

export function createSiteJudge(options: SiteJudgeOptions): SiteJudge {
  const { policy, catalog } = options
  const isOwn = (id: string) => policy.ownChecks.has(id)
  const isOwnProfile = (id: string) => policy.ownProfiles.has(id)
  const profiles = catalog.profiles.map(profile => (isOwnProfile(profile.id) ? disarmed(profile) : profile))
  const known = new Map(catalog.profiles.map(profile => [profile.id, profile]))
  const engine = createEngine({ ...catalog, profiles }, options.facets, { verified: true })
  const conditions = [...known.values()].filter(({ id }) => isOwnProfile(id)).flatMap(conditionsOf)
  const ownChecks = catalog.checks.filter(({ id }) => isOwn(id))
  const own = createOwnJudge(engine, { checks: [...ownChecks, ...conditions], profiles }, options)

  /** Which of these conditions hold. What is not known does not, nor does what had to be stopped. */
  async function holding(wanted: (id: string) => boolean, facets: States): Promise<ReadonlySet<string>> {
    const checks = conditions.map(({ id }) => id).filter(wanted)
    const results = await own({ facets, now: new Date(0), checks })
    return new Set(results.filter(({ state }) => state === 'pass').map(({ check }) => check))
  }

  async function versionsFor(named: readonly string[], states: States): Promise<readonly string[]> {
    const fitting = engine.versionsFor(named, states)
    const mine = named.filter(isOwnProfile).map(versionPrefix)
    const holds = await holding(id => mine.some(prefix => id.startsWith(prefix)), states)
    const chosen = fitting.map(id => {
      const versions = isOwnProfile(id) ? (known.get(id)?.versions ?? []) : []
      return versions.find((_, index) => holds.has(`${versionPrefix(id)}${index}`))?.profile ?? id
    })
    return [...new Set(chosen)]
  }

  async function profilesFor(states: States): Promise<readonly string[]> {
    const holds = await holding(id => !id.includes(versionMark), states)
    const mine = [...known.keys()].filter(id => holds.has(conditionId(id)))
    return [...new Set([...engine.profilesFor(states), ...(await versionsFor(mine, states))])]
  }

  async function evaluate({ profile, ...evaluation }: Evaluation): Promise<readonly Result[]> {
    const named = evaluation.profiles ?? (profile === undefined ? undefined : [profile])
    const chosen = await versionsFor(named ?? [], evaluation.facets)
    const listed = named ? chosen.flatMap(id => known.get(id)?.checks ?? []) : catalog.checks.map(({ id }) => id)
    const checks = [...new Set(evaluation.checks ?? listed)]
    const common = { ...evaluation, profiles: chosen }
    const here = engine.evaluate({ ...common, checks: checks.filter(id => !isOwn(id)) })
    const there = await own({ ...common, checks: checks.filter(isOwn) })
    const found = new Map([...here, ...there].map(result => [result.check, result]))
    return checks.flatMap(id => found.get(id) ?? [])
  }

  const { facetsOf, inputsOf } = engine
  const profileInputs = conditionInputs(catalog.profiles, options.facets)
  return { catalog, evaluate, profilesFor, profileInputs, versionsFor, facetsOf, inputsOf }
}

/** Checks that were stopped over certain facts are not tried again over the same. */
const maxRemembered = 1000

/** Judges own checks, and the conditions of own profiles, which are judged as checks are. */
function createOwnJudge(
  engine: Engine,
  catalog: SandboxRequest['catalog'],
  { startSandbox, limits }: SiteJudgeOptions,
): (evaluation: Evaluation & { readonly checks: readonly string[] }) => Promise<readonly Result[]> {
  const stopped = new Map<string, Result>()
  const isCheck = new Set(engine.catalog.checks.map(({ id }) => id))
  const facetsOf = (id: string, states: States) => (isCheck.has(id) ? engine.inputsOf(id).facets : [...states.keys()])
  return async ({ facets, now, checks, profiles = [], parameters = {}, fixes = false }) => {
    const keys = new Map(checks.map(id => [id, keyOf([id, parameters[id], profiles], facetsOf(id, facets), facets)]))
    const known = (id: string) => stopped.get(keys.get(id) ?? '')
    const wanted = checks.filter(id => !known(id))
    if (wanted.length === 0) return checks.flatMap(id => known(id) ?? [])
    const mine = Object.fromEntries(Object.entries(parameters).filter(([id]) => wanted.includes(id)))
    const asked = { checks: wanted, profiles, parameters: mine, fixes }
    const request = { catalog, facets: [...facets], nowMs: now.getTime(), ...asked }
    const judged = await judgeInSandbox(request, startSandbox, limits)
    const results = judged.results.map(result => {
      // One that was stopped does not know what it read.
      return result.facets.length > 0 || !isCheck.has(result.check)
        ? result
        : { ...result, facets: engine.facetsOf(result.check) }
    })
    for (const result of results.filter(({ check }) => judged.stopped.includes(check))) {
      if (stopped.size >= maxRemembered) stopped.clear()
      const key = keys.get(result.check) ?? ''
      if (key !== '') stopped.set(key, result)
    }
    const found = new Map(results.map(result => [result.check, result]))
    return checks.flatMap(id => found.get(id) ?? known(id) ?? [])
  }
}

/** What an evaluation depends on, but for its time; empty for facts that have no digest. */
function keyOf(asked: readonly unknown[], properties: readonly string[], states: States): string {
  const digests = properties.map(property => states.get(property)?.digest)
  return digests.includes('') ? '' : JSON.stringify([asked, digests])
}

function conditionInputs(profiles: readonly Profile[], facets: readonly Facet[]): readonly string[] {
  const properties = new Set(facets.map(({ property }) => property))
  const conditions = profiles.flatMap(({ appliesTo, versions = [] }) => [
    appliesTo,
    ...versions.map(({ when }) => when),
  ])
  return [...new Set(conditions.flatMap(condition => rootNames(condition, properties)))].sort()
}

/** Nothing of it is evaluated where it cannot be stopped. */
function disarmed({ versions: _, ...profile }: Profile): Profile {
  return { ...profile, appliesTo: 'false' }
}

// No check can have such an id.
const versionMark = '/version/'
const conditionId = (profile: string) => `profile/${profile}`
const versionPrefix = (profile: string) => `${conditionId(profile)}${versionMark}`

function conditionsOf({ id, appliesTo, versions = [] }: Profile): readonly Check[] {
  return [
    conditionCheck(conditionId(id), appliesTo),
    ...versions.map(({ when }, index) => conditionCheck(`${versionPrefix(id)}${index}`, when)),
  ]
}

function conditionCheck(id: string, pass: string): Check {
  return {
    ...{ id, title: id, severity: 'low', pass, evidence: '[]', rationale: '', remediation: '' },
    ...{ references: [], parameters: {}, tests: [] },
  }
}
