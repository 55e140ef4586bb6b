// Which requests are looked at at all: those that name this collector, and no writes of other sites' pages.
import { isIP } from 'node:net'
import type { RequestHandler } from 'express'
import { isLoopback } from '../listen-address.ts'
import type { Reach } from './api-options.ts'
import { Problem } from './problem.ts'

/**
 * Refuses requests that name another host: a page of somebody else whose name was rebound to this address would
 * otherwise read everything that a browser may. An address cannot be rebound.
 */
export function knownHostOnly({ isLoopback: isLocal, names }: Reach): RequestHandler {
  const known = new Set(names)
  return (request, _response, next) => {
    const name = hostnameOf(request.headers.host ?? '')
    if (isLoopback(name)) return next()
    if (isLocal) throw new Problem(421, 'the Host header has to name this machine: localhost, 127.0.0.1 or [::1]')
    if (isIP(name) === 0 && !known.has(name)) {
      throw new Problem(421, 'the Host header names a host that this collector does not go by')
    }
    next()
  }
}

/** Refuses what changes something when another site's page asks for it. */
export const sameOriginWrites: RequestHandler = (request, _response, next) => {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  if (isReading(request.method)) return next()
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new Problem(403, 'a page of another origin asks')
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new Problem(403, 'a page of another site asks')
  next()
}

export const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD'

function hostnameOf(host: string): string {
  const bracketed = /^\[(?<address>[0-9a-fA-F:]+)\](?::\d+)?$/.exec(host)
  return bracketed?.groups?.['address'] ?? host.replace(/:\d+$/, '').toLowerCase()
}
