// Whether a collector does its work, told as it is: what keeps it from it, in words.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import type { Store } from '../store/store.ts'

export interface ReadinessOptions {
  readonly store: Pick<Store, 'read' | 'ping'>
  /** whether agents can open streams */
  readonly isIngesting: () => boolean
  readonly clock: Clock
  readonly log: Log
}

/** A write that waits so long waits for a disk that is gone. */
const pingMs = 15_000
/** Time turned results so long ago, and nobody has judged them again. */
const behindMs = 15 * 60_000

/** @returns empty when nothing keeps it from its work. A store that is open has had its migrations. */
export function createReadiness(options: ReadinessOptions): () => Promise<readonly string[]> {
  const { store, isIngesting, clock, log } = options
  let told = ''
  const tell = (problems: readonly string[]): readonly string[] => {
    const text = problems.join('; ')
    if (text !== told && text !== '') log.warn('not ready', { reason: text })
    told = text
    return problems
  }
  return async () => {
    if (!isIngesting()) return tell(['the collector stops: agents cannot connect'])
    const written = await canWrite(store, clock)
    const judged = await judgesInTime(store, clock)
    return tell([written, judged].filter(reason => reason !== ''))
  }
}

async function judgesInTime({ read }: Pick<Store, 'read'>, clock: Clock): Promise<string> {
  try {
    const next = (await read.nextJudgementMs()) ?? Number.POSITIVE_INFINITY
    const lateMs = clock.now() - next
    return lateMs > behindMs ? `judging is ${Math.floor(lateMs / 60_000)} minutes behind` : ''
  } catch (error) {
    return `the database cannot be read: ${messageOf(error)}`
  }
}

async function canWrite(store: Pick<Store, 'ping'>, clock: Clock): Promise<string> {
  const done = new AbortController()
  const late = clock.sleep(pingMs, done.signal).then(() => `the database has not answered for ${pingMs / 1000} s`)
  const pinged = store.ping().then(
    () => '',
    error => `the database cannot be written: ${messageOf(error)}`,
  )
  const outcome = await Promise.race([pinged, late])
  done.abort()
  return outcome
}
