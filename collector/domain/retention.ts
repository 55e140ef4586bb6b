// Keeps the store within what is to be kept: in small steps between the transactions of hosts, one collector at a time.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { dayMs, hourMs } from '../store/history-units.ts'
import { type PrunedKind, prunedKinds, type TimePartitions } from '../store/retention.ts'
import { asSingleton } from '../store/singleton.ts'
import type { Store } from '../store/store.ts'
import { createPace } from './pace.ts'

/** Milliseconds that rows of each kind are kept after they ended; 0 keeps them for ever. */
export type RetentionRules = Readonly<Record<PrunedKind, number>>

type Pruned = PrunedKind | 'bodies' | 'details'

export interface RetentionOptions {
  readonly store: Store
  readonly rules: RetentionRules
  readonly clock: Clock
  readonly log: Log
  readonly onPruned: (kind: Pruned, rows: number) => void
  readonly everyMs?: number
}

const defaultEveryMs = hourMs
/** Hosts write in between. */
const pauseMs = 20
/** Days that a detail is kept after its last use: longer than anybody takes from finding it unused to taking it away. */
const detailDays = 2
/** Kinds of which a past time is asked for, and whose rows do not tell themselves that others were before them. */
const askedOf: ReadonlySet<PrunedKind> = new Set(['endedResults'])

/** Runs until the signal aborts. Never rejects. */
export async function keepWithin(options: RetentionOptions, signal: AbortSignal): Promise<void> {
  const { store, clock, log, everyMs = defaultEveryMs } = options
  let bodies = 0
  while (!signal.aborted) {
    try {
      // Bodies of one round before: one that is new may wait for the state that refers to it.
      const newest = await store.upkeep.newestBody()
      await asSingleton(store, 'retention', lost => pruneOnce(options, bodies, AbortSignal.any([signal, lost])))
      bodies = newest
    } catch (error) {
      log.error('what is past its time could not be taken away', { reason: messageOf(error) })
    }
    await clock.sleep(everyMs, signal)
  }
}

/** @param bodiesUpTo highest number of a body that may go */
export async function pruneOnce(options: RetentionOptions, bodiesUpTo: number, signal: AbortSignal): Promise<void> {
  const { store, rules, clock, log, onPruned } = options
  const startedMs = clock.now()
  const pruned: Record<string, number> = {}
  const tell = (kind: Pruned, rows: number) => {
    if (rows === 0) return
    pruned[kind] = (pruned[kind] ?? 0) + rows
    onPruned(kind, rows)
  }
  for (const kind of prunedKinds) {
    const partitions = store.upkeep.partitions(kind)
    if (partitions) tell(kind, await changePartitions(options, partitions, kind, startedMs))
    if (rules[kind] === 0) continue
    const beforeMs = startedMs - Math.ceil(rules[kind] * (1 + (partitions?.longerBy ?? 0)))
    await pruneRows(options, kind, beforeMs, tell, signal)
  }
  await pruneBodies(options, bodiesUpTo, tell, signal)
  await pruneDetails(options, tell, signal)
  while (!signal.aborted && (await store.upkeep.tidy())) await rest(options, signal)
  if (Object.keys(pruned).length > 0) log.info('taken away what was past its time', pruned)
}

/**
 * Rows whose partition is not past its time as a whole stay with it, for a part of their time at most. Partitions that
 * could not be changed, since somebody used them all the time, are changed in the next round.
 */
async function changePartitions(
  { store, rules, log }: RetentionOptions,
  partitions: TimePartitions,
  kind: PrunedKind,
  nowMs: number,
): Promise<number> {
  try {
    await partitions.makeAhead(nowMs, rules[kind])
    if (rules[kind] === 0) return 0
    const beforeMs = nowMs - rules[kind]
    const gone = await partitions.dropPast(beforeMs)
    if (gone > 0 && askedOf.has(kind)) await store.write(transaction => transaction.notePruned(kind, beforeMs))
    return gone
  } catch (error) {
    log.warn('partitions could not be changed', { kind, reason: messageOf(error) })
    return 0
  }
}

type Tell = (kind: Pruned, rows: number) => void

async function pruneRows(
  options: RetentionOptions,
  kind: PrunedKind,
  beforeMs: number,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock } = options
  const pace = createPace(clock)
  for (let isDone = false; !isDone && !signal.aborted; await rest(options, signal)) {
    const { rows } = pace
    const gone = await store.write(async transaction => {
      const count = await pace.timed(() => transaction.prune(kind, beforeMs, rows))
      if (count > 0 && askedOf.has(kind)) await transaction.notePruned(kind, beforeMs)
      return count
    })
    tell(kind, gone)
    isDone = gone < rows
  }
}

async function pruneBodies(options: RetentionOptions, upTo: number, tell: Tell, signal: AbortSignal): Promise<void> {
  const { store, clock } = options
  const pace = createPace(clock)
  for (let after = 0; after < upTo && !signal.aborted; ) {
    const next = Math.min(after + pace.rows, upTo)
    const from = after
    tell('bodies', await store.write(transaction => pace.timed(() => transaction.pruneBodies(from, next))))
    after = next
    await rest(options, signal)
  }
}

async function pruneDetails(options: RetentionOptions, tell: Tell, signal: AbortSignal): Promise<void> {
  const { store, clock } = options
  const usedBefore = Math.floor(clock.now() / dayMs) - detailDays
  const unused = await store.upkeep.unusedDetails(usedBefore)
  const pace = createPace(clock)
  for (let from = 0; from < unused.length && !signal.aborted; ) {
    const numbers = unused.slice(from, from + pace.rows)
    tell('details', await store.write(transaction => pace.timed(() => transaction.pruneDetails(numbers, usedBefore))))
    from += numbers.length
    await rest(options, signal)
  }
}

/** Between two transactions: hosts write, and the database puts what was written in order. */
async function rest({ store, clock }: RetentionOptions, signal: AbortSignal): Promise<void> {
  await store.upkeep.rest()
  await clock.sleep(pauseMs, signal)
}
