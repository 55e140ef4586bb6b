// Addresses to listen on, HOST:PORT or a Unix socket, and whether they stay on this machine.
import { isIPv4 } from 'node:net'
import { errnoOf, GabionError } from '../runtime/errors.ts'

export interface ListenAddress {
  /** name or address, without brackets; or `unix:/PATH` */
  readonly host: string
  /** 0 takes a free port; 0 for a Unix socket */
  readonly port: number
}

/** Path of a Unix socket, undefined for HOST:PORT. */
export function socketPath({ host }: ListenAddress): string | undefined {
  return host.startsWith('unix:/') ? host.slice('unix:'.length) : undefined
}

/** Reads `HOST:PORT`, `[IPv6]:PORT` or `unix:/PATH`; undefined when it is none. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  if (/^unix:\/[^\0]+$/.test(text)) return { host: text, port: 0 }
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:\s[\]]+)):(?<port>\d{1,5})$/.exec(text)
  const host = match?.groups?.['v6'] ?? match?.groups?.['host']
  const port = Number(match?.groups?.['port'])
  return host === undefined || port > 65_535 ? undefined : { host, port }
}

export function showAddress({ host, port }: ListenAddress): string {
  if (host.startsWith('unix:/')) return host
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Why an address cannot be listened on. @param what listens there */
export function listenError(what: string, address: ListenAddress, cause: Error): GabionError {
  const taken = errnoOf(cause) === 'EADDRINUSE' || cause.message.includes('EADDRINUSE')
  const reason = taken ? 'the port is in use' : `cannot be listened on (${errnoOf(cause) || cause.message})`
  return new GabionError(taken ? 'address_in_use' : 'config', `${what} address ${showAddress(address)}: ${reason}`, {
    cause,
  })
}

/** Whether only this machine reaches the address. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.startsWith('unix:/') || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
  )
}
