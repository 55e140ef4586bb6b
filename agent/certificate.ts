// Reads one certificate: who it is for, until when, with what kind of key.
import { X509Certificate } from 'node:crypto'

export interface CertificateFacts {
  readonly subject: string
  readonly issuer: string
  /** such as `DNS:node-1` and `IP Address:10.0.0.7` */
  readonly names: readonly string[]
  /** ISO 8601 */
  readonly notBefore: string
  /** ISO 8601 */
  readonly notAfter: string
  readonly keyType: string
  readonly keyBits: number
  readonly signature: string
  readonly isCA: boolean
  readonly selfSigned: boolean
  /** SHA-256 as `AB:CD:…` */
  readonly fingerprint: string
}

const maxNameLength = 300
const maxNames = 200

/** Undefined for what is no certificate. @param pem with its armour */
export function readCertificate(pem: string): CertificateFacts | undefined {
  try {
    const certificate = new X509Certificate(pem)
    const { publicKey } = certificate
    const details = publicKey.asymmetricKeyDetails
    return {
      subject: nameOf(certificate.subject),
      issuer: nameOf(certificate.issuer),
      names: splitNames(certificate.subjectAltName ?? ''),
      notBefore: certificate.validFromDate.toISOString(),
      notAfter: certificate.validToDate.toISOString(),
      keyType: publicKey.asymmetricKeyType ?? '',
      keyBits: details?.modulusLength ?? curveBits[details?.namedCurve ?? publicKey.asymmetricKeyType ?? ''] ?? 0,
      signature: certificate.signatureAlgorithm ?? '',
      isCA: certificate.ca,
      selfSigned: certificate.subject === certificate.issuer && certificate.verify(publicKey),
      fingerprint: certificate.fingerprint256,
    }
  } catch {
    return undefined
  }
}

const curveBits: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp256k1: 256,
  ed25519: 256,
  ed448: 456,
}

/** One attribute per line becomes a comma separated list. */
function nameOf(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ').slice(0, maxNameLength)
}

/** Commas inside names are quoted by Node. */
function splitNames(names: string): readonly string[] {
  const all = names.match(/(?:"(?:\\.|[^"\\])*"|[^",])+/g) ?? []
  return all.slice(0, maxNames).map(name => name.trim().slice(0, maxNameLength))
}
