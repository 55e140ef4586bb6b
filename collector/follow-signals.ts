// Does what other collectors on the database tell: looks at what they wrote, asks agents, ends streams.
import type { Connections } from './ingest/connections.ts'
import type { Signal, Signals } from './store/signals.ts'

export interface Follower {
  readonly connections: Pick<Connections, 'rescan'>
  /** drift was committed, here or elsewhere */
  readonly onDrift: () => void
  /** hosts may be no longer allowed to speak */
  readonly onStanding: () => void
  /** waivers are others now, or another policy is in force */
  readonly onPolicy: () => void
  /** somebody took changes of these hosts and has not the policy in force */
  readonly onUnjudged: (hosts: readonly number[]) => void
}

/** @returns what ends it */
export function followSignals(signals: Signals, follower: Follower): () => void {
  const { connections, onDrift, onStanding, onPolicy, onUnjudged } = follower
  const follow: { readonly [K in Signal['kind']]: (signal: Signal & { readonly kind: K }) => void } = {
    committed: onDrift,
    rescan: ({ host, requestId, facets }) => void connections.rescan(host, requestId, facets),
    standing: onStanding,
    policy: onPolicy,
    unjudged: ({ hosts }) => onUnjudged(hosts),
    missed: () => {
      onDrift()
      onStanding()
      onPolicy()
    },
  }
  return signals.listen(signal => (follow[signal.kind] as (signal: Signal) => void)(signal))
}
