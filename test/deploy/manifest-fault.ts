// What Kubernetes would say against an object: its schema, and fields that nobody reads.
import { pathToFileURL } from 'node:url'
import { declarationOf, unknownFields } from './kubernetes-fields.ts'
import type { Manifest } from './rendered.ts'

/** Kinds of others, whose schemas are not those of Kubernetes. */
const foreign = [
  'gateway.networking.k8s.io/v1 HTTPRoute',
  'monitoring.coreos.com/v1 PrometheusRule',
  'monitoring.coreos.com/v1 ServiceMonitor',
]

/** Undefined when nothing. */
export async function manifestFault(manifest: Manifest): Promise<string | undefined> {
  const kind = `${manifest.apiVersion} ${manifest.kind}`
  if (foreign.includes(kind)) return undefined
  const declaration = declarationOf(manifest.apiVersion, manifest.kind)
  if (!declaration) return `no schema of ${kind}`
  const module = (await import(pathToFileURL(declaration.replace(/\.d\.ts$/, '.js')).href)) as Readonly<
    Record<string, new (manifest: unknown) => { validate(): void }>
  >
  const Model = module[manifest.kind]
  if (!Model) return `no class ${manifest.kind}`
  try {
    new Model(manifest).validate()
  } catch (error) {
    return String(error)
  }
  const unknown = unknownFields(manifest, declaration)
  return unknown.length > 0 ? `fields that nobody reads: ${unknown.join(', ')}` : undefined
}
