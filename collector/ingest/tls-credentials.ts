// TLS 1.3 for the gRPC listeners, with certificates that change while the server runs.
import { ServerCredentials } from '@grpc/grpc-js'
import { type ServerCertificate, tlsContext } from '../auth/pki/server-certificate.ts'

/** Who is slower is closed: connections are capped, and one that says nothing takes a place. */
const usualHandshakeMs = 10_000

/**
 * @param clientAuthorities PEM of the CAs that clients prove themselves by; undefined asks clients for no certificate
 */
export function tlsCredentials(
  server: ServerCertificate,
  clientAuthorities?: string,
  handshakeTimeout = usualHandshakeMs,
): ServerCredentials {
  const context = tlsContext(server.current, clientAuthorities)
  const options = { requestCert: clientAuthorities !== undefined, handshakeTimeout }
  const credentials = new RotatingCredentials(options, context)
  server.onChange(pair => credentials.rotate(tlsContext(pair, clientAuthorities)))
  return credentials
}

type Context = ConstructorParameters<typeof ServerCredentials>[1]

/** The library has no public way to set the least TLS version; its base class takes the options of node:tls. */
class RotatingCredentials extends ServerCredentials {
  rotate(context: NonNullable<Context>): void {
    this.updateSecureContextOptions(context)
  }

  _equals(other: ServerCredentials): boolean {
    return this === other
  }
}
