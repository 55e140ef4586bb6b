// One stream's conversation: greet, offer what is queued, send what is asked for, forget what is acknowledged.
import { digestBytes, hostDigest } from '../../proto/canonical.ts'
import type { FacetState } from '../../proto/facet.ts'
import type { ConnectResponse__Output } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { Refusal__Output } from '../../proto/generated/gabion/v1/Refusal.ts'
import { untilTurn } from '../phase.ts'
import { createOffers } from './offers.ts'
import { packText } from './pack-text.ts'
import type { SessionOptions } from './session-options.ts'

const observationsEveryMs = 3_600_000

export interface Session {
  receive(message: ConnectResponse__Output): void
  /** resolves when the collector refused this stream */
  readonly refused: Promise<Refusal__Output>
  close(): void
}

/** Starts to talk: sends the Hello at once. */
export function openSession(options: SessionOptions): Session {
  const { outbox, send, log } = options
  const closed = new AbortController()
  const observe = observationSender(options)
  const offers = createOffers(options, observe, closed.signal)
  const refusal = Promise.withResolvers<Refusal__Output>()

  /** A collector that was set back to an older state has lost what it acknowledged. */
  function takeProgress(applied: number): void {
    const lost = outbox.acknowledged - applied
    outbox.acknowledge(applied)
    if (lost <= 0) return
    log.warn('collector lost changes that it had acknowledged, offering every facet again', { changes: lost })
    options.requeue({ changes: lost, fromMs: 0 })
  }

  function observeOne(facet: string): void {
    const state = options.current().get(facet)
    if (state) observe(state)
  }

  function observeAll(): void {
    if (!closed.signal.aborted) for (const state of options.current().values()) observe(state)
  }

  const unsubscribe = outbox.onAdd(offers.more)
  send({ hello: options.hello() })

  return {
    refused: refusal.promise,
    receive(message) {
      if (message.welcome) {
        const { appliedSequence, hostId, collectorVersion, heartbeatSeconds, facets } = message.welcome
        takeProgress(appliedSequence)
        offers.start(appliedSequence)
        log.info('connected', { hostId, collectorVersion })
        void beat(options, heartbeatSeconds || 120, observeAll, closed.signal)
        for (const { facet } of facets) observeOne(facet)
        offers.more()
      } else if (message.decision) offers.decide(message.decision)
      else if (message.ack) offers.acknowledge(message.ack.sequence)
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
      outbox.release()
    },
  }
}

/** Observations follow the facts they belong to, and only when they differ from those sent before. */
function observationSender({ send, clock }: SessionOptions): (state: FacetState) => void {
  const sent = new Map<string, string>()
  return state => {
    if (state.state !== 'present') return
    const text = JSON.stringify(state.observations)
    if (sent.get(state.facet) === text) return
    sent.set(state.facet, text)
    const { bytes, encoding } = packText(text)
    send({ observations: { facet: state.facet, body: bytes, observedAtMs: clock.now(), encoding } })
  }
}

/** Says that the agent lives and its state, while nothing else is under way; observations hourly; at the host's turn. */
async function beat(
  { clock, outbox, current, send, hello }: SessionOptions,
  seconds: number,
  observeAll: () => void,
  signal: AbortSignal,
): Promise<void> {
  const { hostKey = '' } = hello()
  const next = (intervalMs: number) => untilTurn(hostKey, intervalMs, clock.now())
  let observeAt = clock.monotonic() + next(observationsEveryMs)
  while (!signal.aborted) {
    await clock.sleep(next(seconds * 1000), signal)
    if (signal.aborted || outbox.size > 0) continue
    heartbeat({ send, current, clock })
    if (clock.monotonic() < observeAt) continue
    observeAt = clock.monotonic() + next(observationsEveryMs)
    observeAll()
  }
}

function heartbeat({ send, current, clock }: Pick<SessionOptions, 'send' | 'current' | 'clock'>): void {
  send({ heartbeat: { hostDigest: digestBytes(hostDigest(current().values())), clockMs: clock.now() } })
}
