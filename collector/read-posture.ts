// How the fleet stands, in the few numbers that metrics tell.
import { type Severity, severities } from '../policy/check.ts'
import { countHosts } from './domain/host-status.ts'
import type { HostCounts } from './store/history.ts'
import type { StoreReader } from './store/store.ts'
import { failedBySeverity, type Mark, markOf, waivedOf } from './store/tally.ts'

export interface Posture extends Mark {
  /** failing results that nobody accepts */
  readonly findings: Readonly<Record<Severity, number>>
  readonly waived: number
  /** a new host is counted as online or offline, too */
  readonly hosts: Readonly<Omit<HostCounts, 'total'>>
  /** hosts whose facet has no facts though there should be some; those of unknown names are one */
  readonly unread: readonly { readonly facet: string; readonly state: string; readonly hosts: number }[]
  /** logins of browsers */
  readonly sessions: number
}

export interface PostureOptions {
  readonly read: Pick<StoreReader, 'fleet' | 'hostCounts' | 'unreadFacets' | 'apiSessions'>
  /** store numbers of the hosts that are connected now */
  readonly connected: ReadonlySet<number>
  /** names of facets; a host may tell of any other */
  readonly facets: ReadonlySet<string>
  readonly nowMs: number
}

export async function readPosture({ read, connected, facets, nowMs }: PostureOptions): Promise<Posture> {
  const { results } = await read.fleet()
  const { total: _, ...hosts } = await countHosts(read, connected, nowMs)
  const failed = failedBySeverity(results)
  return {
    ...{ ...markOf(results), waived: waivedOf(results) },
    findings: Object.fromEntries(severities.map(severity => [severity, failed[severity]])) as Posture['findings'],
    hosts,
    unread: named(await read.unreadFacets(), facets),
    sessions: await read.apiSessions(nowMs),
  }
}

function named(unread: Posture['unread'], known: ReadonlySet<string>): Posture['unread'] {
  const sums = new Map<string, Posture['unread'][number]>()
  for (const { facet, state, hosts } of unread) {
    const name = known.has(facet) ? facet : 'other'
    const key = `${name} ${state}`
    sums.set(key, { facet: name, state, hosts: (sums.get(key)?.hosts ?? 0) + hosts })
  }
  return [...sums.values()]
}
