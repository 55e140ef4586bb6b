// Nodes of the stand-in of an API server: lists in pages and watches, as the real one gives them.
//
// Resource versions, `continue`, bookmarks, and 410 for what was compacted follow "Kubernetes API Concepts" of the
// Kubernetes documentation; a watch that begins too far back gets the 410 as its first event, as from a real watch cache.
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { Node } from 'kubernetes-models/v1'

type Json = Record<string, unknown>
type Labels = Readonly<Record<string, string>>

export interface NodeStore {
  /** name → uid; what is set or deleted is told to those who watch */
  readonly nodes: Map<string, string>
  /** gives a node these labels instead of those before */
  label(name: string, labels: Labels): void
  object(name: string): Json | undefined
  list(query: URLSearchParams): { readonly code: number; readonly body: Json }
  watch(query: URLSearchParams, response: ServerResponse, shown: (object: Json) => Json): void
  /** forgets what happened: watches from before, and pages of lists from before, get 410 */
  compact(): void
  bookmark(): void
  /** sends a text to those who watch, and ends their watches or not */
  tell(text: string): void
  endWatches(how: 'end' | 'reset'): void
  /** watches that are open */
  readonly watching: number
  /** objects on a page at most, whatever is asked for */
  pageSize: number
}

interface Event {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: Json
}

interface Watch {
  readonly response: ServerResponse
  readonly shown: (object: Json) => Json
}

export function createNodeStore(names: readonly string[]): NodeStore {
  const objects = new Map<string, Json>()
  const watches = new Set<Watch>()
  let events: Event[] = []
  let version = 1
  let compacted = 0

  const line = ({ type, object }: Pick<Event, 'object'> & { readonly type: string }, { shown }: Watch) =>
    `${JSON.stringify({ type, object: shown(object) })}\n`

  function happen(type: Event['type'], name: string, object: Json): void {
    version++
    const told = { ...object, metadata: { ...(object['metadata'] as Json), resourceVersion: String(version) } }
    if (type !== 'DELETED') objects.set(name, told)
    const event = { version, type, object: told }
    events.push(event)
    for (const watch of watches) watch.response.write(line(event, watch))
  }

  const nodes = new Map<string, string>()
  const remove = (name: string): boolean => {
    const object = objects.get(name)
    objects.delete(name)
    if (object) happen('DELETED', name, object)
    return Map.prototype.delete.call(nodes, name)
  }
  nodes.delete = remove
  nodes.set = (name, uid) => {
    const known = objects.get(name)?.['metadata'] as Json | undefined
    if (known?.['uid'] !== uid) {
      remove(name)
      happen('ADDED', name, nodeObject(name, uid, { 'kubernetes.io/hostname': name }))
    }
    Map.prototype.set.call(nodes, name, uid)
    return nodes
  }
  for (const name of names) nodes.set(name, randomUUID())

  const store: NodeStore = {
    nodes,
    pageSize: 500,
    label: (name, labels) => happen('MODIFIED', name, nodeObject(name, nodes.get(name) ?? '', labels)),
    object: name => objects.get(name),
    list(query) {
      const [at = String(version), from = '0'] = (query.get('continue') ?? '').split(':').filter(Boolean)
      if (Number(at) < compacted) return { code: 410, body: expired }
      const start = Number(from)
      const end = start + Math.min(store.pageSize, Number(query.get('limit') ?? store.pageSize))
      const more = end < objects.size && { continue: `${at}:${end}` }
      const metadata = { resourceVersion: at, ...more }
      const items = [...objects.values()].slice(start, end)
      return { code: 200, body: { kind: 'NodeList', apiVersion: 'v1', metadata, items } }
    },
    watch(query, response, shown) {
      const from = Number(query.get('resourceVersion'))
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
      if (from < compacted) return void response.end(`${JSON.stringify({ type: 'ERROR', object: expired })}\n`)
      const watch = { response, shown }
      for (const event of events) if (event.version > from) response.write(line(event, watch))
      watches.add(watch)
      response.on('close', () => watches.delete(watch))
    },
    compact() {
      version++
      compacted = version
      events = []
    },
    bookmark() {
      const object = { kind: 'Node', apiVersion: 'v1', metadata: { resourceVersion: String(version) } }
      for (const watch of watches) watch.response.write(line({ type: 'BOOKMARK', object }, watch))
    },
    tell: text => {
      for (const { response } of watches) response.write(text)
    },
    endWatches: how => {
      for (const { response } of [...watches]) how === 'end' ? response.end() : response.destroy()
      watches.clear()
    },
    get watching() {
      return watches.size
    },
  }
  return store
}

const expired = {
  ...{ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'Expired', code: 410 },
  message: 'The resourceVersion for the provided watch is too old.',
}

function nodeObject(name: string, uid: string, labels: Labels): Json {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid, labels }, spec: {}, status: {} } as const
  new Node(node).validate()
  return node
}
