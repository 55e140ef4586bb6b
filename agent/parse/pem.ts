// Finds the certificates in PEM text; keys and everything else in it are passed over.

export interface PemCertificates {
  /** each with its armour, in order */
  readonly certificates: readonly string[]
  /** line of a block that has no end, 0 when all have one */
  readonly brokenLine: number
}

const begin = '-----BEGIN CERTIFICATE-----'
const end = '-----END CERTIFICATE-----'
/** Certificates beyond this are passed over: no file of a control plane has so many. */
const maxCertificates = 200

/** RFC 7468 as OpenSSL and Go read it: text before, between and after the blocks does not matter. */
export function parsePemCertificates(text: string): PemCertificates {
  const certificates: string[] = []
  let at = 0
  while (certificates.length < maxCertificates) {
    const start = text.indexOf(begin, at)
    if (start < 0) break
    const stop = text.indexOf(end, start)
    if (stop < 0) return { certificates, brokenLine: text.slice(0, start).split('\n').length }
    at = stop + end.length
    certificates.push(text.slice(start, at))
  }
  return { certificates, brokenLine: 0 }
}
