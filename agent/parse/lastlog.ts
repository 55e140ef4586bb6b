// Parses /var/log/lastlog (lastlog(8)): one record per uid, in a file that is mostly holes.
import { fixedText } from './utmp.ts'

export interface LastLogin {
  readonly uid: number
  /** seconds after the epoch */
  readonly at: number
  readonly line: string
  /** remote host, empty when local */
  readonly from: string
}

export interface LastlogFile {
  readonly logins: readonly LastLogin[]
  /** false when the size fits no record length that glibc has */
  readonly wellFormed: boolean
}

/** 292 bytes with a 32-bit time, 296 where glibc has a 64-bit one (aarch64, riscv64); line is 32 and host 256 long. */
const recordLengths = [292, 296] as const
const lineBytes = 32
const hostBytes = 256
/** 2100-01-01: no login was later, so a larger number is no time. */
const latest = 4_102_444_800

/**
 * Only the uids asked for are looked at: the rest of the file is holes, or belongs to users that are gone. Where the size
 * fits both record lengths, the one that yields more logins is right: the other mostly hits the padding of host names.
 */
export function parseLastlog(bytes: Uint8Array, uids: Iterable<number>): LastlogFile {
  const wanted = [...new Set(uids)]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const readings = recordLengths
    .filter(length => bytes.length % length === 0)
    .map(length => wanted.flatMap(uid => readRecord(bytes, view, length, uid)))
  if (readings.length === 0) return { logins: [], wellFormed: false }
  const plausible = readings.filter(records => records.every(isPlausible))
  const [logins] = plausible.sort((a, b) => b.length - a.length)
  return logins ? { logins, wellFormed: true } : { logins: [], wellFormed: false }
}

function readRecord(bytes: Uint8Array, view: DataView, length: number, uid: number): readonly LastLogin[] {
  const start = uid * length
  if (start + length > bytes.length) return []
  const timeBytes = length - lineBytes - hostBytes
  const at = view.getUint32(start, true)
  const high = timeBytes === 8 ? view.getUint32(start + 4, true) : 0
  if (at === 0 && high === 0) return []
  const line = fixedText(bytes, start + timeBytes, lineBytes)
  const from = fixedText(bytes, start + timeBytes + lineBytes, hostBytes)
  return [{ uid, at: high * 2 ** 32 + at, line, from }]
}

const isPlausible = ({ at, line, from }: LastLogin) => at < latest && !/[\x00-\x1f]/.test(line + from)
