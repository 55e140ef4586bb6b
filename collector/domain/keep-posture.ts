// Notes every few minutes how the fleet stands, for trends: one collector at a time.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { keepSingleton } from '../store/singleton.ts'
import type { Store } from '../store/store.ts'
import { countHosts } from './host-status.ts'

export interface PostureOptions {
  readonly store: Store
  /** store numbers of the hosts that are connected now, to any collector */
  readonly connected: () => ReadonlySet<number>
  readonly clock: Clock
  readonly log: Log
}

/** Of an hour the last note stays. Hosts have so long to come back after a start. */
const everyMs = 300_000

/** Runs until the signal aborts. Never rejects. */
export function keepPosture(options: PostureOptions, signal: AbortSignal): Promise<void> {
  const { store, clock, log } = options
  const onError = (error: unknown) => log.error('how the fleet stands could not be noted', { reason: messageOf(error) })
  const work = async (ended: AbortSignal) => {
    for (await clock.sleep(everyMs, ended); !ended.aborted; await clock.sleep(everyMs, ended)) {
      await notePosture(options).catch(onError)
    }
  }
  return keepSingleton({ store, name: 'trends', clock, onError }, work, signal)
}

export async function notePosture({ store, connected, clock }: Omit<PostureOptions, 'log'>): Promise<void> {
  const takenAtMs = clock.now()
  const hosts = await countHosts(store.read, connected(), takenAtMs)
  const { results } = await store.read.fleet()
  const checks = await store.read.checks()
  await store.write(transaction => transaction.putPosture({ takenAtMs, results, hosts }, checks))
}
