// The pin of a certificate authority: what an enrollment token names it by.
import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto'

/** `sha256:<hex>` over the subject public key info, as in RFC 7469; the same after a renewal with the same key. */
export function certificatePin(certificate: X509Certificate): string {
  const info = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return `sha256:${createHash('sha256').update(info).digest('hex')}`
}

/** Compares in constant time. */
export function hasPin(certificate: X509Certificate, pin: string): boolean {
  const own = Buffer.from(certificatePin(certificate))
  const wanted = Buffer.from(pin)
  return own.length === wanted.length && timingSafeEqual(own, wanted)
}

/** Every certificate of a PEM file, in its order. @throws when one of them cannot be read */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return blocks.map(block => new X509Certificate(block))
}
