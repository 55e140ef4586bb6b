// One agent's stream from its hello to its end: who speaks, which message goes where, why it ended.
import { isDeepStrictEqual } from 'node:util'
import { digestBytes, hostDigest } from '../../proto/canonical.ts'
import type { ConnectRequest__Output } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { Heartbeat__Output } from '../../proto/generated/gabion/v1/Heartbeat.ts'
import type { Hello__Output } from '../../proto/generated/gabion/v1/Hello.ts'
import type { Observations__Output } from '../../proto/generated/gabion/v1/Observations.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { version } from '../../runtime/version.ts'
import { hostKeyOf, nodeDeleted, type PeerIdentity } from '../auth/identity.ts'
import { touch } from '../domain/host-unit.ts'
import { noHost } from '../domain/host-writer.ts'
import { auditOf } from '../kubernetes/audit-of.ts'
import { ownLabels } from '../kubernetes/node-labels.ts'
import type { OpenedHost } from '../store/transaction.ts'
import { createBacklog } from './backlog.ts'
import { createBodyDeadline } from './body-deadline.ts'
import type { ConnectedStream } from './connections.ts'
import { handleChange, handleOffer } from './handle-offer.ts'
import { createOfferBook } from './offer-book.ts'
import { Refused } from './refusal.ts'
import { refuseClone } from './refuse-clone.ts'
import type { Conversation, Greeted, Peer, PendingChange, SessionContext } from './session-state.ts'
import { createSignsOfLife, type SignsOfLife } from './signs-of-life.ts'
import { unpackBytes } from './unpack-bytes.ts'
import { verifyObservations } from './verify-body.ts'
import { verifyHealth } from './verify-health.ts'
import { isTime, verifyHello } from './verify-hello.ts'

export interface Session {
  /** Judges and handles one message; the next is to be given when it resolves. Never rejects. */
  receive(message: ConnectRequest__Output): Promise<void>
  /** the stream is over, whoever ended it */
  close(): void
  /** refuses the stream */
  refuse(reason: Refused): void
}

const endings = {
  replaced: { detail: 'another stream of the same host was opened', retryAfterMs: 5_000 },
  silent: { detail: 'nothing was heard for too long', retryAfterMs: 0 },
  quarantined: { detail: 'two machines spoke with the credential of this host at once', retryAfterMs: 60_000 },
  gone: { detail: 'what its token was made for is gone', retryAfterMs: 60_000 },
  revoked: { detail: 'the credential of this host was revoked', retryAfterMs: 60_000 },
  shutting_down: { detail: 'the collector shuts down', retryAfterMs: 1_000 },
} as const

export function createSession(context: SessionContext, peer: Peer, identity: PeerIdentity): Session {
  const { connections, metrics, clock, turns } = context
  let log = context.log
  let greeted: Conversation | undefined
  let over = false
  let heardMs = clock.now()
  const signs = createSignsOfLife(clock)

  async function handle(message: ConnectRequest__Output): Promise<void> {
    if (message.hello) {
      if (greeted) throw new Refused('hello', 'a stream has one hello')
      const stream = await openHost(context, message.hello, identity)
      await refuseClone(context, identity, stream)
      if (over) return
      log = log.with({ hostId: stream.opened.id })
      context.agents.opened(stream.opened.host, stream.hello.agentVersion)
      log.info('agent connected', { ...pick(stream), newHost: stream.opened.created })
      const connected = connectedStream(stream, identity, {
        send,
        refuse,
        signs,
        heardMs: () => heardMs,
        intervals: context.intervals,
      })
      greeted = {
        ...{ context, stream, connected, send, refuse, toRefused, over: () => over },
        ...resourcesOf(context, refuse),
      }
      send({ welcome: welcomeOf(stream, context) })
      return connections.open(stream.opened.host, connected)
    }
    if (!greeted) throw new Refused('hello', 'the first message has to be a hello')
    return dispatch(greeted, message)
  }

  function send(message: ConnectResponse): void {
    if (!over) peer.send(message)
  }

  function refuse({ code, message, retryAfterMs }: Refused): void {
    if (over) return
    metrics.refusal(code)
    const level = code === 'shutting_down' || code === 'replaced' ? 'info' : 'warn'
    log[level]('stream ended', { code, reason: message })
    send({ refusal: { code, detail: message, retryAfterMs } })
    close()
    peer.end()
  }

  const toRefused = (error: unknown) => refusalOf(error, log, context)

  function close(): void {
    if (over) return
    over = true
    signs.heard(false)
    if (!greeted) return
    leave(greeted)
    log.info('agent disconnected')
  }

  return {
    async receive(message) {
      if (over) return
      heardMs = clock.now()
      signs.heard(true)
      metrics.message(message.message ?? 'none')
      // Streams speak all at once after an outage.
      const later = turns.room()
      if (later) await later
      if (over) return
      try {
        await handle(message)
      } catch (error) {
        refuse(toRefused(error))
      }
    },
    close,
    refuse,
  }
}

