// Reads the few fields that matter of the configuration files of kube-scheduler and kube-proxy.
import { kindOfDocument, type MalformedDocument, malformed, parseKubernetesDocument } from './kubernetes-document.ts'

export interface SchedulerConfig {
  readonly state: 'configuration'
  readonly enableProfiling: boolean
}

/** KubeSchedulerConfiguration: with it the flag `--profiling` has no say. */
export function parseSchedulerConfig(text: string): SchedulerConfig | MalformedDocument {
  const values = valuesOf(text, 'KubeSchedulerConfiguration')
  if ('state' in values) return values
  const { enableProfiling = true } = values.fields
  if (typeof enableProfiling !== 'boolean') return malformed(0, 'enableProfiling is not a boolean')
  return { state: 'configuration', enableProfiling }
}

export interface ProxyConfig {
  readonly state: 'configuration'
  /** empty when not set */
  readonly metricsBindAddress: string
  readonly healthzBindAddress: string
}

/** KubeProxyConfiguration: with it flags other than `--hostname-override` and `--write-config-to` have no say. */
export function parseProxyConfig(text: string): ProxyConfig | MalformedDocument {
  const values = valuesOf(text, 'KubeProxyConfiguration')
  if ('state' in values) return values
  const { metricsBindAddress = '', healthzBindAddress = '' } = values.fields
  return {
    state: 'configuration',
    metricsBindAddress: typeof metricsBindAddress === 'string' ? metricsBindAddress : '',
    healthzBindAddress: typeof healthzBindAddress === 'string' ? healthzBindAddress : '',
  }
}

function valuesOf(text: string, kind: string) {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  if (document.values['kind'] === kind) return { fields: document.values }
  return malformed(0, `kind is ${kindOfDocument(document.values) || 'missing'}, not ${kind}`)
}
