// Keeps the store within what is to be kept: in small steps between the transactions of hosts, one collector at a time.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { type PrunedKind, prunedKinds, type TimePartitions } from '../store/retention.ts'
import { asSingleton } from '../store/singleton.ts'
import type { Store } from '../store/store.ts'

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

const defaultEveryMs = 3_600_000
/** Rows, or numbers of bodies, that one transaction looks after: a few milliseconds on SQLite. */
const rowsAtOnce = 200
/** Hosts write in between. */
const pauseMs = 20
const dayMs = 86_400_000
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
    await partitions?.makeAhead(startedMs, rules[kind])
    if (rules[kind] === 0) continue
    if (partitions) tell(kind, await dropPast(options, partitions, kind, startedMs - rules[kind]))
    const beforeMs = startedMs - Math.ceil(rules[kind] * (1 + (partitions?.longerBy ?? 0)))
    for (let rows = rowsAtOnce; rows === rowsAtOnce && !signal.aborted; await clock.sleep(pauseMs, signal)) {
      rows = await store.write(async transaction => {
        const gone = await transaction.prune(kind, beforeMs, rowsAtOnce)
        if (gone > 0 && askedOf.has(kind)) await transaction.notePruned(kind, beforeMs)
        return gone
      })
      tell(kind, rows)
    }
  }
  for (let after = 0; after < bodiesUpTo && !signal.aborted; after += rowsAtOnce) {
    const upTo = Math.min(after + rowsAtOnce, bodiesUpTo)
    tell('bodies', await store.write(transaction => transaction.pruneBodies(after, upTo)))
    await clock.sleep(pauseMs, signal)
  }
  await pruneDetails(options, tell, signal)
  while (!signal.aborted && (await store.upkeep.tidy())) await clock.sleep(pauseMs, signal)
  if (Object.keys(pruned).length > 0) log.info('taken away what was past its time', pruned)
}

/** Rows whose partition is not past its time as a whole stay with it, for a part of their time at most. */
async function dropPast(
  { store }: RetentionOptions,
  partitions: TimePartitions,
  kind: PrunedKind,
  beforeMs: number,
): Promise<number> {
  const gone = await partitions.dropPast(beforeMs)
  if (gone > 0 && askedOf.has(kind)) await store.write(transaction => transaction.notePruned(kind, beforeMs))
  return gone
}

async function pruneDetails(
  { store, clock }: RetentionOptions,
  tell: (kind: Pruned, rows: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const usedBefore = Math.floor(clock.now() / dayMs) - detailDays
  const unused = await store.upkeep.unusedDetails(usedBefore)
  for (let from = 0; from < unused.length && !signal.aborted; from += rowsAtOnce) {
    const numbers = unused.slice(from, from + rowsAtOnce)
    tell('details', await store.write(transaction => transaction.pruneDetails(numbers, usedBefore)))
    await clock.sleep(pauseMs, signal)
  }
}
