// Prepares a catalog for judging: each expression is parsed and typed when it is first needed, and then kept.
import type { Facet, JsonObject } from '../proto/facet.ts'
import { type CelEnvironment, createCelEnvironment, type Expression, type ResultType } from './cel-environment.ts'
import type { Catalog, Check, Profile } from './check.ts'
import { unmetCondition } from './condition-words.ts'
import { rootNames } from './expression.ts'
import { type Fix, parseFix } from './fix.ts'
import { parameterProblem } from './parameters.ts'
import { parseRemediation, type Remediation, slotSources } from './remediation.ts'

/** A part that is compiled on its first use. @throws ExpressionError when it does not compile */
type Lazy<T> = () => T

export interface CompiledCheck {
  readonly check: Check
  readonly environment: CelEnvironment
  readonly applies: Lazy<Expression> | undefined
  /** why it does not apply where its condition does not hold; empty without a condition */
  readonly unmet: Lazy<string>
  readonly pass: Lazy<Expression> | undefined
  readonly evidence: Lazy<Expression> | undefined
  readonly remediation: Lazy<Remediation>
  readonly fix: Lazy<Fix> | undefined
  /** properties of the facets that the condition reads, sorted */
  readonly conditionFacets: readonly string[]
  /** properties of the facets that the judgement and its evidence read, sorted */
  readonly judgedFacets: readonly string[]
  /** both */
  readonly facets: readonly string[]
  /** those, and what the remediation shows, sorted */
  readonly shownFacets: readonly string[]
  /** whether any part of it names observations, that no digest covers */
  readonly observes: boolean
}

export interface CompiledProfile {
  readonly profile: Profile
  readonly appliesTo: Lazy<Expression>
  readonly versions: readonly { readonly profile: string; readonly when: Lazy<Expression> }[]
}

export interface CompiledCatalog {
  readonly environment: CelEnvironment
  readonly checks: ReadonlyMap<string, CompiledCheck>
  readonly profiles: ReadonlyMap<string, CompiledProfile>
}

/** Never fails: what is wrong with the catalog is for `catalogProblems` to tell. */
export function compileCatalog(
  { checks, profiles }: Pick<Catalog, 'checks' | 'profiles'>,
  facets: readonly Facet[],
  interpreted: boolean = false,
): CompiledCatalog {
  const environment = createCelEnvironment(facets, interpreted)
  const properties = new Set(facets.map(facet => facet.property))
  return {
    environment,
    checks: new Map(checks.map(check => [check.id, compileCheck(check, environment, properties)])),
    profiles: new Map(
      profiles.map(profile => {
        const appliesTo = once(() => environment.compile(profile.appliesTo, 'bool'))
        const versions = (profile.versions ?? []).map(version => {
          return { profile: version.profile, when: once(() => environment.compile(version.when, 'bool')) }
        })
        return [profile.id, { profile, appliesTo, versions }]
      }),
    ),
  }
}

function compileCheck(check: Check, base: CelEnvironment, properties: ReadonlySet<string>): CompiledCheck {
  const environment = withParameters(check.parameters, base)
  const expression = (source: string | undefined, result: ResultType) =>
    source === undefined ? undefined : once(() => environment.compile(source, result))
  const read = (...sources: readonly (string | undefined)[]) =>
    [...new Set(sources.flatMap(source => rootNames(source ?? '', properties)))].sort()
  const union = (...lists: readonly (readonly string[])[]) => [...new Set(lists.flat())].sort()
  const condition = once(() => read(check.applies))
  const judged = once(() => read(check.pass, check.evidence))
  const both = once(() => union(condition(), judged()))
  const slots = once(() => slotSources(check.remediation))
  const shown = once(() => union(both(), read(...slots())))
  const applies = expression(check.applies, 'bool')
  return {
    check,
    environment,
    applies,
    unmet: once(() => (applies ? unmetCondition(applies().ast) : '')),
    pass: expression(check.pass, 'bool'),
    evidence: expression(check.evidence, 'list<string>'),
    remediation: once(() => parseRemediation(check.remediation, environment)),
    fix: check.fix && once(() => parseFix(check.fix ?? [], environment)),
    // Told when they are asked for: of a large catalog one scan judges a part.
    get conditionFacets() {
      return condition()
    },
    get judgedFacets() {
      return judged()
    },
    get facets() {
      return both()
    },
    get shownFacets() {
      return shown()
    },
    get observes() {
      const sources = [check.applies, check.pass, check.evidence, ...slots()]
      return sources.some(source => source !== undefined && /\.\s*observations\b/.test(source))
    },
  }
}

function withParameters(parameters: JsonObject, base: CelEnvironment): CelEnvironment {
  const entries = Object.entries(parameters)
  const sound = entries.every(([name, value]) => parameterProblem(name, value) === '')
  return entries.length > 0 && sound ? base.withParameters(parameters) : base
}

function once<T>(make: () => T): Lazy<T> {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
