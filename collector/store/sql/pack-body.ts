// How the text of a body lies in its row: as it is when it is short, else as raw deflate.
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** One of the two is empty. */
export interface PackedBody {
  readonly body: string
  readonly packed: Uint8Array
}

/** Characters below which compression costs more than it saves. */
const plainCharacters = 256
/** A facet is 8 MiB at most, in UTF-8 up to three times its characters. */
const maxBytes = 32 * 1024 * 1024
/** Small tables: setting up those of the defaults takes longer than to compress a usual body. */
const deflate = { level: 3, memLevel: 6, windowBits: 13, chunkSize: 4_096 } as const
const nothing = new Uint8Array(0)

export function packBody(text: string): PackedBody {
  if (text.length < plainCharacters) return { body: text, packed: nothing }
  return { body: '', packed: deflateRawSync(text, deflate) }
}

/** @throws Error for bytes that `packBody` did not make */
export function unpackBody({ body, packed }: PackedBody): string {
  return packed.length === 0 ? body : inflateRawSync(packed, { maxOutputLength: maxBytes }).toString('utf8')
}
