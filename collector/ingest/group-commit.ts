// Many hosts' writes in one transaction: what is submitted resolves when it is on disk, and not before.

import type { Clock } from '../../runtime/clock.ts'
import type { TurnBudget } from '../../runtime/turn-budget.ts'
import type { FlapRules } from '../domain/flapping.ts'
import type { HostUnit } from '../domain/host-unit.ts'
import { createWriteBatch, noHost } from '../domain/host-writer.ts'
import type { Store } from '../store/store.ts'
import { StoreUnavailable } from '../store/unavailable.ts'

export interface GroupCommit {
  /**
   * Runs the work in the next transaction; work of one host runs in the order it was submitted. When it rejects, what
   * was submitted for that host in the same transaction after it is rejected, too, and never applied.
   */
  submit<T>(host: number, work: Work<T>): Promise<T>
  /** pieces of work that wait */
  readonly waiting: number
  /** resolves when nothing waits */
  drained(): Promise<void>
}

type Work<T> = (unit: HostUnit) => Promise<T>

export interface GroupCommitOptions {
  readonly store: Store
  /** whether observations of a facet can change a result */
  readonly readsObservations: (facet: string) => boolean
  readonly clock: Clock
  /** from when on something flaps; nothing ever does when it is left out */
  readonly flapping?: FlapRules
  /** how long the first piece of work may wait for others */
  readonly delayMs: number
  /** pieces of work in one transaction */
  readonly maxBatch: number
  /** a transaction takes no more work after this time, so that the process answers others between two of them */
  readonly budgetMs: number
  /** told when a transaction begins */
  readonly turns?: Pick<TurnBudget, 'begin'>
  /** told before those who submitted: `toJudge` are the hosts that what was written wants judged */
  readonly onCommit: (commit: Commit) => void
}

export interface Commit {
  readonly items: number
  readonly ms: number
  readonly toJudge: ReadonlySet<number>
}

interface Item {
  readonly host: number
  readonly work: Work<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
}

interface Done {
  readonly item: Item
  readonly value: unknown
}

export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { clock } = options
  const queue = new Map<number, Item[]>()
  const idle: (() => void)[] = []
  let waiting = 0
  let busy = false

  function submit<T>(host: number, work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const item: Item = { host, work, resolve: value => resolve(value as T), reject }
      const ofHost = queue.get(host)
      if (ofHost) ofHost.push(item)
      else queue.set(host, [item])
      waiting++
      if (busy) return
      busy = true
      setTimeout(flush, options.delayMs)
    })
  }

  async function flush(): Promise<void> {
    options.turns?.begin()
    const started = clock.monotonic()
    const taken: Item[] = []
    const room = () => taken.length < options.maxBatch && clock.monotonic() - started < options.budgetMs
    const tell = (toJudge: ReadonlySet<number>) =>
      options.onCommit({ items: taken.length, ms: clock.monotonic() - started, toJudge })
    try {
      const { done, toJudge } = await commit(options, () => (room() ? takeHost(queue, taken) : undefined))
      tell(toJudge)
      settle(done)
    } catch (error) {
      // A transaction that could not even begin has taken nothing.
      if (taken.length === 0) while (taken.length < options.maxBatch && takeHost(queue, taken));
      tell(await separately(options, taken, error))
    }
    waiting -= taken.length
    if (waiting > 0) setImmediate(flush)
    else {
      busy = false
      for (const resolve of idle.splice(0)) resolve()
    }
  }

  return {
    submit,
    get waiting() {
      return waiting
    },
    drained: () => (busy ? new Promise(resolve => idle.push(resolve)) : Promise.resolve()),
  }
}

/** Moves what waits longest, with everything else of the same host. */
function takeHost(queue: Map<number, Item[]>, taken: Item[]): readonly Item[] | undefined {
  for (const [host, items] of queue) {
    queue.delete(host)
    taken.push(...items)
    return items
  }
  return undefined
}

/** Hosts whose statements share the way to a server; each still has its own in order. */
const hostsAtOnce = 32

interface Committed {
  readonly done: readonly Done[]
  readonly toJudge: ReadonlySet<number>
}

/** One transaction over groups of one host each. */
function commit(
  { store, readsObservations, clock, flapping }: GroupCommitOptions,
  next: () => readonly Item[] | undefined,
): Promise<Committed> {
  // A store may run it again: from what was taken before, and on.
  const taken: (readonly Item[])[] = []
  const take = () => {
    const items = next()
    if (items) taken.push(items)
    return items
  }
  return store.write(async transaction => {
    const batch = createWriteBatch(transaction, readsObservations, clock.now(), flapping)
    const done: Done[] = []
    const again = taken.values()
    const running = new Map<number, Promise<void>>()
    const nextItems = () => again.next().value ?? take()
    async function runHosts(): Promise<void> {
      for (let items = nextItems(); items; items = nextItems()) {
        const [first] = items
        if (!first) continue
        // What was submitted for a host meanwhile follows what is under way.
        const ran = runHost(first.host, items, running.get(first.host))
        running.set(first.host, ran)
        await ran
      }
    }
    async function runHost(host: number, items: readonly Item[], before: Promise<void> | undefined): Promise<void> {
      await before
      const unit = await batch.begin(host)
      for (const item of items) done.push({ item, value: await item.work(unit) })
      await batch.finish(unit)
    }
    await allDone(Array.from({ length: store.isShared ? hostsAtOnce : 1 }, runHosts))
    return { done, toJudge: batch.toJudge }
  })
}

/** Rejects when all have ended: nothing of them goes on in a transaction that is over. */
async function allDone(work: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(work)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

/**
 * After a failure each piece of work gets a transaction of its own, so that it fails alone.
 * @returns hosts that have to be judged
 */
async function separately(
  options: GroupCommitOptions,
  items: readonly Item[],
  cause: unknown,
): Promise<ReadonlySet<number>> {
  const [only, ...others] = items
  const toJudge = new Set<number>()
  if (cause instanceof StoreUnavailable || (only && others.length === 0)) {
    for (const item of items) item.reject(cause)
    return toJudge
  }
  const failed = new Map<number, unknown>()
  for (const item of items) {
    if (failed.has(item.host)) {
      item.reject(failed.get(item.host))
      continue
    }
    const groups = [[item]]
    try {
      const committed = await commit(options, () => groups.shift())
      for (const host of committed.toJudge) toJudge.add(host)
      settle(committed.done)
    } catch (error) {
      if (item.host !== noHost) failed.set(item.host, error)
      item.reject(error)
    }
  }
  return toJudge
}

function settle(done: readonly Done[]): void {
  for (const { item, value } of done) item.resolve(value)
}
