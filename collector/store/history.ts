// How the fleet stood over time: what is kept of it, and how it is asked.
import type { ResultState, Severity } from '../../policy/check.ts'
import type { CheckRecord, FacetSummary, GapRecord, Page, PageRequest, ResultFilter, ResultRecord } from './records.ts'
import type { Tally } from './tally.ts'

/** A failure that began, or one that was fixed: by what happened at the host, or by time. */
export interface FailureTurn {
  readonly check: string
  readonly severity: Severity
  readonly kind: 'opened' | 'fixed'
  readonly atMs: number
  /** how long it stood, 0 when it began */
  readonly stoodMs: number
}

/** Numbers of hosts by status; a host may be new and online. `total` is without those that are retired. */
export interface HostCounts {
  readonly total: number
  readonly new: number
  readonly online: number
  readonly offline: number
  readonly missing: number
  readonly retired: number
}

/** The fleet at a moment. */
export interface Posture {
  readonly takenAtMs: number
  readonly results: Tally
  readonly hosts: HostCounts
}

/** Something that changes at a host, and when it did lately. */
export interface DriftItem {
  /** digest of what it is that changes */
  readonly item: string
  /** turns of late, oldest first: when, and the digest of the state that it turned to */
  readonly seen: readonly (readonly [atMs: number, state: string])[]
  /** since when it flaps, 0 while it does not */
  readonly beganAtMs: number
  /** turns since then */
  readonly turns: number
  /** JSON of the latest change that was not told, empty when there is none */
  readonly latest: string
}

/** Part of a store's transaction. */
export interface HistoryTransaction {
  /** adds to the sums of hours and days */
  countTurns(turns: readonly FailureTurn[]): Promise<void>
  /** notes how the fleet stands; of an hour the latest stays, and of a day for each check */
  putPosture(posture: Posture, checks: readonly CheckRecord[]): Promise<void>
  /** those of these items of a host that changed lately */
  driftItems(host: number, items: readonly string[]): Promise<readonly DriftItem[]>
  putDriftItems(host: number, items: readonly DriftItem[]): Promise<void>
  /** those of a host that flap and turned last before a time */
  quietFlaps(host: number, beforeMs: number): Promise<readonly DriftItem[]>
  deleteDriftItems(host: number, items: readonly string[]): Promise<void>
}

export interface ResultAtFilter {
  readonly hostId: string
  readonly atMs: number
  readonly state?: ResultState
  readonly severity?: Severity
  readonly check?: string
}

/** What fails, by its age. */
export interface FailingFilter extends Omit<ResultFilter, 'state'> {
  readonly sort: 'oldest' | 'newest'
  /** milliseconds since the epoch: failing since that time or later, failing since before */
  readonly failingFromMs?: number
  readonly failingBeforeMs?: number
}

/** A facet as it stood, and the gap of its history that the time is in. */
export type FacetAtSummary = FacetSummary & { readonly gap?: GapRecord }

export interface FacetsAt {
  readonly items: readonly FacetAtSummary[]
  /** facets that had a state then which is no longer kept */
  readonly gone: readonly string[]
}

/** Times are milliseconds since the epoch; a span is [since, until). */
export interface Span {
  readonly sinceMs: number
  readonly untilMs: number
}

export interface PostureAt extends Posture {
  /** start of the step */
  readonly atMs: number
}

export interface TurnsAt {
  /** start of the step */
  readonly atMs: number
  readonly severity: Severity
  readonly opened: number
  readonly fixed: number
}

export interface CheckDay {
  /** start of the day */
  readonly atMs: number
  /** how the fleet stood when it was last looked at, undefined when nobody looked */
  readonly stood: Omit<CheckRecord, 'check'> | undefined
  readonly opened: number
  readonly fixed: number
}

/** Failures that were fixed, by how long they stood. */
export interface FixSum {
  readonly check: string
  readonly severity: Severity
  readonly bucket: number
  readonly failures: number
}

export interface HistoryReader {
  /** results of a host as they stood at a time, the severest first, without waivers */
  resultsAt(filter: ResultAtFilter, page: PageRequest): Promise<Page<ResultRecord>>
  failing(filter: FailingFilter, page: PageRequest): Promise<Page<ResultRecord>>
  facetsAt(hostId: string, atMs: number): Promise<FacetsAt>
  /** the gap of a facet's history that a time is in */
  gapAt(hostId: string, facet: string, atMs: number): Promise<GapRecord | undefined>
  /** before this time what ended is gone; 0 when everything is kept */
  prunedBefore(kind: 'endedResults'): Promise<number>
  /** the last of each step, oldest first; a step is a number of whole hours */
  postures(span: Span, stepMs: number): Promise<readonly PostureAt[]>
  /** sums of each step and severity, oldest first */
  turns(span: Span, stepMs: number): Promise<readonly TurnsAt[]>
  hostCounts(
    connected: ReadonlySet<number>,
    from: { readonly newMs: number; readonly missingMs: number },
  ): Promise<HostCounts>
  /** by day, oldest first */
  checkDays(check: string, span: Span): Promise<readonly CheckDay[]>
  /** of the fleet, `check` is empty then; of one check; or of each */
  fixes(span: Span, of: { readonly check: string } | 'fleet' | 'checks'): Promise<readonly FixSum[]>
  /** hosts on which something flaps that turned last before a time */
  hostsWithQuietFlaps(beforeMs: number, limit: number): Promise<readonly number[]>
}
