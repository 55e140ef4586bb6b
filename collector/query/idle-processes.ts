// Processes that nobody asks now: each ends after some time, all but one that is to stay.
import type { Clock } from '../../runtime/clock.ts'
import type { QueryProcess } from './query-process.ts'

export interface IdleProcess {
  readonly process: QueryProcess
  /** rejects when it never was */
  readonly ready: Promise<unknown>
}

export interface IdleProcesses {
  readonly size: number
  add(idle: IdleProcess): void
  /** The one that rested least, so that the others are left to end. */
  take(): IdleProcess | undefined
  /** whether the last one stays, however long nobody asks it */
  keepOne(isWanted: boolean): void
  /** ends it, if it is still here */
  end(process: QueryProcess): void
  close(): void
}

/** @param idleMs how long each stays */
export function createIdleProcesses(idleMs: number, clock: Pick<Clock, 'sleep'>): IdleProcesses {
  /** Each with what calls off its end. */
  const resting = new Map<QueryProcess, IdleProcess & { readonly awake: AbortController }>()
  let isOneWanted = false

  function add(idle: IdleProcess): void {
    const awake = new AbortController()
    resting.set(idle.process, { ...idle, awake })
    void clock.sleep(idleMs, awake.signal).then(() => {
      if (awake.signal.aborted) return
      if (isOneWanted && resting.size === 1) add(idle)
      else end(idle.process)
    })
  }

  function end(process: QueryProcess): void {
    resting.get(process)?.awake.abort()
    if (resting.delete(process)) process.end()
  }

  return {
    get size() {
      return resting.size
    },
    add,
    take() {
      const last = [...resting.values()].at(-1)
      if (!last) return undefined
      resting.delete(last.process)
      last.awake.abort()
      return last
    },
    keepOne(isWanted) {
      isOneWanted = isWanted
    },
    end,
    close() {
      isOneWanted = false
      for (const process of [...resting.keys()]) end(process)
    },
  }
}
