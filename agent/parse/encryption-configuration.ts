// Parses an encryption provider configuration of the API server down to the kinds of its providers, never their keys.
import {
  type ConfigValue,
  isObject,
  kindOfDocument,
  type MalformedDocument,
  malformed,
  parseKubernetesDocument,
} from './kubernetes-document.ts'

export interface EncryptionConfiguration {
  readonly state: 'configuration'
  /** in order: of the groups that name a resource the first counts */
  readonly groups: readonly EncryptionGroup[]
}

export interface EncryptionGroup {
  /** `secrets`, `deployments.apps`, `*.apps` or `*.*` */
  readonly resources: readonly string[]
  /** the first one writes, all of them read: aescbc, aesgcm, secretbox, kms v1, kms v2, identity */
  readonly providers: readonly string[]
}

const keyed = ['aescbc', 'aesgcm', 'secretbox'] as const

export function parseEncryptionConfiguration(text: string): EncryptionConfiguration | MalformedDocument {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values, lineOf } = document
  const { resources: list } = values
  // Older versions called it EncryptionConfig.
  if (values['kind'] !== 'EncryptionConfiguration' && values['kind'] !== 'EncryptionConfig') {
    return malformed(0, `kind is ${kindOfDocument(values) || 'missing'}, not EncryptionConfiguration`)
  }
  if (!Array.isArray(list)) return malformed(lineOf(['resources']), 'resources is not a list')
  const groups: EncryptionGroup[] = []
  for (const [index, item] of list.entries()) {
    const group = readGroup(item)
    if (!group) return malformed(lineOf(['resources', index]), 'not a list of resources with their providers')
    groups.push(group)
  }
  return { state: 'configuration', groups }
}

/**
 * Kinds of the providers that a resource is written and read with, in order; empty when none are named.
 *
 * @param resource such as `secrets`, with its API group after a dot
 */
export function providersOf({ groups }: EncryptionConfiguration, resource: string): readonly string[] {
  const [, group = ''] = /^[^.]*\.(.*)$/.exec(resource) ?? []
  const names = [resource, `*.${group}`, '*.*']
  return groups.find(({ resources }) => resources.some(name => names.includes(name)))?.providers ?? []
}

function readGroup(item: ConfigValue): EncryptionGroup | undefined {
  if (!isObject(item)) return undefined
  const { resources, providers } = item
  if (!Array.isArray(resources) || !Array.isArray(providers)) return undefined
  const names = resources.filter(name => typeof name === 'string')
  const kinds = providers.flatMap(provider => kindOf(provider) ?? [])
  return names.length === resources.length && kinds.length === providers.length
    ? { resources: names, providers: kinds }
    : undefined
}

/** One provider is a mapping with one key that tells its kind. */
function kindOf(provider: ConfigValue): string | undefined {
  if (!isObject(provider)) return undefined
  const [kind, ...more] = Object.keys(provider)
  if (kind === undefined || more.length > 0) return undefined
  const name = [...keyed, 'identity'].find(one => one === kind)
  if (name !== undefined || kind !== 'kms') return name
  const { kms } = provider
  return isObject(kms) && kms['apiVersion'] === 'v2' ? 'kms v2' : 'kms v1'
}
