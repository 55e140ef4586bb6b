// TLS 1.3 for the gRPC listeners, with certificates that change while the server runs.
import { ServerCredentials } from '@grpc/grpc-js'
import type { ServerCertificate } from '../auth/pki/server-certificate.ts'

/**
 * @param clientAuthorities PEM of the CAs that clients prove themselves by; undefined asks clients for no certificate
 */
export function tlsCredentials(server: ServerCertificate, clientAuthorities?: string): ServerCredentials {
  const contextOf = () => ({
    minVersion: 'TLSv1.3' as const,
    cert: server.current.certificate,
    key: server.current.key,
    ...(clientAuthorities !== undefined && { ca: clientAuthorities }),
  })
  const credentials = new RotatingCredentials({ requestCert: clientAuthorities !== undefined }, contextOf())
  server.onChange(() => credentials.rotate(contextOf()))
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
