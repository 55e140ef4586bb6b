// Gives parsers of long files the bytes of a short one.
import type { ByteSource } from '../agent/parse/byte-source.ts'

export function sourceOf(bytes: Uint8Array): ByteSource {
  return { sizeBytes: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) }
}
