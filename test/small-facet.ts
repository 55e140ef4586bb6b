// A facet small enough to write by hand, for tests of what carries facets about.
import * as z from 'zod'
import { defineFacet, type FacetState, keyed } from '../proto/facet.ts'
import { sealPresent } from '../proto/seal.ts'

export const SmallFacet = defineFacet({
  name: 'small',
  version: 1,
  title: 'Rows with a value each',
  facts: {
    rows: keyed(z.object({ name: z.string(), value: z.int() }), ['name']),
    note: z.string(),
  },
  observations: { seen: z.int() },
})

/** `{ a: 1, b: 2 }` as a sealed state. */
export function smallState(rows: Readonly<Record<string, number>>, note = '', seen = 0): FacetState {
  const list = Object.entries(rows).map(([name, value]) => ({ name, value }))
  return sealPresent(SmallFacet, { rows: list, note, gaps: [] }, { seen })
}
