// Judges an offer before anything is done about it.
import type { FacetState } from '../../proto/facet.ts'
import type { Offer__Output } from '../../proto/generated/gabion/v1/Offer.ts'
import type { Limits } from './limits.ts'
import { Refused } from './refusal.ts'
import { isTime } from './verify-hello.ts'

const facetName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const digestText = /^sha256:[0-9a-f]{64}$/
const states: Readonly<Record<string, FacetState['state']>> = {
  FACET_STATUS_PRESENT: 'present',
  FACET_STATUS_ABSENT: 'absent',
  FACET_STATUS_UNREADABLE: 'unreadable',
  FACET_STATUS_ERROR: 'error',
}

/** @returns the state that is offered. @throws Refused naming the field */
export function verifyOffer(offer: Offer__Output, limits: Limits): FacetState['state'] {
  const { facet, sequence, previousSequence, schemaVersion, digest, baseDigest } = offer
  const { bodyBytes, deltaBytes, observedAtMs, gap, queuedChanges } = offer
  require(Number.isSafeInteger(sequence) && sequence > 0, 'sequence is not a number from 1')
  require(isSize(previousSequence) && previousSequence < sequence, 'previous_sequence is not before sequence')
  require(facet.length <= 64 && facetName.test(facet), 'facet is not a name in kebab-case')
  require(schemaVersion > 0 && schemaVersion < 1_000_000, 'schema_version is not a number from 1')
  require(digestText.test(digest), 'digest is not sha256:<hex>')
  require(baseDigest === '' || digestText.test(baseDigest), 'base_digest is not sha256:<hex>')
  require(isTime(observedAtMs), 'observed_at_ms is not a time')
  require(isSize(bodyBytes) && isSize(deltaBytes), 'body_bytes or delta_bytes is not a size')
  require(isSize(queuedChanges), 'queued_changes is not a number')
  require(!gap || (isSize(gap.changes) && isTime(gap.fromMs)), 'gap has no number of changes or no time')
  if (bodyBytes > limits.messageBytes) throw new Refused('too_large', `${facet}: ${bodyBytes} bytes are too many`)
  const state = states[offer.status]
  if (!state) throw new Refused('malformed', `${facet}: status is not one of a facet`)
  return state
}

const isSize = (value: number) => Number.isSafeInteger(value) && value >= 0

function require(holds: boolean, detail: string): void {
  if (!holds) throw new Refused('malformed', detail)
}
