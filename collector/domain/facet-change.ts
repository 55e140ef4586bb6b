// One change of one facet of a host as it came from an agent, verified.
import type { FacetState } from '../../proto/facet.ts'

export interface FacetChange {
  readonly outboxId: string
  readonly sequence: number
  readonly facet: string
  readonly schemaVersion: number
  readonly state: FacetState['state']
  readonly digest: string
  /** canonical JSON, verified against the digest; undefined when the digest was known */
  readonly body: string | undefined
  /** by the agent's clock */
  readonly observedAtMs: number
  /** collector's clock minus agent's clock, measured when the stream opened */
  readonly skewMs: number
  /** the first state after the agent started, or after its probes changed */
  readonly baseline: boolean
  readonly agentVersion: string
  /** earlier changes that merged into this one on the agent */
  readonly gap?: { readonly changes: number; readonly fromMs: number }
}
