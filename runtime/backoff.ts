// How long is waited after failures: twice as long after each, up to a bound.

export interface Backoff {
  readonly firstMs: number
  readonly mostMs: number
}

/** Without the jitter, which is up to who waits. @param failures one after another, from 1 */
export function backoffMs({ firstMs, mostMs }: Backoff, failures: number): number {
  return Math.min(mostMs, firstMs * 2 ** (failures - 1))
}
