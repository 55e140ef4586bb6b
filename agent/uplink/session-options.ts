// What a conversation with the collector works with.
import type { FacetState } from '../../proto/facet.ts'
import type { ConnectRequest } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { Hello } from '../../proto/generated/gabion/v1/Hello.ts'
import type { Settings__Output } from '../../proto/generated/gabion/v1/Settings.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { HealthReport } from '../health/report.ts'
import type { Gap, Outbox } from './outbox/outbox.ts'

export interface SessionOptions {
  readonly outbox: Outbox
  readonly hello: () => Hello
  /** the facets as they are now */
  readonly current: () => ReadonlyMap<string, FacetState>
  /** asks for every facet to be queued again */
  readonly requeue: (gap?: Gap) => void
  /** ends the stream, to begin anew */
  readonly giveUp: (reason: string) => void
  /** reads facets again, all when empty; resolves when they are read */
  readonly rescan: (facets: readonly string[], requestId: string) => Promise<void>
  /** told when the collector has welcomed this stream, and when it is over */
  readonly onConnection?: (isConnected: boolean) => void
  /** how the agent does, for heartbeats; not told when left out */
  readonly health?: () => HealthReport
  /**
   * takes what the collector wishes, undefined when it wishes nothing any more
   * @returns seconds between heartbeats as the agent takes them, 0 to leave them to the welcome
   */
  readonly wish?: (settings: Settings__Output | undefined) => number
  readonly send: (message: ConnectRequest) => void
  readonly clock: Clock
  readonly log: Log
  /** something was acknowledged: the way to the disk works */
  readonly onAck: () => void
}
