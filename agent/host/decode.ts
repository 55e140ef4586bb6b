// Host bytes as text and back without loss: a byte that is not UTF-8 becomes the lone surrogate U+DC00 + byte.
import { isUtf8 } from 'node:buffer'

const firstEscape = 0xdc80
const lastEscape = 0xdcff

/**
 * Decodes host bytes. Valid UTF-8 stays as it is (NUL and byte order mark too); every other byte becomes one of
 * U+DC80…U+DCFF, the scheme that Python calls surrogateescape. UTF-8 forms of surrogates are invalid bytes too.
 */
export function decodeHostBytes(bytes: Uint8Array): string {
  const buffer = asBuffer(bytes)
  return isUtf8(buffer) ? buffer.toString('utf8') : decodeWithEscapes(buffer)
}

/** The bytes that `decodeHostBytes` made this text of. A surrogate that stands for no byte becomes `?`. */
export function encodeHostText(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8')
  const parts: Buffer[] = []
  let plain = ''
  for (const char of text) {
    const code = char.charCodeAt(0)
    if (char.length !== 1 || code < 0xd800 || code > 0xdfff) {
      plain += char
      continue
    }
    parts.push(Buffer.from(plain, 'utf8'))
    parts.push(Buffer.of(code >= firstEscape && code <= lastEscape ? code - 0xdc00 : 0x3f))
    plain = ''
  }
  return Buffer.concat([...parts, Buffer.from(plain, 'utf8')])
}

/** A path as Node's fs wants it: text where it can be, bytes where it must be. */
export function fsPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : encodeHostText(path)
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function decodeWithEscapes(buffer: Buffer): string {
  const parts: string[] = []
  let start = 0
  let at = 0
  while (at < buffer.length) {
    const length = sequenceLength(buffer, at)
    if (length > 0) {
      at += length
      continue
    }
    parts.push(buffer.toString('utf8', start, at), String.fromCharCode(0xdc00 + (buffer[at] ?? 0)))
    at += 1
    start = at
  }
  parts.push(buffer.toString('utf8', start))
  return parts.join('')
}

/** Length of the well-formed UTF-8 sequence at an offset (Unicode 15, table 3-7), or 0. */
function sequenceLength(buffer: Buffer, at: number): number {
  const lead = buffer[at] ?? 0
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  const second = buffer[at + 1] ?? 0
  if (second < low || second > high) return 0
  for (let next = 2; next < length; next += 1) {
    if (((buffer[at + next] ?? 0) & 0xc0) !== 0x80) return 0
  }
  return length
}
