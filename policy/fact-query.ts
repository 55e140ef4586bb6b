// One question about the facts of any host, as a CEL expression: compiled once, asked host by host.
import type { Facet, FacetState, JsonValue } from '../proto/facet.ts'
import { type CelEnvironment, createCelEnvironment, type Expression, ExpressionError } from './cel-environment.ts'
import { rawOf } from './facet-view.ts'
import { facetVerdict, failedVerdict, incompleteVerdict, missingVerdict } from './knowledge.ts'
import { PolicyError } from './policy-error.ts'

export type QueryAnswer = (
  | {
      readonly state: 'value'
      readonly value: JsonValue
      /** why there may be more than what the value is made of; left out when everything is known */
      readonly incomplete?: string
    }
  /** what the expression asks is not known of this host, or could not be worked out */
  | { readonly state: 'unknown'; readonly reason: string }
) & {
  /** when time itself may change it, Infinity for never */
  readonly validUntilMs: number
}

export interface FactQuery {
  /** properties of the facets that it reads, sorted */
  readonly facets: readonly string[]
  /** Never throws. */
  answer(states: ReadonlyMap<string, FacetState>, nowMs: number): QueryAnswer
}

export interface FactQueries {
  /** @throws PolicyError for an expression that is wrong, with the place in its text */
  compile(expression: string): FactQuery
}

/** Values deeper than this, or longer, are no answers to a question. */
const maxDepth = 8
const maxCharacters = 20_000

/** @param facets that expressions may name; costly, once per program */
export function createFactQueries(facets: readonly Facet[]): FactQueries {
  const environment = createCelEnvironment(facets)
  return {
    compile(expression) {
      const compiled = compileIn(environment, expression)
      return {
        facets: compiled.facets,
        answer(states, nowMs) {
          const { clock } = environment
          Object.assign(clock, { nowMs, changesAtMs: Number.POSITIVE_INFINITY })
          const answer = answerOf(environment, compiled, states)
          return { ...answer, validUntilMs: clock.changesAtMs }
        },
      }
    },
  }
}

type Timeless<A> = A extends QueryAnswer ? Omit<A, 'validUntilMs'> : never

function answerOf(
  environment: CelEnvironment,
  compiled: Expression,
  states: ReadonlyMap<string, FacetState>,
): Timeless<QueryAnswer> {
  const unread = facetVerdict(compiled.facets, states)
  if (unread) return { state: 'unknown', reason: unread.reason }
  const variables: Record<string, unknown> = { now: environment.now }
  for (const property of compiled.facets) {
    const state = states.get(property)
    if (state?.state === 'present') variables[property] = environment.view({ facts: state.facts }, property)
  }
  try {
    const answer = toAnswer(plainOf(compiled.evaluate(variables), 0))
    const gap = answer.state === 'value' && incompleteVerdict([() => compiled], compiled.facets, states)
    if (!gap) return answer
    // Of a list that may lack rows, what was found was found; that nothing was is not known.
    return answer.value === false ? { state: 'unknown', reason: gap.reason } : { ...answer, incomplete: gap.reason }
  } catch (error) {
    const missing = compiled.missingField(error)
    const { reason } = missing ? missingVerdict(missing, states) : failedVerdict(error)
    return { state: 'unknown', reason }
  }
}

/** They move by themselves, and no digest covers them: a host's page shows them. */
function refuseObservations({ fields }: Expression): void {
  for (const [property, named] of fields) {
    if (![...named].some(field => field === 'observations' || field.startsWith('observations.'))) continue
    const message = `${property}.observations: questions are about facts`
    throw new PolicyError([{ subject: 'expression', part: '', message }])
  }
}

function compileIn(environment: CelEnvironment, expression: string): Expression {
  try {
    const compiled = environment.compile(expression, 'any')
    refuseObservations(compiled)
    return compiled
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const before = expression.slice(0, error.offset).split('\n')
    const column = (before.at(-1)?.length ?? 0) + 1
    const message = `${error.message} (line ${before.length}, column ${column})`
    throw new PolicyError([{ subject: 'expression', part: '', message }])
  }
}

function toAnswer(value: JsonValue | undefined): Timeless<QueryAnswer> {
  if (value === undefined) return { state: 'unknown', reason: 'its value cannot be shown' }
  if (JSON.stringify(value).length <= maxCharacters) return { state: 'value', value }
  return { state: 'unknown', reason: `its value has more than ${maxCharacters} characters` }
}

/** A value of CEL as JSON; undefined where it has no form there. */
function plainOf(value: unknown, depth: number): JsonValue | undefined {
  if (depth > maxDepth) return undefined
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (value instanceof Date) return value.toISOString()
  const raw = rawOf(value)
  if (raw !== undefined) return plainOf(raw, depth + 1)
  if (Array.isArray(value)) return allOf(value.map(item => plainOf(item, depth + 1)))
  const entries = value instanceof Map ? [...value] : isRecord(value) ? Object.entries(value) : undefined
  if (!entries) return undefined
  const plain = entries.map(([key, item]) => [String(key), plainOf(item, depth + 1)] as const)
  return allOf(plain.map(([, item]) => item)) && (Object.fromEntries(plain) as JsonValue)
}

function allOf(items: readonly (JsonValue | undefined)[]): JsonValue[] | undefined {
  const known = items.filter(item => item !== undefined)
  return known.length === items.length ? known : undefined
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
