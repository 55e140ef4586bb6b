// The nodes of a cluster as its API server tells them, in memory: who is there, and with which labels.
import type { SeenNode } from './node-labels.ts'

/** What became other: these nodes, or perhaps any. */
export type NodeChange = ReadonlySet<string> | 'all'

export interface NodeView {
  /** uids of the nodes that are there */
  has(uid: string): boolean
  /** labels of a node; undefined when it is not there, or nothing is known of it now */
  labelsOf(uid: string): Readonly<Record<string, string>> | undefined
  nameOf(uid: string): string | undefined
  readonly size: number
  /** whether it is what the API server holds, but for what is on its way */
  readonly isCurrent: boolean
}

export interface NodeBook extends NodeView {
  /** everything that is there, as a list told it */
  replace(nodes: readonly SeenNode[]): void
  /** a node is there, or is other than before. @throws TooManyNodes */
  put(node: SeenNode): void
  remove(uid: string): void
  /** whether changes are told as they happen */
  setCurrent(isCurrent: boolean): void
}

/** Far above what Kubernetes supports in one cluster; with 8 KiB of labels at most for each. */
export const maxNodes = 20_000

export class TooManyNodes extends Error {
  override readonly name = 'TooManyNodes'
  constructor() {
    super(`there are more than ${maxNodes} nodes`)
  }
}

interface Kept {
  readonly name: string
  readonly labels: string
}

/** @param onChange told after labels of nodes changed, or nodes came or went */
export function createNodeBook(onChange: (change: NodeChange) => void): NodeBook {
  let nodes = new Map<string, Kept>()
  let uids = new Map<string, string>()
  let isCurrent = false

  function remove(uid: string): void {
    const known = nodes.get(uid)
    if (!known) return
    nodes.delete(uid)
    if (uids.get(known.name) === uid) uids.delete(known.name)
    onChange(new Set([uid]))
  }

  return {
    has: uid => nodes.has(uid),
    labelsOf(uid) {
      const known = isCurrent ? nodes.get(uid) : undefined
      return known && JSON.parse(known.labels)
    },
    nameOf: uid => nodes.get(uid)?.name,
    get size() {
      return nodes.size
    },
    get isCurrent() {
      return isCurrent
    },
    replace(listed) {
      nodes = new Map(listed.map(({ uid, name, labels }) => [uid, { name, labels }]))
      uids = new Map(listed.map(({ uid, name }) => [name, uid]))
      isCurrent = true
      onChange('all')
    },
    put({ uid, name, labels }) {
      // Of two nodes of one name only the later is there, whether or not somebody told of the end of the other.
      const other = uids.get(name)
      if (other !== undefined && other !== uid) remove(other)
      const known = nodes.get(uid)
      if (!known && nodes.size >= maxNodes) throw new TooManyNodes()
      nodes.set(uid, { name, labels })
      uids.set(name, uid)
      if (known?.labels !== labels) onChange(new Set([uid]))
    },
    remove,
    setCurrent: value => {
      isCurrent = value
    },
  }
}
