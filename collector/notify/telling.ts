// What is known of one receiver while it is told: how far it was read for, what waits, and what it is owed.
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { Bell } from '../bell.ts'
import type { Store } from '../store/store.ts'
import type { StoreTransaction } from '../store/transaction.ts'
import { type Group, unpackGroup } from './groups.ts'
import type { ReceiverConfig } from './notify-config.ts'
import type { Sender } from './sender.ts'

export type DeliveryOutcome = 'delivered' | 'failed' | 'rejected' | 'expired'

/** What is counted. */
export interface TellMetrics {
  delivery(receiver: string, outcome: DeliveryOutcome): void
  dropped(receiver: string, changes: number): void
}

export interface TellOptions {
  readonly store: Pick<Store, 'read' | 'write'>
  readonly config: ReceiverConfig
  readonly sender: Sender
  /** of this collector: what it writes under another name's lock is not written */
  readonly owner: string
  readonly clock: Clock
  readonly log: Log
  readonly metrics: TellMetrics
  /** rings when there may be new drift */
  readonly bell: Bell
  readonly random?: () => number
}

/** Another collector tells the receiver now. */
export class LostReceiver extends Error {
  override readonly name = 'LostReceiver'
}

/** As the store has it; who changes one changes the other with it. */
export interface Telling extends TellOptions {
  readonly groups: Map<string, Group>
  lastDrift: number
  /** when `lastDrift` was written last */
  notedAtMs: number
  /** changes that were dropped, and that it was not told the number of */
  untold: number
  /** @throws LostReceiver */
  write<T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T>
}

/** Makes this collector the one that tells the receiver, and reads where the one before was. */
export async function takeOver(options: TellOptions): Promise<Telling> {
  const { store, config, owner, clock } = options
  const { name } = config
  for (;;) {
    const seen = await store.read.receiver(name)
    const isTaken = await store.write(transaction => transaction.takeReceiver(name, owner, seen, clock.now()))
    const state = isTaken ? await store.read.receiver(name) : undefined
    if (!state) continue
    const groups = (await store.read.notificationGroups(name)).map(unpackGroup)
    return {
      ...options,
      groups: new Map(groups.map(group => [group.key, group])),
      ...{ lastDrift: state.lastDrift, notedAtMs: clock.now(), untold: state.untold },
      write: work =>
        store.write(async transaction => {
          if (!(await transaction.keepReceiver(name, owner, clock.now()))) throw new LostReceiver(name)
          return work(transaction)
        }),
    }
  }
}

export function tellDropped({ config: { name }, metrics, log }: Telling, changes: number, reason: string): void {
  if (changes === 0) return
  metrics.dropped(name, changes)
  log.warn('changes were dropped that a receiver should be told of', { receiver: name, changes, reason })
}