interface Controls extends Pick<Conversation, 'send' | 'refuse'> {
  readonly signs: SignsOfLife
  readonly heardMs: () => number
  readonly intervals: SessionContext['intervals']
}

/** What others see of a stream, and can do with it. */
function connectedStream(stream: Greeted, identity: PeerIdentity, controls: Controls): ConnectedStream {
  const { opened, hello, backlog } = stream
  const { send, refuse, signs, heardMs, intervals } = controls
  let { labels } = opened
  let wished = intervals.of(labels)
  function wish() {
    const next = intervals.of(labels)
    if (isDeepStrictEqual(next, wished)) return
    wished = next
    send({ settings: next ?? {} })
  }
  return {
    ...{ hostId: opened.id, bootId: hello.bootId, identity, backlog },
    isAlive(withinMs) {
      send({ ping: {} })
      return signs.next(withinMs)
    },
    get heardMs() {
      return heardMs()
    },
    rescan: (requestId, facets) => send({ rescan: { requestId, facets: [...facets] } }),
    wish,
    relabel(changed) {
      labels = changed
      wish()
    },
    end: why => refuse(new Refused(why, endings[why].detail, endings[why].retryAfterMs)),
  }
}

/** What a stream takes while it is open. */
function resourcesOf({ budget, clock, limits }: SessionContext, refuse: (reason: Refused) => void) {
  const late = (sequence: number) =>
    refuse(new Refused('silent', `the body of sequence ${sequence} did not come within ${limits.bodyMs / 1000} s`))
  return { reserved: budget.share(), owed: createBodyDeadline(clock, limits.bodyMs, late) }
}

function leave({ context, stream, connected, reserved, owed }: Conversation): void {
  reserved.close()
  owed.close()
  context.connections.close(stream.opened.host, connected)
}

/** Logs what went wrong inside, and says what the agent is told. */
function refusalOf(error: unknown, log: Log, { limits }: SessionContext): Refused {
  if (error instanceof Refused) return error
  log.error('what an agent sent could not be stored', { reason: messageOf(error) })
  return new Refused('internal', 'the collector could not store it', limits.retryAfterMs)
}

const pick = ({ hello: { hostname, agentVersion }, skewMs }: Greeted) => ({ hostname, agentVersion, skewMs })

async function openHost(context: SessionContext, hello: Hello__Output, identity: PeerIdentity): Promise<Greeted> {
  const { commits, clock, limits } = context
  requireOwnNode(hello, identity)
  const hostKey = hostKeyOf(identity, hello.hostKey)
  const { hostname, machineId, bootId, agentVersion, outboxId, clockMs } = verifyHello(hello)
  const atMs = clock.now()
  const skewMs = atMs - clockMs
  const about = { hostKey, hostname, machineId, bootId, agentVersion, outboxId, skewMs, atMs }
  const opening = { ...about, ...labelsOf(context, hello, identity) }
  const opened = await commits.submit(noHost, async unit => {
    const host = await unit.transaction.openHost(opening)
    if (host.attributesChanged) {
      await unit.transaction.markForJudgement(host.host, [{ facet: '', changed: true, quiet: true, sinceMs: atMs }])
      unit.toJudge.add(host.host)
    }
    return host
  })
  if (identity.kind === 'kubernetes') await requireGoodStanding(context, opened, identity)
  const offers = createOfferBook<PendingChange>(opened.appliedSequence, limits.retryAfterMs)
  const backlog = createBacklog(hello.queuedChanges, hello.oldestQueuedMs + skewMs)
  return { hello, opened, skewMs, offers, backlog, digests: new Map(opened.digests), offered: new Map() }
}

/** What the payload claims has to be what the connection proved. */
function requireOwnNode({ nodeName }: Hello__Output, identity: PeerIdentity): void {
  if (identity.kind !== 'kubernetes' || nodeName === '' || nodeName === identity.nodeName) return
  throw new Refused('identity', `the token is of node ${identity.nodeName}, the agent claims to run on another`, 60_000)
}

