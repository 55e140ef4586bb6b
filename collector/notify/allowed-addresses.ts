// Which addresses a notification may go to: public ones, and of all others those that a receiver's configuration names.
import { BlockList, isIP } from 'node:net'

/** An address, or a network such as 10.0.0.0/8. */
export interface AddressRule {
  readonly address: string
  readonly prefix: number
}

export interface AllowedAddresses {
  /** why nothing is sent to that address, undefined when it may be */
  refusal(address: string): string | undefined
  /** whether a rule names it, so that a receiver without TLS is taken there */
  isNamed(address: string): boolean
}

/** Networks that are not public, and what they are. @source IANA's special-purpose address registries */
const special4 = [
  ['0.0.0.0/8', 'this network'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared by carriers'],
  ['127.0.0.0/8', 'loopback'],
  ['168.63.129.16/32', 'metadata'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'reserved'],
  ['192.52.193.0/24', 'reserved'],
  ['192.88.99.0/24', 'relays of 6to4'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'reserved'],
  ['198.18.0.0/15', 'benchmarks'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
] as const

/** Within 2000::/3, beyond which nothing is public. */
const special6 = [
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4'],
  ['2620:4f:8000::/48', 'reserved'],
  ['3fff::/20', 'documentation'],
] as const

/** What carries an IPv4 address to somebody who did not check it: nobody may allow these. */
const embedding = [
  ['::ffff:0:0/96', 'an IPv4 address in IPv6'],
  ['::ffff:0:0:0/96', 'an IPv4 address in IPv6'],
  ['64:ff9b::/96', 'NAT64'],
  ['64:ff9b:1::/48', 'NAT64'],
  ['2001::/32', 'Teredo'],
  ['2002::/16', '6to4'],
] as const

/** Where clouds hand out credentials: a rule has to name the very address. */
const metadata = new Set([
  ...['169.254.169.254', '169.254.170.2', '169.254.170.23', '169.254.0.23', '100.100.100.200', '192.0.0.192'],
  ...['168.63.129.16', 'fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254'],
])

type Network = readonly [network: string, what: string]

const publicIn6 = listOf([{ address: '2000::', prefix: 3 }])
const refused4 = special4.map(named)
const refused6 = special6.map(named)
const embedded = embedding.map(named)

/** @returns undefined when the text is neither an address nor a network */
export function parseAddressRule(text: string): AddressRule | undefined {
  const [address = '', prefix, ...more] = text.split('/')
  const family = isIP(address)
  const bits = family === 4 ? 32 : 128
  const length = prefix === undefined ? bits : Number(prefix)
  const isLength = prefix === undefined || /^\d{1,3}$/.test(prefix)
  if (family === 0 || more.length > 0 || !isLength || length > bits || address.includes('%')) return undefined
  return { address, prefix: length }
}

export function allowedAddresses(rules: readonly AddressRule[]): AllowedAddresses {
  const list = listOf(rules)
  const single = new Set(rules.filter(isSingle).map(({ address }) => canonical(address)))
  const isNamed = (address: string) => {
    if (isIP(address) === 0 || embedded.some(({ has }) => has(address))) return false
    const isMetadata = metadata.has(canonical(address))
    return isMetadata ? single.has(canonical(address)) : list.check(address, familyOf(address))
  }
  return {
    isNamed,
    refusal(address) {
      if (isIP(address) === 0 || address.includes('%')) return 'it is no address'
      return isNamed(address) ? undefined : whyNotPublic(address)
    },
  }
}

function whyNotPublic(address: string): string | undefined {
  if (metadata.has(canonical(address))) return 'it is a metadata service'
  const isV4 = isIP(address) === 4
  const found = isV4
    ? refused4.find(({ has }) => has(address))
    : [...embedded, ...refused6].find(({ has }) => has(address))
  if (found) return `it is not public: ${found.what}`
  return isV4 || publicIn6.check(address, 'ipv6') ? undefined : 'it is not public'
}

/** IPv6 in its shortest form, IPv4 as it is. */
function canonical(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address
}

const isSingle = ({ address, prefix }: AddressRule) => prefix === (isIP(address) === 4 ? 32 : 128)
function familyOf(address: string) {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}

function named([network, what]: Network) {
  const [address = '', prefix] = network.split('/')
  const list = listOf([{ address, prefix: Number(prefix) }])
  const family = familyOf(address)
  return { what, has: (other: string) => familyOf(other) === family && list.check(other, family) }
}

function listOf(rules: readonly AddressRule[]): BlockList {
  const list = new BlockList()
  for (const { address, prefix } of rules) list.addSubnet(address, prefix, familyOf(address))
  return list
}
