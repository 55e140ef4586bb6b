// Tells one receiver of what changes: reads the drift after its cursor, groups, queues, sends, tries again.
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../runtime/clock.ts'
import { isoTime } from '../../runtime/clock.ts'
import { GabionError } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import type { StoredNotification } from '../store/notifications.ts'
import type { Store } from '../store/store.ts'
import type { StoreTransaction } from '../store/transaction.ts'
import type { Bell } from './bell.ts'
import { addChanges, type Group, type Grouping, isOver, packGroup, toldGroup, unpackGroup } from './groups.ts'
import { heldAlerts } from './held-alerts.ts'
import type { Message } from './message.ts'
import type { ReceiverConfig } from './notify-config.ts'
import { retryDelayMs } from './retry.ts'
import { SendError } from './send-error.ts'
import type { Sender } from './sender.ts'
import { toldChange } from './told-change.ts'

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

/** Changes that are read at once. */
const rowsAtOnce = 500
/** Commits come many a second: between two looks there is this time. */
const pauseMs = 1_000
/** Nobody rings when a signal of another collector is lost. */
const longestWaitMs = 30_000
/** What passed the filter's eye without a word is written down now and then, so that it is not read again for ever. */
const noteEveryMs = 60_000
/** Changes of one message. */
const maxChanges = 100
/** Alertmanager groups by itself, and takes many at once. */
const maxAlertChanges = 1_000

/** Runs until the signal aborts. @throws LostReceiver, and store errors: what it knew is to be read again then */
export async function tellReceiver(options: TellOptions, signal: AbortSignal): Promise<void> {
  const telling = await takeOver(options)
  const { clock, bell } = options
  while (!signal.aborted) {
    bell.reset(options.config.name)
    const hasMore = await telling.collect()
    await telling.flush()
    const busy = await telling.deliver(signal)
    await telling.repeat(signal)
    if (hasMore || busy) continue
    await clock.sleep(pauseMs, signal)
    const waitMs = Math.min(longestWaitMs, (await telling.nextMs()) - clock.now())
    if (waitMs > 0) await bell.rung(options.config.name, clock, waitMs, signal)
  }
}

async function takeOver(options: TellOptions) {
  const { store, config, owner, clock } = options
  const { name } = config
  for (;;) {
    const seen = await store.read.receiver(name)
    const isTaken = await store.write(transaction => transaction.takeReceiver(name, owner, seen, clock.now()))
    const state = isTaken ? await store.read.receiver(name) : undefined
    if (!state) continue
    const groups = (await store.read.notificationGroups(name)).map(unpackGroup)
    return createTelling(options, state.lastDrift, new Map(groups.map(group => [group.key, group])), state.untold)
  }
}

