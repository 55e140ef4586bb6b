// The shapes of how things stood over time, as the OpenAPI document names them.
import { FacetSchema, FacetSummarySchema, GapSchema } from './schemas.ts'

const gap = GapSchema.optional().describe(
  'the time is in this gap of the history: the facet changed, and nobody can tell how',
)

export const FacetSummaryAtSchema = FacetSummarySchema.extend({ gap }).meta({ id: 'FacetSummaryAt' })
export const FacetAtSchema = FacetSchema.extend({ gap }).meta({ id: 'FacetAt' })
