// Offers what is queued, in order and so many at a time; sends what is asked for; forgets what is acknowledged.
import type { FacetState } from '../../proto/facet.ts'
import type { Decision__Output } from '../../proto/generated/gabion/v1/Decision.ts'
import type { Offer } from '../../proto/generated/gabion/v1/Offer.ts'
import { createTokenBucket } from '../../runtime/token-bucket.ts'
import type { OfferableEntry } from './outbox/outbox.ts'
import { packText } from './pack-text.ts'
import type { SessionOptions } from './session-options.ts'

/** A host that changes has a few changes a minute: a fleet that comes back after an outage is not to come all at once. */
const offersPerSecond = 50
const offersAtOnce = 64

/** Offers that may wait for their acknowledgement at the same time. */
const window = 16

export interface Offers {
  /** begins after what the collector has applied */
  start(applied: number): void
  /** offers what may be offered now */
  more(): void
  decide(decision: Decision__Output): void
  acknowledge(sequence: number): void
}

/** @param onDone told the state of a facet whose change is at the collector */
export function createOffers(options: SessionOptions, onDone: (state: FacetState) => void, over: AbortSignal): Offers {
  const { outbox, send, clock, log } = options
  const inFlight = new Map<number, OfferableEntry>()
  const pace = createTokenBucket(clock, { perSecond: offersPerSecond, burst: offersAtOnce })
  let offered: number | undefined
  let isPausing = false

  /** An entry whose body is gone from the disk cannot be sent: every facet is told anew, with the gap said. */
  function sendBody(entry: OfferableEntry, kind: 'delta' | 'full', text: string | undefined): void {
    if (text !== undefined) {
      const { bytes, encoding } = packText(text)
      send({ change: { sequence: entry.sequence, [kind]: bytes, encoding } })
      return
    }
    log.error('a queued change cannot be read any more', { facet: entry.facet, sequence: entry.sequence })
    outbox.discard(entry)
    options.requeue()
    options.giveUp('the outbox is damaged')
  }

  /** What is in flight is what the outbox begins with. */
  function offer(entry: OfferableEntry): void {
    const upTo = [...inFlight.keys()].filter(sequence => sequence <= entry.sequence).length
    send({ offer: { ...offerOf(entry), queuedChanges: Math.max(0, outbox.size - upTo) } })
  }

  function more(): void {
    if (offered === undefined || over.aborted) return
    const room = Math.max(0, window - inFlight.size)
    const { left } = pace
    const entries = outbox.after(offered, Math.min(room, left))
    pace.spend(entries.length)
    for (const entry of entries) {
      inFlight.set(entry.sequence, entry)
      offered = entry.sequence
      offer(entry)
    }
    // Also when one more may go by now: with nothing in flight no answer would bring it about.
    if (room > left && entries.length >= left) pause(pace.waitMs)
  }

  function pause(ms: number): void {
    if (isPausing) return
    isPausing = true
    void clock.sleep(ms, over).then(() => {
      isPausing = false
      more()
    })
  }

  return {
    start(applied) {
      offered = applied
    },
    more,
    decide({ sequence, kind, retryAfterMs }) {
      const entry = inFlight.get(sequence)
      if (!entry) log.warn('decision about nothing offered', { sequence })
      else if (kind === 'KIND_WANT_DELTA') sendBody(entry, 'delta', outbox.delta(entry))
      else if (kind === 'KIND_WANT_FULL') sendBody(entry, 'full', outbox.body(entry))
      else if (kind === 'KIND_RETRY_LATER') {
        void clock.sleep(retryAfterMs, over).then(() => {
          if (!over.aborted) offer(entry)
        })
      }
    },
    acknowledge(sequence) {
      for (const [pending, entry] of inFlight) {
        if (pending > sequence) continue
        inFlight.delete(pending)
        const state = options.current().get(entry.facet)
        if (state) onDone(state)
      }
      outbox.acknowledge(sequence)
      options.onAck()
      more()
    },
  }
}

const statusOf = {
  present: 'FACET_STATUS_PRESENT',
  absent: 'FACET_STATUS_ABSENT',
  unreadable: 'FACET_STATUS_UNREADABLE',
  error: 'FACET_STATUS_ERROR',
} as const

function offerOf({ state, gap, ...entry }: OfferableEntry): Offer {
  return { ...entry, status: statusOf[state], ...(gap && { gap }) }
}
