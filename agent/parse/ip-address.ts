// Text forms and reach of IP addresses given as bytes.

export type AddressScope = 'loopback' | 'link' | 'any' | 'specific'

/** Dotted decimal for 4 bytes, RFC 5952 for 16: lower case, longest run of zero groups shortened, v4-mapped mixed. */
export function addressText(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join('.')
  if (isV4Mapped(bytes)) return `::ffff:${bytes.slice(12).join('.')}`
  const groups: number[] = []
  for (let at = 0; at < 16; at += 2) groups.push((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0))
  const { start, length } = longestZeroRun(groups)
  if (length < 2) return hexGroups(groups)
  return `${hexGroups(groups.slice(0, start))}::${hexGroups(groups.slice(start + length))}`
}

/** From where an address that is bound can be reached. A v4-mapped address reaches what its IPv4 address reaches. */
export function addressScope(bytes: readonly number[]): AddressScope {
  if (bytes.length === 4) return scopeOfV4(bytes)
  if (isV4Mapped(bytes)) return scopeOfV4(bytes.slice(12))
  if (bytes.every(byte => byte === 0)) return 'any'
  if (bytes.every((byte, at) => byte === (at === 15 ? 1 : 0))) return 'loopback'
  const [first = 0, second = 0] = bytes
  if (first === 0xfe && (second & 0xc0) === 0x80) return 'link'
  if (first === 0xff && (second & 0x0f) === 1) return 'loopback'
  if (first === 0xff && (second & 0x0f) === 2) return 'link'
  return 'specific'
}

/** Bytes of dotted decimal text, or of IPv6 text with all its eight groups as the kernel's `%pI6` writes it. */
export function addressBytes(text: string): readonly number[] | undefined {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) {
    const bytes = text.split('.').map(Number)
    return bytes.every(byte => byte <= 255) ? bytes : undefined
  }
  if (!/^[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){7}$/.test(text)) return undefined
  return text.split(':').flatMap(group => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

/** 169.254.0.0/16 and 224.0.0.0/24 stay on the link, as does the broadcast address of the link. */
function scopeOfV4(bytes: readonly number[]): AddressScope {
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes
  if (first === 127) return 'loopback'
  if (first === 0 && second === 0 && third === 0 && fourth === 0) return 'any'
  if (first === 169 && second === 254) return 'link'
  if (first === 224 && second === 0 && third === 0) return 'link'
  return bytes.every(byte => byte === 255) ? 'link' : 'specific'
}

function isV4Mapped(bytes: readonly number[]): boolean {
  return bytes[10] === 0xff && bytes[11] === 0xff && bytes.slice(0, 10).every(byte => byte === 0)
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 }
  let length = 0
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0
    if (length > best.length) best = { start: index - length + 1, length }
  }
  return best
}

function hexGroups(groups: readonly number[]): string {
  return groups.map(group => group.toString(16)).join(':')
}
