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

interface Watched {
  readonly book: NodeBook
  failures: number
  readonly reports: Record<WriteOutcome, number>
}

export function createClusterNodes(): ClusterNodes {
  const clusters = new Map<string, Watched>()
  return {
    open(cluster, onChange) {
      const book = createNodeBook(onChange)
      clusters.set(cluster, { book, failures: 0, reports: { written: 0, removed: 0, failed: 0 } })
      return book
    },
    failed(cluster) {
      const watched = clusters.get(cluster)
      if (watched) watched.failures++
    },
    reported(cluster, outcome) {
      const watched = clusters.get(cluster)
      if (watched) watched.reports[outcome]++
    },
    view: cluster => clusters.get(cluster)?.book,
    grantedLabels(identity) {
      if (identity.kind !== 'kubernetes') return undefined
      return clusters.get(identity.cluster)?.book.labelsOf(identity.nodeUid)
    },
    states: () =>
      [...clusters].map(([cluster, { book, failures, reports }]) => ({
        ...{ cluster, nodes: book.size, isCurrent: book.isCurrent, failures, reports },
      })),
  }
}
