// Drift as server-sent events: what is in the store after an id, and then what every commit adds.
import type { DriftRecord } from '../store/records.ts'
import type { RequestContext } from './request-context.ts'

type Source = Pick<RequestContext, 'read' | 'onCommit' | 'signal' | 'clock' | 'isStillGood'>

const atOnce = 100
/** Commits come many a second: between two looks there is this time. */
const pauseMs = 100
/** A comment, so that proxies keep the connection and a reader that is gone is noticed. */
const keepAliveMs = 15_000
const openedText = 'retry: 2000\n\n'
const keepAliveText = ': alive\n\n'

/** Ends when the reader is gone, or when who asked may not see it any more: it is to connect again and be told so. */
export async function* driftEvents(after: number, source: Source): AsyncGenerator<string> {
  const { read, signal, clock, isStillGood } = source
  const commits = createBell(source.onCommit)
  let last = after
  try {
    yield openedText
    while (!signal.aborted) {
      commits.reset()
      const rows = await read.driftAfter(last, atOnce)
      if (rows.length > 0) yield rows.map(eventText).join('')
      last = rows.at(-1)?.id ?? last
      if (rows.length === atOnce) continue
      await clock.sleep(pauseMs, signal)
      if (!(await commits.rung(keepAliveMs, signal))) yield keepAliveText
      if (!(await isStillGood())) return
    }
  } finally {
    commits.close()
  }
}

/** JSON has no line breaks, so one line of data is all there is. */
function eventText(row: DriftRecord): string {
  return `id: ${row.id}\nevent: drift\ndata: ${JSON.stringify(row)}\n\n`
}

/** Remembers that a commit happened until somebody asks. */
function createBell(onCommit: Source['onCommit']) {
  let isRung = false
  let wake: (() => void) | undefined
  const end = onCommit(() => {
    isRung = true
    wake?.()
  })
  return {
    reset() {
      isRung = false
    },
    /** whether a commit happened within the time */
    rung(ms: number, signal: AbortSignal): Promise<boolean> {
      if (isRung || signal.aborted) return Promise.resolve(isRung)
      return new Promise(resolve => {
        const timer = setTimeout(done, ms)
        function done() {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          wake = undefined
          resolve(isRung)
        }
        wake = done
        signal.addEventListener('abort', done, { once: true })
      })
    },
    close: end,
  }
}
