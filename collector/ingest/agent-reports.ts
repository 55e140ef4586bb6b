// What agents told about themselves: at hand at once, on disk in bulk, and counted for the whole fleet.
import { type AgentCondition, type AgentReport, conditionOf } from '../store/agent-health.ts'
import type { Store } from '../store/store.ts'
import { inBatches } from './in-batches.ts'

/** Agents that are connected now. */
export interface AgentFleet {
  /** version → agents; rare ones are `other` */
  readonly versions: ReadonlyMap<string, number>
  /** limit → agents that it holds back */
  readonly limited: ReadonlyMap<string, number>
  /** facet → agents whose probe fails */
  readonly failing: ReadonlyMap<string, number>
  /** agents whose configuration on disk is not the one in force */
  readonly notReloaded: number
}

export interface AgentReports {
  /** an agent opened a stream */
  opened(host: number, agentVersion: string): void
  told(host: number, hostId: string, report: AgentReport): void
  /** what was told since the last flush */
  pending(hostId: string): AgentReport | undefined
  fleet(): AgentFleet
  /** writes what is new */
  flush(): Promise<void>
}

interface Known {
  readonly agentVersion: string
  readonly condition: AgentCondition | undefined
  readonly isReloaded: boolean
}

/** So many versions have a number of their own. */
const mostVersions = 20

/** @param connected store numbers of the hosts that are connected now */
export function createAgentReports(store: Pick<Store, 'write'>, connected: ReadonlySet<number>): AgentReports {
  const known = new Map<number, Known>()
  let news = new Map<number, { readonly hostId: string; readonly report: AgentReport }>()
  let byId = new Map<string, AgentReport>()

  function take(host: number, hostId: string, report: AgentReport): void {
    news.set(host, { hostId, report })
    byId.set(hostId, report)
  }

  return {
    opened(host, agentVersion) {
      const before = known.get(host)
      known.set(host, { isReloaded: true, condition: undefined, ...before, agentVersion })
    },
    told(host, hostId, report) {
      const agentVersion = known.get(host)?.agentVersion ?? ''
      known.set(host, { agentVersion, condition: conditionOf(report), isReloaded: report.health.reloadError === '' })
      take(host, hostId, report)
    },
    pending: hostId => byId.get(hostId),
    fleet() {
      const here = [...connected].flatMap(host => known.get(host) ?? [])
      return {
        versions: topOf(countOf(here.map(({ agentVersion }) => agentVersion))),
        limited: countOf(here.flatMap(({ condition }) => condition?.limits ?? [])),
        failing: countOf(here.flatMap(({ condition }) => condition?.failingProbes ?? [])),
        notReloaded: here.filter(({ isReloaded }) => !isReloaded).length,
      }
    },
    async flush() {
      for (const host of known.keys()) if (!connected.has(host)) known.delete(host)
      if (news.size === 0) return
      const written = news
      news = new Map()
      try {
        await inBatches(written, batch => {
          const reports = new Map([...batch].map(([host, { report }]) => [host, report]))
          return store.write(transaction => transaction.putAgentReports(reports))
        })
      } catch (error) {
        for (const [host, { hostId, report }] of written) if (!news.has(host)) take(host, hostId, report)
        throw error
      }
      byId = new Map([...news.values()].map(({ hostId, report }) => [hostId, report]))
    },
  }
}

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** Agents say themselves which version they are: what few say must not become a series each. */
function topOf(counts: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const sorted = [...counts].sort(([a, many], [b, few]) => few - many || a.localeCompare(b))
  const rest = sorted.slice(mostVersions).reduce((sum, [, count]) => sum + count, 0)
  return new Map([...sorted.slice(0, mostVersions), ...(rest > 0 ? [['other', rest] as const] : [])])
}
