// The one place where missing components become `not_applicable` and missing knowledge becomes `error`.
import type { AbsenceCode, FacetState, Gap, JsonValue } from '../proto/facet.ts'
import type { Expression } from './cel-environment.ts'
import type { ResultState } from './check.ts'
import type { FieldPlace } from './facet-view.ts'
import { bounded, visible } from './visible-text.ts'

export interface Verdict {
  readonly state: ResultState
  readonly reason: string
}

/** Facet states by property, as they were handed in. */
export type States = ReadonlyMap<string, FacetState>

interface Absence {
  readonly state: ResultState
  readonly words: string
}

// An offline root is another kind of target: what only a running system has does not apply to it. A facet that
// somebody switched off was not looked at, and says nothing about the host: a person has to look.
const absences: Readonly<Record<AbsenceCode, Absence>> = {
  notInstalled: { state: 'not_applicable', words: 'not installed' },
  notSupported: { state: 'not_applicable', words: 'not supported' },
  notThisKindOfHost: { state: 'not_applicable', words: 'not this kind of host' },
  offlineRoot: { state: 'not_applicable', words: 'offline root' },
  disabled: { state: 'manual', words: 'not looked at' },
}

/** What follows when facets that an expression reads have no facts; undefined when all have. Absence goes first. */
export function facetVerdict(properties: readonly string[], states: States): Verdict | undefined {
  let failed: Verdict | undefined
  for (const property of properties) {
    const state = states.get(property)
    if (state?.state === 'present') continue
    if (state?.state === 'absent') {
      const { state: verdict, words } = absenceOf(state.reason.code)
      return { state: verdict, reason: sentence(state.facet, words, state.reason.detail) }
    }
    failed ??= { state: 'error', reason: failure(property, state) }
  }
  return failed
}

/** An agent of another version may send a code that is not known here. */
function absenceOf(code: AbsenceCode): Absence {
  return Object.hasOwn(absences, code) ? absences[code] : absences.notSupported
}

function failure(property: string, state: FacetState | undefined): string {
  if (!state || state.state === 'present' || state.state === 'absent') return `${property}: the agent did not send it`
  const words = state.state === 'unreadable' ? 'could not be read' : 'the probe failed'
  return sentence(state.facet, `${words} (${state.reason.code})`, state.reason.detail)
}

/** What follows when an expression met a field that is not in the facts. */
export function missingVerdict(missing: FieldPlace, states: States): Verdict {
  const path = `${missing.facet}.${missing.field}`
  const gaps = gapsOf(missing.facet, states).filter(gap => covers(gap, missing.field))
  const [gap] = gaps
  if (!gap) return { state: 'error', reason: `agent too old: does not send ${path}` }
  return gapVerdict(path, 'unknown', gap, gaps.length)
}

/**
 * What follows when a list that the expressions name may lack rows; undefined when none may. Expressions are asked for
 * only when some list of the facets that they read may.
 */
export function incompleteVerdict(
  expressions: readonly ((() => Expression) | undefined)[],
  properties: readonly string[],
  states: States,
): Verdict | undefined {
  for (const property of properties) {
    for (const gap of gapsOf(property, states)) {
      if (gap.effect !== 'incomplete') continue
      const named = expressions.some(expression => expression?.().fields.get(property)?.has(gap.field))
      if (named) return gapVerdict(`${property}.${gap.field}`, 'incomplete', gap, 1)
    }
  }
  return undefined
}

/** What follows when an evaluation failed in another way. */
export function failedVerdict(error: unknown): Verdict {
  const summary = (error as { readonly summary?: unknown } | undefined)?.summary
  const message = typeof summary === 'string' ? summary : error instanceof Error ? error.message : String(error)
  return { state: 'error', reason: bounded(visible(`evaluation failed: ${message}`), 300) }
}

/** What a probe does not read unless it is asked to: the host is not to blame, and a person has to ask. */
const notAsked = /^not walked\b/

function gapVerdict(path: string, words: string, gap: Gap, count: number): Verdict {
  if (gap.state === 'unavailable' && notAsked.test(gap.detail)) {
    return { state: 'manual', reason: bounded(visible(`${path} is ${words}: ${gap.detail}`), 300) }
  }
  const more = count > 1 ? ` and ${count - 1} more` : ''
  const reason = `${path} is ${words}: ${gap.source} ${gap.state}${gap.detail === '' ? '' : ` (${gap.detail})`}${more}`
  const offline = gap.state === 'unavailable' && gap.detail.startsWith('offline root')
  return { state: offline ? 'not_applicable' : 'error', reason: bounded(visible(reason), 300) }
}

function sentence(facet: string, words: string, detail: string): string {
  return bounded(
    visible(detail === '' || detail === words ? `${facet}: ${words}` : `${facet}: ${words}: ${detail}`),
    300,
  )
}

/** A hole at the field, above it, or (for a record that is left out as a whole) below it. */
function covers(gap: Gap, field: string): boolean {
  return gap.field === field || field.startsWith(`${gap.field}.`) || gap.field.startsWith(`${field}.`)
}

const knownGaps = new WeakMap<object, readonly Gap[]>()

/** Gaps of a facet. They come from the wire: rows of another form are passed over. */
function gapsOf(property: string, states: States): readonly Gap[] {
  const state = states.get(property)
  const rows = state?.state === 'present' ? state.facts['gaps'] : undefined
  if (!Array.isArray(rows)) return []
  const known = knownGaps.get(rows) ?? (rows as readonly JsonValue[]).filter(isGap)
  knownGaps.set(rows, known)
  return known
}

function isGap(value: unknown): value is Gap {
  if (typeof value !== 'object' || value === null) return false
  const row = value as Partial<Record<keyof Gap, unknown>>
  return [row.field, row.effect, row.source, row.state, row.detail].every(item => typeof item === 'string')
}
