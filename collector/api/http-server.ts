// Listens for HTTP on one address, and stops without cutting off answers.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ListenAddress, listenError, showAddress } from '../listen-address.ts'
import { createApp } from './app.ts'
import type { ApiContext } from './route.ts'

export interface HttpServer {
  /** HOST:PORT with the port that was taken */
  readonly address: string
  /** takes no new connections, waits for answers under way, at most `graceMs` */
  close(graceMs: number): Promise<void>
}

/** @throws GabionError with code `address_in_use`, or `config` for an address that cannot be used */
export async function openHttpServer(address: ListenAddress, context: ApiContext): Promise<HttpServer> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, createApp(context))
  server.maxConnections = 2_000
  await listen(server, address)
  const { port } = server.address() as AddressInfo
  return {
    address: showAddress({ host: address.host, port }),
    close: graceMs =>
      new Promise(resolve => {
        const timer = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function listen(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', cause => reject(listenError('HTTP', address, cause)))
    server.listen(address.port, address.host, resolve)
  })
}
