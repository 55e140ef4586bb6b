// Finds the collector's CA by its pin: what an unverified handshake shows is believed only when the pin fits.
import { X509Certificate } from 'node:crypto'
import { connect } from 'node:tls'
import { hasPin } from '../../runtime/certificate-pin.ts'
import { GabionError, messageOf } from '../../runtime/errors.ts'

const handshakeMs = 15_000
/** Chains are short; a loop of issuers ends here. */
const longestChain = 10

/**
 * @param endpoint HOST:PORT
 * @param pin `sha256:<hex>`
 * @returns the CA's certificate, PEM: the only anchor from then on
 * @throws GabionError `uplink` when the collector cannot be reached or is not the pinned one
 */
export async function findAuthority(endpoint: string, pin: string): Promise<string> {
  const chain = await shownChain(endpoint)
  const authority = chain.find(certificate => certificate.ca && hasPin(certificate, pin))
  if (authority) return authority.toString()
  throw new GabionError(
    'uplink',
    `${endpoint}: is not the collector that made the enrollment string (none of its ${chain.length} certificates has the pinned key)`,
  )
}

/** Splits HOST:PORT, brackets of an IPv6 address taken off. */
export function splitEndpoint(endpoint: string): { readonly host: string; readonly port: number } {
  const colon = endpoint.lastIndexOf(':')
  const host = endpoint.slice(0, colon).replace(/^\[|\]$/g, '')
  return { host, port: Number(endpoint.slice(colon + 1)) }
}

function shownChain(endpoint: string): Promise<readonly X509Certificate[]> {
  const { host, port } = splitEndpoint(endpoint)
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: unknown) =>
      reject(new GabionError('uplink', `${endpoint}: ${reason}`, { cause }))
    // Nothing is sent and nothing that is read is believed: the pin judges the certificate alone.
    const socket = connect({ host, port, rejectUnauthorized: false, minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] })
    socket.setTimeout(handshakeMs, () => {
      socket.destroy()
      fail('does not answer')
    })
    socket.once('error', error => fail(messageOf(error), error))
    socket.once('secureConnect', () => {
      const chain: X509Certificate[] = []
      let shown = socket.getPeerCertificate(true)
      while (shown?.raw && chain.length < longestChain) {
        chain.push(new X509Certificate(shown.raw))
        if (shown.issuerCertificate === shown) break
        shown = shown.issuerCertificate
      }
      socket.destroy()
      resolve(chain)
    })
  })
}
