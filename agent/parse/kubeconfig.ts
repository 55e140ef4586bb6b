// Reads the client certificates of a kubeconfig, or where they are; keys, tokens and passwords are passed over.
import { isObject, type MalformedDocument, malformed, parseKubernetesDocument } from './kubernetes-document.ts'
import { parsePemCertificates } from './pem.ts'

export interface KubeconfigCertificates {
  readonly state: 'kubeconfig'
  /** client certificates in PEM, in order of the users */
  readonly certificates: readonly string[]
  /** files that hold client certificates, as written: relative ones count from the kubeconfig's directory */
  readonly files: readonly string[]
}

const maxUsers = 100

export function parseKubeconfigCertificates(text: string): KubeconfigCertificates | MalformedDocument {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values, lineOf } = document
  const { users = [] } = values
  if (values['kind'] !== 'Config') return malformed(0, 'kind is not Config')
  if (users !== null && !Array.isArray(users)) return malformed(lineOf(['users']), 'users is not a list')
  const certificates: string[] = []
  const files: string[] = []
  for (const item of (users ?? []).slice(0, maxUsers)) {
    const user = isObject(item) ? item['user'] : undefined
    const { 'client-certificate-data': data = '', 'client-certificate': file = '' } = isObject(user) ? user : {}
    // Data wins over a file, clientcmd/api/types.go.
    if (typeof data === 'string' && data !== '') certificates.push(...certificatesOf(data))
    else if (typeof file === 'string' && file !== '') files.push(file)
  }
  return { state: 'kubeconfig', certificates, files }
}

function certificatesOf(base64: string): readonly string[] {
  return parsePemCertificates(Buffer.from(base64, 'base64').toString('latin1')).certificates
}
