// What one evaluation of one host has to tell, before it takes the form of a table, JSON or anything else.
import type { Check, Reference, Result, ResultState, Score, Severity } from '../policy/check.ts'
import { severities } from '../policy/check.ts'
import type { Labels } from '../policy/host-selector.ts'
import type { WaiverUse } from '../policy/waivers.ts'
import type { FacetState, Gap } from '../proto/facet.ts'

/** How a failing result stands to an earlier report: it failed there with the same evidence, with less, or not at all. */
export const findingChanges = ['known', 'grown', 'new'] as const
export type FindingChange = (typeof findingChanges)[number]

export interface Finding extends Result {
  readonly title: string
  readonly severity: Severity
  readonly rationale: string
  readonly references: readonly Reference[]
  /** only on what fails or could not be judged, in a report that was compared with an earlier one */
  readonly change?: FindingChange
}

/** What an earlier report said of this host, and what became of it. */
export interface Comparison {
  /** ISO 8601 time of judgement of the earlier report */
  readonly scannedAt: string
  readonly agentVersion: string
  /** results that failed, or could not be judged, and do not any more */
  readonly resolved: readonly Resolved[]
}

export interface Resolved {
  readonly check: string
  readonly title: string
  readonly severity: Severity
  readonly before: ResultState
  readonly now: ResultState
}

export interface FacetSummary {
  readonly facet: string
  readonly state: FacetState['state']
  readonly digest: string
  /** why it has no facts, empty when it has */
  readonly reason: string
  readonly gaps: readonly Gap[]
}

/** What a site's own policy made of the catalog. */
export interface PolicySummary {
  /** files it was read from, in order */
  readonly files: readonly string[]
  /** sha256 of the catalog that results */
  readonly digest: string
  /** labels of the host, that selectors were held against */
  readonly labels: Labels
  /** checks that are switched off, with the place where it is said */
  readonly disabled: readonly { readonly check: string; readonly rationale: string; readonly place: string }[]
  /** waivers that are meant for this host, and what became of them */
  readonly waivers: readonly WaiverUse[]
}

export interface ReportedHost {
  /** empty when it is not known */
  readonly hostname: string
  /** what tells hosts of one name apart: the machine id, or what a collector knows the host by; empty when not known */
  readonly id: string
  readonly os: string
  readonly kernel: string
  readonly root: string
}

export interface ScanReport {
  readonly tool: { readonly name: string; readonly version: string }
  readonly host: ReportedHost
  /** ISO 8601 time of judgement */
  readonly scannedAt: string
  /** where the facts come from and when they were read; left out when that was just now */
  readonly snapshot?: { readonly file: string; readonly agentVersion: string; readonly readAt: string }
  readonly profiles: readonly string[]
  /** left out where a site has no policy of its own */
  readonly policy?: PolicySummary
  readonly score: Score
  readonly results: readonly Finding[]
  readonly facets: readonly FacetSummary[]
  /** only when it was compared with an earlier report */
  readonly since?: Comparison
}

export interface ScanReportInput {
  readonly tool: ScanReport['tool']
  readonly root: string
  readonly scannedAt: string
  readonly snapshot?: ScanReport['snapshot']
  readonly profiles: readonly string[]
  readonly policy?: PolicySummary
  readonly checks: readonly Check[]
  readonly results: readonly Result[]
  readonly score: Score
  readonly facets: readonly FacetState[]
}

/** Joins results with their checks and sums up the facets. Results come worst first. */
export function createScanReport(input: ScanReportInput): ScanReport {
  const checks = new Map(input.checks.map(check => [check.id, check]))
  const results = input.results.flatMap(result => {
    const check = checks.get(result.check)
    if (!check) return []
    const { title, severity, rationale, references } = check
    return [{ ...result, title, severity, rationale, references }]
  })
  return {
    tool: input.tool,
    host: { ...describeHost(input.facets), root: input.root },
    scannedAt: input.scannedAt,
    ...(input.snapshot && { snapshot: input.snapshot }),
    profiles: input.profiles,
    ...(input.policy && { policy: input.policy }),
    score: input.score,
    results: results.sort(worstFirst),
    facets: input.facets.map(summarize).sort((a, b) => (a.facet < b.facet ? -1 : 1)),
  }
}

const stateOrder = { fail: 0, error: 1, manual: 2, pass: 3, not_applicable: 4 } as const

function worstFirst(a: Finding, b: Finding): number {
  return (
    stateOrder[a.state] - stateOrder[b.state] ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.check < b.check ? -1 : 1)
  )
}

/** Who a host says it is. */
export function describeHost(facets: readonly FacetState[]): Omit<ReportedHost, 'root'> {
  const host = facets.find(state => state.facet === 'host')
  const facts = host?.state === 'present' ? host.facts : {}
  const os = facts['os'] as { name?: string } | undefined
  const kernel = facts['kernel'] as { release?: string; architecture?: string } | undefined
  return {
    hostname: typeof facts['hostname'] === 'string' ? facts['hostname'] : '',
    id: typeof facts['machineId'] === 'string' ? facts['machineId'] : '',
    os: os?.name ?? '',
    kernel: kernel ? `${kernel.release ?? ''} ${kernel.architecture ?? ''}`.trim() : '',
  }
}

function summarize(state: FacetState): FacetSummary {
  const gaps = state.state === 'present' ? (state.facts['gaps'] as unknown as readonly Gap[]) : []
  const reason = state.state === 'present' ? '' : state.reason.detail
  return { facet: state.facet, state: state.state, digest: state.digest, reason, gaps }
}
