// Changes that are told together: gathered for a while after the first, and then at intervals.
import type { StoredGroup } from '../store/notifications.ts'
import { statusOfTurn, subjectKey, type ToldChange } from './message.ts'

export interface Group {
  readonly key: string
  /** what its changes have in common */
  readonly common: Readonly<Record<string, string>>
  readonly changes: readonly ToldChange[]
  /** changes beyond those that are listed */
  readonly more: number
  readonly dueAtMs: number
  readonly toldAtMs: number
}

export interface Grouping {
  /** `host`, `subject`, `kind`, `severity`, or `labels.KEY` */
  readonly by: readonly string[]
  readonly waitMs: number
  readonly intervalMs: number
  /** changes of one message */
  readonly maxChanges: number
}

/** So many groups at once; what belongs to others is told in one more. */
const maxGroups = 50
const restKey = '"rest"'

/** @returns the groups that are others now */
export function addChanges(
  groups: ReadonlyMap<string, Group>,
  changes: readonly ToldChange[],
  grouping: Grouping,
  nowMs: number,
): ReadonlyMap<string, Group> {
  const gathered = new Map<string, Gathering>()
  const known = new Set(groups.keys())
  for (const change of changes) {
    const common = commonOf(change, grouping.by)
    const own = JSON.stringify(common)
    const isRest = !known.has(own) && known.size >= maxGroups
    const key = isRest ? restKey : own
    known.add(key)
    const gathering = gathered.get(key) ?? begin(groups.get(key) ?? newGroup(key, isRest ? {} : common))
    gathered.set(key, gathering)
    add(gathering, change, grouping.maxChanges)
  }
  return new Map([...gathered].map(([key, gathering]) => [key, end(gathering, grouping, nowMs)]))
}

/** A group while changes are added to it: by what they are about. */
interface Gathering {
  readonly group: Group
  readonly changes: Map<string, ToldChange>
  more: number
}

const begin = (group: Group): Gathering => ({
  ...{ group, more: group.more },
  changes: new Map(group.changes.map(change => [subjectKey(change), change])),
})

const newGroup = (key: string, common: Group['common']): Group => ({
  ...{ key, common, changes: [], more: 0, dueAtMs: 0, toldAtMs: 0 },
})

function commonOf({ host, subject, kind, severity }: ToldChange, by: readonly string[]): Group['common'] {
  const values: Readonly<Record<string, string>> = { host: host.name, subject, kind, severity: severity ?? '' }
  const pairs = by.map(name => {
    const label = name.startsWith('labels.') ? name.slice('labels.'.length) : undefined
    return [
      name,
      label === undefined ? values[name] : Object.hasOwn(host.labels, label) ? host.labels[label] : '',
    ] as const
  })
  return Object.fromEntries(pairs.map(([name, value]) => [name, value ?? '']))
}

/** A thing that turned and turned back before anybody was told of it did not happen. */
function add(gathering: Gathering, change: ToldChange, maxChanges: number): void {
  const { changes } = gathering
  const key = subjectKey(change)
  const earlier = changes.get(key)
  const merged = earlier ? merge(earlier, change) : change
  const isBack = merged.from !== undefined && merged.from === merged.to && merged.flapping === undefined
  // What is told last stands last.
  changes.delete(key)
  if (isBack) return
  if (changes.size < maxChanges) changes.set(key, merged)
  else gathering.more += 1
}

function end({ group, changes, more }: Gathering, { waitMs, intervalMs }: Grouping, nowMs: number): Group {
  const next = { ...group, changes: [...changes.values()], more }
  if (changes.size + more === 0) return { ...next, dueAtMs: 0 }
  const firstMs = group.toldAtMs === 0 ? nowMs + waitMs : Math.max(nowMs, group.toldAtMs + intervalMs)
  return { ...next, dueAtMs: group.dueAtMs || firstMs }
}

function merge({ from }: ToldChange, change: ToldChange): ToldChange {
  if (from === undefined || change.to === undefined || change.flapping === 'ends') return change
  return { ...change, from, status: statusOfTurn(from, change.to) }
}

/** As it is after it was told. */
export const toldGroup = (group: Group, nowMs: number): Group => ({
  ...{ ...group, changes: [], more: 0, dueAtMs: 0, toldAtMs: nowMs },
})

/** Nothing waits in it, and its next change is the first of a new one. */
export function isOver({ dueAtMs, toldAtMs }: Group, { intervalMs }: Grouping, nowMs: number): boolean {
  return dueAtMs === 0 && toldAtMs + intervalMs <= nowMs
}

export function packGroup({ key, dueAtMs, toldAtMs, common, changes, more }: Group): StoredGroup {
  return { key, dueAtMs, toldAtMs, body: JSON.stringify({ common, changes, more }) }
}

export function unpackGroup({ key, dueAtMs, toldAtMs, body }: StoredGroup): Group {
  return { key, dueAtMs, toldAtMs, ...(JSON.parse(body) as Pick<Group, 'common' | 'changes' | 'more'>) }
}
