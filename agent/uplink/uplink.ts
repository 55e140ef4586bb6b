// Keeps one stream to the collector open: connects, reconnects with full jitter, honours the wish to stay away.
import { type ClientDuplexStream, Metadata } from '@grpc/grpc-js'
import type { ConnectRequest } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse__Output } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import { backoffMs } from '../../runtime/backoff.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Channel, OpenChannel } from './channel.ts'
import { openExchange } from './exchange.ts'
import { UplinkService } from './services.ts'
import { openSession } from './session.ts'
import type { SessionOptions } from './session-options.ts'

const waits = { firstMs: 2_000, mostMs: 60_000 } as const
/** Bodies are small; what is larger than this is no facet. */
const maxMessageBytes = 8 * 1024 * 1024

export interface UplinkOptions extends Omit<SessionOptions, 'send' | 'onAck' | 'giveUp'> {
  /** asked for every connection, since credentials rotate */
  readonly openChannel: OpenChannel
  /** asks the connection itself whether it lives so often; heartbeats alone when left out */
  readonly keepaliveMs?: number
  /** calls back when what the hello tells is another: a stream says it once; returns what ends that */
  readonly onRestart?: (restart: (reason: string) => void) => () => void
  /** 0 ≤ value < 1, for the jitter */
  readonly random: () => number
}

const channelOptions = {
  'grpc.enable_retries': 0,
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.use_local_subchannel_pool': 1,
}

type Stream = ClientDuplexStream<ConnectRequest, ConnectResponse__Output>

/** So many streams in a row that were of no use, and messages go by POST instead. */
const mostBroken = 5
/** A stream that lived for so long was of use, whether something was acknowledged or not. */
const usefulMs = 10_000
/** After that a stream is tried again. */
const exchangeMs = 3_600_000

/** Runs until the signal aborts. Never rejects: what goes wrong is logged and tried again. */
export async function runUplink(options: UplinkOptions, signal: AbortSignal): Promise<void> {
  const { clock, log } = options
  let failures = 0
  let broken = 0
  while (!signal.aborted) {
    const started = clock.monotonic()
    let acknowledged = false
    const end = await runConnection(options, signal, broken >= mostBroken, () => {
      failures = 0
      acknowledged = true
    })
    if (signal.aborted) break
    failures++
    if (end.by === 'exchange') broken = end.answered && !end.timeIsUp ? mostBroken : mostBroken - 1
    else if (acknowledged || end.answered || clock.monotonic() - started >= usefulMs) broken = 0
    else broken++
    const jitter = options.random() * backoffMs(waits, failures)
    // On top of it: those who were told the same time are not to come at the same time.
    const delayMs = Math.round(end.retryAfterMs + jitter)
    const what = end.by === 'exchange' ? 'exchange with' : 'stream to'
    log.warn(`${what} the collector ended, connecting again`, { reason: end.reason, delayMs, failures })
    await clock.sleep(delayMs, signal)
  }
}

interface ConnectionEnd {
  readonly by: 'stream' | 'exchange'
  readonly reason: string
  readonly retryAfterMs: number
  /** a stream was refused in words, an exchange was welcome: the way itself works */
  readonly answered: boolean
  readonly timeIsUp: boolean
}

/** One connection with one stream, or as many POSTs as it takes. */
async function runConnection(
  options: UplinkOptions,
  signal: AbortSignal,
  preferExchange: boolean,
  onAck: () => void,
): Promise<ConnectionEnd> {
  let channel: Channel
  try {
    channel = options.openChannel()
  } catch (error) {
    return { by: 'stream', reason: messageOf(error), retryAfterMs: 0, answered: false, timeIsUp: false }
  }
  const { exchange } = channel
  const by = preferExchange && exchange ? 'exchange' : 'stream'
  if (by === 'exchange') options.log.info('streams keep breaking, going on by POST', { address: exchange?.address })
  const open: OpenTransport = on =>
    by === 'exchange' && exchange
      ? openExchange({ channel: exchange, hello: options.hello, ...on })
      : openStream(channel, options.keepaliveMs, on)
  return { by, ...(await converse(open, options, signal, onAck, by === 'exchange' ? exchangeMs : undefined)) }
}

interface Transport {
  send(message: ConnectRequest): void
  close(): void
}

interface TransportEvents {
  receive(message: ConnectResponse__Output): void
  onEnd(reason: string): void
}

type OpenTransport = (on: TransportEvents) => Transport

function openStream(channel: Channel, keepaliveMs: number | undefined, on: TransportEvents): Transport {
  const client = new UplinkService(channel.address, channel.credentials, {
    ...channelOptions,
    ...(keepaliveMs && { 'grpc.keepalive_time_ms': keepaliveMs, 'grpc.keepalive_timeout_ms': keepaliveMs / 3 }),
  })
  const metadata = new Metadata()
  if (channel.authorization !== undefined) metadata.set('authorization', channel.authorization)
  const stream: Stream = client.Connect(metadata)
  stream.on('data', on.receive)
  stream.on('error', (error: Error) => on.onEnd(error.message))
  stream.on('end', () => on.onEnd('closed by the collector'))
  return {
    send: message => void stream.write(message),
    close() {
      stream.cancel()
      client.close()
    },
  }
}

/** @param mostMs after which it ends by itself */
function converse(
  open: OpenTransport,
  options: UplinkOptions,
  signal: AbortSignal,
  onAck: () => void,
  mostMs: number | undefined,
): Promise<Omit<ConnectionEnd, 'by'>> {
  return new Promise(resolve => {
    const over = new AbortController()
    let answered = false
    const finish = (reason: string, retryAfterMs = 0, timeIsUp = false) => {
      if (over.signal.aborted) return
      over.abort()
      session.close()
      signal.removeEventListener('abort', onAbort)
      unsubscribe?.()
      transport.close()
      resolve({ reason, retryAfterMs, answered, timeIsUp })
    }
    const transport = open({
      receive(message) {
        answered ||= Boolean(message.refusal) || (mostMs !== undefined && Boolean(message.welcome))
        session.receive(message)
      },
      onEnd: reason => finish(reason),
    })
    const session = openSession({
      ...options,
      onAck,
      giveUp: reason => finish(reason),
      send: message => over.signal.aborted || transport.send(message),
    })
    const onAbort = () => finish('shutting down')
    const unsubscribe = options.onRestart?.(reason => finish(reason))
    signal.addEventListener('abort', onAbort, { once: true })
    void session.refused.then(refusal => finish(`refused: ${refusal.code}: ${refusal.detail}`, refusal.retryAfterMs))
    if (mostMs !== undefined) {
      const timeIsUp = () => finish('a stream is tried again', 0, true)
      void options.clock.sleep(mostMs, over.signal).then(() => over.signal.aborted || timeIsUp())
    }
    if (signal.aborted) onAbort()
  })
}
