// What changed between two states of one facet: row by row where both have facts, else from state to state, in words.
import type { Facet, FacetState } from '../proto/facet.ts'
import { diffFacts, type FactChange } from './diff.ts'
import { bounded, visible } from './visible-text.ts'

/** Changes in the order of the schema's fields; empty when the digests are equal. @param facet undefined when unknown */
export function diffStates(facet: Facet | undefined, before: FacetState, after: FacetState): readonly FactChange[] {
  if (before.digest === after.digest) return []
  if (before.state !== 'present' || after.state !== 'present') return [stateChange(before.state, after)]
  const changes = facet && tryDiff(facet, before, after)
  if (changes && changes.length > 0) return changes
  return [{ change: 'changed', field: '', text: `${visible(before.facet)} changed` }]
}

type Present = FacetState & { readonly state: 'present' }

/** Facts may come from elsewhere: of a form that the diff does not expect, all that is told is that they changed. */
function tryDiff(facet: Facet, before: Present, after: Present): readonly FactChange[] | undefined {
  try {
    return diffFacts(facet, before.facts, after.facts)
  } catch {
    return undefined
  }
}

/** A facet that turned from one state to another, or into the same for another reason. */
export function stateChange(before: FacetState['state'], after: FacetState): FactChange {
  const change = before === after.state ? 'changed' : changeOf(before, after.state)
  const text = bounded(visible(stateWords(before, after)), 400)
  return { change, field: 'state', text, before, after: after.state }
}

function changeOf(before: FacetState['state'], after: FacetState['state']): FactChange['change'] {
  if (after === 'absent') return 'removed'
  return before === 'absent' ? 'added' : 'changed'
}

function stateWords(before: FacetState['state'], after: FacetState): string {
  if (after.state === 'present') {
    return before === 'absent' ? `${after.facet} is there` : `${after.facet} can be read again`
  }
  const { code, detail } = after.reason
  const why = detail === '' ? code : `${code}: ${detail}`
  if (after.state === before) return `${after.facet} is still ${before}, now for another reason: ${why}`
  switch (after.state) {
    case 'absent':
      return `${after.facet} is gone: ${why}`
    case 'unreadable':
      return `${after.facet} can no longer be read: ${why}`
    case 'error':
      return `${after.facet}: the probe fails: ${why}`
  }
}
