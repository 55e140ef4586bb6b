// Keeps one report for each node of a cluster true: written when it changed, removed when its host is no more.
import { backoffMs } from '../../runtime/backoff.ts'
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import type { TokenBucket } from '../../runtime/token-bucket.ts'
import type { ApiServer } from '../auth/kubernetes/api-server.ts'
import { hostsOfCluster, nodeUidOf } from '../kubernetes/hosts-of-cluster.ts'
import type { NodeView } from '../kubernetes/node-book.ts'
import type { ClusterHost } from '../store/cluster-hosts.ts'
import type { ResultRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { PolicyReportKind } from './report-kinds.ts'
import { type ReportObjects, ReportsRefused, reportObjects } from './report-objects.ts'
import { type NodeReport, reportName, reportOfNode } from './report-of-node.ts'

export interface KeepReportsOptions {
  /** name of the cluster */
  readonly cluster: string
  /** whose reports these are */
  readonly owner: string
  readonly kind: PolicyReportKind
  readonly api: ApiServer
  readonly nodes: NodeView
  readonly store: Pick<Store, 'read'>
  /** for writes */
  readonly limiter: Pick<TokenBucket, 'take'>
  readonly clock: Clock
  readonly log: Log
  /** from 0 up to 1 */
  readonly random: () => number
  readonly onWrite: (outcome: WriteOutcome) => void
}

/** `failed` is also a round that came to nothing, since the cluster could not be asked or refused. */
export type WriteOutcome = 'written' | 'removed' | 'failed'

const everyMs = 10_000
/** What somebody else changed or removed is found so late. */
const listEveryMs = 3_600_000
const waits = { firstMs: 5_000, mostMs: 60_000 } as const
const refusedWaits = { ...waits, mostMs: 600_000 } as const
const resultsAtOnce = 500

interface Held {
  /** of the report that the cluster has */
  readonly digest: string
  /** of the host that it was made of; none when another collector made it */
  readonly revision: number | undefined
}

/** Until the signal aborts. One collector at a time is to do this. Never rejects. */
export async function keepReports(options: KeepReportsOptions, signal: AbortSignal): Promise<void> {
  const { api, kind, owner, clock, log, cluster, random } = options
  const objects = reportObjects(api, kind, owner)
  let held = new Map<string, Held>()
  let listedMs = Number.NEGATIVE_INFINITY
  let failures = 0
  let told = ''
  while (!signal.aborted) {
    try {
      if (clock.monotonic() - listedMs >= listEveryMs) {
        const found = await objects.list()
        held = new Map([...found].map(([name, digest]) => [name, { digest, revision: held.get(name)?.revision }]))
        listedMs = clock.monotonic()
      }
      if (options.nodes.isCurrent) await round(options, objects, held, signal)
      if (told !== '') log.info('policy reports are written again', { cluster })
      failures = 0
      told = ''
    } catch (error) {
      if (signal.aborted) return
      failures++
      options.onWrite('failed')
      const reason = messageOf(error)
      if (reason !== told) log.error('policy reports are not written', { cluster, reason })
      told = reason
      const ms = backoffMs(error instanceof ReportsRefused ? refusedWaits : waits, failures)
      await clock.sleep(ms / 2 + random() * (ms / 2), signal)
      continue
    }
    await clock.sleep(everyMs, signal)
  }
}

async function round(
  options: KeepReportsOptions,
  objects: ReportObjects,
  held: Map<string, Held>,
  signal: AbortSignal,
): Promise<void> {
  const { cluster, owner, store, nodes, onWrite } = options
  const wanted = new Set<string>()
  for await (const hosts of hostsOfCluster(store, cluster)) {
    if (signal.aborted) return
    for (const host of hosts) {
      const uid = nodeUidOf(host, cluster)
      const name = reportName(owner, uid)
      const node = nodes.nameOf(uid)
      if (signal.aborted || name === undefined || node === undefined || host.standing === 'retired') continue
      wanted.add(name)
      const before = held.get(name)
      if (host.revision === 0 || before?.revision === host.revision) continue
      const report = await readReport(options, host, { name: node, uid })
      if (report) held.set(name, await write(options, objects, report, before, host.revision, signal))
    }
  }
  for (const name of [...held.keys()]) {
    if (wanted.has(name) || signal.aborted) continue
    await turn(options, signal)
    await objects.remove(name)
    held.delete(name)
    onWrite('removed')
  }
}

/** What the server does not take is told, and tried again when it is another. */
async function write(
  options: KeepReportsOptions,
  objects: ReportObjects,
  report: NodeReport,
  before: Held | undefined,
  revision: number,
  signal: AbortSignal,
): Promise<Held> {
  if (before?.digest === report.digest) return { digest: report.digest, revision }
  await turn(options, signal)
  const problem = await objects.apply(report)
  options.onWrite(problem === '' ? 'written' : 'failed')
  if (problem === '') return { digest: report.digest, revision }
  const { log, cluster } = options
  log.warn('a policy report was not taken', { cluster, report: report.name, reason: problem })
  // Of a conflict another try may come to something else.
  return { digest: before?.digest ?? '', revision: problem.startsWith('409') ? undefined : revision }
}

/** Waits until one more may be written. */
export async function turn(
  { limiter, clock }: Pick<KeepReportsOptions, 'limiter' | 'clock'>,
  signal: AbortSignal,
): Promise<void> {
  for (let ms = limiter.take(); ms > 0 && !signal.aborted; ms = limiter.take()) await clock.sleep(ms, signal)
}

async function readReport(
  { kind, owner, store }: KeepReportsOptions,
  { id }: ClusterHost,
  node: { readonly name: string; readonly uid: string },
): Promise<NodeReport | undefined> {
  const host = await store.read.host(id, new Set())
  if (!host) return undefined
  const failing = [...(await readResults(store, id, 'fail')), ...(await readResults(store, id, 'error'))]
  return reportOfNode(kind, { owner, node, host, failing })
}

async function readResults(
  { read }: Pick<Store, 'read'>,
  hostId: string,
  state: 'fail' | 'error',
): Promise<readonly ResultRecord[]> {
  const results: ResultRecord[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await read.results(
      { hostId, state },
      { limit: resultsAtOnce, ...(cursor !== undefined && { cursor }) },
    )
    results.push(...page.items)
    cursor = page.nextCursor
    if (cursor === undefined) return results
  }
}
