// Addresses to listen on: HOST:PORT, and whether they stay on this machine.
import { isIPv4 } from 'node:net'

export interface ListenAddress {
  /** name or address, without brackets */
  readonly host: string
  /** 0 takes a free port */
  readonly port: number
}

/** Reads `HOST:PORT` or `[IPv6]:PORT`; undefined when it is none. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:\s[\]]+)):(?<port>\d{1,5})$/.exec(text)
  const host = match?.groups?.['v6'] ?? match?.groups?.['host']
  const port = Number(match?.groups?.['port'])
  return host === undefined || port > 65_535 ? undefined : { host, port }
}

export function showAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** Whether only this machine reaches the address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}
