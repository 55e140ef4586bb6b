// Judges a host: facts, checks and a time in, results out. Pure, and everything costly is done once at creation.
import type { Facet, FacetState, JsonObject } from '../proto/facet.ts'
import { catalogProblems } from './catalog-problems.ts'
import type { Expression } from './cel-environment.ts'
import type { Catalog, Check, Profile, Result } from './check.ts'
import { type CompiledCatalog, type CompiledCheck, compileCatalog } from './compile.ts'
import {
  facetVerdict,
  failedVerdict,
  incompleteVerdict,
  missingVerdict,
  type States,
  type Verdict,
} from './knowledge.ts'
import { parameterMismatches } from './parameters.ts'
import { didYouMean, PolicyError } from './policy-error.ts'
import { bounded, visible } from './visible-text.ts'

export { score } from './score.ts'

export interface Evaluation {
  /** by property, such as `kernelModules`; a facet that is not there was not sent */
  readonly facets: ReadonlyMap<string, FacetState>
  readonly now: Date
  /** the checks of this profile; all checks when no profile is named */
  readonly profile?: string
  /** the checks of these profiles, each once, with the parameters of the first profile that sets them */
  readonly profiles?: readonly string[]
  /** exactly these checks instead; profiles then only set parameters */
  readonly checks?: readonly string[]
  /** check id → parameter → value; goes over the profile's and the check's own */
  readonly parameters?: Readonly<Record<string, JsonObject>>
  /** what fails carries its fix, where it has one */
  readonly fixes?: boolean
}

export interface Engine {
  readonly catalog: Catalog
  /** Results in the profile's order, or the catalog's. @throws PolicyError for an unknown profile, check, parameter */
  evaluate(evaluation: Evaluation): readonly Result[]
  /** Ids of the profiles whose condition holds, in the version that fits. What is not known does not hold. */
  profilesFor(facets: ReadonlyMap<string, FacetState>): readonly string[]
  /**
   * The profiles that a host with these facts is held against when these are named: of a benchmark with versions the one
   * that fits the host, the named one where none is known to. @throws PolicyError for an unknown profile
   */
  versionsFor(profiles: readonly string[], facets: ReadonlyMap<string, FacetState>): readonly string[]
  /** Properties of the facets that a check reads, sorted. @throws PolicyError for an unknown check */
  facetsOf(check: string): readonly string[]
  /** What a result is made of, beside parameters and time. @throws PolicyError for an unknown check */
  inputsOf(check: string): Inputs
}

export interface Inputs {
  /** properties of the facets that a check reads or its remediation shows, sorted */
  readonly facets: readonly string[]
  /** whether it names observations, that the digest of a facet does not cover */
  readonly observes: boolean
}

const evidenceItems = 50
const evidenceLength = 300

export interface EngineOptions {
  /**
   * The catalog is known to be sound, as the compiled-in one is: its expressions are compiled only when they are
   * needed, which a single scan gains from. A mistake is then the `error` of its check.
   */
  readonly verified?: boolean
  /** Expressions are evaluated by cel-js alone: slower, and what the faster way is held against. */
  readonly interpreted?: boolean
}

/** Makes an engine. @throws PolicyError with every mistake in the catalog, unless it is `verified` */
export function createEngine(catalog: Catalog, facets: readonly Facet[], options: EngineOptions = {}): Engine {
  const compiled = compileCatalog(catalog, facets, options.interpreted)
  const problems = options.verified ? [] : catalogProblems(catalog, facets, compiled)
  if (problems.length > 0) throw new PolicyError(problems)
  const bound = new WeakMap<Check, Map<string, unknown>>()
  return {
    catalog,
    evaluate: evaluation => evaluate(compiled, bound, evaluation),
    profilesFor: states => profilesFor(compiled, states),
    versionsFor: (profiles, states) => versionsFor(compiled, profiles, states),
    facetsOf: id => checkOf(compiled, id).facets,
    inputsOf: id => {
      const { shownFacets, observes } = checkOf(compiled, id)
      return { facets: shownFacets, observes }
    },
  }
}

type Variables = Record<string, unknown>

