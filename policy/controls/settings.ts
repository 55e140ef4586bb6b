// Reads kube-bench's config.yaml: components with the places where their files may be, and benchmarks by version.
import { PolicyError } from '../policy-error.ts'
import { type Fields, openFields } from './yaml-fields.ts'

/** What a variable is about, in the order in which variables are replaced. */
export const variableKinds = ['bin', 'conf', 'svc', 'kubeconfig', 'cafile', 'datadir'] as const
export type VariableKind = (typeof variableKinds)[number]
export type FileKind = Exclude<VariableKind, 'bin'>

export interface Candidates {
  /** paths, or programs with their first arguments; the first that there is counts */
  readonly paths: readonly string[]
  /** when there is none of them; undefined when nothing is said */
  readonly otherwise: string | undefined
}

export interface Component {
  readonly name: string
  /** whether `components` names it; without that it is not looked for */
  readonly listed: boolean
  readonly optional: boolean
  readonly bins: readonly string[]
  readonly files: Readonly<Record<FileKind, Candidates>>
}

export interface ControlsSettings {
  /** by type of controls file */
  readonly components: ReadonlyMap<string, readonly Component[]>
  /** Kubernetes minor version or platform → name of a benchmark */
  readonly benchmarks: ReadonlyMap<string, string>
}

const nodeTypes = ['master', 'node', 'etcd', 'controlplane', 'policies', 'managedservices']

const keysOf: Readonly<Record<FileKind, readonly [string, string]>> = {
  conf: ['confs', 'defaultconf'],
  svc: ['svc', 'defaultsvc'],
  kubeconfig: ['kubeconfig', 'defaultkubeconfig'],
  cafile: ['cafile', 'defaultcafile'],
  datadir: ['datadirs', 'defaultdatadir'],
}

/** @throws PolicyError with the places of what is wrong */
export function parseSettings(text: string, path: string): ControlsSettings {
  if (text.split('\n').every(line => /^\s*(#.*|---)?\s*$/.test(line))) return noSettings
  const { yaml, fields } = openFields(text, path)
  const components = new Map<string, readonly Component[]>()
  for (const type of nodeTypes) {
    const node = fields.map(type)
    if (node) components.set(type, readComponents(node))
  }
  const mapping = fields.map('version_mapping')
  const benchmarks = new Map((mapping?.keys() ?? []).map(key => [key, mapping?.text(key) ?? '']))
  if (yaml.problems.length > 0) throw new PolicyError(yaml.problems)
  return { components, benchmarks }
}

export const noSettings: ControlsSettings = { components: new Map(), benchmarks: new Map() }

/** Listed components, and those that are described without being listed: another file may list them. */
function readComponents(node: Fields): readonly Component[] {
  const listed = node.texts('components')
  const described = node.keys().filter(key => key !== 'components' && !listed.includes(key))
  return [...listed, ...described].map(name => {
    const fields = node.map(name)
    const candidates = ([paths, otherwise]: readonly [string, string]): Candidates => ({
      paths: fields?.texts(paths) ?? [],
      otherwise: fields?.has(otherwise) ? fields.text(otherwise) : undefined,
    })
    return {
      name,
      listed: listed.includes(name),
      optional: fields?.flag('optional', false) ?? false,
      bins: fields?.texts('bins') ?? [],
      files: {
        conf: candidates(keysOf.conf),
        svc: candidates(keysOf.svc),
        kubeconfig: candidates(keysOf.kubeconfig),
        cafile: candidates(keysOf.cafile),
        datadir: candidates(keysOf.datadir),
      },
    }
  })
}

/** Components that a type of controls file is about: those that are listed, as far as anything is said of them. */
export function componentsOf(type: string, { components }: ControlsSettings): readonly Component[] {
  return (components.get(type) ?? []).filter(({ listed, bins, files }) => {
    const isDescribed = Object.values(files).some(({ paths, otherwise }) => paths.length > 0 || otherwise !== undefined)
    return listed && (bins.length > 0 || isDescribed)
  })
}

/**
 * Later settings win, field by field of a component, and so does a list of components, as kube-bench lays a benchmark's
 * file over the common one.
 */
export function mergeSettings(base: ControlsSettings, over: ControlsSettings): ControlsSettings {
  const components = new Map(base.components)
  for (const [type, list] of over.components) {
    const isListed = list.some(({ listed }) => listed)
    const before = (components.get(type) ?? []).map(one => (isListed ? { ...one, listed: false } : one))
    const changed = before.map(one =>
      mergeComponent(
        one,
        list.find(({ name }) => name === one.name),
      ),
    )
    components.set(type, [...changed, ...list.filter(({ name }) => !before.some(one => one.name === name))])
  }
  return { components, benchmarks: new Map([...base.benchmarks, ...over.benchmarks]) }
}

function mergeComponent(base: Component, over: Component | undefined): Component {
  if (!over) return base
  const files = (kind: FileKind): Candidates => ({
    paths: over.files[kind].paths.length > 0 ? over.files[kind].paths : base.files[kind].paths,
    otherwise: over.files[kind].otherwise ?? base.files[kind].otherwise,
  })
  return {
    name: base.name,
    listed: base.listed || over.listed,
    optional: base.optional || over.optional,
    bins: over.bins.length > 0 ? over.bins : base.bins,
    files: {
      ...{ conf: files('conf'), svc: files('svc'), kubeconfig: files('kubeconfig') },
      ...{ cafile: files('cafile'), datadir: files('datadir') },
    },
  }
}

/**
 * The benchmark for a version such as `1.31.2`: that of its minor version, else of the nearest older one.
 * @returns undefined when none is old enough
 */
export function benchmarkFor(version: string, { benchmarks }: ControlsSettings): string | undefined {
  const found = /^v?(\d{1,4})\.(\d{1,4})/.exec(version)
  if (!found) return undefined
  for (let minor = Number(found[2]); minor > 0; minor--) {
    const name = benchmarks.get(`${Number(found[1])}.${minor}`)
    if (name !== undefined) return name
  }
  return undefined
}
