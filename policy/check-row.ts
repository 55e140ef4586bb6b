// Turns the rows of a check's own test into facet states and judges them.
import { type Facet, type FacetState, facetProperty, type JsonObject } from '../proto/facet.ts'
import { type ObjectShape, objectShape, type Shape } from '../proto/field-shape.ts'
import type { Check, CheckTest, Result } from './check.ts'
import type { Engine, Evaluation } from './engine.ts'
import { didYouMean } from './policy-error.ts'

/** The time of a row that names none. */
export const defaultRowTime = '2026-06-15T12:00:00Z'

/** Judges one row of a check. A facet that the row leaves out was not sent. @throws PolicyError for its parameters */
export function judgeRow(engine: Engine, facets: readonly Facet[], check: Check, row: CheckTest): Result | undefined {
  return engine.evaluate(rowEvaluation(facets, check, row))[0]
}

/** What is to be judged for one row of a check. */
export function rowEvaluation(facets: readonly Facet[], check: Check, row: CheckTest): Evaluation {
  return {
    facets: rowStates(facets, row),
    now: new Date(row.now ?? defaultRowTime),
    checks: [check.id],
    ...(row.parameters && { parameters: { [check.id]: row.parameters } }),
  }
}

/** How a result differs from what its row expects, one line each. */
export function rowFailures(row: CheckTest, result: Result | undefined): readonly string[] {
  if (!result) return ['there is no result']
  const failures: string[] = []
  if (result.state !== row.expect) {
    const why = result.reason || result.evidence.join('; ')
    failures.push(`expected ${row.expect}, found ${result.state}${why === '' ? '' : `: ${why}`}`)
  }
  for (const wanted of row.evidence ?? []) {
    if (result.evidence.some(line => line.includes(wanted))) continue
    failures.push(`no evidence has ${JSON.stringify(wanted)}, found ${JSON.stringify(result.evidence)}`)
  }
  for (const wanted of row.remediation ?? []) {
    if (result.remediation.includes(wanted)) continue
    failures.push(`the remediation has no ${JSON.stringify(wanted)}, found ${JSON.stringify(result.remediation)}`)
  }
  return failures
}

/** What in a row is no part of a facet: misspelt facets and fields, and values of the wrong type. */
export function rowProblems(facets: readonly Facet[], row: CheckTest): readonly string[] {
  const known = new Map(facets.map(facet => [facet.property, facet]))
  return Object.entries(row.facets).flatMap(([property, facts]) => {
    const facet = known.get(property)
    if (!facet) return `there is no facet "${property}"${didYouMean(property, known.keys())}`
    return typeof facts === 'string' ? [] : mismatches(shapeWithObservations(facet), facts, property)
  })
}

function shapeWithObservations(facet: Facet): ObjectShape {
  const facts = objectShape(facet.facts)
  return { ...facts, fields: new Map([...facts.fields, ['observations', objectShape(facet.observations)]]) }
}

/** Every field may be left out, none may be added. */
function mismatches(shape: Shape, value: unknown, path: string): readonly string[] {
  if (shape.kind === 'list') {
    if (!Array.isArray(value)) return [`${path} must be a list`]
    return value.flatMap((item, index) => mismatches(shape.item, item, `${path}[${index}]`))
  }
  if (shape.kind === 'object') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} must be a record`]
    return Object.entries(value).flatMap(([field, item]) => {
      const inner = shape.fields.get(field)
      if (!inner) return `${path} has no field "${field}"${didYouMean(field, shape.fields.keys())}`
      return mismatches(inner, item, `${path}.${field}`)
    })
  }
  if (shape.kind === 'enum') {
    return shape.values.includes(value as string) ? [] : [`${path} must be one of ${shape.values.join(', ')}`]
  }
  const type = { string: 'string', int: 'number', bool: 'boolean' }[shape.kind]
  return typeof value === type && (shape.kind !== 'int' || Number.isSafeInteger(value))
    ? []
    : [`${path} must be ${shape.kind}`]
}

function rowStates(facets: readonly Facet[], row: CheckTest): ReadonlyMap<string, FacetState> {
  return new Map(
    facets.flatMap(facet => {
      const facts = row.facets[facet.property]
      return facts === undefined ? [] : [[facetProperty(facet.name), rowState(facet, facts)] as const]
    }),
  )
}

function rowState(facet: Facet, facts: JsonObject | 'absent' | 'unreadable' | 'error'): FacetState {
  const common = { facet: facet.name, schemaVersion: facet.version, digest: '' }
  if (facts === 'absent') return { ...common, state: 'absent', reason: { code: 'notInstalled', detail: '' } }
  if (typeof facts === 'string') return { ...common, state: facts, reason: { code: facts, detail: '' } }
  const { observations = {}, ...own } = facts
  return { ...common, state: 'present', facts: { gaps: [], ...own }, observations: observations as JsonObject }
}
