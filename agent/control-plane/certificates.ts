// Reads the certificates in a control plane's files: who they are for, until when, and with what kind of key.
import type { ControlPlaneFacts } from '../../proto/facets/control-plane.ts'
import { readCertificate } from '../certificate.ts'
import type { Host } from '../host/host.ts'
import { parseKubeconfigCertificates } from '../parse/kubeconfig.ts'
import { malformedDetail } from '../parse/kubernetes-document.ts'
import { parsePemCertificates } from '../parse/pem.ts'
import type { Gaps } from '../probe.ts'
import type { ControlPlaneFile } from './files.ts'

export type CertificateRow = ControlPlaneFacts['certificates'][number]

const maxCertificates = 500

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
  const read = readCertificate(pem)
  if (!read) return undefined
  const { names, fingerprint: _fingerprint, ...facts } = read
  return { path, position, ...facts, subjectAltNames: names.length }
}

function noteMalformed(gaps: Gaps, path: string, detail: string): void {
  gaps.add({ field: 'certificates', effect: 'incomplete', source: path, state: 'malformed', detail })
}
