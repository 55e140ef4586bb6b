// Applies one change of a facet to what is stored of its host: idempotent, with history and drift.
import type { Facet, FacetState } from '../../proto/facet.ts'
import type { StoredBody } from '../store/records.ts'
import type { CurrentFacet, StoredGap } from '../store/transaction.ts'
import { deviationDrift } from './deviations.ts'
import { type DriftRow, facetDrift, factDrift } from './drift-rows.ts'
import type { FacetChange } from './facet-change.ts'
import { type HostUnit, touch } from './host-unit.ts'
import type { StateCache } from './state-cache.ts'

export interface ApplyContext {
  readonly facets: ReadonlyMap<string, Facet>
  readonly states: StateCache
}

export type Applied = 'applied' | 'unchanged' | 'duplicate'

/**
 * Applies a change once, however often it comes. A facet that could not be read keeps the facts it had last.
 * @throws Error when the change has no body and nobody knows its digest
 */
export async function applyChange(unit: HostUnit, change: FacetChange, context: ApplyContext): Promise<Applied> {
  const { transaction, host } = unit
  const applied = unit.progress.get(change.outboxId) ?? (await transaction.appliedSequence(host, change.outboxId))
  if (change.sequence <= applied) return 'duplicate'
  unit.progress.set(change.outboxId, change.sequence)

  const current = await transaction.currentFacet(host, change.facet)
  if (change.gap) await transaction.putGap(host, gapOf(change, change.gap, current, unit.nowMs))
  if (current?.digest === change.digest) {
    if (current.agentVersion !== change.agentVersion) {
      await transaction.confirmFacet(host, change.facet, change.agentVersion)
    }
    return 'unchanged'
  }
  const next = await store(unit, change, context)
  if (!next) throw new Error(`no body for ${change.facet} ${change.digest}`)

  const sinceMs = validFrom(change, current, unit.nowMs)
  const pinned = await transaction.putFacet(host, {
    facet: change.facet,
    digest: change.digest,
    state: change.state,
    schemaVersion: change.schemaVersion,
    sinceMs,
    revision: (current?.revision ?? 0) + 1,
    agentVersion: change.agentVersion,
    ...lastGood(change.state, current),
    outboxId: change.outboxId,
    sequence: change.sequence,
    observedAtMs: change.observedAtMs,
    receivedAtMs: unit.nowMs,
  })
  const quiet = isQuiet(change, current)
  touch(unit.changed, change.facet, { quiet, sinceMs })
  if (current && !quiet) {
    for (const row of await driftOf(unit, current, next, context)) unit.drift.push({ row, atMs: sinceMs })
    const facet = context.facets.get(change.facet)
    const deviations = await deviationDrift(pinned, change.facet, facet, digest => stateOf(unit, digest, context))
    for (const row of deviations) unit.drift.push({ row, atMs: sinceMs })
  }
  return 'applied'
}

/** Stores the body that came, if one did. @returns what it says, undefined when nobody knows the digest */
async function store(unit: HostUnit, change: FacetChange, context: ApplyContext): Promise<FacetState | undefined> {
  if (change.body === undefined) return stateOf(unit, change.digest, context)
  const stored = bodyOf(change, change.body)
  await unit.transaction.putBody(change.digest, stored)
  return context.states.get(change.digest, async () => stored)
}

function bodyOf({ facet, schemaVersion, state }: FacetChange, body: string): StoredBody {
  return { facet, schemaVersion, state, body }
}

function stateOf(unit: HostUnit, digest: string, { states }: ApplyContext): Promise<FacetState | undefined> {
  return states.get(digest, () => unit.transaction.body(digest))
}

/** The agent's time by the collector's clock, not before the state it ends and not after it was received. */
function validFrom(change: FacetChange, current: CurrentFacet | undefined, receivedMs: number): number {
  const seen = Math.min(change.observedAtMs + change.skewMs, receivedMs)
  return Math.max(seen, current?.sinceMs ?? 0, 0)
}

/** From when the first of the merged changes was seen, not before the state that they changed. */
function gapOf(
  change: FacetChange,
  { changes, fromMs }: NonNullable<FacetChange['gap']>,
  current: CurrentFacet | undefined,
  nowMs: number,
): StoredGap {
  const toMs = validFrom(change, current, nowMs)
  const seenMs = Math.max(fromMs + change.skewMs, current?.sinceMs ?? 0, 0)
  return { facet: change.facet, fromMs: Math.min(seenMs, toMs), toMs, changes, receivedAtMs: nowMs }
}

/** A first state, another schema, or another program that looked: what differs is not the host's doing. */
function isQuiet(change: FacetChange, current: CurrentFacet | undefined): boolean {
  if (!current || current.schemaVersion !== change.schemaVersion) return true
  return change.baseline && current.agentVersion !== change.agentVersion
}

function lastGood(state: FacetState['state'], current: CurrentFacet | undefined) {
  if (state === 'present' || state === 'absent' || !current) return { goodDigest: '', goodSinceMs: 0 }
  if (current.state === 'present') return { goodDigest: current.digest, goodSinceMs: current.sinceMs }
  return { goodDigest: current.goodDigest, goodSinceMs: current.goodSinceMs }
}

async function driftOf(
  unit: HostUnit,
  current: CurrentFacet,
  next: FacetState,
  context: ApplyContext,
): Promise<readonly DriftRow[]> {
  const turned = current.state === next.state ? [] : [facetDrift(current.state, next)]
  if (next.state !== 'present') return turned
  const before = await stateOf(unit, current.state === 'present' ? current.digest : current.goodDigest, context)
  const comparable = before?.state === 'present' && before.schemaVersion === next.schemaVersion
  if (!comparable || before.digest === next.digest) return turned
  return [...turned, ...factDrift(next.facet, context.facets.get(next.facet), before.facts, next.facts)]
}
