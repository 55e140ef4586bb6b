// Unpacks what an agent packed, into no more bytes than it promised.
import { constants, zstdDecompressSync } from 'node:zlib'
import type { Encoding__Output } from '../../proto/generated/gabion/v1/Encoding.ts'
import { Refused } from './refusal.ts'

/** A frame may ask the decoder for a window of its own; 2^23 bytes is the largest body. */
const params = { [constants.ZSTD_d_windowLogMax]: 23 }

/**
 * Output is cut off at the promise while it is made, whatever the frame says of its size.
 * @param name facet, for the reason
 * @param mostBytes that were promised
 * @returns the bytes themselves when they are not packed. @throws Refused `too_large` or `malformed`
 */
export function unpackBytes(name: string, encoding: Encoding__Output, bytes: Buffer, mostBytes: number): Buffer {
  if (bytes.length > mostBytes) throw tooLarge(name)
  if (encoding === 'ENCODING_UNSPECIFIED') return bytes
  if (encoding !== 'ENCODING_ZSTD') throw new Refused('malformed', `${name}: packed in a way that nobody knows`)
  try {
    return zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, mostBytes), params })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(name)
    const refused = new Refused('malformed', `${name}: said to be packed with zstd and is not`)
    refused.cause = cause
    throw refused
  }
}

function tooLarge(name: string): Refused {
  return new Refused('too_large', `${name}: the body is larger than was offered`)
}
