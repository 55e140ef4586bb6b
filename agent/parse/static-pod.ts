// Parses a static pod manifest: what its containers run, and what of the host they see.
import {
  type ConfigObject,
  type ConfigValue,
  isObject,
  kindOfDocument,
  type MalformedDocument,
  parseKubernetesDocument,
} from './kubernetes-document.ts'

export interface StaticPod {
  readonly state: 'pod'
  readonly containers: readonly PodContainer[]
  readonly hostNetwork: boolean
}

export interface PodContainer {
  readonly name: string
  readonly image: string
  /** command and arguments; `$(NAME)` is put in place where the value stands in the manifest */
  readonly argv: readonly string[]
  /** variables with a value of their own; those taken from elsewhere are not here */
  readonly environment: ReadonlyMap<string, string>
  readonly mounts: readonly PodMount[]
}

export interface PodMount {
  /** path in the container */
  readonly mountPath: string
  /** path on the host; undefined for a volume that is not the host's */
  readonly hostPath: string | undefined
}

export type StaticPodText =
  | StaticPod
  /** a document of another kind; kind is empty when it has none */
  | { readonly state: 'other'; readonly kind: string }
  | MalformedDocument

const maxContainers = 64
const maxItems = 4096

/** The kubelet reads one Pod per file, as YAML or JSON; init containers do not stay and are left out. */
export function parseStaticPod(text: string): StaticPodText {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values } = document
  if (values['kind'] !== 'Pod') return { state: 'other', kind: kindOfDocument(values) }
  const spec = objectOf(values['spec'])
  const hostPaths = new Map(
    objectsOf(spec['volumes']).map(volume => [textOf(volume['name']), hostPathOf(volume)] as const),
  )
  const containers = objectsOf(spec['containers']).slice(0, maxContainers)
  return {
    state: 'pod',
    containers: containers.map(container => readContainer(container, hostPaths)),
    hostNetwork: spec['hostNetwork'] === true,
  }
}

function readContainer(container: ConfigObject, hostPaths: ReadonlyMap<string, string | undefined>): PodContainer {
  const environment = new Map<string, string>()
  for (const variable of objectsOf(container['env'])) {
    const { name, value } = variable
    if (typeof name !== 'string' || Object.hasOwn(variable, 'valueFrom')) continue
    environment.set(name, expand(scalarText(value ?? ''), environment))
  }
  const argv = [...textsOf(container['command']), ...textsOf(container['args'])]
  return {
    name: textOf(container['name']),
    image: textOf(container['image']),
    argv: argv.map(word => expand(word, environment)),
    environment,
    mounts: objectsOf(container['volumeMounts']).map(mount => readMount(mount, hostPaths)),
  }
}

function readMount(mount: ConfigObject, hostPaths: ReadonlyMap<string, string | undefined>): PodMount {
  const hostPath = hostPaths.get(textOf(mount['name']))
  const subPath = textOf(mount['subPath'])
  const unknown = textOf(mount['subPathExpr']) !== '' || subPath.split('/').includes('..')
  const path = hostPath === undefined || unknown ? undefined : subPath === '' ? hostPath : `${hostPath}/${subPath}`
  return { mountPath: textOf(mount['mountPath']), hostPath: path }
}

function hostPathOf(volume: ConfigObject): string | undefined {
  const path = textOf(objectOf(volume['hostPath'])['path'])
  return path.startsWith('/') ? path : undefined
}

/** `$(NAME)` with a known variable is its value, `$$(NAME)` is the text `$(NAME)`, anything else stays. */
function expand(word: string, environment: ReadonlyMap<string, string>): string {
  return word.replace(/\$\$|\$\(([A-Za-z0-9_.-]{1,256})\)/g, (whole, name?: string) =>
    whole === '$$' ? '$' : (environment.get(name ?? '') ?? whole),
  )
}

const objectOf = (value: ConfigValue | undefined): ConfigObject => (isObject(value) ? value : {})
const textOf = (value: ConfigValue | undefined): string => (typeof value === 'string' ? value : '')
const scalarText = (value: ConfigValue): string => (typeof value === 'object' ? '' : String(value))

function objectsOf(value: ConfigValue | undefined): readonly ConfigObject[] {
  return Array.isArray(value) ? value.slice(0, maxItems).filter(item => isObject(item)) : []
}

function textsOf(value: ConfigValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.slice(0, maxItems).filter(item => typeof item === 'string') : []
}
