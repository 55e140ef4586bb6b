// Failures that a receiver was told of and that hold: it is told of them again until they end, however they do.
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { ChangeToTell, StoredAlert } from '../store/notifications.ts'
import type { Store } from '../store/store.ts'
import type { StoreTransaction } from '../store/transaction.ts'
import { subjectKey, type ToldChange } from './message.ts'
import type { ReceiverConfig } from './notify-config.ts'
import type { Repeating } from './sender.ts'

interface Options {
  readonly store: Pick<Store, 'read'>
  readonly config: ReceiverConfig
  readonly clock: Clock
  readonly log: Log
}

type Write = <T>(work: (transaction: StoreTransaction) => Promise<T>) => Promise<T>

/** Alerts that are told again; those beyond end by themselves. */
const maxHeld = 5_000

export function heldAlerts({ store, config, clock, log }: Options, { everyMs, repeat, end }: Repeating) {
  const { name } = config
  let nextMs = clock.now()
  return {
    get nextMs() {
      return nextMs
    },

    /** Written with the changes that say so. */
    async note(
      told: readonly { readonly row: ChangeToTell; readonly change: ToldChange }[],
      transaction: StoreTransaction,
    ): Promise<void> {
      const latest = new Map(told.map(each => [subjectKey(each.change), each]))
      const turned = [...latest].filter(([, { row }]) => row.kind !== 'fact')
      const failing = turned.filter(([, { change }]) => change.status === 'failing')
      const ended = turned.filter(([, { change }]) => change.status !== 'failing')
      await transaction.putAlerts(
        name,
        failing.map(([key, each]) => alertOf(key, each)),
        maxHeld,
      )
      await transaction.deleteAlerts(
        name,
        ended.map(([key]) => key),
      )
    },

    /** Tells again what holds, if it is time. A failure waits for the next time: it is not the last word. */
    async repeat(write: Write, signal: AbortSignal): Promise<void> {
      if (clock.now() < nextMs || signal.aborted) return
      nextMs = clock.now() + everyMs
      try {
        const ended = await store.read.endedAlerts(name, maxHeld)
        if (ended.length > 0) {
          await end(ended.map(changeOf), signal)
          await write(transaction =>
            transaction.deleteAlerts(
              name,
              ended.map(({ key }) => key),
            ),
          )
        }
        const held = await store.read.alerts(name, maxHeld)
        if (held.length > 0) await repeat(held.map(changeOf), signal)
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'SendError') throw error
        if (!signal.aborted)
          log.warn('alerts that hold could not be told again', { receiver: name, reason: error.message })
      }
    },
  }
}

function alertOf(
  key: string,
  { row, change }: { readonly row: ChangeToTell; readonly change: ToldChange },
): StoredAlert {
  return { key, host: row.host, kind: row.kind, subject: row.subject, body: JSON.stringify(change) }
}

const changeOf = ({ body }: StoredAlert) => JSON.parse(body) as ToldChange
