// A host's own place within an interval: what a fleet does every so often, it does not do all at once.
import { createHash } from 'node:crypto'

/**
 * Milliseconds until the host's next turn, by the wall clock: the same turns after a restart of whatever part.
 * @param key what tells hosts apart
 * @returns more than 0, at most the interval
 */
export function untilTurn(key: string, intervalMs: number, nowMs: number): number {
  const place = createHash('sha256').update(key).digest().readUIntBE(0, 6) % intervalMs
  return intervalMs - modulo(nowMs - place, intervalMs)
}

const modulo = (value: number, by: number) => ((value % by) + by) % by
