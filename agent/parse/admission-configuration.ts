// Parses an admission control configuration of the API server down to the plugins and the settings that weaken them.
import {
  type ConfigObject,
  type ConfigValue,
  isObject,
  kindOfDocument,
  type MalformedDocument,
  malformed,
  parseKubernetesDocument,
} from './kubernetes-document.ts'

export interface AdmissionConfiguration {
  readonly state: 'configuration'
  readonly plugins: readonly AdmissionPlugin[]
}

export interface AdmissionPlugin {
  readonly name: string
  /** the plugin's own configuration where it stands in this file */
  readonly configuration: ConfigObject | undefined
  /** the file where it stands instead, as written; empty when it is not in a file */
  readonly path: string
}

export function parseAdmissionConfiguration(text: string): AdmissionConfiguration | MalformedDocument {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values, lineOf } = document
  const { plugins = [] } = values
  if (values['kind'] !== 'AdmissionConfiguration') {
    return malformed(0, `kind is ${kindOfDocument(values) || 'missing'}, not AdmissionConfiguration`)
  }
  if (!Array.isArray(plugins)) return malformed(lineOf(['plugins']), 'plugins is not a list')
  const read = plugins.flatMap(plugin => readPlugin(plugin) ?? [])
  if (read.length < plugins.length) return malformed(lineOf(['plugins']), 'a plugin has no name')
  return { state: 'configuration', plugins: read }
}

/** Whether an ImagePolicyWebhook lets images in when its backend does not answer; false when nothing is said. */
export function defaultAllowOf(configuration: ConfigObject | undefined): boolean {
  const policy = configuration?.['imagePolicy'] ?? configuration
  return isObject(policy) && policy['defaultAllow'] === true
}

/** The pod security level that namespaces without a label get; `privileged` when nothing is said. */
export function enforcedByDefault(configuration: ConfigObject | undefined): string {
  const defaults = configuration?.['defaults']
  const level = isObject(defaults) ? defaults['enforce'] : undefined
  return level === 'baseline' || level === 'restricted' ? level : 'privileged'
}

function readPlugin(plugin: ConfigValue): AdmissionPlugin | undefined {
  if (!isObject(plugin)) return undefined
  const { name, configuration, path } = plugin
  if (typeof name !== 'string') return undefined
  return {
    name,
    configuration: isObject(configuration) ? configuration : undefined,
    path: typeof path === 'string' ? path : '',
  }
}
