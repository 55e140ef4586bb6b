// Reads a kubelet's certificates from disk: those it shows, those it serves with and those of whom it lets in.
import { posix } from 'node:path'
import type { Gap } from '../../proto/facet.ts'
import type { KubeletCertificate } from '../../proto/facets/kubelet.ts'
import { type CertificateFacts, readCertificate } from '../certificate.ts'
import type { Host } from '../host/host.ts'
import { parseKubeconfigCertificates } from '../parse/kubeconfig.ts'
import { malformedDetail } from '../parse/kubernetes-document.ts'
import { parsePemCertificates } from '../parse/pem.ts'
import { type Obstacle, obstacleOf } from './found-kubelet.ts'

export interface CertificateFile {
  readonly path: string
  readonly use: KubeletCertificate['use']
  /** the kubelet asks for a new one in time */
  readonly rotated: boolean
}

export type CertificateRow = Omit<KubeletCertificate, 'kubelet'>

export interface KubeletCertificates {
  readonly rows: readonly CertificateRow[]
  /** file by SHA-256 of the certificates that the kubelet may serve with */
  readonly serving: ReadonlyMap<string, string>
  /** why there may be more certificates to serve with */
  readonly servingObstacle: Obstacle | undefined
  readonly gaps: readonly Gap[]
}

/** Files of one kubelet hold a few; a bundle of authorities may hold some more. */
const maxCertificates = 200

/** @param kubeconfig empty when there is none; relative files in it count from its directory */
export async function readKubeletCertificates(
  host: Host,
  files: readonly CertificateFile[],
  kubeconfig: string,
): Promise<KubeletCertificates> {
  const reading: Reading = { host, rows: new Map(), serving: new Map(), servingObstacle: undefined, gaps: [] }
  const ofKubeconfig = kubeconfig === '' ? [] : await readKubeconfig(reading, kubeconfig, files)
  for (const file of [...files, ...ofKubeconfig]) await readFile(reading, file)
  return { ...reading, rows: [...reading.rows.values()] }
}

interface Reading {
  readonly host: Host
  readonly rows: Map<string, CertificateRow>
  readonly serving: Map<string, string>
  servingObstacle: Obstacle | undefined
  readonly gaps: Gap[]
}

async function readKubeconfig(
  reading: Reading,
  path: string,
  known: readonly CertificateFile[],
): Promise<readonly CertificateFile[]> {
  const text = await reading.host.readText(path)
  if (text.state !== 'present') {
    if (text.state !== 'absent') noteGap(reading, obstacleOf(text))
    return []
  }
  const parsed = parseKubeconfigCertificates(text.value)
  if (parsed.state === 'malformed') {
    noteGap(reading, { source: path, state: 'malformed', detail: malformedDetail(parsed) })
    return []
  }
  addRows(reading, { path, use: 'client', rotated: false }, parsed.certificates)
  return parsed.files
    .map(file => posix.resolve(posix.dirname(path), file))
    .filter(file => !known.some(one => one.path === file))
    .map(file => ({ path: file, use: 'client', rotated: false }))
}

async function readFile(reading: Reading, file: CertificateFile): Promise<void> {
  const text = await reading.host.readText(file.path)
  if (text.state === 'absent') return
  if (text.state !== 'present') return noteFile(reading, file, obstacleOf(text))
  const { certificates, brokenLine } = parsePemCertificates(text.value)
  addRows(reading, file, certificates)
  const detail = brokenLine > 0 ? `line ${brokenLine}` : certificates.length === 0 ? 'no certificate' : ''
  if (detail !== '') noteFile(reading, file, { source: file.path, state: 'malformed', detail })
}

function addRows(reading: Reading, file: CertificateFile, certificates: readonly string[]): void {
  for (const [index, pem] of certificates.entries()) {
    const read = readCertificate(pem)
    if (read === undefined) {
      noteFile(reading, file, { source: file.path, state: 'malformed', detail: `certificate ${index + 1}` })
    } else if (reading.rows.size >= maxCertificates) {
      const detail = `over the limit of ${maxCertificates} certificates`
      noteFile(reading, file, { source: file.path, state: 'tooLarge', detail })
    } else addRow(reading, file, index + 1, read)
  }
}

function addRow(reading: Reading, { path, use, rotated }: CertificateFile, position: number, read: CertificateFacts) {
  reading.rows.set(`${use} ${path} ${position}`, {
    ...{ use, path, position, ...certificateFields(read) },
    isCA: read.isCA,
    rotated,
  })
  if (use === 'serving' && position === 1) reading.serving.set(read.fingerprint, path)
}

/** The fields that certificates on disk and presented ones have in common. */
export function certificateFields(read: CertificateFacts) {
  const { names, fingerprint: _fingerprint, isCA: _isCA, ...fields } = read
  return { ...fields, subjectAltNames: [...names] }
}

function noteFile(reading: Reading, { use }: CertificateFile, obstacle: Obstacle): void {
  if (use === 'serving') reading.servingObstacle ??= obstacle
  noteGap(reading, obstacle)
}

function noteGap(reading: Reading, obstacle: Obstacle): void {
  reading.gaps.push({ field: 'certificates', effect: 'incomplete', ...obstacle })
}
