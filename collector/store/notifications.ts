// What is kept so that receivers are told of changes: once, in order, and after a crash, too.
import type { Severity } from '../../policy/check.ts'
import type { DriftRecord } from './records.ts'

/** One change with what filters ask about it. */
export interface ChangeToTell extends DriftRecord {
  /** the store's own number of the host */
  readonly host: number
  readonly labels: Readonly<Record<string, string>>
  /** of the check of a result; undefined for facts and facets */
  readonly severity?: Severity
  /** of the check of a result, empty for facts and facets */
  readonly title: string
  /** somebody accepts the result as it is now */
  readonly isWaived: boolean
}

/** How a receiver does, whichever collector tells it. */
export interface ReceiverState {
  readonly name: string
  /** collector that tells it now, empty when none does */
  readonly owner: string
  /** another one each time its owner wrote */
  readonly beat: number
  /** id of the last change that was looked at for it */
  readonly lastDrift: number
  /** changes that were dropped and that it was not told the number of */
  readonly untold: number
  /** changes that were dropped, ever */
  readonly dropped: number
  /** milliseconds since the epoch, 0 before the first */
  readonly lastSuccessMs: number
  readonly lastErrorMs: number
  /** empty when there was none since the last success */
  readonly lastError: string
}

export interface ReceiverQueue {
  /** messages that are under way */
  readonly messages: number
  /** alerts that hold */
  readonly alerts: number
}

/** Changes that wait for each other, to be told together. */
export interface StoredGroup {
  readonly key: string
  /** when it is to be told, 0 when nothing waits */
  readonly dueAtMs: number
  /** when it was told last, 0 before the first time */
  readonly toldAtMs: number
  /** JSON */
  readonly body: string
}

/** A message that is under way. */
export interface StoredNotification {
  /** ascending with the order of messages */
  readonly id: number
  /** the same however often it is sent */
  readonly messageId: string
  /** how many changes it tells of */
  readonly changes: number
  readonly attempts: number
  readonly nextAtMs: number
  readonly createdAtMs: number
  /** JSON */
  readonly body: string
}

/** A failure that a receiver was told of and that still holds. */
export interface StoredAlert {
  readonly key: string
  readonly host: number
  readonly kind: DriftRecord['kind']
  readonly subject: string
  /** JSON */
  readonly body: string
}

export interface NotificationReader {
  /** changes after that one, oldest first */
  changesToTell(after: number, limit: number): Promise<readonly ChangeToTell[]>
  receivers(): Promise<readonly (ReceiverState & ReceiverQueue)[]>
  receiver(name: string): Promise<ReceiverState | undefined>
  notificationGroups(receiver: string): Promise<readonly StoredGroup[]>
  /** the oldest */
  nextNotification(receiver: string): Promise<StoredNotification | undefined>
  alerts(receiver: string, limit: number): Promise<readonly StoredAlert[]>
  /** of them, those that hold no more: the host is gone, the result or the facet is another one, or somebody accepts it */
  endedAlerts(receiver: string, limit: number): Promise<readonly StoredAlert[]>
}

/** Part of a store's transaction. */
export interface NotificationTransaction {
  /**
   * Makes a collector the one that tells a receiver, which is made when it is not there.
   * @param seen who told it and how far it was when that was looked at last
   * @returns false when somebody was faster
   */
  takeReceiver(
    name: string,
    owner: string,
    seen: Pick<ReceiverState, 'owner' | 'beat'> | undefined,
    atMs: number,
  ): Promise<boolean>
  /** Keeps a receiver for its owner until the transaction ends. @returns whether it is the owner */
  keepReceiver(name: string, owner: string, atMs: number): Promise<boolean>
  setReceiver(name: string, change: Partial<Omit<ReceiverState, 'name' | 'beat'>>): Promise<void>
  /** of messages that were dropped */
  addDropped(name: string, changes: number): Promise<void>
  putGroup(receiver: string, group: StoredGroup): Promise<void>
  deleteGroups(receiver: string, keys: readonly string[]): Promise<void>
  addNotification(
    receiver: string,
    notification: Omit<StoredNotification, 'id' | 'attempts' | 'nextAtMs'>,
  ): Promise<void>
  /** it was not taken, and is sent again at that time */
  postponeNotification(id: number, nextAtMs: number): Promise<void>
  deleteNotification(id: number): Promise<void>
  /** Takes the oldest messages away when there are more than so many. @returns how many changes they told of */
  dropOldest(receiver: string, kept: number): Promise<number>
  /** @param limit of alerts of the receiver: new ones beyond it are left out, those that are there are put anew */
  putAlerts(receiver: string, alerts: readonly StoredAlert[], limit: number): Promise<void>
  deleteAlerts(receiver: string, keys: readonly string[]): Promise<void>
  /** everything about receivers, but those, that nobody told anything since then */
  forgetReceivers(beforeMs: number, kept: readonly string[]): Promise<void>
}