function createTelling(options: TellOptions, cursor: number, known: ReadonlyMap<string, Group>, owed: number) {
  const { store, config, sender, owner, clock, log, metrics, random = Math.random } = options
  const { name, filter, sendResolved } = config
  const { groupBy: by, groupWait: waitMs, groupInterval: intervalMs, maxQueue, maxAge } = config
  const grouping: Grouping = { by, waitMs, intervalMs, maxChanges: sender.repeating ? maxAlertChanges : maxChanges }
  const alerts = sender.repeating && heldAlerts(options, sender.repeating)
  const groups = new Map(known)
  let lastDrift = cursor
  let notedAtMs = clock.now()
  let untold = owed

  /** @throws LostReceiver */
  const write = <T>(work: (transaction: StoreTransaction) => Promise<T>): Promise<T> =>
    store.write(async transaction => {
      if (!(await transaction.keepReceiver(name, owner, clock.now()))) throw new LostReceiver(name)
      return work(transaction)
    })

  /** @returns whether there is more */
  async function collect(): Promise<boolean> {
    const rows = await store.read.changesToTell(lastDrift, rowsAtOnce)
    const last = rows.at(-1)
    if (!last) return false
    const nowMs = clock.now()
    const fresh = rows.filter(({ receivedAt }) => Date.parse(receivedAt) > nowMs - maxAge)
    const wanted = fresh.flatMap(row => {
      const change = toldChange(row, filter, sendResolved)
      return change ? [{ row, change }] : []
    })
    const told = wanted.map(({ change }) => change)
    const changed = addChanges(groups, told, grouping, nowMs)
    if (wanted.length > 0 || nowMs >= notedAtMs + noteEveryMs) {
      await write(async transaction => {
        await transaction.setReceiver(name, { lastDrift: last.id })
        for (const group of changed.values()) await transaction.putGroup(name, packGroup(group))
        await alerts?.note(wanted, transaction)
      })
      notedAtMs = nowMs
    }
    for (const [key, group] of changed) groups.set(key, group)
    lastDrift = last.id
    return rows.length === rowsAtOnce
  }

  /** Makes messages of the groups whose time has come. */
  async function flush(): Promise<void> {
    const nowMs = clock.now()
    const due = [...groups.values()].filter(({ dueAtMs }) => dueAtMs > 0 && dueAtMs <= nowMs)
    const over = [...groups.values()].filter(group => isOver(group, grouping, nowMs)).map(({ key }) => key)
    if (due.length === 0 && over.length === 0) return
    const lost = await write(async transaction => {
      for (const group of due) await transaction.addNotification(name, notificationOf(group, nowMs))
      for (const group of due) await transaction.putGroup(name, packGroup(toldGroup(group, nowMs)))
      await transaction.deleteGroups(name, over)
      const dropped = await transaction.dropOldest(name, maxQueue)
      await transaction.addDropped(name, dropped)
      return dropped
    })
    for (const group of due) groups.set(group.key, toldGroup(group, nowMs))
    for (const key of over) groups.delete(key)
    untold += lost
    tellDropped(lost, 'the queue is full')
  }

  function tellDropped(changes: number, reason: string): void {
    if (changes === 0) return
    metrics.dropped(name, changes)
    log.warn('changes were dropped that a receiver should be told of', { receiver: name, changes, reason })
  }

  /** Sends the oldest message if its time has come. @returns whether another may be sent at once */
  async function deliver(signal: AbortSignal): Promise<boolean> {
    const next = await store.read.nextNotification(name)
    const nowMs = clock.now()
    if (!next || signal.aborted) return false
    if (next.createdAtMs <= nowMs - maxAge) return giveUp(next, 'expired', 'it was not taken in time')
    if (next.nextAtMs > nowMs) return false
    const dropped = untold
    const error = await sender.send(messageOf(next, dropped), signal).then(
      () => undefined,
      cause => asSendError(cause),
    )
    if (signal.aborted && error) return false
    if (error?.fate === 'never') return giveUp(next, 'rejected', error.message)
    if (error) return postpone(next, error)
    await write(async transaction => {
      await transaction.deleteNotification(next.id)
      await transaction.setReceiver(name, { lastSuccessMs: clock.now(), lastError: '', untold: untold - dropped })
    })
    untold -= dropped
    metrics.delivery(name, 'delivered')
    return true
  }

  async function giveUp(message: StoredNotification, outcome: DeliveryOutcome, reason: string): Promise<true> {
    await write(async transaction => {
      await transaction.deleteNotification(message.id)
      await transaction.addDropped(name, message.changes)
      await transaction.setReceiver(name, { lastErrorMs: clock.now(), lastError: reason })
    })
    untold += message.changes
    metrics.delivery(name, outcome)
    tellDropped(message.changes, reason)
    return true
  }

  async function postpone({ id, attempts }: StoredNotification, { message, retryAfterMs }: SendError): Promise<false> {
    const nowMs = clock.now()
    const nextAtMs = nowMs + retryDelayMs(attempts + 1, retryAfterMs, random())
    await write(async transaction => {
      await transaction.postponeNotification(id, nextAtMs)
      await transaction.setReceiver(name, { lastErrorMs: nowMs, lastError: message })
    })
    metrics.delivery(name, 'failed')
    log.warn('a receiver did not take a message, it is sent again', { receiver: name, reason: message, attempts })
    return false
  }

  /** When there is something to do without new drift, in milliseconds since the epoch. */
  async function nextMs(): Promise<number> {
    const message = await store.read.nextNotification(name)
    const dueMs = [...groups.values()].flatMap(({ dueAtMs }) => (dueAtMs > 0 ? [dueAtMs] : []))
    return Math.min(...dueMs, ...(message ? [message.nextAtMs] : []), alerts?.nextMs ?? Number.POSITIVE_INFINITY)
  }

  const repeat = async (signal: AbortSignal) => alerts?.repeat(write, signal)
  return { collect, flush, deliver, repeat, nextMs }
}

/** Its id is made here and stays with it. */
function notificationOf({ common, changes, more }: Group, nowMs: number) {
  const messageId = `msg_${randomBytes(16).toString('hex')}`
  const body = JSON.stringify({ group: common, changes, more } satisfies Partial<Message>)
  return { messageId, changes: changes.length + more, createdAtMs: nowMs, body }
}

/** @param dropped that the receiver was not told of yet */
function messageOf({ messageId: id, createdAtMs, body }: StoredNotification, dropped: number): Message {
  const content = JSON.parse(body) as Pick<Message, 'group' | 'changes' | 'more'>
  return { id, createdAt: isoTime(createdAtMs), isTest: false, ...content, dropped }
}

/** What a program error says is for the log of who wrote it, not for everybody who may see receivers. */
export function asSendError(cause: unknown): SendError {
  if (cause instanceof SendError) return cause
  return new SendError(cause instanceof GabionError ? cause.message : 'the collector could not send it')
}
