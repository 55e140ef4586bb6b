// Holds the hosts of a selection against each other: who differs from the many, in one facet.
import { findOutliers, type Group, type Outlier, outlierWords } from '../../policy/outliers.ts'
import type { Facet, JsonObject } from '../../proto/facet.ts'
import type { Scope } from '../store/access-records.ts'
import type { StoreReader } from '../store/store.ts'
import type { TraitMemory } from './trait-memory.ts'

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
  /** hosts with the facts that most have */
  readonly alike: number
  /** in words: how many are alike, and how many are not */
  readonly text: string
  /** the host that is most like all others; missing when there are none */
  readonly typical?: HostName
  /** how many outliers there are, of which `items` are the first */
  readonly found: number
  readonly items: readonly OutlierItem[]
}

export interface OutlierItem {
  readonly field: string
  readonly key?: string
  readonly text: string
  /** hosts that differ so */
  readonly hosts: number
  /** some of them */
  readonly examples: readonly HostName[]
}

export interface OutlierOptions {
  readonly facet: Facet
  readonly read: Pick<StoreReader, 'facetBodies' | 'bodiesOf' | 'namesOf'>
  readonly memory: TraitMemory
  readonly scope: Scope
  /** undefined for the whole fleet */
  readonly cohort?: string | undefined
  readonly limit: number
  /** told now and then that it goes on */
  readonly onProgress: () => Promise<void>
}

const shownExamples = 20

/** Hosts with the same body. */
interface Alike extends Group {
  readonly body: number
  readonly members: readonly number[]
}

export async function outlierReport(options: OutlierOptions): Promise<OutlierReport> {
  const { facet, limit, memory, read } = options
  const { parts, groups, unknown } = await groupsOf(options)
  const { typical, found, outliers } = findOutliers(parts, groups, limit)
  const told: { readonly outlier: Outlier; readonly text: string; readonly members: readonly number[] }[] = []
  for (const outlier of outliers) {
    const text = await textOf(outlier, groups, options)
    const members = outlier.groups.flatMap(place => groups[place]?.members ?? []).slice(0, shownExamples)
    if (text !== undefined) told.push({ outlier, text, members })
  }
  const example = groups[typical]?.members[0]
  const shown = [...told.flatMap(({ members }) => members), ...(example === undefined ? [] : [example])]
  const names = await read.namesOf([...new Set(shown)])
  const nameOf = (host: number) => names.get(host) ?? []
  const hosts = groups.reduce((sum, group) => sum + group.hosts, 0)
  const alike = groups.reduce((most, group) => Math.max(most, group.hosts), 0)
  memory.rest()
  return {
    ...{ facet: facet.name, hosts, unknown, states: groups.length, alike, text: summaryOf(facet.name, hosts, alike) },
    ...(example !== undefined && typicalOf(names.get(example))),
    found: found - (outliers.length - told.length),
    items: told.map(({ outlier: { trait, hosts: few }, text, members }) => ({
      ...{ field: trait.field, ...(trait.key !== '' && { key: trait.key }) },
      ...{ text, hosts: few, examples: members.flatMap(nameOf) },
    })),
  }
}

const typicalOf = (typical: HostName | undefined) => typical && { typical }

function summaryOf(facet: string, hosts: number, alike: number): string {
  if (hosts === 0) return `${facet} of no host is known`
  if (hosts === 1) return `one host is known, which has nobody to differ from`
  if (alike === hosts) return `all ${hosts} hosts have the same ${facet}`
  if (alike === 1) return `each of ${hosts} hosts has ${facet} of its own`
  return `${alike} of ${hosts} hosts have the same ${facet}, ${hosts - alike} differ`
}

async function groupsOf({ facet, read, memory, scope, cohort, onProgress }: OutlierOptions) {
  const members = new Map<number, number[]>()
  let unknown = 0
  for (const { host, body } of await read.facetBodies(facet.name, { scope, ...(cohort !== undefined && { cohort }) })) {
    const group = members.get(body)
    if (body === 0) unknown++
    else if (group) group.push(host)
    else members.set(body, [host])
  }
  const { parts, of } = await memory.partsOf(facet, [...members.keys()], read, onProgress)
  const groups: Alike[] = []
  for (const [body, hosts] of members) {
    const own = of.get(body)
    if (own) groups.push({ body, members: hosts, parts: own, hosts: hosts.length })
    else unknown += hosts.length
  }
  return { parts, groups, unknown }
}

/** Two groups say it for all: what is the same trait is the same difference. */
async function textOf(
  outlier: Outlier,
  groups: readonly Alike[],
  { facet, memory, read }: OutlierOptions,
): Promise<string | undefined> {
  const [first = -1] = outlier.groups
  const [reference, example] = [groups[outlier.reference], groups[first]]
  if (!reference || !example) return undefined
  return memory.text(`${facet.name} ${outlier.trait.name} ${reference.body} ${example.body}`, async () => {
    const before = await memory.facts(reference.body, read)
    const after = await memory.facts(example.body, read)
    return before && after && tryWords(facet, outlier, before, after)
  })
}

/** Facts come from the wire: of a form that the diff does not expect, nobody is told what differs. */
function tryWords(facet: Facet, outlier: Outlier, before: JsonObject, after: JsonObject): string | undefined {
  try {
    return outlierWords(facet, outlier, before, after)?.text
  } catch {
    return undefined
  }
}
