// What a stream of an agent remembers, shared by the handlers of its messages.
import type { FacetState } from '../../proto/facet.ts'
import type { ConnectResponse } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { Hello__Output } from '../../proto/generated/gabion/v1/Hello.ts'
import type { Offer__Output } from '../../proto/generated/gabion/v1/Offer.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { TurnBudget } from '../../runtime/turn-budget.ts'
import type { PeerIdentity } from '../auth/identity.ts'
import type { ApplyContext } from '../domain/apply-change.ts'
import type { Intervals } from '../intervals.ts'
import type { Metrics } from '../metrics.ts'
import type { Store } from '../store/store.ts'
import type { OpenedHost } from '../store/transaction.ts'
import type { AgentReports } from './agent-reports.ts'
import type { Backlog } from './backlog.ts'
import type { BodyDeadline } from './body-deadline.ts'
import type { ByteBudget, ByteShare } from './byte-budget.ts'
import type { ConnectedStream, Connections } from './connections.ts'
import type { GroupCommit } from './group-commit.ts'
import type { Limits } from './limits.ts'
import type { OfferBook } from './offer-book.ts'
import type { Refused } from './refusal.ts'
import type { UnsavedBodies } from './unsaved-bodies.ts'

export interface SessionContext {
  readonly store: Store
  readonly commits: GroupCommit
  readonly apply: ApplyContext
  readonly connections: Connections
  readonly agents: AgentReports
  readonly intervals: Pick<Intervals, 'of'>
  /** labels that a cluster gives a node; undefined where nobody knows now */
  readonly grantedLabels: (identity: PeerIdentity) => Readonly<Record<string, string>> | undefined
  readonly metrics: Metrics
  readonly clock: Clock
  readonly log: Log
  readonly limits: Limits
  readonly unsaved: UnsavedBodies
  readonly budget: ByteBudget
  readonly turns: TurnBudget
  /** one POST instead of a stream: it repeats its offers, with the bodies that were asked for the time before */
  readonly isExchange?: boolean
  /** aborts when the collector ends: offers are put off from then on */
  readonly stopping: AbortSignal
}

/** The other side of the stream. */
export interface Peer {
  send(message: ConnectResponse): void
  /** ends the stream after what was sent */
  end(): void
}

export interface PendingChange extends Offer__Output {
  readonly state: FacetState['state']
  readonly wants: 'nothing' | 'full' | 'delta'
  readonly body: string | undefined
}

/** What is known once the agent said who it is. */
export interface Greeted {
  readonly hello: Hello__Output
  readonly opened: OpenedHost
  /** collector's clock minus agent's clock, measured with the hello and now and then with a heartbeat */
  skewMs: number
  readonly offers: OfferBook<PendingChange>
  /** digest of each facet when everything accepted so far is applied */
  readonly digests: Map<string, string>
  /** the same for facets that this stream offered: an agent may have stopped to read others */
  readonly offered: Map<string, string>
  /** what the agent has still to send */
  readonly backlog: Backlog
}

/** What the handlers of a greeted stream work with. */
export interface Conversation {
  readonly context: SessionContext
  readonly stream: Greeted
  /** what others see of it */
  readonly connected: ConnectedStream
  /** bytes of bodies that this stream has under way */
  readonly reserved: ByteShare
  /** bodies that it was asked for */
  readonly owed: BodyDeadline
  /** whether the stream is over */
  readonly over: () => boolean
  readonly send: (message: ConnectResponse) => void
  readonly refuse: (reason: Refused) => void
  /** logs what went wrong inside, and says what the agent is told */
  readonly toRefused: (error: unknown) => Refused
}
