// Reads the names that container engines keep of their containers; of everything else there nothing is kept.

export interface ContainerName {
  /** pod or container */
  readonly name: string
  /** namespace of the pod, empty outside of pods */
  readonly namespace: string
  /** container in the pod, empty outside of pods */
  readonly container: string
  /** image reference, empty when the record has none */
  readonly image: string
  /** the container that only holds a pod's namespaces */
  readonly isSandbox: boolean
}

type Json = Readonly<Record<string, unknown>>

/** Annotations of config.json in an OCI bundle, as containerd's Kubernetes interface and CRI-O write them. */
export function parseOciBundle(text: string): ContainerName | undefined {
  const annotations = objectAt(parseObject(text), 'annotations')
  const say = (...keys: readonly string[]) =>
    keys.map(key => textAt(annotations, key)).find(value => value !== '') ?? ''
  const name = say('io.kubernetes.cri.sandbox-name', 'io.kubernetes.pod.name')
  if (name === '') return undefined
  const container = say('io.kubernetes.cri.container-name', 'io.kubernetes.container.name')
  const type = say('io.kubernetes.cri.container-type', 'io.kubernetes.cri-o.ContainerType')
  const isSandbox = type === 'sandbox' || container === 'POD'
  return {
    name,
    namespace: say('io.kubernetes.cri.sandbox-namespace', 'io.kubernetes.pod.namespace'),
    container: isSandbox ? '' : container,
    image: imageReference(say('io.kubernetes.cri.image-name', 'io.kubernetes.cri-o.ImageName')),
    isSandbox,
  }
}

/** Docker's config.v2.json: its name and image, and the pod of containers that cri-dockerd started. */
export function parseDockerContainer(text: string): ContainerName | undefined {
  const record = parseObject(text)
  const config = objectAt(record, 'Config')
  const labels = objectAt(config, 'Labels')
  const image = imageReference(textAt(config, 'Image'))
  const pod = textAt(labels, 'io.kubernetes.pod.name')
  if (pod !== '') {
    const container = textAt(labels, 'io.kubernetes.container.name')
    const isSandbox = container === 'POD' || textAt(labels, 'io.kubernetes.docker.type') === 'podsandbox'
    const namespace = textAt(labels, 'io.kubernetes.pod.namespace')
    return { name: pod, namespace, container: isSandbox ? '' : container, image, isSandbox }
  }
  const name = textAt(record, 'Name').replace(/^\//, '')
  return name === '' ? undefined : { name, namespace: '', container: '', image, isSandbox: false }
}

/** containers.json of containers/storage: names and images of Podman's containers by id. */
export function parseStorageContainers(text: string): ReadonlyMap<string, ContainerName> {
  const found = new Map<string, ContainerName>()
  let rows: unknown
  try {
    rows = JSON.parse(text)
  } catch {
    return found
  }
  for (const row of Array.isArray(rows) ? rows : []) {
    if (!isObject(row)) continue
    const names = row['names']
    const name = Array.isArray(names) && typeof names[0] === 'string' ? names[0] : ''
    const image = imageReference(textAt(parseObject(textAt(row, 'metadata')), 'image-name'))
    const id = textAt(row, 'id')
    if (id !== '' && name !== '') found.set(id, { name, namespace: '', container: '', image, isSandbox: false })
  }
  return found
}

/** What does not look like a reference may be anything, and a password before an `@` belongs to nobody else. */
function imageReference(text: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,511}(?:@sha256:[0-9a-f]{64})?$/.test(text) ? text : ''
}

function parseObject(text: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function objectAt(record: Json, key: string): Json {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  return isObject(value) ? value : {}
}

function textAt(record: Json, key: string): string {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  return typeof value === 'string' ? value : ''
}
