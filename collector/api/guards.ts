// Who may ask while there is no login: programs on this machine, and pages that this collector served.
import type { RequestHandler } from 'express'
import { isLoopback } from '../listen-address.ts'
import { Problem } from './problem.ts'

/**
 * Refuses requests that name another host: a page of somebody else whose name was rebound to this address would
 * otherwise read everything.
 */
export const loopbackHostOnly: RequestHandler = (request, _response, next) => {
  const host = request.headers.host ?? ''
  if (!isLoopback(hostnameOf(host))) {
    throw new Problem(421, 'the Host header has to name this machine: localhost, 127.0.0.1 or [::1]')
  }
  next()
}

/** Refuses what changes something when another site's page asks for it. */
export const sameOriginWrites: RequestHandler = (request, _response, next) => {
  const { origin, host } = request.headers
  const reading = request.method === 'GET' || request.method === 'HEAD'
  if (!reading && origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new Problem(403, 'a page of another origin asks')
  }
  next()
}

function hostnameOf(host: string): string {
  const bracketed = /^\[(?<address>[0-9a-fA-F:]+)\](?::\d+)?$/.exec(host)
  return bracketed?.groups?.['address'] ?? host.replace(/:\d+$/, '').toLowerCase()
}
