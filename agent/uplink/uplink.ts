// Keeps one stream to the collector open: connects, reconnects with full jitter, honours the wish to stay away.
import { type ClientDuplexStream, loadPackageDefinition, Metadata } from '@grpc/grpc-js'
import type { ConnectRequest } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse__Output } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { ProtoGrpcType } from '../../proto/generated/uplink.ts'
import { wireDefinition } from '../../proto/wire.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Channel, OpenChannel } from './channel.ts'
import { openSession } from './session.ts'
import type { SessionOptions } from './session-options.ts'

const baseDelayMs = 1_000
const maxDelayMs = 60_000
/** Bodies are small; what is larger than this is no facet. */
const maxMessageBytes = 8 * 1024 * 1024

export interface UplinkOptions extends Omit<SessionOptions, 'send' | 'onAck' | 'giveUp'> {
  /** asked for every connection, since credentials rotate */
  readonly openChannel: OpenChannel
  /** how long a connection may be silent before it has to prove that it lives */
  readonly keepaliveMs?: number
  /** 0 ≤ value < 1, for the jitter */
  readonly random: () => number
}

const defaultKeepaliveMs = 60_000

const channelOptions = {
  'grpc.enable_retries': 0,
  'grpc.max_receive_message_length': maxMessageBytes,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.use_local_subchannel_pool': 1,
}

type Stream = ClientDuplexStream<ConnectRequest, ConnectResponse__Output>

/** Runs until the signal aborts. Never rejects: what goes wrong is logged and tried again. */
export async function runUplink(options: UplinkOptions, signal: AbortSignal): Promise<void> {
  const { clock, log } = options
  let failures = 0
  while (!signal.aborted) {
    const end = await runConnection(options, signal, () => {
      failures = 0
    })
    if (signal.aborted) break
    failures++
    const jitter = options.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(failures, 6))
    // On top of it: those who were told the same time are not to come at the same time.
    const delayMs = Math.round(end.retryAfterMs + jitter)
    log.warn('stream to the collector ended, connecting again', { reason: end.reason, delayMs, failures })
    await clock.sleep(delayMs, signal)
  }
}

/** One connection with one stream. */
async function runConnection(options: UplinkOptions, signal: AbortSignal, onAck: () => void): Promise<StreamEnd> {
  let channel: Channel
  try {
    channel = options.openChannel()
  } catch (error) {
    return { reason: messageOf(error), retryAfterMs: 0 }
  }
  const { gabion } = loadPackageDefinition(wireDefinition) as unknown as ProtoGrpcType
  const { keepaliveMs = defaultKeepaliveMs } = options
  const client = new gabion.v1.UplinkService(channel.address, channel.credentials, {
    ...channelOptions,
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.keepalive_timeout_ms': keepaliveMs / 3,
  })
  const metadata = new Metadata()
  if (channel.authorization !== undefined) metadata.set('authorization', channel.authorization)
  try {
    return await runStream(client.Connect(metadata), options, signal, onAck)
  } finally {
    client.close()
  }
}

interface StreamEnd {
  readonly reason: string
  readonly retryAfterMs: number
}

function runStream(stream: Stream, options: UplinkOptions, signal: AbortSignal, onAck: () => void): Promise<StreamEnd> {
  return new Promise(resolve => {
    let over = false
    const session = openSession({
      ...options,
      onAck,
      giveUp: reason => finish(reason),
      send: message => {
        if (!over) stream.write(message)
      },
    })
    const finish = (reason: string, retryAfterMs = 0) => {
      if (over) return
      over = true
      session.close()
      signal.removeEventListener('abort', onAbort)
      stream.cancel()
      resolve({ reason, retryAfterMs })
    }
    const onAbort = () => finish('shutting down')
    signal.addEventListener('abort', onAbort, { once: true })
    stream.on('data', (message: ConnectResponse__Output) => session.receive(message))
    stream.on('error', (error: Error) => finish(error.message))
    stream.on('end', () => finish('closed by the collector'))
    void session.refused.then(refusal => finish(`refused: ${refusal.code}: ${refusal.detail}`, refusal.retryAfterMs))
    if (signal.aborted) onAbort()
  })
}
