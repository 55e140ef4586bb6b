// Tells what a kubelet's HTTPS port accepts of TLS, and which certificate it presents.
import type { Gap } from '../../proto/facet.ts'
import type { KubeletEndpoint, KubeletTls } from '../../proto/facets/kubelet.ts'
import { readCertificate } from '../certificate.ts'
import type { Host } from '../host/host.ts'
import { tlsUrl } from '../host/probe-urls.ts'
import { certificateFields, type KubeletCertificates } from './certificates.ts'

export interface TlsOffers {
  readonly rows: readonly KubeletTls[]
  readonly gaps: readonly Gap[]
}

/** @param presented certificate of the HTTPS port in PEM; undefined when it presented none */
export async function readTlsOffers(
  host: Host,
  endpoint: KubeletEndpoint,
  presented: string | undefined,
  { serving, servingObstacle }: KubeletCertificates,
): Promise<TlsOffers> {
  const { kubelet, address, port } = endpoint
  const lacking = (state: Gap['state'], detail: string): TlsOffers => ({
    rows: [],
    gaps: [{ field: 'tls', effect: 'incomplete', source: tlsUrl({ address, port }), state, detail }],
  })
  const certificate = presented === undefined ? undefined : readCertificate(presented)
  if (certificate === undefined) return lacking('unavailable', 'presents no certificate that can be read')
  const outcome = await host.probeTls({ address, port })
  if (outcome.state !== 'present') {
    return lacking(outcome.state === 'absent' ? 'unavailable' : outcome.state, outcome.detail)
  }
  const { value: answer } = outcome
  if (answer.state !== 'open') return lacking('unavailable', `${answer.state}: ${answer.detail}`)
  const file = serving.get(certificate.fingerprint) ?? (servingObstacle === undefined ? '' : undefined)
  const row: KubeletTls = {
    kubelet,
    versions: [...answer.versions],
    cipherSuites: [...answer.cipherSuites],
    clientAuthorities: answer.clientAuthorities,
    ...certificateFields(certificate),
    ...(file === undefined ? {} : { certificateFile: file }),
  }
  if (file !== undefined || servingObstacle === undefined) return { rows: [row], gaps: [] }
  return { rows: [row], gaps: [{ field: 'tls.certificateFile', effect: 'omitted', ...servingObstacle }] }
}
