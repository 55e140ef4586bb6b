// Asks the fleet in processes of their own: a question that does not end is ended, and disturbs nobody.
import type { ProgramAnswer } from '../../runtime/line-process.ts'
import type { FactRow, FactSummary } from './fact-rows.ts'
import type { QueryMessage, QueryRequest } from './query-messages.ts'

/** A process that is asked and answers in lines; see `LineProcess`. */
export interface QueryProcess {
  ask(value: unknown): void
  next(timeoutMs: number): Promise<ProgramAnswer>
  end(): void
}

export interface FleetQueries {
  /**
   * Rows as they are found, and last the summary.
   * @throws TooManyQueries and QueryMistake before anything is answered, QueryFailed for whatever ends it early
   */
  ask(request: QueryRequest, signal: AbortSignal): AsyncGenerator<readonly FactRow[] | FactSummary>
  close(): void
}

export class TooManyQueries extends Error {
  override readonly name = 'TooManyQueries'
}

/** The expression is wrong. */
export class QueryMistake extends Error {
  override readonly name = 'QueryMistake'
}

export class QueryFailed extends Error {
  override readonly name = 'QueryFailed'
}

/** Questions at once; each takes a processor. */
const maxAtOnce = 2
/** For a process to be ready, and for each page of hosts. */
const startMs = 20_000
const pageMs = 2_000

/** @param start a process, which is told `location` with every question */
export function createFleetQueries(start: () => QueryProcess, location: unknown): FleetQueries {
  const idle: QueryProcess[] = []
  const busy = new Set<QueryProcess>()

  async function* ask(request: QueryRequest, signal: AbortSignal): ReturnType<FleetQueries['ask']> {
    if (busy.size >= maxAtOnce) throw new TooManyQueries(`${maxAtOnce} questions are asked already`)
    const warm = idle.pop()
    const process = warm ?? start()
    busy.add(process)
    let isSound = false
    try {
      if (!warm) await take(process, startMs)
      process.ask({ ...request, location })
      for (;;) {
        const message = await take(process, pageMs)
        if ('mistake' in message) {
          isSound = true
          throw new QueryMistake(message.mistake)
        }
        if ('error' in message) {
          isSound = true
          throw new QueryFailed(message.error)
        }
        if ('rows' in message) yield message.rows
        if ('summary' in message) {
          isSound = true
          yield message.summary
          return
        }
        if (signal.aborted) return
      }
    } finally {
      busy.delete(process)
      if (isSound) idle.push(process)
      else process.end()
    }
  }

  return {
    ask,
    close() {
      for (const process of [...busy, ...idle.splice(0)]) process.end()
    },
  }
}

async function take(process: QueryProcess, timeoutMs: number): Promise<QueryMessage> {
  const answer = await process.next(timeoutMs)
  if (answer.state === 'answer') return answer.value as QueryMessage
  if (answer.state === 'late') throw new QueryFailed(`no answer within ${timeoutMs} ms: ask something simpler`)
  throw new QueryFailed(`what asks the fleet ended, most likely for want of memory (${answer.detail})`)
}
