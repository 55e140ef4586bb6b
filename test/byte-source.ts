// Gives parsers of long files the bytes of a short one.
import type { ByteSource } from '../agent/parse/byte-source.ts'

function pieceInto(piece: Uint8Array, into: Uint8Array | undefined): Uint8Array {
  if (!into) return piece
  into.set(piece)
  return into.subarray(0, piece.length)
}

export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    sizeBytes: bytes.length,
    read: (offset, length, into) => pieceInto(bytes.subarray(offset, offset + length), into),
  }
}