/** Parameter values already converted, by check and profile. */
type Bound = WeakMap<Check, Map<string, unknown>>

function evaluate(compiled: CompiledCatalog, bound: Bound, evaluation: Evaluation): readonly Result[] {
  const named = evaluation.profiles ?? (evaluation.profile === undefined ? undefined : [evaluation.profile])
  const profiles = named && versionsFor(compiled, named, evaluation.facets)
  const checks = select(compiled, profiles, evaluation.checks)
  const given = overrides(compiled, evaluation.parameters ?? {})
  const variables = variablesOf(compiled, evaluation.facets, evaluation.now)
  return checks.map(check => {
    const tailor = profiles?.find(id => Object.hasOwn(profileOf(compiled, id).parameters, check.check.id))
    variables['params'] = bindParameters(compiled, bound, check, tailor, given[check.check.id])
    const result = judge(check, evaluation.facets, variables)
    const fix = evaluation.fixes && result.state === 'fail' ? fixOf(check, variables) : undefined
    return fix ? { ...result, fix } : result
  })
}

function variablesOf({ environment }: CompiledCatalog, states: States, now: Date): Variables {
  const { clock } = environment
  clock.nowMs = now.getTime()
  const variables: Variables = { now: environment.now }
  for (const [property, state] of states) {
    const view = state.state === 'present' ? environment.view(state, property) : undefined
    if (view !== undefined) variables[property] = view
  }
  return variables
}

function select(
  compiled: CompiledCatalog,
  profiles: readonly string[] | undefined,
  checks: readonly string[] | undefined,
): readonly CompiledCheck[] {
  const ids = checks ?? profiles?.flatMap(id => profileOf(compiled, id).checks) ?? compiled.checks.keys()
  return [...new Set(ids)].map(id => checkOf(compiled, id))
}

function checkOf(compiled: CompiledCatalog, id: string): CompiledCheck {
  const found = compiled.checks.get(id)
  if (!found) throw requestError(`check ${id}`, `is not known${didYouMean(id, compiled.checks.keys())}`)
  return found
}

function profileOf(compiled: CompiledCatalog, id: string): Profile {
  const found = compiled.profiles.get(id)
  if (!found) throw requestError(`profile ${id}`, `is not known${didYouMean(id, compiled.profiles.keys())}`)
  return found.profile
}

function requestError(subject: string, message: string): PolicyError {
  return new PolicyError([{ subject, part: '', message }])
}

type Parameters = Readonly<Record<string, JsonObject>>

function overrides(compiled: CompiledCatalog, parameters: Parameters): Parameters {
  for (const [id, values] of Object.entries(parameters)) {
    const [mismatch] = parameterMismatches(checkOf(compiled, id).check.parameters, values)
    if (mismatch !== undefined) throw requestError(`check ${id}`, mismatch)
  }
  return parameters
}

/** The value of `params`: the check's defaults, what a profile sets, what the caller sets. */
function bindParameters(
  compiled: CompiledCatalog,
  bound: Bound,
  { check, environment }: CompiledCheck,
  profile: string | undefined,
  given: JsonObject | undefined,
): unknown {
  const tailored = profile === undefined ? undefined : profileOf(compiled, profile).parameters[check.id]
  if (given) return environment.parameters({ ...check.parameters, ...tailored, ...given })
  const known = bound.get(check) ?? new Map<string, unknown>()
  bound.set(check, known)
  const key = profile ?? ''
  if (!known.has(key)) known.set(key, environment.parameters({ ...check.parameters, ...tailored }))
  return known.get(key)
}

/** Judges one check. Whatever a host sent, this answers a result. */
function judge(check: CompiledCheck, states: States, variables: Variables): Result {
  const { clock } = check.environment
  clock.changesAtMs = Number.POSITIVE_INFINITY
  let outcome: Outcome
  try {
    outcome = decide(check, states, variables)
  } catch (error) {
    outcome = without(failedVerdict(error))
  }
  const result: Result = { check: check.check.id, ...outcome, facets: check.facets }
  if (clock.changesAtMs === Number.POSITIVE_INFINITY) return result
  return { ...result, validUntil: new Date(clock.changesAtMs).toISOString() }
}

