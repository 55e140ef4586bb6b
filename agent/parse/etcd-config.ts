// Parses a configuration file of etcd into the words of the command line that would say the same.
import { type ConfigValue, isObject, type MalformedDocument, parseKubernetesDocument } from './kubernetes-document.ts'

export interface EtcdConfigFile {
  readonly state: 'configuration'
  /** `--flag=value`, for the fields that have a flag of the same meaning */
  readonly args: readonly string[]
}

const plainFields = [
  'data-dir',
  'wal-dir',
  'listen-client-urls',
  'listen-client-http-urls',
  'listen-peer-urls',
  'listen-metrics-urls',
  'cipher-suites',
  'tls-min-version',
  'enable-pprof',
  'name',
] as const

/** Fields of the two sections, and the flag that means the same with `peer-` before it in the second. */
const securityFields = ['cert-file', 'key-file', 'client-cert-auth', 'trusted-ca-file', 'auto-tls'] as const

/** With such a file etcd does not look at its flags and environment. Values of other fields are not read. */
export function parseEtcdConfig(text: string): EtcdConfigFile | MalformedDocument {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values } = document
  const client = values['client-transport-security']
  const peer = values['peer-transport-security']
  return {
    state: 'configuration',
    args: [
      ...plainFields.flatMap(field => argOf(field, values[field])),
      ...securityFields.flatMap(field => argOf(field, isObject(client) ? client[field] : undefined)),
      ...securityFields.flatMap(field => argOf(`peer-${field}`, isObject(peer) ? peer[field] : undefined)),
    ],
  }
}

function argOf(flag: string, value: ConfigValue | undefined): readonly string[] {
  if (Array.isArray(value)) return [`--${flag}=${value.filter(item => typeof item === 'string').join(',')}`]
  if (value === undefined || value === null || typeof value === 'object') return []
  return [`--${flag}=${String(value)}`]
}
