// Work that ends when its time is over.
import type { Clock } from '../../runtime/clock.ts'
import { SendError } from './send-error.ts'

/**
 * @param work is given a signal that aborts when the time is over or the given one aborts; it is left behind then
 * @throws SendError when it takes longer, and what the work throws
 */
export async function withDeadline<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const done = new AbortController()
  const either = AbortSignal.any([signal, late.signal])
  void clock.sleep(ms, done.signal).then(() => late.abort())
  const ended = new Promise<never>((_, reject) => {
    const fail = () => reject(new SendError(signal.aborted ? 'the collector stops' : `no answer within ${ms} ms`))
    if (either.aborted) fail()
    else either.addEventListener('abort', fail, { once: true })
  })
  ended.catch(() => undefined)
  try {
    return await Promise.race([work(either), ended])
  } finally {
    done.abort()
  }
}
