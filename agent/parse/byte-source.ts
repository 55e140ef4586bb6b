// Reads numbers and pieces of a binary file that is too long to be held whole.

/** Pieces of a file; what is asked for past its end is cut short. */
export interface ByteSource {
  readonly sizeBytes: number
  /** @param into holds the piece instead of new memory, until the next one is read into it */
  read(offset: number, length: number, into?: Uint8Array): Uint8Array
}

/** The bytes do not have the form they should; the message says where and never holds content. */
export class MalformedBytes extends Error {}

/** Exactly that piece. @throws MalformedBytes where the file ends before */
export function pieceOf(source: ByteSource, offset: number, length: number, into?: Uint8Array): DataView {
  const bytes = source.read(offset, length, into)
  if (bytes.length !== length) throw new MalformedBytes(`ends within the piece at byte ${offset}`)
  return viewOf(bytes)
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A piece of a view, as bytes. @throws MalformedBytes where the view ends before */
export function slice(view: DataView, offset: number, length: number): Uint8Array {
  if (offset < 0 || length < 0 || offset + length > view.byteLength) throw new MalformedBytes('a length leads too far')
  return new Uint8Array(view.buffer, view.byteOffset + offset, length)
}

/** Counts down what may still be read, so that pieces that lie over each other cannot make reading endless. */
export function createAllowance(bytes: number): (length: number) => void {
  let left = bytes
  return length => {
    left -= length
    if (left < 0) throw new MalformedBytes('pieces lie over each other')
  }
}

/** Memory that is used again and again: what it holds is gone when it is asked for the next time. */
export function createScratch(): (length: number) => Uint8Array {
  let memory = new Uint8Array(0)
  return length => {
    if (memory.length < length) memory = new Uint8Array(2 ** Math.ceil(Math.log2(length)))
    return memory.subarray(0, length)
  }
}

/** No header of rpm is longer, and no database that rpm wrote holds one that is. */
export const maxBlobBytes = 64 * 1024 * 1024
