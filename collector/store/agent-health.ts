// How the agent of a host does: what it told last, and that in a few words.
import type { Scope } from './access-records.ts'

export const agentLimits = ['cpu', 'memory', 'deadline', 'outbox', 'watches'] as const
/** What an agent does less of, or has lost, to stay within a limit. */
export type AgentLimit = (typeof agentLimits)[number]

export const agentStates = ['unknown', 'ok', 'limited', 'failing'] as const
/** failing: a probe gives errors; limited: it holds itself back; unknown: it told nothing yet. */
export type AgentState = (typeof agentStates)[number]

export interface ProbeHealth {
  readonly facet: string
  readonly runs: number
  /** runs that ended as error */
  readonly failures: number
  /** runs in a row, up to the last one, that ended as error */
  readonly failingRuns: number
  readonly lastDurationMs: number
  readonly longestDurationMs: number
  /** how many times less often it runs, since it does not answer in time; 1 when it does */
  readonly slowdown: number
  /** seconds between two runs as the collector wishes and the agent does; 0 without a wish */
  readonly wishedSeconds: number
}

export interface AgentHealth {
  readonly startedAtMs: number
  readonly nodeVersion: string
  readonly rssBytes: number
  /** 0 for none */
  readonly memoryLimitMib: number
  readonly cpuMs: number
  /** over the last minutes */
  readonly cpuPermille: number
  /** 0 for none */
  readonly cpuLimitPermille: number
  readonly loopDelayMs: number
  /** how many times less often it looks, to use less processor time; 1 when it does not */
  readonly slowdown: number
  readonly limits: readonly AgentLimit[]
  /** oldestMs is 0 when nothing is queued */
  readonly outbox: { readonly entries: number; readonly bytes: number; readonly oldestMs: number }
  readonly watches: { readonly directories: number; readonly refused: number; readonly misses: number }
  /** why the configuration could not be read again, empty when it could */
  readonly reloadError: string
  readonly probes: readonly ProbeHealth[]
}

/** With when it came. */
export interface AgentReport {
  readonly health: AgentHealth
  readonly receivedAtMs: number
}

export interface AgentCondition {
  readonly state: AgentState
  readonly limits: readonly AgentLimit[]
  /** facets whose last run ended as error */
  readonly failingProbes: readonly string[]
  /** 0 when nothing was told */
  readonly receivedAtMs: number
}

export const unknownCondition: AgentCondition = { state: 'unknown', limits: [], failingProbes: [], receivedAtMs: 0 }

export function conditionOf({ health, receivedAtMs }: AgentReport): AgentCondition {
  const failingProbes = health.probes.filter(({ failingRuns }) => failingRuns > 0).map(({ facet }) => facet)
  const isHeldBack = health.limits.length > 0 || health.slowdown > 1
  const state = failingProbes.length > 0 ? 'failing' : isHeldBack ? 'limited' : 'ok'
  return { state, limits: health.limits, failingProbes, receivedAtMs }
}

/** Questions about agents; they see what was committed when they began. */
export interface AgentHealthReader {
  /** undefined when it told nothing yet */
  agentReport(hostId: string): Promise<AgentReport | undefined>
  /** by host id; hosts whose agent told nothing are left out, and those out of the scope */
  agentConditions(hostIds: readonly string[], scope?: Scope): Promise<ReadonlyMap<string, AgentCondition>>
}

/** Part of a store's transaction. */
export interface AgentHealthTransaction {
  /** keeps the latest of each host. @param reports by the store's number of the host */
  putAgentReports(reports: ReadonlyMap<number, AgentReport>): Promise<void>
}
