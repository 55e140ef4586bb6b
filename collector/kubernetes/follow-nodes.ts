// Has the hosts of a cluster follow its nodes: their labels, and that they retire when their node is no more.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { nodeDeleted, nodeKeyPrefix } from '../auth/identity.ts'
import type { Connections } from '../ingest/connections.ts'
import type { GroupCommit } from '../ingest/group-commit.ts'
import type { ClusterHost } from '../store/cluster-hosts.ts'
import type { Store } from '../store/store.ts'
import { auditOf } from './audit-of.ts'
import { hostsOfCluster, nodeUidOf } from './hosts-of-cluster.ts'
import type { NodeChange, NodeView } from './node-book.ts'

export interface FollowNodesOptions {
  /** name of the cluster */
  readonly cluster: string
  readonly nodes: NodeView
  readonly store: Pick<Store, 'read'>
  readonly commits: Pick<GroupCommit, 'submit'>
  readonly connections: Pick<Connections, 'streamOf'>
  /** a host whose node is gone retires when it was not heard for so long; 0 for never */
  readonly retireAfterMs: number
  readonly clock: Clock
  readonly log: Log
}

export interface NodeFollower {
  /** nodes came, went, or have other labels */
  changed(change: NodeChange): void
  /** until the signal aborts; never rejects */
  run(signal: AbortSignal): Promise<void>
}

/** How often it is looked who retires. */
const lookMs = 30_000
const failureMs = 5_000
/** So many nodes that changed are looked up one by one; of more, all hosts are gone through. */
const fewNodes = 200

/** Every collector of a database does all of it: what another one did first is found done, and nothing is written. */
export function createNodeFollower(options: FollowNodesOptions): NodeFollower {
  const { clock, log, cluster } = options
  let pending: Set<string> | 'all' = new Set()
  let wake = new AbortController()
  let isTold = false
  const onStranger = () => {
    if (!isTold) log.warn('the API server knows the node of no host: nobody retires', { cluster })
    isTold = true
  }

  async function round(lookedMs: number): Promise<number> {
    const change = pending
    pending = new Set()
    wake = new AbortController()
    await relabel(options, change)
    if (clock.monotonic() - lookedMs < lookMs) return lookedMs
    await retire(options, onStranger)
    return clock.monotonic()
  }

  return {
    changed(change) {
      if (change === 'all' || pending === 'all') pending = 'all'
      else for (const uid of change) pending.add(uid)
      if (pending !== 'all' && pending.size > fewNodes) pending = 'all'
      wake.abort()
    },
    async run(signal) {
      let lookedMs = clock.monotonic()
      let told = ''
      while (!signal.aborted) {
        try {
          lookedMs = await round(lookedMs)
          told = ''
        } catch (error) {
          if (signal.aborted) return
          pending = 'all'
          if (messageOf(error) !== told)
            log.error('hosts could not follow their nodes', { cluster, reason: messageOf(error) })
          told = messageOf(error)
          await clock.sleep(failureMs, signal)
          continue
        }
        await clock.sleep(lookMs, AbortSignal.any([signal, wake.signal]))
      }
    },
  }
}

async function relabel(options: FollowNodesOptions, change: NodeChange): Promise<void> {
  const { cluster, store } = options
  if (change !== 'all') {
    const found = await Promise.all([...change].map(uid => store.read.clusterHost(nodeKeyPrefix(cluster) + uid)))
    await Promise.all(found.map(host => host && follow(options, host)))
    return
  }
  for await (const hosts of hostsOfCluster(store, cluster)) await Promise.all(hosts.map(host => follow(options, host)))
}

/** A host whose node is not known keeps the labels that it has. */
async function follow({ cluster, nodes, commits, connections }: FollowNodesOptions, node: ClusterHost): Promise<void> {
  const { host, grantedLabels } = node
  const labels = nodes.labelsOf(nodeUidOf(node, cluster))
  if (!labels || node.standing === 'retired') return
  const isSame = JSON.stringify(labels) === JSON.stringify(grantedLabels)
  if (isSame) return
  const all = await commits.submit(host, async ({ transaction, toJudge, nowMs }) => {
    const relabelled = await transaction.grantLabels(host, labels)
    if (relabelled.changed) {
      await transaction.markForJudgement(host, [{ facet: '', changed: true, quiet: true, sinceMs: nowMs }])
      toJudge.add(host)
    }
    return relabelled.labels
  })
  connections.streamOf(host)?.relabel(all)
}

/** Whether the API server knows a node of any host: else it is that of another cluster, or tells of none by mistake. */
async function knowsAny({ cluster, nodes, store }: FollowNodesOptions): Promise<boolean> {
  for await (const hosts of hostsOfCluster(store, cluster)) {
    if (hosts.some(host => nodes.has(nodeUidOf(host, cluster)))) return true
  }
  return false
}

/** Only what the API server surely does not have any more, and who says nothing for long. */
async function retire(options: FollowNodesOptions, onStranger: () => void): Promise<void> {
  const { cluster, nodes, commits, connections, retireAfterMs, clock, log } = options
  if (retireAfterMs === 0) return
  const silentSinceMs = clock.now() - retireAfterMs
  let isSure = false
  for await (const hosts of hostsOfCluster(options.store, cluster, { silentSinceMs })) {
    for (const node of hosts) {
      const { host, id, hostname } = node
      const isGone = nodes.isCurrent && !nodes.has(nodeUidOf(node, cluster))
      if (!isGone || connections.streamOf(host)) continue
      isSure ||= await knowsAny(options)
      if (!isSure) return onStranger()
      const isRetired = await commits.submit(host, async ({ transaction, nowMs }) => {
        const done = await transaction.retireSilent(host, nodeDeleted, silentSinceMs, nowMs)
        const detail = { standing: 'retired', reason: nodeDeleted, hostname }
        if (done) await transaction.appendAudit(auditOf(cluster, id, detail, nowMs))
        return done
      })
      if (isRetired) log.info('a host retired: its node is gone', { cluster, hostId: id })
    }
  }
}