/** What the cluster says of a node, the agent on it cannot say otherwise. */
function labelsOf({ grantedLabels }: SessionContext, { labels }: Hello__Output, identity: PeerIdentity) {
  const isNode = identity.kind === 'kubernetes'
  return { labels: ownLabels(labels, isNode), ...(isNode && { grantedLabels: grantedLabels(identity) }) }
}

/** A certificate is held against its host's standing before there is a stream; a token names a node that may be new. */
async function requireGoodStanding(
  { store, commits, clock, log }: SessionContext,
  { host, id }: OpenedHost,
  { cluster }: Extract<PeerIdentity, { readonly kind: 'kubernetes' }>,
): Promise<void> {
  const known = await store.read.standing(id)
  if (!known || known.standing === 'active') return
  const isBack = await commits.submit(host, async ({ transaction, toJudge }) => {
    const returned = await transaction.returnToFleet(host, nodeDeleted, clock.now())
    if (!returned) return false
    toJudge.add(host)
    await transaction.appendAudit(auditOf(cluster, id, { standing: 'active' }, clock.now()))
    return true
  })
  if (isBack) return log.info('a host that retired is back', { cluster, hostId: id })
  throw new Refused('identity', `the node is ${known.standing}: ${known.reason}`, 60_000)
}

function welcomeOf({ opened }: Greeted, { clock, limits, intervals }: SessionContext) {
  const settings = intervals.of(opened.labels)
  return {
    hostId: opened.id,
    collectorVersion: version,
    appliedSequence: opened.appliedSequence,
    clockMs: clock.now(),
    heartbeatSeconds: limits.heartbeatSeconds,
    ...(settings && { settings }),
    facets: [...opened.digests].map(([facet, digest]) => ({ facet, digest })),
  }
}

async function dispatch(conversation: Conversation, message: ConnectRequest__Output): Promise<void> {
  if (message.offer) return handleOffer(conversation, message.offer)
  if (message.change) return handleChange(conversation, message.change)
  if (message.heartbeat) return handleHeartbeat(conversation, message.heartbeat)
  if (message.observations) return handleObservations(conversation, message.observations)
  throw new Refused('malformed', 'a message of no kind that this collector knows')
}

/** Answered from memory: equal digests cost the database nothing, and health is written in bulk. */
function handleHeartbeat({ context, stream, send }: Conversation, message: Heartbeat__Output): void {
  const { hostDigest, clockMs, health } = message
  const nowMs = context.clock.now()
  if (!isTime(clockMs)) throw new Refused('malformed', 'clock_ms of a heartbeat is not a time')
  if (clockMs > 0) stream.skewMs = nowMs - clockMs
  const { host, id } = stream.opened
  if (health) context.agents.told(host, id, { health: verifyHealth(health), receivedAtMs: nowMs })
  send({ heartbeatReply: { inStep: hostDigest.length === 0 || stream.offers.size > 0 || isHeld(stream, hostDigest) } })
}

function isHeld(stream: Greeted, digest: Buffer): boolean {
  const held = [stream.digests, stream.offered].map(facets =>
    digestBytes(hostDigest([...facets].map(([facet, each]) => ({ facet, digest: each })))),
  )
  return held.some(each => each.equals(digest))
}

/** Keeps the latest; what cannot be taken now comes again with the next ones. */
function handleObservations({ context, stream, refuse, toRefused }: Conversation, message: Observations__Output): void {
  const { commits, metrics, limits, stopping } = context
  const { opened, skewMs, digests } = stream
  const { facet } = message
  if (!digests.has(facet)) throw new Refused('malformed', 'observations of a facet that was never offered')
  if (!isTime(message.observedAtMs)) throw new Refused('malformed', `${facet}: observed_at_ms is not a time`)
  if (stopping.aborted || commits.waiting >= limits.waitingWork) return
  metrics.bodyBytes(message.body.length)
  const bytes = unpackBytes(facet, message.encoding, message.body, limits.observationBytes)
  const body = verifyObservations(facet, bytes)
  commits
    .submit(opened.host, async unit => {
      const observedAtMs = Math.max(Math.min(message.observedAtMs + skewMs, unit.nowMs), 0)
      const stored = { facet, body, observedAtMs, receivedAtMs: unit.nowMs }
      const quiet = await unit.transaction.putObservations(opened.host, stored)
      touch(unit.observed, facet, { quiet, sinceMs: observedAtMs })
    })
    .catch(error => refuse(toRefused(error)))
}
