// What changed between two sweeps of one facet, in words, for an agent without a collector.
import type { FactChange } from '../policy/diff.ts'
import { diffStates, stateChange } from '../policy/diff-states.ts'
import type { Facet, FacetState } from '../proto/facet.ts'

export interface FacetDrift {
  /** Changes since the state before; none for the first state of a facet. */
  take(facet: Facet, state: FacetState): readonly FactChange[]
}

/** A facet that is rewritten is one more change, not thousands. */
const maxChanges = 200

type Present = FacetState & { readonly state: 'present' }

export function createFacetDrift(): FacetDrift {
  const latest = new Map<string, FacetState>()
  /** facts from before a facet could not be read */
  const good = new Map<string, Present>()
  return {
    take(facet, state) {
      const before = latest.get(facet.name)
      const facts = good.get(facet.name)
      latest.set(facet.name, state)
      if (state.state === 'present') good.set(facet.name, state)
      if (state.state === 'absent') good.delete(facet.name)
      if (!before) return []
      return bounded(facet, changesOf(facet, before, facts, state))
    },
  }
}

/** What came back is compared with what was known last. */
function changesOf(
  facet: Facet,
  before: FacetState,
  facts: Present | undefined,
  after: FacetState,
): readonly FactChange[] {
  if (before.state === after.state || after.state !== 'present' || !facts) return diffStates(facet, before, after)
  return [stateChange(before.state, after), ...diffStates(facet, facts, after)]
}

function bounded(facet: Facet, changes: readonly FactChange[]): readonly FactChange[] {
  if (changes.length <= maxChanges) return changes
  const rest = `${facet.name}: ${changes.length - maxChanges} more changes`
  return [...changes.slice(0, maxChanges), { change: 'changed', field: '', text: rest }]
}
