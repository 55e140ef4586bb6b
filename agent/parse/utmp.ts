// Parses /run/utmp (utmp(5)) of glibc: who is logged in.
import { decodeHostBytes } from '../host/decode.ts'

export interface UtmpSession {
  readonly user: string
  readonly pid: number
  readonly line: string
  /** remote host, empty when local */
  readonly from: string
  /** seconds after the epoch */
  readonly since: number
}

export interface UtmpFile {
  readonly sessions: readonly UtmpSession[]
  /** false when the size fits no record length that glibc has, or a record has a type that does not exist */
  readonly wellFormed: boolean
}

interface UtmpLayout {
  readonly recordBytes: number
  readonly seconds: number
}

/**
 * 384 bytes where a 64-bit glibc shares its file with 32-bit programs (x86_64, also every 32-bit architecture), 400 where
 * it does not (aarch64, riscv64): there ut_session and ut_tv are 64 bits wide.
 */
const layouts: readonly UtmpLayout[] = [
  { recordBytes: 384, seconds: 340 },
  { recordBytes: 400, seconds: 344 },
]
const userProcess = 7
/** ACCOUNTING, the last of utmp.h */
const lastType = 9

export function parseUtmp(bytes: Uint8Array): UtmpFile {
  const layout = layouts.find(candidate => fits(bytes, candidate))
  if (!layout) return { sessions: [], wellFormed: false }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const sessions: UtmpSession[] = []
  for (let at = 0; at < bytes.length; at += layout.recordBytes) {
    if (view.getInt16(at, true) !== userProcess) continue
    const user = fixedText(bytes, at + 44, 32)
    if (user === '') continue
    sessions.push({
      user,
      pid: view.getInt32(at + 4, true),
      line: fixedText(bytes, at + 8, 32),
      from: fixedText(bytes, at + 76, 256),
      since: view.getUint32(at + layout.seconds, true),
    })
  }
  return { sessions, wellFormed: true }
}

function fits(bytes: Uint8Array, { recordBytes }: UtmpLayout): boolean {
  if (bytes.length % recordBytes !== 0) return false
  for (let at = 0; at < bytes.length; at += recordBytes) {
    if ((bytes[at] ?? 0) > lastType || bytes[at + 1] !== 0) return false
  }
  return true
}

/** Text of a fixed field: up to its first NUL, or all of it when it is full. */
export function fixedText(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return decodeHostBytes(end < 0 ? field : field.subarray(0, end))
}
