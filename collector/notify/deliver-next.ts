// Sends the message of a receiver whose turn it is: until it is taken, too old, or known never to be taken.
import { isoTime } from '../../runtime/clock.ts'
import { GabionError } from '../../runtime/errors.ts'
import type { StoredNotification } from '../store/notifications.ts'
import type { Message } from './message.ts'
import { retryDelayMs } from './retry.ts'
import { SendError } from './send-error.ts'
import { type DeliveryOutcome, type Telling, tellDropped } from './telling.ts'

/** @returns whether another may be sent at once */
export async function deliverNext(telling: Telling, signal: AbortSignal): Promise<boolean> {
  const { store, config, sender, clock, metrics } = telling
  const { name, maxAge } = config
  const next = await store.read.nextNotification(name)
  const nowMs = clock.now()
  if (!next || signal.aborted) return false
  if (next.createdAtMs <= nowMs - maxAge) return giveUp(telling, next, 'expired', 'it was not taken in time')
  if (next.nextAtMs > nowMs) return false
  const dropped = telling.untold
  const error = await sender.send(messageOf(next, dropped), signal).then(() => undefined, asSendError)
  if (error && signal.aborted) return false
  if (error?.fate === 'never') return giveUp(telling, next, 'rejected', error.message)
  if (error) return postpone(telling, next, error)
  await telling.write(async transaction => {
    await transaction.deleteNotification(next.id)
    await transaction.setReceiver(name, {
      ...{ lastSuccessMs: clock.now(), lastError: '', untold: telling.untold - dropped },
    })
  })
  telling.untold -= dropped
  metrics.delivery(name, 'delivered')
  return true
}

/** @param dropped that the receiver was not told of yet */
function messageOf({ messageId: id, createdAtMs, body }: StoredNotification, dropped: number): Message {
  const content = JSON.parse(body) as Pick<Message, 'group' | 'changes' | 'more'>
  return { id, createdAt: isoTime(createdAtMs), isTest: false, ...content, dropped }
}

async function giveUp(
  telling: Telling,
  { id, changes }: StoredNotification,
  outcome: DeliveryOutcome,
  reason: string,
): Promise<true> {
  const { config, clock, metrics } = telling
  await telling.write(async transaction => {
    await transaction.deleteNotification(id)
    await transaction.addDropped(config.name, changes)
    await transaction.setReceiver(config.name, { lastErrorMs: clock.now(), lastError: reason })
  })
  telling.untold += changes
  metrics.delivery(config.name, outcome)
  tellDropped(telling, changes, reason)
  return true
}

async function postpone(
  telling: Telling,
  { id, attempts }: StoredNotification,
  { message, retryAfterMs }: SendError,
): Promise<false> {
  const { config, clock, metrics, log, random = Math.random } = telling
  const nowMs = clock.now()
  const nextAtMs = nowMs + retryDelayMs(attempts + 1, retryAfterMs, random())
  await telling.write(async transaction => {
    await transaction.postponeNotification(id, nextAtMs)
    await transaction.setReceiver(config.name, { lastErrorMs: nowMs, lastError: message })
  })
  metrics.delivery(config.name, 'failed')
  log.warn('a receiver did not take a message, it is sent again', { receiver: config.name, reason: message, attempts })
  return false
}

/** What a program error says is for the log of who wrote it, not for everybody who may see receivers. */
export function asSendError(cause: unknown): SendError {
  if (cause instanceof SendError) return cause
  return new SendError(cause instanceof GabionError ? cause.message : 'the collector could not send it')
}
