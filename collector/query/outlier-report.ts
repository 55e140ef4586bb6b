// Holds the hosts of a selection against each other: who differs from the many, in one facet.
import { findOutliers } from '../../policy/outliers.ts'
import type { Facet, JsonObject } from '../../proto/facet.ts'
import type { StateCache } from '../domain/state-cache.ts'
import type { Scope } from '../store/access-records.ts'
import type { StoreReader } from '../store/store.ts'

export interface HostName {
  readonly hostId: string
  readonly hostname: string
}

export interface OutlierReport {
  readonly facet: string
  /** hosts whose facts are known */
  readonly hosts: number
  /** hosts of the selection of which they are not */
  readonly unknown: number
  /** different facts among them */
  readonly states: number
  /** one of the hosts that the others are held against; missing when there are none */
  readonly typical?: HostName
  /** how many outliers there are, of which `items` are the first */
  readonly found: number
  readonly items: readonly {
    readonly field: string
    readonly key?: string
    readonly text: string
    /** hosts that differ so */
    readonly hosts: number
    /** some of them */
    readonly examples: readonly HostName[]
  }[]
}

/** There are too many different facts to hold them against each other. */
export class TooManyStates extends Error {
  override readonly name = 'TooManyStates'
}

export interface OutlierOptions {
  readonly facet: Facet
  readonly read: Pick<StoreReader, 'factsOfHosts' | 'body'>
  readonly states: StateCache
  readonly scope: Scope
  readonly limit: number
  /** told now and then that it goes on */
  readonly onProgress: () => Promise<void>
}

const hostsAtOnce = 250
const maxStates = 2_000
const shownExamples = 20
const bodiesBetweenProgress = 100

/** @throws TooManyStates */
export async function outlierReport(options: OutlierOptions): Promise<OutlierReport> {
  const { facet, limit } = options
  const { byDigest, without } = await hostsByDigest(options)
  const groups: { readonly facts: JsonObject; readonly hosts: number; readonly members: readonly HostName[] }[] = []
  let unknown = without
  for (const [digest, members] of byDigest) {
    const facts = await factsOf(digest, options)
    if (facts) groups.push({ facts, hosts: members.length, members })
    else unknown += members.length
    if (groups.length > maxStates) {
      throw new TooManyStates(`more than ${maxStates} different states of ${facet.name}: choose fewer hosts by a label`)
    }
    if (groups.length % bodiesBetweenProgress === 0) await options.onProgress()
  }
  const { typical, outliers } = findOutliers(facet, groups)
  const example = groups[typical]?.members[0]
  return {
    facet: facet.name,
    hosts: groups.reduce((sum, { hosts }) => sum + hosts, 0),
    unknown,
    states: groups.length,
    ...(example && { typical: example }),
    found: outliers.length,
    items: outliers.slice(0, limit).map(({ groups: places, ...outlier }) => ({
      ...outlier,
      examples: places.flatMap(place => groups[place]?.members ?? []).slice(0, shownExamples),
    })),
  }
}

async function hostsByDigest({ facet, read, scope, onProgress }: OutlierOptions) {
  const byDigest = new Map<string, HostName[]>()
  let without = 0
  for (let after = 0; ; ) {
    const page = await read.factsOfHosts([facet.name], { after, limit: hostsAtOnce, scope })
    for (const { id, hostname, digests } of page) {
      const [current] = digests
      const members = current ? (byDigest.get(current.digest) ?? []) : undefined
      if (!current || !members) without++
      else byDigest.set(current.digest, members)
      members?.push({ hostId: id, hostname })
    }
    await onProgress()
    const last = page.at(-1)
    if (!last || page.length < hostsAtOnce) return { byDigest, without }
    after = last.host
  }
}

/** Undefined for a facet that is absent or could not be read. */
async function factsOf(digest: string, { read, states }: OutlierOptions): Promise<JsonObject | undefined> {
  const state = await states.get(digest, () => read.body(digest))
  return state?.state === 'present' ? state.facts : undefined
}
