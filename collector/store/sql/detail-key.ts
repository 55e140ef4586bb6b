// A detail of a result is found by a digest of its text: 120 bits in 20 characters.
import { createHash } from 'node:crypto'

export function detailKey(detail: string): string {
  return createHash('sha256').update(detail).digest().subarray(0, 15).toString('base64')
}
