// Everything that can be wrong with a catalog, found before anything is judged and told all at once.
import type { Facet } from '../proto/facet.ts'
import { ExpressionError } from './cel-environment.ts'
import type { Catalog, Check, Profile } from './check.ts'
import { type CompiledCatalog, type CompiledCheck, compileCatalog } from './compile.ts'
import { parameterMismatches, parameterProblem } from './parameters.ts'
import { didYouMean, type Problem } from './policy-error.ts'

const checkId = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const profileId = /^[a-z][a-z0-9]*(-[a-z0-9]+)*(@[0-9.]+)?$/

/** Problems in the order of the catalog; empty when every expression type-checks and every name is known. */
export function catalogProblems(
  catalog: Pick<Catalog, 'checks' | 'profiles'>,
  facets: readonly Facet[],
  compiled: CompiledCatalog = compileCatalog(catalog, facets),
): readonly Problem[] {
  const problems: Problem[] = []
  const seen = new Set<string>()
  for (const check of catalog.checks) {
    const report = reporter(`check ${check.id}`, problems)
    if (seen.has(check.id)) report('id', 'is used twice')
    seen.add(check.id)
    // Of two checks with one id the second is compiled: the first is told apart by its own text.
    const own = compiled.checks.get(check.id)
    inspectCheck(check, own?.check === check ? own : undefined, report)
  }
  const profiles = new Set<string>()
  for (const profile of catalog.profiles) {
    const report = reporter(`profile ${profile.id}`, problems)
    if (profiles.has(profile.id)) report('id', 'is used twice')
    profiles.add(profile.id)
    inspectProfile(profile, compiled, report)
  }
  return problems
}

type Report = (part: string, message: string, offset?: number) => void

function reporter(subject: string, problems: Problem[]): Report {
  return (part, message, offset) => {
    problems.push(offset === undefined ? { subject, part, message } : { subject, part, message, offset })
  }
}

function inspectCheck(check: Check, compiled: CompiledCheck | undefined, report: Report): void {
  if (!checkId.test(check.id)) report('id', 'is not kebab-case')
  if ((check.pass === undefined) === (check.manual === undefined)) report('', 'has either `pass` or `manual`')
  if (check.evidence !== undefined && check.pass === undefined) report('evidence', 'belongs to an automatic check')
  if (check.pass !== undefined && check.evidence === undefined) report('', 'lacks `evidence`')
  for (const [name, value] of Object.entries(check.parameters)) {
    const wrong = parameterProblem(name, value)
    if (wrong !== '') report(`parameters.${name}`, wrong)
  }
  for (const name of Object.keys(check.parameterNotes ?? {})) {
    if (Object.hasOwn(check.parameters, name)) continue
    report('parameterNotes', `there is no parameter "${name}"${didYouMean(name, Object.keys(check.parameters))}`)
  }
  for (const part of ['applies', 'pass', 'evidence', 'remediation', 'fix'] as const)
    compiles(part, compiled?.[part], report)
}

function compiles(part: string, compile: (() => unknown) | undefined, report: Report): void {
  try {
    compile?.()
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    report(part, error.message, error.offset)
  }
}

function inspectProfile(profile: Profile, { checks, profiles }: CompiledCatalog, report: Report): void {
  if (!profileId.test(profile.id)) report('id', 'is not kebab-case')
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
  const compiled = profiles.get(profile.id)
  compiles('appliesTo', compiled?.appliesTo, report)
  compiled?.versions.forEach((version, index) => {
    if (!profiles.has(version.profile)) {
      report(
        `versions.${index}`,
        `there is no profile "${version.profile}"${didYouMean(version.profile, profiles.keys())}`,
      )
    }
    compiles(`versions.${index}.when`, version.when, report)
  })
}
