// Says in words how a host differs from what is pinned for its cohort, and when it begins or ceases to.

import type { FactChange } from '../../policy/diff.ts'
import { diffStates } from '../../policy/diff-states.ts'
import type { Facet, FacetState } from '../../proto/facet.ts'
import type { PinnedChange } from '../store/cohort-records.ts'
import { bounded, type DriftRow } from './drift-rows.ts'

/** States by their digests; empty digests are states that nobody knows. */
type StateOf = (digest: string) => Promise<FacetState | undefined>

/** Rows of one list or one value; a host that has nothing of what is pinned is told by the first of them. */
const maxDifferences = 50

export interface Differences {
  /** how many there are, of which `items` are the first */
  readonly found: number
  readonly items: readonly Pick<FactChange, 'change' | 'field' | 'key' | 'text'>[]
}

/** @param facet undefined when this program does not know it */
export function differencesFrom(facet: Facet | undefined, pinned: FacetState, state: FacetState): Differences {
  const changes = diffStates(facet, pinned, state)
  const items = changes.slice(0, maxDifferences).map(({ change, field, key, text }) => ({
    ...{ change, field, text },
    ...(key !== undefined && { key }),
  }))
  return { found: changes.length, items }
}

/** A host that begins to differ, differs in more than before, or does not any more. */
export async function deviationDrift(
  changes: readonly PinnedChange[],
  name: string,
  facet: Facet | undefined,
  stateOf: StateOf,
): Promise<readonly DriftRow[]> {
  const rows: DriftRow[] = []
  for (const change of changes) rows.push(...(await rowsOf(change, name, facet, stateOf)))
  return rows
}

async function rowsOf(
  { cohort, pinned, before, after }: PinnedChange,
  name: string,
  facet: Facet | undefined,
  stateOf: StateOf,
): Promise<readonly DriftRow[]> {
  const row = { kind: 'deviation', subject: name, field: cohort } as const
  if (after === '') return []
  if (after === pinned) {
    if (before === '') return []
    return [{ ...row, change: 'removed', text: bounded(`is as the pinned ${name} of cohort ${cohort} again`) }]
  }
  const [expected, was, is] = [await stateOf(pinned), await stateOf(before), await stateOf(after)]
  if (!expected || !is) return []
  const known = new Set(was && before !== pinned ? textsOf(facet, expected, was) : [])
  const fresh = textsOf(facet, expected, is).filter(text => !known.has(text))
  const [first, ...more] = fresh
  if (first === undefined) return []
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`
  const text = bounded(`deviates from the pinned ${name} of cohort ${cohort}: ${first}${rest}`)
  return [{ ...row, change: before === '' || before === pinned ? 'added' : 'changed', text }]
}

const textsOf = (facet: Facet | undefined, pinned: FacetState, state: FacetState) =>
  diffStates(facet, pinned, state).map(({ text }) => text)
