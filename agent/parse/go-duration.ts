// Parses durations the way Go's time.ParseDuration does: `5m`, `1h30m`, `1.5s`, `-2us`, `0`.

const unitNanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  '\u00b5s': 1_000n,
  '\u03bcs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
}
const int64 = 1n << 63n
/** no duration of 64 bits needs more text than this */
const maxLength = 128

/** Nanoseconds, or undefined where Go reports an error: no unit, an unknown unit, no digits, or beyond 64 bits. */
export function parseGoDuration(text: string): bigint | undefined {
  if (text.length > maxLength) return undefined
  const negative = text.startsWith('-')
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text
  if (unsigned === '0') return 0n
  if (unsigned === '') return undefined
  const term = /(\d*)(?:(\.)(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/y
  let total = 0n
  while (term.lastIndex < unsigned.length) {
    const match = term.exec(unsigned)
    const nanoseconds = match ? termNanoseconds(match) : undefined
    if (nanoseconds === undefined) return undefined
    total += nanoseconds
    if (total > int64) return undefined
  }
  if (negative) return -total
  return total < int64 ? total : undefined
}

function termNanoseconds([, whole = '', , fraction = '', unit = '']: RegExpExecArray): bigint | undefined {
  const scale = unitNanoseconds[unit]
  if (scale === undefined || (whole === '' && fraction === '')) return undefined
  const part = fraction === '' ? 0n : (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length)
  return BigInt(whole === '' ? '0' : whole) * scale + part
}
