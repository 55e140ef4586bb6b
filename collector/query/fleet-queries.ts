// Asks the fleet in processes of their own: a question that does not end is ended, and disturbs nobody.
import type { ProgramAnswer } from '../../runtime/line-process.ts'
import type { FactRow, FactSummary } from './fact-rows.ts'
import type { OutlierReport } from './outlier-report.ts'
import type { FactRequest, OutlierRequest, QueryMessage, QueryRequest } from './query-messages.ts'

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
  ask(request: FactRequest, signal: AbortSignal): AsyncGenerator<readonly FactRow[] | FactSummary>
  /** @throws TooManyQueries, QueryMistake, QueryFailed */
  outliers(request: OutlierRequest, signal: AbortSignal): Promise<OutlierReport>
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

  /** What is said until the last message of an answer, which is among them. */
  async function* converse(request: QueryRequest, signal: AbortSignal): AsyncGenerator<QueryMessage> {
    if (busy.size >= maxAtOnce) throw new TooManyQueries(`${maxAtOnce} questions are asked already`)
    const warm = idle.pop()
    const process = warm ?? start()
    busy.add(process)
    let isSound = false
    try {
      if (!warm) await take(process, startMs)
      process.ask({ ...request, location })
      while (!isSound && !signal.aborted) {
        const message = await take(process, pageMs)
        isSound = !('rows' in message || 'working' in message)
        if ('mistake' in message) throw new QueryMistake(message.mistake)
        if ('error' in message) throw new QueryFailed(message.error)
        yield message
      }
    } finally {
      busy.delete(process)
      if (isSound) idle.push(process)
      else process.end()
    }
  }

  return {
    async *ask(request, signal) {
      for await (const message of converse(request, signal)) {
        if ('rows' in message) yield message.rows
        else if ('summary' in message) yield message.summary
      }
    },
    async outliers(request, signal) {
      for await (const message of converse(request, signal)) if ('outliers' in message) return message.outliers
      throw new QueryFailed('nobody waits for the answer any more')
    },
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
