// Reads the addresses of the host, with the interface that leads to an address.

import type { Host } from '../host/host.ts'
import { type AddressRange, contains, parseAddressRange } from '../parse/address-range.ts'

export interface HostNetwork {
  /** undefined when they could not be read */
  readonly addresses: readonly AddressRange[] | undefined
  /** undefined when no route that is known leads there */
  interfaceTo(target: AddressRange): string | undefined
}

interface Route {
  readonly to: AddressRange
  readonly interface: string
}

const limits = { maxBytes: 4 * 1024 * 1024 }

/** /proc/1/net: `fib_trie` and `route` of IPv4, `if_inet6` and `ipv6_route` of IPv6, which a kernel may lack. */
export async function readHostNetwork(host: Host): Promise<HostNetwork> {
  const text = async (name: string) => {
    const read = await host.readText(`/proc/1/net/${name}`, limits)
    return read.state === 'present' ? read.value : undefined
  }
  const trie = await text('fib_trie')
  const own6 = localIpv6((await text('if_inet6')) ?? '')
  const routes = [...ipv4Routes((await text('route')) ?? ''), ...ipv6Routes((await text('ipv6_route')) ?? '')]
  return {
    addresses: trie === undefined ? undefined : [...localIpv4(trie), ...own6],
    interfaceTo: target =>
      routes.filter(({ to }) => contains(to, target)).reduce<Route | undefined>(narrower, undefined)?.interface,
  }
}

function narrower(best: Route | undefined, route: Route): Route {
  return best && best.to.last - best.to.first <= route.to.last - route.to.first ? best : route
}

const isRange = (range: AddressRange | undefined): range is AddressRange => range !== undefined

/** An address stands on a line of its own, and the next says what it is. */
function localIpv4(trie: string): readonly AddressRange[] {
  const found = [...trie.matchAll(/\|-- (\d[\d.]{6,14})\n\s+\/32 host LOCAL$/gm)].map(match => match[1] ?? '')
  const outside = [...new Set(found)].filter(address => !address.startsWith('127.'))
  return outside.map(parseAddressRange).filter(isRange)
}

function localIpv6(table: string): readonly AddressRange[] {
  const found = [...table.matchAll(/^([\da-f]{32}) /gm)].map(match => groupsOf(match[1] ?? ''))
  return found
    .filter(address => !/^(?:0000:){7}0001$/.test(address))
    .map(parseAddressRange)
    .filter(isRange)
}

const groupsOf = (hex: string) => (hex.match(/.{4}/g) ?? []).join(':')

/** Words of four bytes as this machine stores them. */
function ipv4Routes(table: string): readonly Route[] {
  return [...table.matchAll(/^(\S+)\t([\dA-F]{8})\t[\dA-F]{8}\t([\dA-F]{4})\t\S+\t\S+\t\S+\t([\dA-F]{8})\t/gm)].flatMap(
    ([, name = '', destination = '', , mask = '']) => {
      const to = parseAddressRange(`${dotted(destination)}/${dotted(mask)}`)
      return to ? [{ to, interface: name }] : []
    },
  )
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

function dotted(hex: string): string {
  const bytes = (hex.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16))
  return (littleEndian ? bytes.reverse() : bytes).join('.')
}

function ipv6Routes(table: string): readonly Route[] {
  return [...table.matchAll(/^([\da-f]{32}) ([\da-f]{2}) .* (\S+)$/gm)].flatMap(
    ([, address = '', length = '', name = '']) => {
      const to = parseAddressRange(`${groupsOf(address)}/${Number.parseInt(length, 16)}`)
      return to && name !== 'lo' ? [{ to, interface: name }] : []
    },
  )
}
