// Reads the certificates in a control plane's files: who they are for, until when, and with what kind of key.
import { X509Certificate } from 'node:crypto'
import type { ControlPlaneFacts } from '../../proto/facets/control-plane.ts'
import type { Host } from '../host/host.ts'
import { parseKubeconfigCertificates } from '../parse/kubeconfig.ts'
import { malformedDetail } from '../parse/kubernetes-document.ts'
import { parsePemCertificates } from '../parse/pem.ts'
import type { Gaps } from '../probe.ts'
import type { ControlPlaneFile } from './files.ts'

export type CertificateRow = ControlPlaneFacts['certificates'][number]

const maxCertificates = 500
const maxNameLength = 300

/** Only files that are there are read; of a kubeconfig only the certificates. */
export async function readCertificates(
  host: Host,
  files: readonly ControlPlaneFile[],
  gaps: Gaps,
): Promise<readonly CertificateRow[]> {
  const rows: CertificateRow[] = []
  const paths = new Set<string>()
  for (const { path, role, state, kind } of files) {
    const holds = role === 'pki-certificate' || role.endsWith('-kubeconfig')
    if (!holds || state === 'absent' || kind === 'directory' || paths.has(path)) continue
    paths.add(path)
    const certificates = await certificatesOf(host, path, role, gaps)
    for (const [index, pem] of certificates.entries()) {
      const row = describeCertificate(pem, path, index + 1)
      if (row && rows.length < maxCertificates) rows.push(row)
      else noteMalformed(gaps, path, row ? `over the limit of ${maxCertificates}` : `certificate ${index + 1}`)
    }
  }
  return rows
}

async function certificatesOf(
  host: Host,
  path: string,
  role: ControlPlaneFile['role'],
  gaps: Gaps,
): Promise<readonly string[]> {
  const text = await host.readText(path)
  if (text.state !== 'present') {
    gaps.note('certificates', 'incomplete', text)
    return []
  }
  if (role === 'pki-certificate') {
    const { certificates, brokenLine } = parsePemCertificates(text.value)
    if (brokenLine > 0) noteMalformed(gaps, path, `line ${brokenLine}`)
    else if (certificates.length === 0) noteMalformed(gaps, path, 'no certificate')
    return certificates
  }
  const parsed = parseKubeconfigCertificates(text.value)
  if (parsed.state === 'kubeconfig') return parsed.certificates
  noteMalformed(gaps, path, malformedDetail(parsed))
  return []
}

/** Undefined for what is no certificate. */
export function describeCertificate(pem: string, path: string, position: number): CertificateRow | undefined {
  try {
    const certificate = new X509Certificate(pem)
    const { publicKey } = certificate
    const details = publicKey.asymmetricKeyDetails
    return {
      path,
      position,
      subject: nameOf(certificate.subject),
      issuer: nameOf(certificate.issuer),
      subjectAltNames: countNames(certificate.subjectAltName),
      notBefore: certificate.validFromDate.toISOString(),
      notAfter: certificate.validToDate.toISOString(),
      keyType: publicKey.asymmetricKeyType ?? '',
      keyBits: details?.modulusLength ?? curveBits[details?.namedCurve ?? publicKey.asymmetricKeyType ?? ''] ?? 0,
      signature: certificate.signatureAlgorithm ?? '',
      isCA: certificate.ca,
      selfSigned: certificate.subject === certificate.issuer && certificate.verify(publicKey),
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
function countNames(names: string | undefined): number {
  if (names === undefined || names === '') return 0
  return names.replace(/"(?:\\.|[^"\\])*"/g, '').split(',').length
}

function noteMalformed(gaps: Gaps, path: string, detail: string): void {
  gaps.add({ field: 'certificates', effect: 'incomplete', source: path, state: 'malformed', detail })
}
