// @kubernetes/client-node: the map of each model's fields to their types, walked strictly.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as client from '@kubernetes/client-node'
import type { Manifest } from '../rendered.ts'
import { packageFolder, packageVersion, type Schema } from './schema.ts'

const name = '@kubernetes/client-node'

interface Attribute {
  readonly baseName: string
  readonly type: string
}
interface Model {
  getAttributeTypeMap?(): readonly Attribute[]
}
const exported = client as unknown as Readonly<Record<string, Model & { readonly prototype?: object }>>

export function clientSchema(): Schema {
  const model = readFileSync(join(packageFolder(name), 'dist/gen/models/V1Pod.js'), 'utf8')
  const minor = Number(/OpenAPI spec version: release-1\.(\d+)/.exec(model)?.[1])
  return {
    title: `Kubernetes 1.${minor} (${name} ${packageVersion(name)})`,
    minor,
    faults: async manifests => manifests.map(clientFault),
  }
}

function clientFault(manifest: Manifest): string | undefined {
  const { apiVersion, kind } = manifest
  const [version = '', group = ''] = apiVersion.split('/').reverse()
  const api = exported[`${group === '' ? 'Core' : apiGroup(group)}${upperFirst(version)}Api`]
  const served = Object.getOwnPropertyNames(api?.prototype ?? {})
  if (!served.includes(`create${kind}`) && !served.includes(`createNamespaced${kind}`))
    return `no schema of ${apiVersion} ${kind}`
  const faults = faultsOf(manifest, `${upperFirst(version)}${kind}`, '')
  return faults.length > 0 ? faults.join('; ') : undefined
}

/** `rbac.authorization.k8s.io` is RbacAuthorization. */
const apiGroup = (group: string): string =>
  group
    .replace(/\.k8s\.io$/, '')
    .split('.')
    .map(upperFirst)
    .join('')

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** What is said against a value of a type, each with the path that it stands at. */
function faultsOf(value: unknown, type: string, path: string): readonly string[] {
  const [, item] = /^(?:Array|Set)<(.*)>$/.exec(type) ?? []
  if (item !== undefined) {
    if (!Array.isArray(value)) return [`${path}: expected a list`]
    return value.flatMap((one, at) => faultsOf(one, item, `${path}[${at}]`))
  }
  const [, inner] = /^\{ \[key: string\]: (.*); \}$/.exec(type) ?? []
  const attributes = exported[type]?.getAttributeTypeMap?.()
  if (inner === undefined && !attributes) return plainFault(value, type, path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path}: expected an object`]
  return Object.entries(value).flatMap(([key, one]) => {
    const here = path === '' ? key : `${path}.${key}`
    const known = inner ?? attributes?.find(({ baseName }) => baseName === key)?.type
    return known === undefined ? [`${here}: nobody reads this field`] : faultsOf(one, known, here)
  })
}

function plainFault(value: unknown, type: string, path: string): readonly string[] {
  if (type === 'any' || type === 'object') return []
  const allowed = type === 'IntOrString' ? ['string', 'number'] : [type === 'Date' ? 'string' : type]
  return allowed.includes(typeof value) ? [] : [`${path}: expected ${type}`]
}