/** A fix that does not compile is none: the remediation is told in words all the same. */
function fixOf(check: CompiledCheck, variables: Variables): Result['fix'] {
  try {
    return check.fix?.().render(variables)
  } catch {
    return undefined
  }
}

type Outcome = Pick<Result, 'state' | 'reason' | 'evidence' | 'remediation'>

const without = (verdict: Verdict): Outcome => ({ ...verdict, evidence: [], remediation: '' })

function decide(check: CompiledCheck, states: States, variables: Variables): Outcome {
  const condition = applies(check, states, variables)
  if (condition) return without(condition)
  if (!check.pass) return without({ state: 'manual', reason: check.check.manual ?? '' })
  const unread = facetVerdict(check.judgedFacets, states)
  if (unread) return without(unread)
  const passed = run(check.pass(), states, variables)
  if ('verdict' in passed) return without(passed.verdict)
  const incomplete = incompleteVerdict([check.pass, check.evidence], check.judgedFacets, states)
  if (passed.value === true) return without(incomplete ?? { state: 'pass', reason: '' })
  return failing(check, states, variables, incomplete)
}

/** Why the check does not judge this host, or undefined when it does. */
function applies(check: CompiledCheck, states: States, variables: Variables): Verdict | undefined {
  if (!check.applies) return undefined
  const unread = facetVerdict(check.conditionFacets, states)
  if (unread) return unread
  const outcome = run(check.applies(), states, variables)
  if ('verdict' in outcome) return outcome.verdict
  if (outcome.value === true) return undefined
  return (
    incompleteVerdict([check.applies], check.conditionFacets, states) ?? {
      state: 'not_applicable',
      reason: check.unmet(),
    }
  )
}

/** A failure stands on its evidence: when a list may lack rows and nothing was found, it is not known. */
function failing(check: CompiledCheck, states: States, variables: Variables, incomplete: Verdict | undefined): Outcome {
  const outcome: Run = check.evidence ? run(check.evidence(), states, variables) : { value: [] }
  const found = 'value' in outcome && Array.isArray(outcome.value) ? outcome.value : []
  if (incomplete && found.length === 0) return without(incomplete)
  const evidence = 'verdict' in outcome ? [`evidence is not known: ${outcome.verdict.reason}`] : evidenceOf(found)
  return { state: 'fail', reason: '', evidence, remediation: check.remediation().render(variables).trim() }
}

function evidenceOf(items: readonly unknown[]): readonly string[] {
  const lines = items.slice(0, evidenceItems).map(item => bounded(visible(String(item)), evidenceLength))
  return items.length > evidenceItems ? [...lines, `… and ${items.length - evidenceItems} more`] : lines
}

type Run = { readonly value: unknown } | { readonly verdict: Verdict }

function run(expression: Expression, states: States, variables: Variables): Run {
  try {
    return { value: expression.evaluate(variables) }
  } catch (error) {
    const missing = expression.missingField(error)
    return { verdict: missing ? missingVerdict(missing, states) : failedVerdict(error) }
  }
}

function profilesFor(compiled: CompiledCatalog, states: States): readonly string[] {
  const variables = variablesOf(compiled, states, new Date(0))
  const fitting = [...compiled.profiles].filter(([, { appliesTo }]) => holds(appliesTo(), states, variables))
  return versionsFor(
    compiled,
    fitting.map(([id]) => id),
    states,
  )
}

function versionsFor(compiled: CompiledCatalog, profiles: readonly string[], states: States): readonly string[] {
  for (const id of profiles) profileOf(compiled, id)
  if (!profiles.some(id => compiled.profiles.get(id)?.versions.length)) return profiles
  const variables = variablesOf(compiled, states, new Date(0))
  const versions = profiles.map(id => {
    const fitting = compiled.profiles.get(id)?.versions.find(({ when }) => holds(when(), states, variables))
    return fitting?.profile ?? id
  })
  return [...new Set(versions)]
}

/** What is not known does not hold. */
function holds(expression: Expression, states: States, variables: Variables): boolean {
  if (facetVerdict(expression.facets, states)) return false
  const outcome = run(expression, states, variables)
  return 'value' in outcome && outcome.value === true
}
