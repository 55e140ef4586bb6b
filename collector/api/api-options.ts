// What the API is served from, and how it is reached: the same for every request.
import type { Catalog } from '../../policy/check.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { Authenticate } from '../auth/access/authenticate.ts'
import type { DescribeDeviations } from '../domain/describe-deviations.ts'
import type { AgentReports } from '../ingest/agent-reports.ts'
import type { ConnectedFleet } from '../ingest/connected-fleet.ts'
import type { Connections } from '../ingest/connections.ts'
import type { Metrics } from '../metrics.ts'
import type { Notify } from '../notify/open-notify.ts'
import type { FleetQueries } from '../query/fleet-queries.ts'
import type { Store } from '../store/store.ts'

export interface ApiOptions {
  readonly store: Store
  readonly connections: Connections
  /** connected hosts, here and at other collectors on the database */
  readonly fleet: Pick<ConnectedFleet, 'hosts' | 'rescan'>
  readonly agents: Pick<AgentReports, 'pending'>
  /** in force now */
  readonly catalog: () => Catalog
  /** questions to all hosts */
  readonly queries: Pick<FleetQueries, 'ask' | 'outliers'>
  /** who is told of changes */
  readonly notify: Pick<Notify, 'statuses' | 'test'>
  /** says how hosts differ from what is pinned for their cohort */
  readonly describeDeviations: DescribeDeviations
  /** takes up waivers that were written */
  readonly reloadWaivers: () => Promise<void>
  readonly metrics: Metrics
  readonly clock: Clock
  readonly log: Log
  readonly authenticate: Authenticate
  /** what keeps the collector from its work, empty when nothing does */
  readonly readiness: () => Promise<readonly string[]>
  /** aborts when the collector stops */
  readonly stopping: AbortSignal
  /** tells of every commit from now on; returns what ends that */
  readonly onCommit: (listener: () => void) => () => void
  /** where bare hosts enroll and how they know the collector; undefined when they do not */
  readonly enrollment: (() => { readonly endpoint: string; readonly pin: string }) | undefined
  readonly reach: Reach
  /** says on the overview that this is a trial on one machine */
  readonly demo: boolean
}

/** How requests come in. */
export interface Reach {
  /** only this machine reaches it: only its own names are taken as Host */
  readonly isLoopback: boolean
  /** names that are taken as Host besides addresses, in lower case; used beyond loopback */
  readonly names: readonly string[]
  /** browsers come by TLS, here or at a proxy */
  readonly isSecure: boolean
  /** TLS ends at a proxy: its word is taken for where requests come from */
  readonly isBehindProxy: boolean
  /** requests of one token and of one address; none without a limit */
  readonly rate: { readonly perSecond: number; readonly burst: number } | undefined
}
