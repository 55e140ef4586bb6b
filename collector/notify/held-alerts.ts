// Failures that a receiver was told of and that hold: it is told of them again until they end, however they do.
import type { ChangeToTell, StoredAlert } from '../store/notifications.ts'
import type { StoreTransaction } from '../store/transaction.ts'
import { asSendError } from './deliver-next.ts'
import { subjectKey, type ToldChange } from './message.ts'
import { SendError } from './send-error.ts'
import type { Repeating } from './sender.ts'
import type { Telling } from './telling.ts'

export type HeldAlerts = ReturnType<typeof heldAlerts>

/** Alerts that are told again; those beyond end by themselves. */
const maxHeld = 5_000

export function heldAlerts(
  { store, config, clock, log, metrics, write }: Telling,
  { everyMs, repeat, end }: Repeating,
) {
  const { name } = config
  let nextMs = clock.now()
  let isFailing = false

  /** A receiver of which alerts end by themselves takes none for a while: that is to be seen, message or not. */
  async function noteSent(error: SendError | undefined): Promise<void> {
    metrics.delivery(name, error ? 'failed' : 'delivered')
    if (!error && !isFailing) return
    isFailing = error !== undefined
    const atMs = clock.now()
    const state = error ? { lastErrorMs: atMs, lastError: error.message } : { lastSuccessMs: atMs, lastError: '' }
    await write(transaction => transaction.setReceiver(name, state))
  }

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
    async repeat(signal: AbortSignal): Promise<void> {
      if (clock.now() < nextMs || signal.aborted) return
      nextMs = clock.now() + everyMs
      try {
        const ended = await store.read.endedAlerts(name, maxHeld)
        if (ended.length > 0) {
          await end(ended.map(changeOf), signal).catch(asThrown)
          await write(transaction =>
            transaction.deleteAlerts(
              name,
              ended.map(({ key }) => key),
            ),
          )
        }
        const held = await store.read.alerts(name, maxHeld)
        if (held.length > 0) await repeat(held.map(changeOf), signal).catch(asThrown)
        if (held.length + ended.length > 0) await noteSent(undefined)
      } catch (error) {
        if (!(error instanceof SendError)) throw error
        if (signal.aborted) return
        log.warn('alerts that hold could not be told again', { receiver: name, reason: error.message })
        await noteSent(error)
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

/** Whatever kept it from being sent: what the store throws is no such thing. */
function asThrown(cause: unknown): never {
  throw asSendError(cause)
}
