// What a collector has to do with the others on its database: hears them, and looks every few seconds at what they wrote.
import { messageOf } from '../runtime/errors.ts'
import type { Log } from '../runtime/log.ts'
import type { Judging } from './domain/judging.ts'
import type { Policies } from './domain/policies.ts'
import { followSignals } from './follow-signals.ts'
import type { ConnectedFleet } from './ingest/connected-fleet.ts'
import type { Connections } from './ingest/connections.ts'
import { endRevoked } from './ingest/end-revoked.ts'
import type { FleetQueries } from './query/fleet-queries.ts'
import type { Store } from './store/store.ts'

export interface OthersOptions {
  readonly store: Store
  readonly connections: Connections
  readonly fleet: ConnectedFleet
  readonly policies: Policies
  readonly judging: Judging
  readonly queries: FleetQueries
  /** told when something was committed, here or elsewhere */
  readonly committed: ReadonlySet<() => void>
  readonly log: Log
}

export interface Others {
  /** tells nothing of itself any more */
  stopLooking(): void
  /** hears nothing any more */
  unfollow(): void
}

/** How soon the stream of a revoked host ends, and how soon other collectors know who is connected here. */
const everyMs = 2_000

export function followOthers(options: OthersOptions): Others {
  const { store, connections, fleet, policies, judging, queries, committed, log } = options
  const failed = (message: string) => (error: unknown) => log.error(message, { reason: messageOf(error) })
  const onStanding = () => void endRevoked(store, connections).catch(failed('revocations could not be read'))
  const watch = setInterval(() => {
    onStanding()
    queries.prepare(fleet.hosts.size)
    fleet.refresh().then(policies.refresh).catch(failed('other collectors cannot be heard'))
  }, everyMs)
  const unfollow = followSignals(store.signals, {
    ...{ connections, onStanding },
    onDrift() {
      for (const listener of [...committed]) listener()
    },
    onPolicy: () => void policies.reload().catch(failed('waivers and the policy in force could not be read again')),
    onUnjudged: judging.takeOver,
  })
  return { stopLooking: () => clearInterval(watch), unfollow }
}
