// Takes away what only collectors of earlier versions used, once the last of them is gone.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import type { Upkeep } from '../store/retention.ts'

export interface ContractingOptions {
  readonly store: { readonly upkeep: Pick<Upkeep, 'contract'> }
  readonly clock: Clock
  readonly log: Log
  readonly everyMs?: number
}

const defaultEveryMs = 10_000

/** Runs until nothing waits any more, or the signal aborts; of several collectors one does it. Never rejects. */
export async function keepContracting(
  { store, clock, log, everyMs = defaultEveryMs }: ContractingOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if (!(await store.upkeep.contract(text => log.info(text)))) return
    } catch (error) {
      log.error('what only earlier versions used could not be taken away', { reason: messageOf(error) })
    }
    await clock.sleep(everyMs, signal)
  }
}
