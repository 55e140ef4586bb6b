// Compiles a catalog: every expression typed, every mistake of a check or profile found and told at once.
import type { Facet, JsonObject } from '../proto/facet.ts'
import {
  type CelEnvironment,
  createCelEnvironment,
  type Expression,
  ExpressionError,
  parameterType,
  type ResultType,
} from './cel-environment.ts'
import type { Catalog, Check, Profile } from './check.ts'
import { didYouMean, type Problem } from './policy-error.ts'
import { parseRemediation, type Remediation } from './remediation.ts'

export interface CompiledCheck {
  readonly check: Check
  readonly environment: CelEnvironment
  readonly applies: Expression | undefined
  readonly pass: Expression | undefined
  readonly evidence: Expression | undefined
  readonly remediation: Remediation | undefined
}

export interface CompiledProfile {
  readonly profile: Profile
  readonly appliesTo: Expression | undefined
}

export interface CompiledCatalog {
  readonly environment: CelEnvironment
  readonly checks: ReadonlyMap<string, CompiledCheck>
  readonly profiles: ReadonlyMap<string, CompiledProfile>
  /** empty when everything is well */
  readonly problems: readonly Problem[]
}

const idPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

export function compileCatalog(catalog: Omit<Catalog, 'digest'>, facets: readonly Facet[]): CompiledCatalog {
  const environment = createCelEnvironment(facets)
  const problems: Problem[] = []
  const checks = new Map<string, CompiledCheck>()
  for (const check of catalog.checks) {
    if (checks.has(check.id)) problems.push({ subject: `check ${check.id}`, part: 'id', message: 'is used twice' })
    checks.set(check.id, compileCheck(check, environment, problems))
  }
  const profiles = new Map<string, CompiledProfile>()
  for (const profile of catalog.profiles) {
    if (profiles.has(profile.id)) {
      problems.push({ subject: `profile ${profile.id}`, part: 'id', message: 'is used twice' })
    }
    profiles.set(profile.id, compileProfile(profile, environment, checks, problems))
  }
  return { environment, checks, profiles, problems }
}

function compileCheck(check: Check, base: CelEnvironment, problems: Problem[]): CompiledCheck {
  const report = reporter(`check ${check.id}`, problems)
  if (!idPattern.test(check.id)) report('id', 'is not kebab-case')
  const environment = withParameters(check.parameters, base, report)
  const compile = (part: 'applies' | 'pass' | 'evidence', result: ResultType) =>
    attempt(part, report, () => {
      const source = check[part]
      return source === undefined ? undefined : environment.compile(source, result)
    })
  if ((check.pass === undefined) === (check.manual === undefined)) report('', 'has either `pass` or `manual`')
  if (check.evidence !== undefined && check.pass === undefined) report('evidence', 'belongs to an automatic check')
  if (check.pass !== undefined && check.evidence === undefined) report('', 'lacks `evidence`')
  return {
    check,
    environment,
    applies: compile('applies', 'bool'),
    pass: compile('pass', 'bool'),
    evidence: compile('evidence', 'list<string>'),
    remediation: attempt('remediation', report, () => parseRemediation(check.remediation, environment)),
  }
}

type Report = (part: string, message: string, offset?: number) => void

function reporter(subject: string, problems: Problem[]): Report {
  return (part, message, offset) => {
    problems.push(offset === undefined ? { subject, part, message } : { subject, part, message, offset })
  }
}

function attempt<T>(part: string, report: Report, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    report(part, error.message, error.offset)
    return undefined
  }
}

function withParameters(parameters: JsonObject, base: CelEnvironment, report: Report): CelEnvironment {
  if (Object.keys(parameters).length === 0) return base
  let sound = true
  for (const [name, value] of Object.entries(parameters)) {
    const wrong = parameterProblem(name, value)
    if (wrong !== '') report(`parameters.${name}`, wrong)
    if (wrong !== '') sound = false
  }
  return sound ? base.withParameters(parameters) : base
}

function parameterProblem(name: string, value: JsonObject[string]): string {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) return 'is not camelCase'
  try {
    parameterType(value)
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function compileProfile(
  profile: Profile,
  environment: CelEnvironment,
  checks: ReadonlyMap<string, CompiledCheck>,
  problems: Problem[],
): CompiledProfile {
  const report = reporter(`profile ${profile.id}`, problems)
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*(@[0-9.]+)?$/.test(profile.id)) report('id', 'is not kebab-case')
  const listed = new Set<string>()
  for (const id of profile.checks) {
    if (!checks.has(id)) report('checks', `there is no check "${id}"${didYouMean(id, checks.keys())}`)
    if (listed.has(id)) report('checks', `lists "${id}" twice`)
    listed.add(id)
  }
  for (const [id, values] of Object.entries(profile.parameters)) {
    if (!listed.has(id)) {
      report('parameters', `"${id}" is not among the profile's checks${didYouMean(id, listed)}`)
      continue
    }
    for (const message of parameterMismatches(checks.get(id)?.check.parameters ?? {}, values)) {
      report(`parameters.${id}`, message)
    }
  }
  const appliesTo = attempt('appliesTo', report, () => environment.compile(profile.appliesTo, 'bool'))
  return { profile, appliesTo }
}

/** What is wrong with values given for a check's parameters: unknown names and other types than the defaults have. */
export function parameterMismatches(defaults: JsonObject, values: JsonObject): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const preset = Object.hasOwn(defaults, name) ? defaults[name] : undefined
    if (preset === undefined) return `there is no parameter "${name}"${didYouMean(name, Object.keys(defaults))}`
    const wanted = parameterType(preset)
    const found = parameterProblem(name, value) === '' ? parameterType(value) : 'something else'
    const emptyList = Array.isArray(value) && value.length === 0 && wanted.startsWith('list<')
    return found === wanted || emptyList ? [] : [`parameter "${name}" is a ${wanted}, not ${found}`]
  })
}
