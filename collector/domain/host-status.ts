// When a host is new, and when it is missing.
import type { HostCounts } from '../store/history.ts'
import { dayMs } from '../store/history-units.ts'
import type { StoreReader } from '../store/store.ts'

/** A host that was not heard for so long is missing. */
export const missingMs = 7 * dayMs
/** A host that was seen first since then is new. */
export const newMs = dayMs

/** @param connected store numbers of the hosts that are connected now */
export function countHosts(
  read: Pick<StoreReader, 'hostCounts'>,
  connected: ReadonlySet<number>,
  nowMs: number,
): Promise<HostCounts> {
  return read.hostCounts(connected, { newMs: nowMs - newMs, missingMs: nowMs - missingMs })
}
