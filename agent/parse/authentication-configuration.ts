// Parses an AuthenticationConfiguration of the API server down to whether it lets anonymous requests in.
import {
  isObject,
  kindOfDocument,
  type MalformedDocument,
  malformed,
  parseKubernetesDocument,
} from './kubernetes-document.ts'

export interface AuthenticationConfiguration {
  readonly state: 'configuration'
  /** paths to which anonymous requests are let in; `*` for every path; undefined when the file does not say */
  readonly anonymousPaths: readonly string[] | undefined
}

/** Where `anonymous` is given it decides, and the API server refuses `--anonymous-auth` beside it. */
export function parseAuthenticationConfiguration(text: string): AuthenticationConfiguration | MalformedDocument {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values, lineOf } = document
  if (values['kind'] !== 'AuthenticationConfiguration') {
    return malformed(0, `kind is ${kindOfDocument(values) || 'missing'}, not AuthenticationConfiguration`)
  }
  const { anonymous } = values
  if (anonymous === undefined || anonymous === null) return { state: 'configuration', anonymousPaths: undefined }
  if (!isObject(anonymous) || typeof (anonymous['enabled'] ?? false) !== 'boolean') {
    return malformed(lineOf(['anonymous']), 'anonymous does not say whether it is enabled')
  }
  if (anonymous['enabled'] !== true) return { state: 'configuration', anonymousPaths: [] }
  const conditions = anonymous['conditions'] ?? []
  const paths = Array.isArray(conditions) ? conditions.map(one => (isObject(one) ? one['path'] : undefined)) : [0]
  const texts = paths.filter(path => typeof path === 'string')
  if (texts.length < paths.length) return malformed(lineOf(['anonymous', 'conditions']), 'not a list of paths')
  return { state: 'configuration', anonymousPaths: texts.length === 0 ? ['*'] : texts }
}
