// Says in words what changed: facts row by row, facets that come and go, results that turn.
import { diffFacts } from '../../policy/diff.ts'
import { stateChange } from '../../policy/diff-states.ts'
import type { Facet, FacetState, JsonObject } from '../../proto/facet.ts'
import type { NewDrift } from '../store/transaction.ts'

export type DriftRow = Omit<NewDrift, 'atMs' | 'receivedAtMs'> & {
  /** key of the row of a list that it is about, to know it by when it changes again; it is not stored */
  readonly key?: string
}

/** Rows of one change that are told one by one; a rewritten facet is one more row, not thousands. */
const maxRows = 200
const maxText = 500
/** Characters of JSON of a value before or after; larger values stand in the history. */
const maxValue = 2_000

/** @param facet undefined when this program does not know it */
export function factDrift(
  name: string,
  facet: Facet | undefined,
  before: JsonObject,
  after: JsonObject,
): readonly DriftRow[] {
  const changes = facet && tryDiff(facet, before, after)
  if (!changes || changes.length === 0) {
    return [{ kind: 'fact', subject: name, change: 'changed', field: '', text: `${name} changed` }]
  }
  const rows = changes.slice(0, maxRows).map(
    ({ change, field, key, text, before: old, after: now }): DriftRow => ({
      kind: 'fact',
      subject: name,
      change,
      field,
      text: bounded(text),
      ...(key === undefined ? {} : { key }),
      ...small('before', old),
      ...small('after', now),
    }),
  )
  const rest = changes.length - rows.length
  if (rest === 0) return rows
  return [...rows, { kind: 'fact', subject: name, change: 'changed', field: '', text: `${name}: ${rest} more changes` }]
}

/** Facts come from the wire: of a form that the diff does not expect, all that is told is that they changed. */
function tryDiff(facet: Facet, before: JsonObject, after: JsonObject) {
  try {
    return diffFacts(facet, before, after)
  } catch {
    return undefined
  }
}

/** A facet that turned from one state to another. */
export function facetDrift(before: FacetState['state'], after: FacetState): DriftRow {
  const { change, field, text } = stateChange(before, after)
  return { kind: 'facet', subject: after.facet, change, field, text: bounded(text), before, after: after.state }
}

/** A result that turned. @param why evidence or reason of the new state */
export function resultDrift(check: string, title: string, before: string, after: string, why: string): DriftRow {
  const text = `${title}: ${before} → ${after}${why === '' ? '' : ` (${why})`}`
  return { kind: 'result', subject: check, change: 'changed', field: 'state', text: bounded(text), before, after }
}

/** A result that counts again, since its waiver ended. */
export function waiverDrift(check: string, title: string, waiver: string, state: string): DriftRow {
  const text = `${title}: waiver ${waiver} ended, ${state} counts again`
  return {
    kind: 'result',
    subject: check,
    change: 'changed',
    field: 'waiver',
    text: bounded(text),
    before: waiver,
    after: '',
  }
}

/** A text as long as drift may have it. */
export function bounded(text: string): string {
  if (text.length <= maxText) return text
  return `${text.slice(0, maxText - 1).toWellFormed()}…`
}

function small(name: 'before' | 'after', value: unknown): { before?: unknown; after?: unknown } {
  if (value === undefined || JSON.stringify(value).length > maxValue) return {}
  return { [name]: value }
}
