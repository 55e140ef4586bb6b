// The changes that the collector has not acknowledged yet, in order, each with the state it starts from.

import { keysOf, makeDelta } from '../../proto/delta.ts'
import type { Facet, FacetState } from '../../proto/facet.ts'
import { canonicalBody } from '../../proto/seal.ts'

export interface OutboxEntry {
  /** place in the outbox, from 1, without holes */
  readonly sequence: number
  readonly state: FacetState
  /** canonical text of the whole body */
  readonly body: string
  /** digest that `delta` starts from, empty when there is no delta */
  readonly baseDigest: string
  /** JSON text of the keyed delta, empty when only the whole body can be sent */
  readonly delta: string
  readonly observedAtMs: number
  /** the first state after a start: it may differ without the host having changed now */
  readonly baseline: boolean
}

export interface Outbox {
  /** random, made with the outbox; sequences count within it */
  readonly id: string
  /** queues a facet's new state */
  add(facet: Facet, state: FacetState, observedAtMs: number, baseline: boolean): void
  /** drops everything up to and including the sequence */
  acknowledge(sequence: number): void
  /** entries above a sequence, in order */
  after(sequence: number, limit: number): readonly OutboxEntry[]
  readonly size: number
  /** calls back after every `add`; returns what ends that */
  onAdd(listener: () => void): () => void
}

/** An outbox that lives as long as its process. */
export function createMemoryOutbox(id: string): Outbox {
  let entries: OutboxEntry[] = []
  let next = 1
  const latest = new Map<string, FacetState>()
  const listeners = new Set<() => void>()
  return {
    id,
    add(facet, state, observedAtMs, baseline) {
      const before = latest.get(facet.name)
      latest.set(facet.name, state)
      const body = canonicalBody(state)
      entries.push({ sequence: next++, state, body, observedAtMs, baseline, ...deltaFrom(facet, before, state, body) })
      for (const listener of listeners) listener()
    },
    acknowledge(sequence) {
      entries = entries.filter(entry => entry.sequence > sequence)
    },
    after: (sequence, limit) => entries.filter(entry => entry.sequence > sequence).slice(0, limit),
    get size() {
      return entries.length
    },
    onAdd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A delta is worth offering only between two present states, and when it is the smaller of the two. */
function deltaFrom(facet: Facet, before: FacetState | undefined, after: FacetState, body: string) {
  const none = { baseDigest: '', delta: '' }
  if (before?.state !== 'present' || after.state !== 'present') return none
  const delta = JSON.stringify(makeDelta(before.facts, after.facts, keysOf(facet)))
  return delta.length < body.length ? { baseDigest: before.digest, delta } : none
}
