// The changes that the collector has not acknowledged yet, in order.
import type { Facet, FacetState } from '../../../proto/facet.ts'

/** Earlier changes of the same facet that nobody can tell apart any more. */
export interface Gap {
  /** how many, the one that carries this not counted; 0 when nobody counted */
  readonly changes: number
  /** when the first of them was seen, or since when nobody looked; 0 when that is not known */
  readonly fromMs: number
}

/** One change of one facet, without its body. */
export interface OutboxEntry {
  /** place in the outbox, from 1, ascending */
  readonly sequence: number
  readonly facet: string
  readonly schemaVersion: number
  readonly state: FacetState['state']
  readonly digest: string
  /** digest that the delta starts from, empty when there is no delta */
  readonly baseDigest: string
  readonly bodyBytes: number
  /** 0 when there is no delta */
  readonly deltaBytes: number
  readonly observedAtMs: number
  /** the first state after a start: it may differ without the host having changed now */
  readonly baseline: boolean
  readonly gap?: Gap
}

export interface OfferableEntry extends OutboxEntry {
  /** sequence of the entry before it; what lies between was merged into later ones */
  readonly previousSequence: number
}

export interface Outbox {
  /** random, made with the outbox; sequences count within it */
  readonly id: string
  /** Queues a facet's new state. A baseline that equals what is queued already is no change. */
  add(facet: Facet, state: FacetState, observedAtMs: number, baseline: boolean): void
  /** queues a state again, for a collector that lost it */
  repeat(facet: Facet, state: FacetState, observedAtMs: number, gap?: Gap): void
  /** drops everything up to and including the sequence */
  acknowledge(sequence: number): void
  /** drops one entry that cannot be read; the next change of its facet says that it is missing */
  discard(entry: OutboxEntry): void
  /** highest sequence that was acknowledged, 0 before the first */
  readonly acknowledged: number
  /** entries above a sequence that are on disk, in order; they stay as they are until `release` */
  after(sequence: number, limit: number): readonly OfferableEntry[]
  /** what `after` gave may be merged again */
  release(): void
  /** canonical text of the whole body of an entry that `after` gave, undefined when it cannot be read any more */
  body(entry: OutboxEntry): string | undefined
  /** JSON text of its delta */
  delta(entry: OutboxEntry): string | undefined
  /** entries */
  readonly size: number
  /** on disk */
  readonly bytes: number
  /** when the oldest entry was seen, 0 when there is none */
  readonly oldestMs: number
  /** calls back when entries were added; returns what ends that */
  onAdd(listener: () => void): () => void
}
