// The host's own key, and the request to have it certified. The key never leaves the host.
import 'reflect-metadata'
import { createPrivateKey, webcrypto } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface SigningRequest {
  /** PKCS #8, PEM */
  readonly key: string
  /** PKCS #10, DER */
  readonly request: Uint8Array
}

/** The collector gives the name: the request brings a key, and proves that its sender has it. */
export async function makeSigningRequest(): Promise<SigningRequest> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const name = 'CN=gabion-agent'
  const made = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm: algorithm })
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey))
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' })
  return { key: key.toString(), request: new Uint8Array(made.rawData) }
}
