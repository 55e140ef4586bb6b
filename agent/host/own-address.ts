// Tells whether an address is one of this machine's own, so that nothing is ever sent to another.
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Loopback, or an address that one of the machine's interfaces has. */
export function isOwnAddress(address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(address) === 0) return false
  if (loopback.check(address, family)) return true
  const own = new BlockList()
  for (const row of Object.values(networkInterfaces()).flat()) {
    if (row) own.addAddress(row.address, row.family === 'IPv6' ? 'ipv6' : 'ipv4')
  }
  return own.check(address, family)
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
