// The offers of one stream between their acceptance and the disk: in order, bounded, and put off as a whole.
import { Refused } from './refusal.ts'

/** How an offer came in. */
export type Admission = 'new' | 'applied' | 'later'

export interface Pending<T> {
  readonly sequence: number
  /** bytes that were asked for */
  readonly wantedBytes: number
  /** bytes of the whole body, whether it came or not; 0 when it was known */
  readonly bodyBytes: number
  readonly offer: T
  /** whether it may go to the disk when it is first in line */
  readonly ready: boolean
}

/** Where an offer stands in its outbox. */
export interface Place {
  readonly sequence: number
  /** the entry before it; 0 for the first, and for an agent that does not say */
  readonly previousSequence: number
}

export interface OfferBook<T> {
  /** @throws Refused for an offer that is out of order */
  admit(offer: Place, nowMs: number, overloaded: boolean): Admission
  add(pending: Pending<T>): void
  get(sequence: number): Pending<T> | undefined
  /** the body came */
  complete(sequence: number, offer: T): void
  /** those at the head of the line that may go to the disk, taken out */
  takeReady(): readonly Pending<T>[]
  readonly size: number
  /** of everything that waits here */
  readonly bodyBytes: number
}

/**
 * @param appliedSequence highest sequence on disk when the stream opened
 * @param retryAfterMs how long offers are put off
 */
export function createOfferBook<T>(appliedSequence: number, retryAfterMs: number): OfferBook<T> {
  const waiting = new Map<number, Pending<T>>()
  let highest = appliedSequence
  let putOff: { readonly sequence: number; readonly untilMs: number } | undefined

  function admit({ sequence, previousSequence }: Place, nowMs: number, overloaded: boolean): Admission {
    if (sequence <= appliedSequence) return 'applied'
    if (sequence <= highest) throw new Refused('sequence', `sequence ${sequence} was offered before`)
    if (putOff && sequence > putOff.sequence) {
      // What follows an offer that was put off has to wait for it, or an acknowledgement would jump over it.
      if (nowMs > putOff.untilMs) {
        throw new Refused('sequence', `sequence ${putOff.sequence} was put off and not offered again`)
      }
      return 'later'
    }
    if (previousSequence > highest) {
      throw new Refused('sequence', `sequence ${sequence} follows ${previousSequence}, which never came`)
    }
    if (overloaded) {
      putOff = { sequence, untilMs: nowMs + 3 * retryAfterMs }
      return 'later'
    }
    putOff = undefined
    highest = sequence
    return 'new'
  }

  return {
    admit,
    add: pending => {
      waiting.set(pending.sequence, pending)
    },
    get: sequence => waiting.get(sequence),
    complete(sequence, offer) {
      const pending = waiting.get(sequence)
      if (pending) waiting.set(sequence, { ...pending, offer, ready: true })
    },
    takeReady() {
      const ready: Pending<T>[] = []
      for (const pending of waiting.values()) {
        if (!pending.ready) break
        ready.push(pending)
      }
      for (const { sequence } of ready) waiting.delete(sequence)
      return ready
    },
    get size() {
      return waiting.size
    },
    get bodyBytes() {
      return [...waiting.values()].reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
    },
  }
}
