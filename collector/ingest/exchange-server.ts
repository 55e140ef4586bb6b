// The messages of a stream over HTTP/1.1, a POST at a time, for networks that break HTTP/2 or long connections.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { decodeRequests, encodeResponses, exchangePath, exchangeType } from '../../proto/exchange.ts'
import type { ConnectRequest__Output } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import { messageOf } from '../../runtime/errors.ts'
import { readBody } from '../../runtime/read-body.ts'
import { type Identify, type PeerCall, shownCertificate, unproven } from '../auth/identity.ts'
import { type ServerCertificate, tlsContext } from '../auth/pki/server-certificate.ts'
import { type ListenAddress, listenError, showAddress } from '../listen-address.ts'
import { createExchangeConnections } from './exchange-connections.ts'
import { Refused } from './refusal.ts'
import { createSession } from './session.ts'
import type { SessionContext } from './session-state.ts'
import { whoIs } from './who-is.ts'

export interface ExchangeDoor {
  readonly certificate: ServerCertificate
  /** PEM of the CAs that client certificates are of */
  readonly authorities: string
  readonly byCertificate: Identify
  readonly byToken: Identify
}

export interface ExchangeServer {
  /** HOST:PORT */
  readonly address: string
  close(): Promise<void>
}

/** @param door undefined on loopback, where nothing is proven. @throws GabionError when the address cannot be used */
export async function openExchangeServer(
  address: ListenAddress,
  context: SessionContext,
  door: ExchangeDoor | undefined,
): Promise<ExchangeServer> {
  const { limits, log } = context
  const quiet = { ...log, info: log.debug, with: () => quiet }
  const own = { ...context, log: quiet, connections: createExchangeConnections(context.connections, context.clock) }
  const running = { exchanges: 0, bytes: 0 }
  const server = openServer(door, (request, response) => {
    void answer(own, running, door, request, response).catch(error => {
      log.debug('exchange broke', { reason: messageOf(error) })
      response.destroy()
    })
  })
  server.maxConnections = limits.streams
  const port = await listen(server, address)
  return {
    address: showAddress({ host: address.host, port }),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const times = { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 5_000, maxHeaderSize: 16_384 }

function openServer(door: ExchangeDoor | undefined, listener: RequestListener) {
  if (!door) return createServer(times, listener)
  const { certificate, authorities } = door
  const tls = { requestCert: true, rejectUnauthorized: false, handshakeTimeout: 10_000 } as const
  const server = createTlsServer({ ...times, ...tls, ...tlsContext(certificate.current, authorities) }, listener)
  certificate.onChange(pair => server.setSecureContext(tlsContext(pair, authorities)))
  return server
}

interface Running {
  exchanges: number
  bytes: number
}

async function answer(
  context: SessionContext,
  running: Running,
  door: ExchangeDoor | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { limits } = context
  const bytes = Number(request.headers['content-length'])
  if (request.url !== exchangePath) return deny(response, 404)
  if (request.method !== 'POST') return deny(response, 405)
  if (request.headers['content-type'] !== exchangeType) return deny(response, 415)
  if (!Number.isSafeInteger(bytes)) return deny(response, 411)
  if (bytes > limits.exchangeBytes) return deny(response, 413)
  // The body is not read before there is room for it.
  if (running.bytes > 0 && running.bytes + bytes > limits.reservedBytes) return deny(response, 503)
  running.bytes += bytes
  try {
    const who = await whoIs(callOf(request), context, identifyBy(door, request))
    if ('refused' in who) return reply(response, [refusalOf(who.refused)])
    await context.unsaved.room()
    const messages = await read(request, bytes)
    if (!messages) return deny(response, 400)
    reply(response, await converse(context, who.identity, messages))
  } finally {
    running.bytes -= bytes
  }
}

/** One session from its hello to the last acknowledgement that is to be had. */
async function converse(
  context: SessionContext,
  identity: Parameters<typeof createSession>[2],
  messages: readonly ConnectRequest__Output[],
): Promise<readonly ConnectResponse[]> {
  const responses: ConnectResponse[] = []
  let host: number | undefined
  const connections = {
    ...context.connections,
    hosts: context.connections.hosts,
    open(number: number, stream: Parameters<typeof context.connections.open>[1]) {
      host = number
      context.connections.open(number, stream)
    },
  }
  const peer = { send: (message: ConnectResponse) => void responses.push(message), end: () => undefined }
  const session = createSession({ ...context, connections, isExchange: true }, peer, identity)
  if (context.stopping.aborted) session.refuse(new Refused('shutting_down', 'the collector shuts down', 1_000))
  for (const message of messages) await session.receive(message)
  // Work of one host is done in order: when this is, what was handed over before is on disk.
  if (host !== undefined) await context.commits.submit(host, async () => undefined).catch(() => undefined)
  session.close()
  return responses
}

function identifyBy(door: ExchangeDoor | undefined, request: IncomingMessage): Identify {
  if (!door) return unproven
  return certificateOf(request) ? door.byCertificate : door.byToken
}

function callOf(request: IncomingMessage): PeerCall {
  const certificate = certificateOf(request)
  const { remoteAddress = '', remotePort = 0 } = request.socket
  const shown = { authorization: request.headers.authorization ?? '', address: `${remoteAddress}:${remotePort}` }
  return certificate ? { ...shown, certificate } : shown
}

/** Only one that the handshake verified. */
function certificateOf({ socket }: IncomingMessage): PeerCall['certificate'] {
  const { authorized, getPeerCertificate } = socket as Partial<TLSSocket>
  if (!authorized || !getPeerCertificate) return undefined
  return shownCertificate(getPeerCertificate.call(socket))
}

async function read(request: IncomingMessage, bytes: number): Promise<readonly ConnectRequest__Output[] | undefined> {
  const body = await readBody(request, bytes)
  try {
    return body.length === bytes ? decodeRequests(body) : undefined
  } catch {
    return undefined
  }
}

const refusalOf = ({ code, message, retryAfterMs }: Refused): ConnectResponse => ({
  refusal: { code, detail: message, retryAfterMs },
})

function reply(response: ServerResponse, messages: readonly ConnectResponse[]): void {
  const body = encodeResponses(messages)
  response.writeHead(200, { 'content-type': exchangeType, 'content-length': body.length }).end(body)
}

/** The connection ends, too: its body is not read. */
function deny(response: ServerResponse, status: number): void {
  const wait = status === 503 ? { 'retry-after': '2' } : {}
  response.writeHead(status, { connection: 'close', 'content-length': 0, ...wait }).end()
}

function listen(server: Server, address: ListenAddress): Promise<number> {
  const { host, port } = address
  return new Promise((resolve, reject) => {
    server.once('error', cause => reject(listenError('exchange', address, cause)))
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
