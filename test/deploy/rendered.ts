// What kustomize and helm make of deploy/, as objects, and the words that tests of them share.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { IDaemonSet, IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1'
import type { IContainer, IPodSpec } from 'kubernetes-models/v1'
import { parseAllDocuments } from 'yaml'
import { helm, kubectl } from '../kubectl.ts'

const kubernetes = join(import.meta.dirname, '../../deploy/kubernetes')

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Readonly<Record<string, string>>
  }
}

/** What `kubectl apply -k` sends. */
export const kustomized = (directory: string): readonly Manifest[] => objectsOf(kubectl('kustomize', directory))

/** The same of an overlay of a base and components, by their names, in a directory that is removed. */
export function withComponents(base: string, ...components: readonly string[]): readonly Manifest[] {
  const directory = mkdtempSync(join(tmpdir(), 'gabion-overlay-'))
  const path = (name: string) => relative(directory, join(kubernetes, name))
  const list = components.map(name => path(`components/${name}`)).join(', ')
  const head = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n'
  writeFileSync(join(directory, 'kustomization.yaml'), `${head}resources: [${path(base)}]\ncomponents: [${list}]\n`)
  try {
    return kustomized(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** What `helm install` sends, of the chart with these values. */
export const charted = (...values: readonly string[]): readonly Manifest[] =>
  objectsOf(helm('template', 'gabion', 'deploy/helm/gabion', '--namespace', 'gabion', ...values))

function objectsOf(text: string): readonly Manifest[] {
  const documents = parseAllDocuments(text).map(document => document.toJS() as Manifest | null)
  return documents.filter(document => document !== null)
}

/** `Kind/name`. */
export const titleOf = ({ kind, metadata }: Manifest): string => `${kind}/${metadata.name}`

/** @throws when there is none, or more than one */
export function find<T>(manifests: readonly Manifest[], kind: string, name: string): T {
  const found = manifests.filter(one => one.kind === kind && one.metadata.name === name)
  if (found.length !== 1) throw new Error(`${found.length} of ${kind}/${name}`)
  return found[0] as unknown as T
}

/** The configuration in the ConfigMap that the collector mounts. */
export function collectorFile(manifests: readonly Manifest[]): string {
  const map = manifests.find(one => one.kind === 'ConfigMap' && one.metadata.name.startsWith('gabion-collector'))
  return (map as unknown as { readonly data?: Readonly<Record<string, string>> })?.data?.['collector.yaml'] ?? ''
}

export interface Pod {
  readonly pod: IPodSpec
  readonly container: IContainer
}

export function podOf(set: IDaemonSet | IDeployment | IStatefulSet): Pod {
  const pod = set.spec?.template.spec
  const [container] = pod?.containers ?? []
  if (!pod || !container) throw new Error('no container')
  return { pod, container }
}

export const agentPod = (manifests: readonly Manifest[]): Pod =>
  podOf(find<IDaemonSet>(manifests, 'DaemonSet', 'gabion-agent'))

/** Variables whose value is written there. */
export const environmentOf = ({ env }: IContainer): Readonly<Record<string, string>> =>
  Object.fromEntries((env ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])))

/** What a Role or ClusterRole allows, a line each: `verb group/resource name`. */
export function rightsOf(manifests: readonly Manifest[], kind: string, name: string): readonly string[] {
  interface Rule {
    readonly apiGroups: readonly string[]
    readonly resources: readonly string[]
    readonly resourceNames?: readonly string[]
    readonly verbs: readonly string[]
  }
  const { rules } = find<{ readonly rules: readonly Rule[] }>(manifests, kind, name)
  return rules.flatMap(({ apiGroups, resources, resourceNames = ['*'], verbs }) =>
    verbs.flatMap(verb =>
      apiGroups.flatMap(group => resources.map(one => `${verb} ${group}/${one} ${resourceNames.join()}`)),
    ),
  )
}
