// Offers and the bodies that follow them: what is wanted, what came, and in which order it goes to the disk.
import type { FacetState } from '../../proto/facet.ts'
import type { Change__Output } from '../../proto/generated/gabion/v1/Change.ts'
import type { _gabion_v1_Decision_Kind } from '../../proto/generated/gabion/v1/Decision.ts'
import type { Offer__Output } from '../../proto/generated/gabion/v1/Offer.ts'
import { applyChange } from '../domain/apply-change.ts'
import type { FacetChange } from '../domain/facet-change.ts'
import type { Overload } from '../metrics.ts'
import { Refused } from './refusal.ts'
import type { Conversation, Greeted, PendingChange, SessionContext } from './session-state.ts'
import { unpackBytes } from './unpack-bytes.ts'
import { verifyDelta, verifyFull } from './verify-body.ts'
import { verifyOffer } from './verify-offer.ts'

const decisions = {
  nothing: { kind: 'KIND_KNOWN', metric: 'known' },
  delta: { kind: 'KIND_WANT_DELTA', metric: 'delta' },
  full: { kind: 'KIND_WANT_FULL', metric: 'full' },
} as const

/** @throws Refused */
export async function handleOffer(conversation: Conversation, message: Offer__Output): Promise<void> {
  const { context, stream, reserved, send } = conversation
  const { limits, metrics, clock } = context
  const { sequence, facet, digest } = message
  const state = verifyOffer(message, limits)
  const decide = (kind: _gabion_v1_Decision_Kind, retryAfterMs = 0) =>
    send({ decision: { sequence, kind, retryAfterMs } })
  const tooMuch = overloadOf(conversation, message)
  const admission = stream.offers.admit(message, clock.now(), tooMuch !== undefined)
  if (admission === 'later') {
    metrics.decision('later')
    if (tooMuch) metrics.shed(tooMuch)
    return decide('KIND_RETRY_LATER', limits.retryAfterMs)
  }
  if (admission === 'applied') {
    decide('KIND_KNOWN')
    return send({ ack: { sequence: stream.opened.appliedSequence } })
  }
  if (!stream.digests.has(facet) && stream.digests.size >= limits.facetsPerHost) {
    throw new Refused('too_many_facets', `more than ${limits.facetsPerHost} facets`)
  }
  // Before anything is awaited: others offer meanwhile.
  reserved.take(message.bodyBytes)
  const wants = await wanted(conversation, message, state)
  if (wants === 'nothing') reserved.give(message.bodyBytes)
  const wantedBytes = { nothing: 0, full: message.bodyBytes, delta: message.deltaBytes }[wants]
  const bodyBytes = wants === 'nothing' ? 0 : message.bodyBytes
  const offer = { ...message, state, wants, body: undefined }
  stream.backlog.offered(sequence, message.observedAtMs + stream.skewMs, message.queuedChanges)
  stream.offers.add({ sequence, wantedBytes, bodyBytes, ready: wants === 'nothing', offer })
  stream.digests.set(facet, digest)
  stream.offered.set(facet, digest)
  metrics.decision(decisions[wants].metric)
  decide(decisions[wants].kind)
  if (wants !== 'nothing') conversation.owed.asked(sequence)
  applyReady(conversation)
}

/** Takes the body that a decision asked for. @throws Refused */
export async function handleChange(conversation: Conversation, message: Change__Output): Promise<void> {
  const { context, stream } = conversation
  const pending = stream.offers.get(message.sequence)
  // What was asked for the time before may be known or put off by now; the decision tells.
  if (context.isExchange && (!pending || pending.ready || message.body !== pending.offer.wants)) return
  if (!pending || pending.ready) {
    throw new Refused('sequence', `nobody asked for the body of sequence ${message.sequence}`)
  }
  const { offer } = pending
  const packed = message.body === undefined ? undefined : message[message.body]
  if (message.body !== offer.wants || packed === undefined) {
    throw new Refused('malformed', `${offer.facet}: asked for the ${offer.wants} body, got ${message.body ?? 'none'}`)
  }
  context.metrics.bodyBytes(packed.length)
  const bytes = unpackBytes(offer.facet, message.encoding, packed, pending.wantedBytes)
  const body = offer.wants === 'full' ? verifyFull(offer, bytes) : await fromDelta(conversation, offer, bytes)
  conversation.owed.came(message.sequence)
  stream.offers.complete(message.sequence, { ...offer, body })
  applyReady(conversation)
}

