// Parses an AuthorizationConfiguration of the API server down to its authorizers in order.
import {
  isObject,
  kindOfDocument,
  type MalformedDocument,
  malformed,
  parseKubernetesDocument,
} from './kubernetes-document.ts'

export interface AuthorizationConfiguration {
  readonly state: 'configuration'
  /** types in order, as `--authorization-mode` would name them */
  readonly modes: readonly string[]
}

export function parseAuthorizationConfiguration(text: string): AuthorizationConfiguration | MalformedDocument {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values, lineOf } = document
  const { authorizers } = values
  if (values['kind'] !== 'AuthorizationConfiguration') {
    return malformed(0, `kind is ${kindOfDocument(values) || 'missing'}, not AuthorizationConfiguration`)
  }
  const types = Array.isArray(authorizers) ? authorizers.map(one => (isObject(one) ? one['type'] : undefined)) : []
  const modes = types.filter(type => typeof type === 'string')
  if (modes.length === 0 || modes.length < types.length) {
    return malformed(lineOf(['authorizers']), 'not a list of authorizers with their types')
  }
  return { state: 'configuration', modes }
}
