// Parses a kubelet configuration file or drop-in, and tells it from a kubeconfig by what it says of itself.
import { configFields, nestedFields } from './kubelet-config-fields.ts'
import {
  type ConfigObject,
  isObject,
  kindOfDocument,
  type MalformedDocument,
  malformed,
  parseKubernetesDocument,
} from './kubernetes-document.ts'

export interface KubeletConfigFile {
  readonly state: 'configuration'
  /** the document as JSON would have it, apiVersion and kind included */
  readonly values: ConfigObject
  /** dotted paths of keys that no kubelet version knows */
  readonly unknownKeys: readonly string[]
  /** line of the value at a path, from 1; the line of its nearest parent when it is not there, 0 when unknown */
  readonly lineOf: (path: readonly string[]) => number
}

export type KubeletConfigText =
  | KubeletConfigFile
  /** a document of another kind, such as a kubeconfig (`Config`); kind is empty when it has none */
  | { readonly state: 'other'; readonly kind: string }
  | MalformedDocument

const group = 'kubelet.config.k8s.io/'
const maxUnknownKeys = 100

export function parseKubeletConfig(text: string): KubeletConfigText {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values, lineOf } = document
  if (values['kind'] !== 'KubeletConfiguration') return { state: 'other', kind: kindOfDocument(values) }
  const { apiVersion } = values
  if (typeof apiVersion !== 'string' || !apiVersion.startsWith(group)) {
    return malformed(lineOf(['apiVersion']), `apiVersion is not ${group}v1beta1`)
  }
  return { state: 'configuration', values, unknownKeys: findUnknownKeys(values, lineOf), lineOf }
}

function findUnknownKeys(values: ConfigObject, lineOf: (path: readonly string[]) => number): readonly string[] {
  const unknown: string[] = []
  const look = (object: ConfigObject, known: ReadonlySet<string>, path: readonly string[]) => {
    for (const [key, value] of Object.entries(object)) {
      const inside = [...path, key]
      const fields = nestedFields.get(inside.join('.'))
      if (!known.has(key)) unknown.push(nameOfKey(inside, lineOf))
      else if (fields && isObject(value)) look(value, fields, inside)
    }
  }
  look(values, configFields, [])
  return unknown.slice(0, maxUnknownKeys)
}

/** A key that does not look like a field's name may be anything, so only its line is told. */
function nameOfKey(path: readonly string[], lineOf: (path: readonly string[]) => number): string {
  const key = path.at(-1) ?? ''
  return /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(key) ? path.join('.') : `line ${lineOf(path)}`
}