function overloadOf({ context, stream }: Conversation, { bodyBytes }: Offer__Output): Overload | undefined {
  const { commits, limits, stopping, budget } = context
  if (stopping.aborted) return 'stopping'
  if (commits.waiting >= limits.waitingWork) return 'disk'
  if (stream.offers.size >= limits.pendingOffers) return 'offers'
  if (stream.offers.size > 0 && stream.offers.bodyBytes + bodyBytes > limits.pendingBytes) return 'stream_bytes'
  return budget.fits(bodyBytes) ? undefined : 'all_bytes'
}

/** What has to be sent before the offered state can be stored. */
async function wanted(
  { context, stream }: Conversation,
  message: Offer__Output,
  state: FacetState['state'],
): Promise<PendingChange['wants']> {
  const { facet, digest, baseDigest, bodyBytes, deltaBytes, schemaVersion } = message
  const current = stream.digests.get(facet)
  if (current === digest) return 'nothing'
  const known = await context.store.read.bodyHead(digest)
  if (known) {
    if (known.facet === facet && known.schemaVersion === schemaVersion && known.state === state) return 'nothing'
    throw new Refused('digest', `${facet}: that digest belongs to another facet, schema or state`)
  }
  const saves = deltaBytes > 0 && deltaBytes < bodyBytes && state === 'present'
  const fits = saves && baseDigest !== '' && baseDigest === current && (await hasFacts(context, baseDigest))
  return fits ? 'delta' : 'full'
}

/** Whether `factsOf` knows them. */
async function hasFacts({ store, unsaved }: SessionContext, digest: string): Promise<boolean> {
  const stored = await store.read.bodyHead(digest)
  return stored?.state === 'present' || unsaved.get(digest) !== undefined
}

/** Canonical facts behind a digest, on disk or on their way to it. */
async function factsOf({ store, unsaved }: SessionContext, digest: string): Promise<string | undefined> {
  const stored = await store.read.body(digest)
  return stored?.state === 'present' ? stored.body : unsaved.get(digest)
}

async function fromDelta({ context }: Conversation, offer: PendingChange, bytes: Uint8Array): Promise<string> {
  const base = await factsOf(context, offer.baseDigest)
  if (base === undefined) throw new Refused('digest', `${offer.facet}: the base of the delta is gone`)
  return verifyDelta(offer, base, bytes)
}

/** Hands over what stands at the head of the line; the acknowledgement follows the commit. */
function applyReady({ context, stream, reserved, send, refuse, over, toRefused }: Conversation): void {
  for (const { offer } of stream.offers.takeReady()) {
    if (offer.body !== undefined) context.unsaved.hold(offer.digest, offer.body)
    context.commits
      .submit(stream.opened.host, unit => {
        // What follows a change that failed is not applied: the acknowledgement would jump over the failure.
        if (over()) throw new Refused('sequence', 'the stream ended')
        return applyChange(unit, toFacetChange(stream, offer), context.apply)
      })
      .then(
        outcome => {
          context.metrics.change(outcome)
          stream.backlog.applied(offer.sequence)
          send({ ack: { sequence: offer.sequence } })
        },
        error => refuse(toRefused(error)),
      )
      .finally(() => {
        if (offer.wants !== 'nothing') reserved.give(offer.bodyBytes)
        if (offer.body !== undefined) context.unsaved.release(offer.digest)
      })
  }
}

function toFacetChange({ hello, skewMs }: Greeted, offer: PendingChange): FacetChange {
  const { sequence, facet, schemaVersion, state, digest, body, observedAtMs, baseline, gap } = offer
  const { outboxId, agentVersion } = hello
  const change = { outboxId, sequence, facet, schemaVersion, state, digest, body, observedAtMs, skewMs, baseline }
  return { ...change, agentVersion, ...(gap && { gap }) }
}
