// Caps the connections of a gRPC server: a storm of them is turned away before TLS costs anything.
import type { Server } from 'node:net'

interface GrpcServer {
  readonly http2Servers?: ReadonlyMap<Server, unknown>
}

/** The library has no public way to cap them; this looks for its listeners. A test holds that they are still found. */
export function capConnections(server: unknown, most: number): void {
  const { http2Servers } = server as GrpcServer
  for (const listener of http2Servers?.keys() ?? []) listener.maxConnections = most
}
