// What a Node object says of a host, as labels: those of the API server as they are, and two that Gabion makes of it.
import { compareKeys } from '../../proto/canonical.ts'

/** Labels that only an API server gives: what an agent says of itself under them is not taken. */
const clusterLabel = 'gabion.io/cluster'
const roleLabel = 'gabion.io/role'

type Labels = Readonly<Record<string, string>>

export interface SeenNode {
  readonly name: string
  readonly uid: string
  /** JSON object of strings with sorted keys: equal texts are equal labels */
  readonly labels: string
}

/** Labels of one node that are kept: those of Kubernetes first, then by their keys. */
const limits = { labels: 128, characters: 8 * 1024 } as const

const subdomain = /^[0-9a-z](?:[0-9a-z.-]{0,251}[0-9a-z])?$/
const word = /^[0-9A-Za-z](?:[0-9A-Za-z_.-]{0,61}[0-9A-Za-z])?$/
const nodeUid = /^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$/

/**
 * @param object a Node, or its metadata alone, as parsed JSON
 * @returns undefined for anything else; labels that are none by the rules of Kubernetes are left out
 */
export function nodeOf(object: unknown, cluster: string): SeenNode | undefined {
  const metadata = recordOf(recordOf(object)?.['metadata'])
  const name = textOf(metadata?.['name'])
  const uid = textOf(metadata?.['uid'])
  if (!subdomain.test(name) || !nodeUid.test(uid)) return undefined
  return { name, uid, labels: JSON.stringify(labelsOf(metadata?.['labels'], cluster)) }
}

/** Labels that an agent may give its host: never those of the collector, and on a node none that speak for its cluster. */
export function ownLabels(labels: Labels, isNode: boolean): Labels {
  const isTaken = isNode ? isReserved : (key: string) => isOf('gabion.io', key)
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !isTaken(key)))
}

function labelsOf(given: unknown, cluster: string): Labels {
  const own = Object.entries(recordOf(given) ?? {}).flatMap(([key, value]) =>
    isLabel(key, value) && !isOf('gabion.io', key) ? [[key, value] as const] : [],
  )
  const made = [[clusterLabel, cluster] as const, [roleLabel, roleOf(own.map(([key]) => key))] as const]
  const ranked = own.sort(([a], [b]) => Number(isReserved(b)) - Number(isReserved(a)) || compareKeys(a, b))
  let characters = 0
  const kept = [...made, ...ranked].slice(0, limits.labels).filter(([key, value]) => {
    characters += key.length + value.length
    return characters <= limits.characters
  })
  return Object.fromEntries(kept.sort(([a], [b]) => compareKeys(a, b)))
}

const rolePrefix = 'node-role.kubernetes.io/'

/** Roles of the node with commas between them, `worker` for one without; what was `master` is `control-plane`. */
function roleOf(keys: readonly string[]): string {
  const roles = keys.filter(key => key.startsWith(rolePrefix)).map(key => key.slice(rolePrefix.length))
  const named = new Set(roles.map(role => (role === 'master' ? 'control-plane' : role)))
  return named.size === 0 ? 'worker' : [...named].sort().join(',').slice(0, 256)
}

function isLabel(key: string, value: unknown): value is string {
  const [first = '', second, ...others] = key.split('/')
  const isKey = second === undefined ? word.test(first) : subdomain.test(first) && word.test(second)
  return isKey && others.length === 0 && typeof value === 'string' && (value === '' || word.test(value))
}

const isReserved = (key: string) => ['kubernetes.io', 'k8s.io', 'gabion.io'].some(domain => isOf(domain, key))

function isOf(domain: string, key: string): boolean {
  const before = key.slice(0, Math.max(0, key.indexOf('/')))
  return before === domain || before.endsWith(`.${domain}`)
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRecord ? (value as Readonly<Record<string, unknown>>) : undefined
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')
