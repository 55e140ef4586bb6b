// Turns a stored body back into the state of a facet.
import type { FacetState, JsonObject } from '../../proto/facet.ts'
import type { StoredBody } from './records.ts'

/** @param observations JSON of the latest observations, undefined when there are none */
export function toFacetState(digest: string, stored: StoredBody, observations: string | undefined): FacetState {
  const { facet, schemaVersion, state } = stored
  const content: unknown = JSON.parse(stored.body)
  if (state === 'present') {
    const latest = observations === undefined ? {} : (JSON.parse(observations) as JsonObject)
    return { facet, schemaVersion, state, digest, facts: content as JsonObject, observations: latest }
  }
  return { facet, schemaVersion, state, digest, reason: content } as FacetState
}
