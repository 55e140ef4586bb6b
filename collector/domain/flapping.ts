// What comes and goes again and again is told when that begins and when it ends, not each time; its history is complete.
import { createHash } from 'node:crypto'
import { isoTime } from '../../runtime/clock.ts'
import type { DriftItem } from '../store/history.ts'
import type { StoreTransaction } from '../store/transaction.ts'
import { bounded, type DriftRow } from './drift-rows.ts'

export interface FlapRules {
  /** changes within the window after which something flaps; with 0 nothing ever does */
  readonly turns: number
  /** also how long it has to rest before it flaps no more */
  readonly windowMs: number
}

export const neverFlapping: FlapRules = { turns: 0, windowMs: 0 }

export interface Change {
  readonly row: DriftRow
  readonly atMs: number
}

type FlapStore = Pick<StoreTransaction, 'driftItems' | 'putDriftItems'>
type EndStore = Pick<StoreTransaction, 'quietFlaps' | 'deleteDriftItems'>

/** Rows of one change that are looked at: a flood is no flapping. */
const maxTracked = 50
/** States that a flapping thing is known to take: another one is told. */
const maxStates = 16

/**
 * Decides by the times of the changes alone, so that it comes out the same whenever and wherever they are written.
 * @param changes of one host, in their order
 * @returns those that are told
 */
export async function tellChanges(
  store: FlapStore,
  host: number,
  changes: readonly Change[],
  rules: FlapRules,
): Promise<readonly Change[]> {
  if (rules.turns === 0) return changes
  const items = changes.map(({ row }, index) => (row.flapping || index >= maxTracked ? '' : itemOf(row)))
  const tracked = [...new Set(items.filter(item => item !== ''))]
  if (tracked.length === 0) return changes
  const known = new Map((await store.driftItems(host, tracked)).map(item => [item.item, item]))
  const told = changes.flatMap((change, index) => {
    const item = items[index] ?? ''
    if (item === '') return [change]
    const before = known.get(item) ?? { item, seen: [], beganAtMs: 0, turns: 0, latest: '' }
    const { now, tell } = turn(before, change, rules)
    known.set(item, now)
    return tell
  })
  await store.putDriftItems(host, [...known.values()])
  return told
}

/** What flapped and rests: told once more, and forgotten. @param beforeMs when it turned last at the latest */
export async function endFlaps(
  store: EndStore,
  host: number,
  beforeMs: number,
  rules: FlapRules,
): Promise<readonly Change[]> {
  const items = await store.quietFlaps(host, beforeMs)
  await store.deleteDriftItems(
    host,
    items.map(({ item }) => item),
  )
  return items.flatMap(item => endOf(item, rules))
}

interface Turned {
  readonly now: DriftItem
  readonly tell: readonly Change[]
}

function turn(before: DriftItem, change: Change, rules: FlapRules): Turned {
  const { atMs } = change
  const lastMs = before.seen.at(-1)?.[0] ?? 0
  if (before.beganAtMs === 0) return turnOfMany(before, change, rules)
  if (atMs - lastMs < rules.windowMs) return turnOfFlap(before, change)
  const { now, tell } = turnOfMany({ ...before, seen: [], beganAtMs: 0, turns: 0, latest: '' }, change, rules)
  return { now, tell: [...endOf(before, rules), ...tell] }
}

function turnOfMany(before: DriftItem, change: Change, { turns, windowMs }: FlapRules): Turned {
  const { row, atMs } = change
  const state = stateOf(row)
  const late = before.seen.filter(([at]) => atMs - at < windowMs)
  const seen = [...late, [atMs, state] as const].slice(-turns)
  const isBack = late.some(([, one]) => one === state)
  if (seen.length < turns || !isBack) return { now: { ...before, seen }, tell: [change] }
  const [first] = seen
  const beganAtMs = Math.max(first?.[0] ?? atMs, 1)
  const text = `${row.text} (flapping: ${seen.length} changes since ${isoTime(beganAtMs)}, told again when it rests)`
  const now = { ...before, seen: distinct(seen), beganAtMs, turns: seen.length, latest: packed(change) }
  return { now, tell: [{ row: { ...row, text: bounded(text), flapping: 'begins' }, atMs }] }
}

/** A state that nobody was told is told, whatever flaps. */
function turnOfFlap(before: DriftItem, change: Change): Turned {
  const state = stateOf(change.row)
  const isKnown = before.seen.some(([, one]) => one === state)
  const seen = distinct([...before.seen, [change.atMs, state]]).slice(-maxStates)
  const now = { ...before, seen, turns: before.turns + 1, latest: packed(change) }
  return { now, tell: isKnown ? [] : [change] }
}

function endOf({ seen, beganAtMs, turns, latest }: DriftItem, { windowMs }: FlapRules): readonly Change[] {
  if (latest === '') return []
  const row = JSON.parse(latest) as DriftRow
  const text = `${row.text} (no longer flapping: ${turns} changes since ${isoTime(beganAtMs)})`
  const lastMs = seen.at(-1)?.[0] ?? beganAtMs
  return [{ row: { ...row, text: bounded(text), flapping: 'ends' }, atMs: lastMs + windowMs }]
}

/** Each state with its last time. */
function distinct(seen: DriftItem['seen']): DriftItem['seen'] {
  return seen.filter(([, state], index) => seen.findLastIndex(([, other]) => other === state) === index)
}

const packed = ({ row }: Change): string => JSON.stringify(row)

/** What it is that changes: a listener, a field of the kubelet's configuration, a result. */
function itemOf({ kind, subject, field, key = '' }: DriftRow): string {
  return digest([kind, subject, field, key])
}

/** What it changed to. Of results and facets the state alone: their evidence is others' each time. */
function stateOf({ kind, change, text, after }: DriftRow): string {
  const isFact = kind !== 'result' && kind !== 'facet'
  return digest([change, isFact ? text : '', JSON.stringify(after) ?? ''])
}

/** 72 bits of a digest. */
function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12)
}
