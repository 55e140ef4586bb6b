// Makes certificates; the only place that knows the X.509 library, loaded where one is made.
import 'reflect-metadata'
import { createPrivateKey, X509Certificate as NodeCertificate, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { RequestError } from './request-error.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A certificate with its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

export interface Validity {
  readonly from: Date
  readonly to: Date
}

/** A certificate authority that signs itself; its key is P-256. */
export async function makeAuthority(commonName: string, { from, to }: Validity): Promise<KeyPair> {
  const keys = await generateKeys()
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [{ CN: [commonName] }],
    notBefore: from,
    notAfter: to,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { certificate: pem(certificate.toString('pem')), key: await exportKey(keys.privateKey) }
}

/** A server certificate for names and addresses, with a new key. */
export async function issueServer(authority: KeyPair, names: readonly string[], validity: Validity): Promise<KeyPair> {
  const keys = await generateKeys()
  const alternatives: JsonGeneralName[] = names.map(value => ({ type: isIP(value) ? 'ip' : 'dns', value }))
  const certificate = await issue(authority, keys.publicKey, 'gabion-collector', validity, [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(alternatives),
  ])
  return { certificate, key: await exportKey(keys.privateKey) }
}

export interface ClientCertificate {
  readonly certificate: string
  /** lower-case hex */
  readonly serialNumber: string
}

/**
 * A client certificate for the key of a signing request. The request only brings the key: whatever else it asks for is
 * not taken over.
 * @throws RequestError for a request that is malformed, not signed by its own key, or of another kind of key
 */
export async function issueClient(
  authority: KeyPair,
  signingRequest: Uint8Array,
  commonName: string,
  validity: Validity,
): Promise<ClientCertificate> {
  const request = await readRequest(signingRequest)
  const certificate = await issue(authority, await request.publicKey.export(), commonName, validity, [
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
  ])
  return { certificate, serialNumber: new NodeCertificate(certificate).serialNumber.toLowerCase() }
}

/** @throws RequestError */
export async function readRequest(bytes: Uint8Array): Promise<Pkcs10CertificateRequest> {
  let request: Pkcs10CertificateRequest
  try {
    request = new Pkcs10CertificateRequest(new Uint8Array(bytes))
  } catch {
    throw new RequestError('the signing request is not PKCS #10 in DER')
  }
  const { name, namedCurve } = request.publicKey.algorithm as { name: string; namedCurve?: string }
  if (name !== 'ECDSA' || namedCurve !== 'P-256') throw new RequestError('the key of the signing request is not P-256')
  const isSigned = await request.verify().catch(() => false)
  if (!isSigned) throw new RequestError('the signing request is not signed by its own key')
  return request
}

async function issue(
  authority: KeyPair,
  publicKey: webcrypto.CryptoKey,
  commonName: string,
  { from, to }: Validity,
  extensions: readonly Extension[],
): Promise<string> {
  const issuer = new NodeCertificate(authority.certificate)
  const notAfter = new Date(Math.min(to.getTime(), Date.parse(issuer.validTo)))
  const certificate = await X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    issuer: issuer.subject,
    subject: [{ CN: [commonName] }],
    notBefore: from,
    notAfter,
    signingAlgorithm: algorithm,
    publicKey,
    signingKey: await importKey(authority.key),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await AuthorityKeyIdentifierExtension.create(await authorityKey(issuer)),
      await SubjectKeyIdentifierExtension.create(publicKey),
      ...extensions,
    ],
  })
  return pem(certificate.toString('pem'))
}

const generateKeys = () => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

/** 127 random bits: positive, and never the same twice. */
function newSerialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key))
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString()
}

function importKey(text: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(text).export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
}

function authorityKey(issuer: NodeCertificate): Promise<webcrypto.CryptoKey> {
  const der = issuer.publicKey.export({ type: 'spki', format: 'der' })
  return webcrypto.subtle.importKey('spki', der, algorithm, true, ['verify'])
}

const pem = (text: string) => `${text.trim()}\n`
