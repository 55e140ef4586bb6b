// Processes that take one question after another: started when they are needed, ended when nobody needs them.
import type { Clock } from '../../runtime/clock.ts'
import { createIdleProcesses, type IdleProcess } from './idle-processes.ts'
import type { QueryMessage, QueryRequest } from './query-messages.ts'
import type { QueryProcess } from './query-process.ts'

export class TooManyQueries extends Error {
  override readonly name = 'TooManyQueries'
}

/** The question is wrong. */
export class QueryMistake extends Error {
  override readonly name = 'QueryMistake'
}

export class QueryFailed extends Error {
  override readonly name = 'QueryFailed'
}

export interface QueryLane {
  /**
   * What is said until the last message of an answer, which is among them.
   * @throws TooManyQueries and QueryMistake before anything is answered, QueryFailed for whatever ends it early
   */
  converse(request: QueryRequest, signal: AbortSignal): AsyncGenerator<QueryMessage>
  /** has one process at hand from now on, or none that nobody asks; may be said again and again */
  keepReady(isWanted: boolean): void
  close(): void
}

export interface LaneOptions {
  readonly start: () => QueryProcess
  /** told with every question */
  readonly location: unknown
  /** questions at once; each takes a processor */
  readonly maxAtOnce: number
  /** how long a process stays that nobody asks: each takes some 100 MB */
  readonly idleMs: number
  readonly clock: Pick<Clock, 'sleep'>
}

/** For a process to be ready, and for each page of hosts. */
const startMs = 20_000
const pageMs = 2_000

export function createQueryLane({ start, location, maxAtOnce, idleMs, clock }: LaneOptions): QueryLane {
  const idle = createIdleProcesses(idleMs, clock)
  const busy = new Set<QueryProcess>()
  /** It is not tried again and again to start what does not start. */
  let isBroken = false

  function begin(): IdleProcess {
    const process = start()
    return { process, ready: take(process, startMs) }
  }

  function startAhead(): void {
    const begun = begin()
    idle.add(begun)
    begun.ready.catch(() => {
      isBroken = true
      idle.end(begun.process)
    })
  }

  return {
    async *converse(request, signal) {
      if (busy.size >= maxAtOnce) throw new TooManyQueries(`${maxAtOnce} questions are asked already`)
      const { process, ready } = idle.take() ?? begin()
      busy.add(process)
      let isSound = false
      try {
        await ready
        isBroken = false
        process.ask({ ...request, location })
        while (!isSound && !signal.aborted) {
          const message = await take(process, pageMs)
          isSound = !('rows' in message || 'working' in message)
          if ('mistake' in message) throw new QueryMistake(message.mistake)
          if ('error' in message) throw new QueryFailed(message.error)
          yield message
        }
      } finally {
        // Whoever closes ends what is busy.
        if (busy.delete(process) && isSound) idle.add({ process, ready })
        else process.end()
      }
    },
    keepReady(wanted) {
      idle.keepOne(wanted)
      if (wanted && !isBroken && idle.size + busy.size === 0) startAhead()
    },
    close() {
      for (const process of busy) process.end()
      busy.clear()
      idle.close()
    },
  }
}

async function take(process: QueryProcess, timeoutMs: number): Promise<QueryMessage> {
  const answer = await process.next(timeoutMs)
  if (answer.state === 'answer') return answer.value as QueryMessage
  if (answer.state === 'late') throw new QueryFailed(`no answer within ${timeoutMs} ms: ask something simpler`)
  throw new QueryFailed(`what asks the fleet ended, most likely for want of memory (${answer.detail})`)
}
