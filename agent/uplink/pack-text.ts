// Packs bodies for the wire: those that are long enough to gain by it.
import { zstdCompressSync } from 'node:zlib'
import type { Encoding } from '../../proto/generated/gabion/v1/Encoding.ts'

/** Shorter texts gain nothing. */
const leastBytes = 1_024

export interface PackedText {
  readonly bytes: Buffer
  readonly encoding: Encoding
}

/** As UTF-8, packed with zstd when that makes it smaller. */
export function packText(text: string): PackedText {
  const plain = { bytes: Buffer.from(text, 'utf8'), encoding: 'ENCODING_UNSPECIFIED' } as const
  if (plain.bytes.length <= leastBytes) return plain
  const bytes = zstdCompressSync(plain.bytes)
  return bytes.length < plain.bytes.length ? { bytes, encoding: 'ENCODING_ZSTD' } : plain
}
