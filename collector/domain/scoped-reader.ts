// The store as somebody may see it: every question is asked within a scope of hosts, so that no answer forgets it.
import type { Scope } from '../store/access-records.ts'
import type { HostFilter } from '../store/records.ts'
import type { StoreReader } from '../store/store.ts'
import { countHosts } from './host-status.ts'

/** Asked about the whole fleet by somebody who may see some hosts only. */
export class OutOfScope extends Error {
  override readonly name = 'OutOfScope'
  constructor() {
    super('that is about all hosts, and some labels only are yours to see')
  }
}

type OfHost = 'facets' | 'facet' | 'facetHistory' | 'gaps' | 'agentReport' | 'resultHistory' | OfPast
type OfPast = 'facetAt' | 'facetsAt' | 'gapAt' | 'resultsAt' | 'prunedBefore'
/** Sums over all hosts: nobody can tell afterwards which of them they were. */
type OfTime = 'postures' | 'turns' | 'checkDays' | 'fixes'
type OfFleet = OfTime | 'tokens' | 'enrollmentPage' | 'apiTokens' | 'audit' | 'standings' | 'waivers'
type WithoutScope<F> = F extends { readonly scope?: Scope } ? Omit<F, 'scope'> : F
type Filtered = 'results' | 'failing' | 'drift' | 'deviations'

type HostQuestion = Omit<HostFilter, 'scope' | 'connected' | 'state'> & {
  /** whether its agent has an open stream, or has one and is behind */
  readonly state?: 'connected' | 'disconnected' | 'catching-up'
}

/** Store numbers of hosts, as they are now. */
export interface Presence {
  readonly connected: ReadonlySet<number>
  readonly catchingUp: () => ReadonlySet<number>
}

/** What routes read from. What is not here is no route's business. */
export type ScopedReader = Pick<StoreReader, OfHost | OfFleet> & {
  readonly [M in Filtered]: (
    filter: WithoutScope<Parameters<StoreReader[M]>[0]>,
    page: Parameters<StoreReader[M]>[1],
  ) => ReturnType<StoreReader[M]>
} & {
  readonly hosts: (filter: HostQuestion, page: Parameters<StoreReader['hosts']>[1]) => ReturnType<StoreReader['hosts']>
  readonly hostCount: (filter: Omit<HostQuestion, 'sort'>) => Promise<number>
  readonly host: (id: string) => ReturnType<StoreReader['host']>
  readonly hostNumber: (id: string) => ReturnType<StoreReader['hostNumber']>
  readonly agentConditions: (ids: readonly string[]) => ReturnType<StoreReader['agentConditions']>
  readonly driftAfter: (id: number, limit: number) => ReturnType<StoreReader['driftAfter']>
  readonly cohorts: () => ReturnType<StoreReader['cohorts']>
  readonly cohort: (id: string) => ReturnType<StoreReader['cohort']>
  readonly cohortFacets: (id: string) => ReturnType<StoreReader['cohortFacets']>
  readonly pins: (cohort: string) => ReturnType<StoreReader['pins']>
  readonly hostCounts: (nowMs: number) => ReturnType<StoreReader['hostCounts']>
  readonly checks: () => ReturnType<StoreReader['checks']>
  readonly fleet: () => ReturnType<StoreReader['fleet']>
}

/**
 * @throws OutOfScope from questions about the whole fleet, when there is a scope
 */
export function scopeReader(read: StoreReader, scope: Scope, presence: Presence): ScopedReader {
  const { connected, catchingUp } = presence
  const hostFilter = ({ state, ...filter }: HostQuestion): HostFilter => {
    if (state === 'catching-up') return { ...filter, scope, state: 'connected', connected: catchingUp() }
    return { ...filter, scope, connected, ...(state === undefined ? {} : { state }) }
  }
  const isWhole = Object.keys(scope).length === 0
  const isSeen = async (id: string) => isWhole || (await read.hostNumber(id, scope)) !== undefined
  const ofFleet = <A extends readonly unknown[], R>(ask: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      if (!isWhole) throw new OutOfScope()
      return ask(...given)
    }
  }
  return {
    hosts: (filter, page) => read.hosts(hostFilter(filter), page),
    hostCount: filter => read.hostCount(hostFilter({ ...filter, sort: 'hostname' })),
    host: id => read.host(id, connected, scope),
    hostNumber: id => read.hostNumber(id, scope),
    facets: async id => ((await isSeen(id)) ? read.facets(id) : []),
    facet: async (id, facet) => ((await isSeen(id)) ? read.facet(id, facet) : undefined),
    facetAt: async (id, facet, atMs) => ((await isSeen(id)) ? read.facetAt(id, facet, atMs) : undefined),
    facetsAt: async (id, atMs) => ((await isSeen(id)) ? read.facetsAt(id, atMs) : { items: [], gone: [] }),
    gapAt: async (id, facet, atMs) => ((await isSeen(id)) ? read.gapAt(id, facet, atMs) : undefined),
    resultsAt: async (filter, page) => ((await isSeen(filter.hostId)) ? read.resultsAt(filter, page) : { items: [] }),
    facetHistory: async (id, facet, page) => ((await isSeen(id)) ? read.facetHistory(id, facet, page) : { items: [] }),
    resultHistory: async (id, check, page) =>
      (await isSeen(id)) ? read.resultHistory(id, check, page) : { items: [] },
    gaps: async (id, page) => ((await isSeen(id)) ? read.gaps(id, page) : { items: [] }),
    agentReport: async id => ((await isSeen(id)) ? read.agentReport(id) : undefined),
    agentConditions: ids => read.agentConditions(ids, scope),
    failing: (filter, page) => read.failing({ ...filter, scope }, page),
    results: (filter, page) => read.results({ ...filter, scope }, page),
    drift: (filter, page) => read.drift({ ...filter, scope }, page),
    deviations: (filter, page) => read.deviations({ ...filter, scope }, page),
    cohorts: () => read.cohorts(scope),
    cohort: id => read.cohort(id, scope),
    cohortFacets: id => read.cohortFacets(id, scope),
    pins: cohort => read.pins(cohort, scope),
    driftAfter: (id, limit) => read.driftAfter(id, limit, scope),
    checks: () => read.checks(scope),
    fleet: () => read.fleet(scope),
    prunedBefore: kind => read.prunedBefore(kind),
    postures: ofFleet((span, stepMs) => read.postures(span, stepMs)),
    turns: ofFleet((span, stepMs) => read.turns(span, stepMs)),
    checkDays: ofFleet((check, span) => read.checkDays(check, span)),
    hostCounts: ofFleet((nowMs: number) => countHosts(read, connected, nowMs)),
    fixes: ofFleet((span, of) => read.fixes(span, of)),
    tokens: ofFleet(() => read.tokens()),
    enrollmentPage: ofFleet((filter, page) => read.enrollmentPage(filter, page)),
    waivers: ofFleet(() => read.waivers()),
    standings: ofFleet(() => read.standings()),
    apiTokens: ofFleet(page => read.apiTokens(page)),
    audit: ofFleet((filter, page) => read.audit(filter, page)),
  }
}
