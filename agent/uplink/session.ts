// One stream's conversation: greet, offer what is queued, send what is asked for, forget what is acknowledged.
import { hostDigest } from '../../proto/canonical.ts'
import type { FacetState } from '../../proto/facet.ts'
import type { ConnectRequest } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse__Output } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { Decision__Output } from '../../proto/generated/gabion/v1/Decision.ts'
import type { Hello } from '../../proto/generated/gabion/v1/Hello.ts'
import type { Refusal__Output } from '../../proto/generated/gabion/v1/Refusal.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { Outbox, OutboxEntry } from './outbox.ts'

/** Offers that may wait for their acknowledgement at the same time. */
const window = 16
const observationsEveryMs = 3_600_000

export interface SessionOptions {
  readonly outbox: Outbox
  readonly hello: () => Hello
  /** the facets as they are now */
  readonly current: () => ReadonlyMap<string, FacetState>
  /** asks for every facet to be queued again */
  readonly requeue: () => void
  /** reads facets again, all when empty; resolves when they are read */
  readonly rescan: (facets: readonly string[], requestId: string) => Promise<void>
  readonly send: (message: ConnectRequest) => void
  readonly clock: Clock
  readonly log: Log
  /** something was acknowledged: the way to the disk works */
  readonly onAck: () => void
}

export interface Session {
  receive(message: ConnectResponse__Output): void
  /** resolves when the collector refused this stream */
  readonly refused: Promise<Refusal__Output>
  close(): void
}

const statusOf = {
  present: 'FACET_STATUS_PRESENT',
  absent: 'FACET_STATUS_ABSENT',
  unreadable: 'FACET_STATUS_UNREADABLE',
  error: 'FACET_STATUS_ERROR',
} as const

/** Starts to talk: sends the Hello at once. */
export function openSession(options: SessionOptions): Session {
  const { outbox, send, clock, log } = options
  const closed = new AbortController()
  const inFlight = new Map<number, OutboxEntry>()
  const observe = observationSender(options)
  const refusal = Promise.withResolvers<Refusal__Output>()
  let offered = 0
  let welcomed = false

  function offerMore(): void {
    if (!welcomed || closed.signal.aborted) return
    for (const entry of outbox.after(offered, Math.max(0, window - inFlight.size))) {
      inFlight.set(entry.sequence, entry)
      offered = entry.sequence
      send({ offer: offerOf(entry) })
    }
  }

  function decide(decision: Decision__Output): void {
    const entry = inFlight.get(decision.sequence)
    if (!entry) {
      log.warn('decision about nothing offered', { sequence: decision.sequence })
    } else if (decision.kind === 'KIND_WANT_DELTA') {
      send({ change: { sequence: entry.sequence, delta: bytes(entry.delta) } })
    } else if (decision.kind === 'KIND_WANT_FULL') {
      send({ change: { sequence: entry.sequence, full: bytes(entry.body) } })
    } else if (decision.kind === 'KIND_RETRY_LATER') {
      void clock.sleep(decision.retryAfterMs, closed.signal).then(() => {
        if (!closed.signal.aborted) send({ offer: offerOf(entry) })
      })
    }
  }

  function acknowledge(sequence: number): void {
    for (const [pending, entry] of inFlight) {
      if (pending > sequence) continue
      inFlight.delete(pending)
      observe(entry.state)
    }
    outbox.acknowledge(sequence)
    options.onAck()
    offerMore()
  }

  function observeAll(): void {
    if (!closed.signal.aborted) for (const state of options.current().values()) observe(state)
  }

  const unsubscribe = outbox.onAdd(offerMore)
  send({ hello: options.hello() })

  return {
    refused: refusal.promise,
    receive(message) {
      if (message.welcome) {
        welcomed = true
        outbox.acknowledge(message.welcome.appliedSequence)
        offered = message.welcome.appliedSequence
        log.info('connected', { hostId: message.welcome.hostId, collectorVersion: message.welcome.collectorVersion })
        void beat(options, message.welcome.heartbeatSeconds || 120, observeAll, closed.signal)
        offerMore()
      } else if (message.decision) decide(message.decision)
      else if (message.ack) acknowledge(message.ack.sequence)
      else if (message.heartbeatReply && !message.heartbeatReply.inStep) {
        log.warn('collector holds another state, offering every facet again')
        options.requeue()
      } else if (message.rescan) {
        void options.rescan(message.rescan.facets, message.rescan.requestId).then(observeAll)
      } else if (message.ping) heartbeat(options)
      else if (message.refusal) refusal.resolve(message.refusal)
    },
    close() {
      closed.abort()
      unsubscribe()
    },
  }
}

/** Observations follow the facts they belong to, and only when they differ from those sent before. */
function observationSender({ send, clock }: SessionOptions): (state: FacetState) => void {
  const sent = new Map<string, string>()
  return state => {
    if (state.state !== 'present') return
    const body = JSON.stringify(state.observations)
    if (sent.get(state.facet) === body) return
    sent.set(state.facet, body)
    send({ observations: { facet: state.facet, body: bytes(body), observedAtMs: clock.now() } })
  }
}

/** Says that the agent lives and which state it is in, while nothing else is under way; observations go hourly. */
async function beat(
  { clock, outbox, current, send }: SessionOptions,
  seconds: number,
  observeAll: () => void,
  signal: AbortSignal,
): Promise<void> {
  let observedAt = clock.monotonic()
  while (!signal.aborted) {
    await clock.sleep(seconds * 1000, signal)
    if (signal.aborted || outbox.size > 0) continue
    heartbeat({ send, current, clock })
    if (clock.monotonic() - observedAt < observationsEveryMs) continue
    observedAt = clock.monotonic()
    observeAll()
  }
}

function heartbeat({ send, current, clock }: Pick<SessionOptions, 'send' | 'current' | 'clock'>): void {
  send({ heartbeat: { hostDigest: hostDigest(current().values()), clockMs: clock.now() } })
}

function offerOf(entry: OutboxEntry) {
  return {
    sequence: entry.sequence,
    facet: entry.state.facet,
    schemaVersion: entry.state.schemaVersion,
    status: statusOf[entry.state.state],
    digest: entry.state.digest,
    baseDigest: entry.baseDigest,
    bodyBytes: Buffer.byteLength(entry.body),
    deltaBytes: Buffer.byteLength(entry.delta),
    observedAtMs: entry.observedAtMs,
    baseline: entry.baseline,
  }
}

const bytes = (text: string) => Buffer.from(text, 'utf8')
