// Drift as server-sent events: what is in the store after an id, and then what every commit adds.
import { createBell } from '../bell.ts'
import type { DriftRecord } from '../store/records.ts'
import type { RequestContext } from './request-context.ts'

type Source = Pick<RequestContext, 'read' | 'onCommit' | 'signal' | 'clock' | 'isStillGood'>

const atOnce = 100
/** A bell of its own for each stream: who listens is one. */
const reader = 'reader'
/** Commits come many a second: between two looks there is this time. */
const pauseMs = 100
/** A comment, so that proxies keep the connection and a reader that is gone is noticed. */
const keepAliveMs = 15_000
const openedText = 'retry: 2000\n\n'
const keepAliveText = ': alive\n\n'

/** Ends when the reader is gone, or when who asked may not see it any more: it is to connect again and be told so. */
export async function* driftEvents(after: number, source: Source): AsyncGenerator<string> {
  const { read, signal, clock, isStillGood } = source
  const bell = createBell()
  const endCommits = source.onCommit(bell.ring)
  let last = after
  try {
    yield openedText
    while (!signal.aborted) {
      bell.reset(reader)
      const rows = await read.driftAfter(last, atOnce)
      if (rows.length > 0) yield rows.map(eventText).join('')
      last = rows.at(-1)?.id ?? last
      if (rows.length === atOnce) continue
      await clock.sleep(pauseMs, signal)
      if (!(await bell.rung(reader, clock, keepAliveMs, signal))) yield keepAliveText
      if (!(await isStillGood())) return
    }
  } finally {
    endCommits()
  }
}

/** JSON has no line breaks, so one line of data is all there is. */
function eventText(row: DriftRecord): string {
  return `id: ${row.id}\nevent: drift\ndata: ${JSON.stringify(row)}\n\n`
}
