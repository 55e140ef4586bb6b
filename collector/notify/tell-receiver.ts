// Tells one receiver of what changes: reads the drift after its cursor, groups, queues, sends, tries again.
import { setImmediate } from 'node:timers/promises'
import { deliverNext } from './deliver-next.ts'
import { addChanges, type Group, type Grouping, isOver, packGroup, toldGroup } from './groups.ts'
import { type HeldAlerts, heldAlerts } from './held-alerts.ts'
import { type Message, newMessageId } from './message.ts'
import { type Telling, type TellOptions, takeOver, tellDropped } from './telling.ts'
import { toldChange } from './told-change.ts'

/** Changes that are read at once: some ten milliseconds on SQLite. */
const rowsAtOnce = 250
/** Commits come many a second: between two looks there is this time. */
const pauseMs = 1_000
/** Nobody rings when a signal of another collector is lost. */
const longestWaitMs = 30_000
/** That changes passed which concern nobody is written now and then, so that they are not read again for ever. */
const noteEveryMs = 60_000
/** Changes of one message. */
const maxChanges = 100
/** Alertmanager groups by itself, and takes many at once. */
const maxAlertChanges = 1_000

/** Runs until the signal aborts. @throws LostReceiver, and store errors: what it knew is to be read again then */
export async function tellReceiver(options: TellOptions, signal: AbortSignal): Promise<void> {
  const telling = await takeOver(options)
  const { clock, bell, config, sender } = options
  const alerts = sender.repeating && heldAlerts(telling, sender.repeating)
  const { groupBy: by, groupWait: waitMs, groupInterval: intervalMs } = config
  const grouping = { by, waitMs, intervalMs, maxChanges: alerts ? maxAlertChanges : maxChanges }
  while (!signal.aborted) {
    bell.reset(config.name)
    const hasMore = await collect(telling, grouping, alerts)
    await flush(telling, grouping)
    const isBusy = await deliverNext(telling, signal)
    await alerts?.repeat(signal)
    // A read of SQLite gives nobody else a turn.
    await setImmediate()
    if (hasMore || isBusy) continue
    await clock.sleep(pauseMs, signal)
    const nextMs = Math.min(await nextTimeMs(telling), alerts?.nextMs ?? Number.POSITIVE_INFINITY)
    const restMs = Math.min(longestWaitMs, nextMs - clock.now())
    if (restMs > 0) await bell.rung(config.name, clock, restMs, signal)
  }
}

/** Puts what is new into groups. @returns whether there is more */
async function collect(telling: Telling, grouping: Grouping, alerts: HeldAlerts | undefined): Promise<boolean> {
  const { store, clock, groups } = telling
  const { name, filter, sendResolved, maxAge } = telling.config
  const rows = await store.read.changesToTell(telling.lastDrift, rowsAtOnce)
  const last = rows.at(-1)
  if (!last) return false
  const nowMs = clock.now()
  const asked = rows.flatMap(row => {
    const change = toldChange(row, filter, sendResolved)
    return change ? [{ row, change }] : []
  })
  const wanted = asked.filter(({ row }) => Date.parse(row.receivedAt) > nowMs - maxAge)
  const stale = asked.length - wanted.length
  const told = wanted.map(({ change }) => change)
  const changed = addChanges(groups, told, grouping, nowMs)
  if (asked.length > 0 || nowMs >= telling.notedAtMs + noteEveryMs) {
    await telling.write(async transaction => {
      await transaction.setReceiver(name, { lastDrift: last.id })
      await transaction.addDropped(name, stale)
      for (const group of changed.values()) await transaction.putGroup(name, packGroup(group))
      await alerts?.note(wanted, transaction)
    })
    telling.notedAtMs = nowMs
  }
  telling.untold += stale
  tellDropped(telling, stale, 'nobody told it in time')
  for (const [key, group] of changed) groups.set(key, group)
  telling.lastDrift = last.id
  return rows.length === rowsAtOnce
}

/** Makes messages of the groups whose time has come. */
async function flush(telling: Telling, grouping: Grouping): Promise<void> {
  const { clock, groups, config } = telling
  const { name, maxQueue } = config
  const nowMs = clock.now()
  const due = [...groups.values()].filter(({ dueAtMs }) => dueAtMs > 0 && dueAtMs <= nowMs)
  const over = [...groups.values()].filter(group => isOver(group, grouping, nowMs)).map(({ key }) => key)
  if (due.length === 0 && over.length === 0) return
  const dropped = await telling.write(async transaction => {
    for (const group of due) {
      await transaction.addNotification(name, notificationOf(group, nowMs))
      await transaction.putGroup(name, packGroup(toldGroup(group, nowMs)))
    }
    await transaction.deleteGroups(name, over)
    const changes = await transaction.dropOldest(name, maxQueue)
    await transaction.addDropped(name, changes)
    return changes
  })
  for (const group of due) groups.set(group.key, toldGroup(group, nowMs))
  for (const key of over) groups.delete(key)
  telling.untold += dropped
  tellDropped(telling, dropped, 'the queue is full')
}

/** Its id is made here and stays with it. */
function notificationOf({ common, changes, more }: Group, nowMs: number) {
  const body = JSON.stringify({ group: common, changes, more } satisfies Partial<Message>)
  return { messageId: newMessageId(), changes: changes.length + more, createdAtMs: nowMs, body }
}

/** When there is something to do without new drift, in milliseconds since the epoch. */
async function nextTimeMs({ store, config, groups }: Telling): Promise<number> {
  const message = await store.read.nextNotification(config.name)
  const dueMs = [...groups.values()].flatMap(({ dueAtMs }) => (dueAtMs > 0 ? [dueAtMs] : []))
  return Math.min(...dueMs, ...(message ? [message.nextAtMs] : []), Number.POSITIVE_INFINITY)
}
