// Splits what comes in pieces into lines, none of which may be longer than a limit.
import { BodyTooLarge } from '../../../runtime/read-body.ts'

const newline = 0x0a

/**
 * @returns lines in UTF-8 without their ends; what follows the last end was cut off and is left out, as are empty lines
 * @throws BodyTooLarge as soon as a line is longer; what the source throws when it breaks
 */
export async function* readLines(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let pieces: Uint8Array[] = []
  let size = 0
  const add = (piece: Uint8Array) => {
    size += piece.length
    if (size > maxBytes) throw new BodyTooLarge(maxBytes)
    if (piece.length > 0) pieces.push(piece)
  }
  for await (const chunk of source) {
    let from = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      add(chunk.subarray(from, end))
      if (size > 0) yield Buffer.concat(pieces).toString('utf8')
      pieces = []
      size = 0
      from = end + 1
    }
    add(chunk.subarray(from))
  }
}
