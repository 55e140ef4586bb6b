// Parses what a static pod manifest declares of its containers' rights.
import type { StaticContainer } from '../../proto/facets/containers.ts'
import { capabilityName } from './capabilities.ts'
import { type ConfigObject, type ConfigValue, isObject, parseKubernetesDocument } from './kubernetes-document.ts'

export type DeclaredContainer = Omit<StaticContainer, 'path'>

export type PodSecurityText =
  | { readonly state: 'pod'; readonly containers: readonly DeclaredContainer[] }
  /** a document of another kind */
  | { readonly state: 'other' }
  /** `line` is 0 when it cannot be told; `detail` never holds content of the file */
  | { readonly state: 'malformed'; readonly line: number; readonly detail: string }

const maxContainers = 64
const maxVolumes = 256
const profileAnnotation = 'container.apparmor.security.beta.kubernetes.io/'

/** The first document, as the kubelet reads it: YAML or JSON. Settings of a container win over those of its pod. */
export function parsePodSecurity(text: string): PodSecurityText {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values } = document
  if (values['kind'] !== 'Pod') return { state: 'other' }
  const pod = readPod(values)
  const regular = objectsOf(pod.spec['containers']).map(container => readContainer(pod, container, false))
  const init = objectsOf(pod.spec['initContainers']).map(container => readContainer(pod, container, true))
  return { state: 'pod', containers: [...regular, ...init] }
}

interface Pod {
  readonly spec: ConfigObject
  readonly security: ConfigObject
  readonly annotations: ConfigObject
  readonly common: Pick<DeclaredContainer, 'pod' | 'namespace' | 'hostNamespaces'>
  readonly hostPaths: ReadonlyMap<string, string>
}

function readPod(values: ConfigObject): Pod {
  const metadata = objectOf(values['metadata'])
  const spec = objectOf(values['spec'])
  const volumes = objectsOf(spec['volumes'], maxVolumes)
  const paths = volumes.map(volume => [textOf(volume['name']), textOf(objectOf(volume['hostPath'])['path'])] as const)
  const asks = [
    ['ipc', 'hostIPC'],
    ['net', 'hostNetwork'],
    ['pid', 'hostPID'],
  ] as const
  return {
    spec,
    security: objectOf(spec['securityContext']),
    annotations: objectOf(metadata['annotations']),
    common: {
      pod: textOf(metadata['name']),
      namespace: textOf(metadata['namespace']) || 'default',
      hostNamespaces: asks.filter(([, key]) => spec[key] === true).map(([kind]) => kind),
    },
    hostPaths: new Map(paths.filter(([name, path]) => name !== '' && path.startsWith('/'))),
  }
}

function readContainer(pod: Pod, container: ConfigObject, init: boolean): DeclaredContainer {
  const own = objectOf(container['securityContext'])
  const either = (key: string) => own[key] ?? pod.security[key]
  const capabilities = objectOf(own['capabilities'])
  const privileged = own['privileged'] === true
  const added = capabilityNames(capabilities['add'])
  const user = either('runAsUser')
  const name = textOf(container['name'])
  return {
    ...pod.common,
    container: name,
    init,
    image: textOf(container['image']),
    privileged,
    // Privileged containers and those with SYS_ADMIN always may.
    allowPrivilegeEscalation: own['allowPrivilegeEscalation'] !== false || privileged || added.includes('SYS_ADMIN'),
    runAsNonRoot: either('runAsNonRoot') === true,
    runAsUser: typeof user === 'number' && Number.isSafeInteger(user) && user >= 0 ? user : -1,
    readOnlyRootFilesystem: own['readOnlyRootFilesystem'] === true,
    capabilitiesAdded: [...added],
    capabilitiesDropped: [...capabilityNames(capabilities['drop'])],
    seccomp: profileOf(objectOf(either('seccompProfile'))),
    apparmor: profileOf(objectOf(either('appArmorProfile'))) || annotatedProfile(pod.annotations, name),
    hostPaths: [...mountsOf(pod, container)],
  }
}

function profileOf(profile: ConfigObject): string {
  const type = textOf(profile['type'])
  if (type !== 'Localhost') return ['RuntimeDefault', 'Unconfined'].includes(type) ? type : ''
  return `Localhost:${textOf(profile['localhostProfile'])}`
}

/** What clusters before 1.30 wrote: `runtime/default`, `unconfined`, `localhost/NAME`. */
function annotatedProfile(annotations: ConfigObject, container: string): string {
  const value = textOf(annotations[`${profileAnnotation}${container}`])
  if (value === 'runtime/default') return 'RuntimeDefault'
  if (value === 'unconfined') return 'Unconfined'
  return value.startsWith('localhost/') ? `Localhost:${value.slice('localhost/'.length)}` : ''
}

function mountsOf({ hostPaths }: Pod, container: ConfigObject): readonly DeclaredContainer['hostPaths'][number][] {
  const found = new Map<string, boolean>()
  for (const mount of objectsOf(container['volumeMounts'], maxVolumes)) {
    const path = hostPaths.get(textOf(mount['name']))
    // A path that is mounted twice can be written where one of the mounts can.
    if (path !== undefined) found.set(path, (found.get(path) ?? true) && mount['readOnly'] === true)
  }
  return [...found].map(([path, readOnly]) => ({ path, readOnly }))
}

function capabilityNames(value: ConfigValue | undefined): readonly string[] {
  const names = Array.isArray(value) ? value.map(item => capabilityName(textOf(item))) : []
  return [...new Set(names.filter(name => name !== undefined))]
}

const objectOf = (value: ConfigValue | undefined): ConfigObject => (isObject(value) ? value : {})
const textOf = (value: ConfigValue | undefined): string => (typeof value === 'string' ? value : '')

function objectsOf(value: ConfigValue | undefined, most = maxContainers): readonly ConfigObject[] {
  return Array.isArray(value) ? value.slice(0, most).filter(item => isObject(item)) : []
}
