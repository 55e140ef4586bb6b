// Reads one match of `nft -j` (libnftables-json(5)) as tests that a concrete packet can be put to.
import { asField, type Json, listOf, type NamedSets, only } from './nft-json.ts'
import type { PacketMatch, PortRange } from './packet-step.ts'

const maxElements = 4096
const unread: PacketMatch = { kind: 'unread' }
const never: PacketMatch = { kind: 'never' }
const transports: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'ipv6-icmp'],
  [132, 'sctp'],
])

/** @param body `{ op, left, right }` */
export function readNftMatch(body: Json, sets: NamedSets): readonly PacketMatch[] {
  const { op, left, right } = asField(body)
  if (op !== '==' && op !== '!=' && op !== 'in') return [unread]
  const [kind, detail] = only(left)
  const negated = op === '!='
  const values = elementsOf(right, sets)
  if (kind === 'payload') return readPayload(asField(detail), right, values, negated)
  if (kind === 'meta') return [readMeta(String(asField(detail)['key']), values, negated)]
  if (kind === 'ct') return [readCt(String(asField(detail)['key']), values, negated)]
  if (kind === 'fib') return [readFib(asField(detail), right, values, negated)]
  if (kind === '&') return readMasked(detail, right, negated)
  return [unread]
}

/** Undefined when the elements are not known or too many. */
function elementsOf(right: Json, sets: NamedSets): readonly Json[] | undefined {
  const named = typeof right === 'string' && right.startsWith('@') ? right.slice(1) : undefined
  const set = asField(right)['set']
  const elements = named === undefined ? (listOf(set) ?? listOf(right) ?? [set ?? right]) : sets.get(named)?.elements
  if (!elements || elements.length > maxElements) return undefined
  return elements.map(element => asField(asField(element)['elem'])['val'] ?? element)
}

function readPayload(
  { protocol, field }: { readonly protocol?: Json; readonly field?: Json },
  right: Json,
  values: readonly Json[] | undefined,
  negated: boolean,
): readonly PacketMatch[] {
  if (protocol === 'ip' || protocol === 'ip6') {
    const family: PacketMatch = { kind: 'family', of: protocol === 'ip' ? 'ipv4' : 'ipv6' }
    if (field === 'saddr') return [family, readSource(right, values, negated)]
    if (field === 'daddr') return [family, readAddresses('destination', values, negated)]
    if (field === 'protocol' || field === 'nexthdr') return [family, readProtocol(values, negated)]
    return [family, unread]
  }
  if (typeof protocol !== 'string' || protocol === 'ether' || protocol === 'vlan' || protocol === 'arp') return [unread]
  // A header that is not there matches nothing, negated or not.
  const header: readonly PacketMatch[] =
    protocol === 'th'
      ? []
      : [{ kind: 'protocol', of: [protocol === 'icmpv6' ? 'ipv6-icmp' : protocol], negated: false }]
  if (field === 'dport') return [...header, readPorts(values, negated)]
  if (field === 'sport') return [...header, { kind: 'sourcePort', of: (values ?? ['some']).map(portText), negated }]
  if (protocol === 'tcp' && field === 'flags' && !negated && right === 'syn') return header
  return [...header, unread]
}

const portText = (value: Json) => {
  const range = listOf(asField(value)['range'])
  return range ? range.join(':') : String(value)
}

function readPorts(values: readonly Json[] | undefined, negated: boolean): PacketMatch {
  const of = values?.map((value): PortRange | undefined => {
    const [first, last] = listOf(asField(value)['range']) ?? [value, value]
    return typeof first === 'number' && typeof last === 'number' ? [first, last] : undefined
  })
  const known = of?.filter(range => range !== undefined)
  return known && known.length === of?.length ? { kind: 'port', of: known, negated } : unread
}

/** A set by name stays one: its elements come and go, unless one of them means everybody. */
function readSource(right: Json, values: readonly Json[] | undefined, negated: boolean): PacketMatch {
  if (typeof right !== 'string' || !right.startsWith('@')) return readAddresses('source', values, negated)
  const everybody = values?.some(value => /\/0$/.test(addressOf(value) ?? ''))
  return everybody
    ? readAddresses('source', values, negated)
    : { kind: 'source', of: [`set ${right.slice(1)}`], negated }
}

