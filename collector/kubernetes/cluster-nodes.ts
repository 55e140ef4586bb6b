// The nodes of every cluster that is watched, and how the watching goes.
import type { PeerIdentity } from '../auth/identity.ts'
import type { WriteOutcome } from '../policy-reports/keep-reports.ts'
import { createNodeBook, type NodeBook, type NodeChange, type NodeView } from './node-book.ts'

export interface ClusterState {
  /** its name in the configuration */
  readonly cluster: string
  readonly nodes: number
  /** whether changes are told as they happen */
  readonly isCurrent: boolean
  /** times that its API server could not be asked, or ended a watch with an error */
  readonly failures: number
  /** writes of policy reports */
  readonly reports: Readonly<Record<WriteOutcome, number>>
}

export interface ClusterNodes {
  /** @param onChange see `createNodeBook` */
  open(cluster: string, onChange: (change: NodeChange) => void): NodeBook
  failed(cluster: string): void
  reported(cluster: string, outcome: WriteOutcome): void
  /** undefined for a cluster that is not watched */
  view(cluster: string): NodeView | undefined
  /** labels that its cluster gives a node; undefined for other hosts, and where nobody knows now */
  grantedLabels(identity: PeerIdentity): Readonly<Record<string, string>> | undefined
  states(): readonly ClusterState[]
}

const none: Readonly<Record<WriteOutcome, number>> = { written: 0, removed: 0, failed: 0 }

export function createClusterNodes(): ClusterNodes {
  const books = new Map<string, NodeBook>()
  const failures = new Map<string, number>()
  const reports = new Map<string, Record<WriteOutcome, number>>()
  return {
    open(cluster, onChange) {
      const book = createNodeBook(onChange)
      books.set(cluster, book)
      reports.set(cluster, { ...none })
      return book
    },
    failed: cluster => void failures.set(cluster, (failures.get(cluster) ?? 0) + 1),
    reported(cluster, outcome) {
      const counts = reports.get(cluster)
      if (counts) counts[outcome]++
    },
    view: cluster => books.get(cluster),
    grantedLabels(identity) {
      if (identity.kind !== 'kubernetes') return undefined
      return books.get(identity.cluster)?.labelsOf(identity.nodeUid)
    },
    states: () =>
      [...books].map(([cluster, { size, isCurrent }]) => ({
        ...{ cluster, nodes: size, isCurrent, failures: failures.get(cluster) ?? 0 },
        reports: reports.get(cluster) ?? none,
      })),
  }
}
