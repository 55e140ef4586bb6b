// From how far away an IP address or network can be: loopback, link, private, public, or any.

export type Scope = 'any' | 'loopback' | 'link' | 'private' | 'public'

interface Network {
  readonly bits: 32 | 128
  readonly value: bigint
  readonly prefix: number
}

const known: readonly (readonly [string, Scope])[] = [
  ['127.0.0.0/8', 'loopback'],
  ['::1/128', 'loopback'],
  ['169.254.0.0/16', 'link'],
  ['fe80::/10', 'link'],
  ['10.0.0.0/8', 'private'],
  ['172.16.0.0/12', 'private'],
  ['192.168.0.0/16', 'private'],
  ['100.64.0.0/10', 'private'],
  ['fc00::/7', 'private'],
]

/**
 * Scope of an IPv4 or IPv6 address, or of a whole network in CIDR form. `any` stands for the word `any`, the
 * unspecified addresses and networks of length 0. A network that is not wholly inside one scope is `public`.
 * @throws Error for what is no address. Sources: RFC 6890, RFC 6598, RFC 4193
 */
export function addressScope(text: string): Scope {
  if (text === 'any' || text.toLowerCase() === 'anywhere') return 'any'
  const network = parseNetwork(text)
  if (!network) throw new Error(`not an IP address or network: ${JSON.stringify(text)}`)
  if (network.prefix === 0 || (network.value === 0n && network.prefix === network.bits)) return 'any'
  if (network.bits === 128 && network.prefix >= 96 && network.value >> 32n === 0xffffn) {
    return scopeOf({ bits: 32, value: network.value & 0xffff_ffffn, prefix: network.prefix - 96 })
  }
  return scopeOf(network)
}

function scopeOf(network: Network): Scope {
  for (const { outer, scope } of table()) if (contains(outer, network)) return scope
  return 'public'
}

let parsed: readonly { readonly outer: Network; readonly scope: Scope }[] | undefined
function table() {
  parsed ??= known.flatMap(([text, scope]) => {
    const outer = parseNetwork(text)
    return outer ? [{ outer, scope }] : []
  })
  return parsed
}

function contains(outer: Network, inner: Network): boolean {
  if (outer.bits !== inner.bits || inner.prefix < outer.prefix) return false
  const shift = BigInt(outer.bits - outer.prefix)
  return outer.value >> shift === inner.value >> shift
}

function parseNetwork(text: string): Network | undefined {
  if (text.length > 64) return undefined
  const [address = '', length, ...rest] = text.split('/')
  if (rest.length > 0) return undefined
  const v4 = parseIpv4(address)
  const value = v4 ?? parseIpv6(address.replace(/%.*$/, ''))
  if (value === undefined) return undefined
  const bits = v4 === undefined ? 128 : 32
  if (length === undefined) return { bits, value, prefix: bits }
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits) return undefined
  return { bits, value, prefix: Number(length) }
}

function parseIpv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0n
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined
    value = (value << 8n) | BigInt(part)
  }
  return value
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groups(halves[0] ?? '')
  const tail = halves.length === 2 ? groups(halves[1] ?? '') : []
  if (!head || !tail) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = [...head, ...new Array<bigint>(missing).fill(0n), ...tail]
  return all.reduce((value, group) => (value << 16n) | group, 0n)
}

function groups(text: string): bigint[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const out: bigint[] = []
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      out.push(BigInt(`0x${part}`))
      continue
    }
    const v4 = index === parts.length - 1 ? parseIpv4(part) : undefined
    if (v4 === undefined) return undefined
    out.push(v4 >> 16n, v4 & 0xffffn)
  }
  return out
}
