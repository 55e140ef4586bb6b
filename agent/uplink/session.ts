// One stream's conversation: greet, offer what is queued, send what is asked for, forget what is acknowledged.
import type { FacetState } from '../../proto/facet.ts'
import type { ConnectResponse__Output } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { Refusal__Output } from '../../proto/generated/gabion/v1/Refusal.ts'
import type { Settings__Output } from '../../proto/generated/gabion/v1/Settings.ts'
import { createHeartbeats } from './heartbeats.ts'
import { createOffers } from './offers.ts'
import { packText } from './pack-text.ts'
import type { SessionOptions } from './session-options.ts'

const usualHeartbeatSeconds = 180

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
  const beats = createHeartbeats(options, observeAll, closed.signal)
  const refusal = Promise.withResolvers<Refusal__Output>()
  let isWelcome = false
  let ownSeconds = usualHeartbeatSeconds

  function takeWishes(settings: Settings__Output | null): void {
    const seconds = options.wish?.(settings ?? undefined) ?? 0
    beats.pace(seconds || ownSeconds)
  }

  /** A collector that was set back to an older state has lost what it acknowledged. */
  function takeProgress(applied: number): void {
    const lost = outbox.acknowledged - applied
    outbox.acknowledge(applied)
    if (lost <= 0) return
    log.warn('collector lost changes that it had acknowledged, offering every facet again', { changes: lost })
    options.requeue({ changes: lost, fromMs: 0 })
  }

  function takeStep(inStep: boolean): void {
    beats.answered(inStep)
    if (inStep) return
    log.warn('collector holds another state, offering every facet again')
    options.requeue()
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
      beats.heard()
      if (message.welcome && isWelcome) {
        // Each POST of an exchange is welcome; what the collector wishes may be new.
        takeWishes(message.welcome.settings)
      } else if (message.welcome) {
        isWelcome = true
        const { appliedSequence, hostId, collectorVersion, heartbeatSeconds, facets, settings } = message.welcome
        ownSeconds = heartbeatSeconds || usualHeartbeatSeconds
        takeProgress(appliedSequence)
        offers.start(appliedSequence)
        options.onConnection?.(true)
        log.info('connected', { hostId, collectorVersion })
        takeWishes(settings)
        for (const { facet } of facets) observeOne(facet)
        offers.more()
      } else if (message.decision) offers.decide(message.decision)
      else if (message.ack) offers.acknowledge(message.ack.sequence)
      else if (message.heartbeatReply) takeStep(message.heartbeatReply.inStep)
      else if (message.settings) takeWishes(message.settings)
      else if (message.rescan) {
        void options.rescan(message.rescan.facets, message.rescan.requestId).then(observeAll)
      } else if (message.ping) beats.beat()
      else if (message.refusal) refusal.resolve(message.refusal)
    },
    close() {
      closed.abort()
      options.onConnection?.(false)
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