function readAddresses(
  kind: 'source' | 'destination',
  values: readonly Json[] | undefined,
  negated: boolean,
): PacketMatch {
  const of = values?.map(addressOf)
  const known = of?.filter(text => text !== undefined)
  return known && known.length === of?.length ? { kind, of: known, negated } : unread
}

function addressOf(value: Json): string | undefined {
  if (typeof value === 'string') return value
  const { prefix, range } = asField(value)
  const { addr, len } = asField(prefix)
  if (typeof addr === 'string' && typeof len === 'number') return `${addr}/${len}`
  const ends = listOf(range)
  return ends?.length === 2 ? ends.join('-') : undefined
}

function readProtocol(values: readonly Json[] | undefined, negated: boolean): PacketMatch {
  const of = values?.map(value => (typeof value === 'number' ? (transports.get(value) ?? `${value}`) : `${value}`))
  return of ? { kind: 'protocol', of, negated } : unread
}

function readMeta(key: string, values: readonly Json[] | undefined, negated: boolean): PacketMatch {
  if (!values) return unread
  if (key === 'l4proto') return readProtocol(values, negated)
  if (key === 'iifname' || key === 'iif') return { kind: 'interfaceIn', of: values.map(String), negated }
  if (key === 'oifname' || key === 'oif') return { kind: 'interfaceOut', of: values.map(String), negated }
  const [value] = values
  if (key === 'mark' && values.length === 1 && typeof value === 'number') {
    return { kind: 'mark', value, mask: 0xffffffff, negated }
  }
  if (key !== 'nfproto' && key !== 'protocol') return unread
  const [ipv4, ipv6] = [
    values.includes('ipv4') || values.includes('ip'),
    values.includes('ipv6') || values.includes('ip6'),
  ]
  if (ipv4 === ipv6) return { kind: 'state', holds: ipv4 !== negated }
  return { kind: 'family', of: ipv4 !== negated ? 'ipv4' : 'ipv6' }
}

function readCt(key: string, values: readonly Json[] | undefined, negated: boolean): PacketMatch {
  if (!values) return unread
  if (key === 'state') {
    if (values.includes('untracked')) return values.includes('new') ? { kind: 'state', holds: !negated } : unread
    return { kind: 'state', holds: values.includes('new') !== negated }
  }
  if (key === 'status' && values.length === 1 && values[0] === 'dnat') return { kind: 'translated', negated }
  if (key === 'direction') return { kind: 'state', holds: values.includes('original') !== negated }
  return unread
}

function readFib(
  { result, flags }: { readonly result?: Json; readonly flags?: Json },
  right: Json,
  values: readonly Json[] | undefined,
  negated: boolean,
): PacketMatch {
  const of = listOf(flags) ?? [flags]
  if (result === 'type' && of.includes('daddr') && of.length === 1 && values) {
    if (values.includes('local')) return { kind: 'local', negated }
    const others = values.every(value => ['broadcast', 'multicast', 'anycast'].includes(String(value)))
    return others ? { kind: 'state', holds: negated } : unread
  }
  // The way back to an honest sender exists.
  return String(result).startsWith('oif') && of.includes('saddr') && right === false && !negated ? never : unread
}

/** `mark & N == M`, and the flags of a first packet of TCP. */
function readMasked(detail: Json, right: Json, negated: boolean): readonly PacketMatch[] {
  const [left, mask] = listOf(detail) ?? []
  const { meta, payload } = asField(left)
  if (asField(meta)['key'] === 'mark' && typeof mask === 'number' && typeof right === 'number') {
    return [{ kind: 'mark', value: right, mask, negated }]
  }
  const { protocol, field } = asField(payload)
  if (protocol !== 'tcp') return [unread]
  const tcp: PacketMatch = { kind: 'protocol', of: ['tcp'], negated: false }
  const flags = listOf(mask)
  const plain = flags?.every(flag => ['fin', 'syn', 'rst', 'psh', 'ack', 'urg'].includes(String(flag)))
  if (field !== 'flags' || !plain || typeof right !== 'string') return [tcp, unread]
  return [tcp, { kind: 'state', holds: (flags?.includes('syn') && right === 'syn') !== negated }]
}
