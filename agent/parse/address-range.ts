// Reads addresses, prefixes and ranges as rules of the packet filter write them.

export interface AddressRange {
  readonly family: 'ipv4' | 'ipv6'
  readonly first: bigint
  readonly last: bigint
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10.0.0.1-10.0.0.9` and the same of IPv6; undefined for all else. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [from = '', to, ...more] = text.split('-')
  if (more.length > 0) return undefined
  if (to !== undefined) {
    const [first, last] = [parseAddress(from), parseAddress(to)]
    const ordered = first && last && first.family === last.family && first.value <= last.value
    return ordered ? { family: first.family, first: first.value, last: last.value } : undefined
  }
  const [address = '', length, ...parts] = text.split('/')
  const parsed = parseAddress(address)
  if (!parsed || parts.length > 0) return undefined
  const bits = parsed.family === 'ipv4' ? 32 : 128
  const prefix = length === undefined ? bits : prefixLength(length, bits)
  if (prefix === undefined) return undefined
  const size = 1n << BigInt(bits - prefix)
  const first = (parsed.value / size) * size
  return { family: parsed.family, first, last: first + size - 1n }
}

/** Whether every address of `inner` is one of `outer`. */
export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && outer.last >= inner.last
}

export function overlaps(one: AddressRange, other: AddressRange): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last
}

/** Every address of its family. */
export function isEverywhere({ family, first, last }: AddressRange): boolean {
  return first === 0n && last === (1n << (family === 'ipv4' ? 32n : 128n)) - 1n
}

function prefixLength(text: string, bits: number): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= bits ? Number(text) : undefined
  const mask = parseAddress(text)
  if (!mask) return undefined
  const digits = mask.value.toString(2).padStart(bits, '0')
  return /^1*0*$/.test(digits) ? digits.lastIndexOf('1') + 1 : undefined
}

function parseAddress(text: string): { readonly family: 'ipv4' | 'ipv6'; readonly value: bigint } | undefined {
  if (!text.includes(':')) {
    const bytes = /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? text.split('.').map(Number) : []
    if (bytes.length !== 4 || bytes.some(byte => byte > 255)) return undefined
    return { family: 'ipv4', value: bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) }
  }
  const groups = ipv6Groups(text)
  return groups && { family: 'ipv6', value: groups.reduce((sum, group) => sum * 65_536n + BigInt(group), 0n) }
}

function ipv6Groups(text: string): readonly number[] | undefined {
  const mixed = /^(.*:)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.exec(text)
  const tail = mixed ? parseAddress(mixed[2] ?? '') : undefined
  if (mixed && !tail) return undefined
  const words = tail ? `${mixed?.[1]}${(tail.value >> 16n).toString(16)}:${(tail.value & 65_535n).toString(16)}` : text
  const [head = '', rest, ...more] = words.split('::')
  if (more.length > 0) return undefined
  const [before, after] = [groupsOf(head), groupsOf(rest ?? '')]
  if (!before || !after) return undefined
  const missing = 8 - before.length - after.length
  if (rest === undefined ? missing !== 0 : missing < 1) return undefined
  return [...before, ...Array<number>(missing).fill(0), ...after]
}

function groupsOf(text: string): readonly number[] | undefined {
  if (text === '') return []
  const groups = text.split(':')
  return groups.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? groups.map(group => Number.parseInt(group, 16))
    : undefined
}
