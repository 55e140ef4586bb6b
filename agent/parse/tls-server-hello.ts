// Parses how a TLS server answers the first message of a client: version, cipher suite, whose certificates it accepts.

export type ServerHello =
  /** more bytes are needed */
  | { readonly state: 'incomplete' }
  /** the server refused; RFC 8446 section 6 numbers the reasons */
  | { readonly state: 'refused'; readonly alert: number }
  | {
      readonly state: 'accepted'
      /** such as 0x0303 for TLS 1.2 */
      readonly version: number
      readonly cipherSuite: number
      /** authorities whose client certificates are asked for; -1 when none are asked for, or encrypted (TLS 1.3) */
      readonly clientAuthorities: number
    }
  | { readonly state: 'malformed' }

export const tls13 = 0x0304
/** No server sends more before it waits for the client: certificates of some KiB each, names of authorities. */
export const maxServerBytes = 256 * 1024

const alertRecord = 21
const handshakeRecord = 22
const serverHello = 2
const certificateRequest = 13
const serverHelloDone = 14
const supportedVersions = 43

/** RFC 5246 section 7.4 and RFC 8446 section 4: records up to the end of the server's first turn. */
export function parseServerHello(bytes: Uint8Array): ServerHello {
  if (bytes.length > maxServerBytes) return { state: 'malformed' }
  const { handshake, alert, broken } = readRecords(bytes)
  let hello: { readonly version: number; readonly cipherSuite: number } | undefined
  let clientAuthorities = -1
  let at = 0
  while (at + 4 <= handshake.length) {
    const length = uint24(handshake, at + 1)
    if (at + 4 + length > handshake.length) break
    const kind = handshake[at]
    const body = handshake.subarray(at + 4, at + 4 + length)
    if (kind === serverHello) hello = readHello(body)
    if (hello === undefined) return { state: 'malformed' }
    if (kind === certificateRequest) clientAuthorities = countAuthorities(body, hello.version)
    if (kind === serverHelloDone || hello.version >= tls13) return { state: 'accepted', ...hello, clientAuthorities }
    at += 4 + length
  }
  if (alert !== undefined) return { state: 'refused', alert }
  return broken ? { state: 'malformed' } : { state: 'incomplete' }
}

interface Records {
  /** handshake messages, without the records that they came in */
  readonly handshake: Uint8Array
  readonly alert: number | undefined
  /** what follows is no record of TLS */
  readonly broken: boolean
}

function readRecords(bytes: Uint8Array): Records {
  const parts: Uint8Array[] = []
  let alert: number | undefined
  let at = 0
  let broken = false
  while (at + 5 <= bytes.length && alert === undefined) {
    const kind = bytes[at]
    const length = uint16(bytes, at + 3)
    broken = bytes[at + 1] !== 3 || (kind !== alertRecord && kind !== handshakeRecord) || length > 0x4800
    if (broken || at + 5 + length > bytes.length) break
    const body = bytes.subarray(at + 5, at + 5 + length)
    if (kind === alertRecord) alert = body[1] ?? 0
    else parts.push(body)
    at += 5 + length
  }
  return { handshake: Buffer.concat(parts), alert, broken }
}

function readHello(body: Uint8Array): { readonly version: number; readonly cipherSuite: number } | undefined {
  const sessionLength = body[34] ?? 0
  const at = 35 + sessionLength
  if (at + 3 > body.length) return undefined
  let version = uint16(body, 0)
  let extension = at + 5
  while (extension + 4 <= body.length) {
    const length = uint16(body, extension + 2)
    if (uint16(body, extension) === supportedVersions && length === 2 && extension + 6 <= body.length) {
      version = uint16(body, extension + 4)
    }
    extension += 4 + length
  }
  return { version, cipherSuite: uint16(body, at) }
}

/** Before TLS 1.2 there is no list of signature algorithms in front of the names. */
function countAuthorities(body: Uint8Array, version: number): number {
  let at = 1 + (body[0] ?? 0)
  if (version >= 0x0303) at += 2 + uint16(body, at)
  const end = Math.min(body.length, at + 2 + uint16(body, at))
  at += 2
  let count = 0
  while (at + 2 <= end) {
    at += 2 + uint16(body, at)
    count += 1
  }
  return count
}

const uint16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
const uint24 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 16) | uint16(bytes, at + 1)
