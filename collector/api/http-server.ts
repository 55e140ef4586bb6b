// Listens for HTTP on one address, over TLS when there is a certificate, and stops without cutting off answers.
import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { errnoOf } from '../../runtime/errors.ts'
import type { ServerCertificate } from '../auth/pki/server-certificate.ts'
import { type ListenAddress, listenError, showAddress } from '../listen-address.ts'

export interface HttpServer {
  /** HOST:PORT with the port that was taken */
  readonly address: string
  /** takes no new connections, waits for answers under way, at most `graceMs` */
  close(graceMs: number): Promise<void>
}

export interface ServerTls {
  readonly certificate: Pick<ServerCertificate, 'current' | 'onChange'>
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
}

const timeouts = { requestTimeout: 30_000, headersTimeout: 10_000 }
const handshakeTimeout = 10_000
const maxConnections = 2_000

/** @throws GabionError with code `address_in_use`, or `config` for an address that cannot be used */
export async function openHttpServer(
  address: ListenAddress,
  listener: RequestListener,
  tls?: ServerTls,
): Promise<HttpServer> {
  const [server, release] = tls ? secureServer(listener, tls) : [createServer(timeouts, listener), () => undefined]
  server.maxConnections = maxConnections
  server.on('clientError', refuse)
  await listen(server, address)
  const { port } = server.address() as AddressInfo
  return {
    address: showAddress({ host: address.host, port }),
    close: graceMs =>
      new Promise(resolve => {
        release()
        const timer = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

/** New connections are served with the certificate that is in force then. */
function secureServer(listener: RequestListener, { certificate, minVersion }: ServerTls): [SecureServer, () => void] {
  const context = ({ certificate: cert, key }: ServerTls['certificate']['current']) => ({ cert, key, minVersion })
  const options = { ...timeouts, handshakeTimeout, ...context(certificate.current) }
  const server = createSecureServer(options, listener)
  return [server, certificate.onChange(pair => server.setSecureContext(context(pair)))]
}

/** What is no request, or none that fits: nobody but the parser has seen it. */
function refuse(error: Error, socket: Duplex): void {
  if (!socket.writable || errnoOf(error) === 'ECONNRESET') return void socket.destroy()
  const status = unreadable[errnoOf(error)] ?? 400
  const title = STATUS_CODES[status] ?? ''
  const body = JSON.stringify({ type: 'about:blank', title, status, detail: 'the request cannot be read' })
  const head = `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\nconnection: close\r\n`
  // Whoever does not hang up would keep one of the connections.
  socket.end(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => socket.destroy())
}

const unreadable: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 }

function listen(server: Server | SecureServer, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => reject(listenError('HTTP', address, cause)))
    server.listen(address.port, address.host, resolve)
  })
}
