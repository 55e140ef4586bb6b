// The gRPC server that agents open their streams to.
import { chmodSync, lstatSync, unlinkSync } from 'node:fs'
import {
  loadPackageDefinition,
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  setLogVerbosity,
} from '@grpc/grpc-js'
import type { ConnectRequest__Output } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { ProtoGrpcType } from '../../proto/generated/uplink.ts'
import { wireDefinition } from '../../proto/wire.ts'
import { GabionError, messageOf } from '../../runtime/errors.ts'
import { type ListenAddress, showAddress, socketPath } from '../listen-address.ts'
import { Refused } from './refusal.ts'
import { createSession, type Session } from './session.ts'
import type { SessionContext } from './session-state.ts'

export interface UplinkServer {
  /** HOST:PORT with the port that was taken, or unix:/PATH */
  readonly address: string
  /** takes no new streams */
  stopAccepting(): void
  /** waits until the streams are over, at most `graceMs`, and ends what is left */
  close(graceMs: number): Promise<void>
}

type Stream = ServerDuplexStream<ConnectRequest__Output, ConnectResponse>

const hourMs = 3_600_000
/** How long a refused agent may take to close its side. */
const lingerMs = 5_000

/** @throws GabionError with code `address_in_use`, or `config` for an address that cannot be used */
export async function openUplinkServer(address: ListenAddress, context: SessionContext): Promise<UplinkServer> {
  const { limits } = context
  // What goes wrong is told by errors; the library's own lines would stand between ours.
  setLogVerbosity(logVerbosity.NONE)
  const { gabion } = loadPackageDefinition(wireDefinition) as unknown as ProtoGrpcType
  const server = new Server({
    'grpc.max_receive_message_length': limits.messageBytes,
    'grpc.max_send_message_length': limits.messageBytes,
    'grpc.max_concurrent_streams': 1_000,
    'grpc.max_connection_age_ms': 22 * hourMs,
    'grpc.max_connection_age_grace_ms': 30_000,
    'grpc.keepalive_time_ms': 150_000,
    'grpc.keepalive_timeout_ms': 20_000,
  })
  const open = new Set<Stream>()
  let accepting = true
  server.addService(gabion.v1.UplinkService.service, {
    Connect: (stream: Stream) => {
      open.add(stream)
      const forget = () => open.delete(stream)
      converse(stream, context, admission(accepting, open.size, limits.streams)).then(forget, forget)
    },
  })
  const port = await bindAddress(server, address)
  return {
    address: showAddress({ host: address.host, port }),
    stopAccepting() {
      accepting = false
    },
    close: graceMs =>
      new Promise(resolve => {
        const timer = setTimeout(() => server.forceShutdown(), graceMs)
        server.tryShutdown(() => {
          clearTimeout(timer)
          resolve()
        })
      }),
  }
}

function admission(accepting: boolean, streams: number, most: number): Refused | undefined {
  if (!accepting) return new Refused('shutting_down', 'the collector shuts down', 1_000)
  if (streams > most) return new Refused('too_many_streams', `more than ${most} agents are connected`, 60_000)
  return undefined
}

async function converse(stream: Stream, context: SessionContext, refused: Refused | undefined): Promise<void> {
  const { limits } = context
  const session = createSession(context, {
    send(message) {
      if (stream.writableLength > limits.unreadMessages) stream.destroy()
      else if (!stream.destroyed) stream.write(message)
    },
    end() {
      stream.end()
      setTimeout(() => stream.destroy(), lingerMs).unref()
    },
  })
  // An error is followed by the end of the iteration below, which is where it is handled.
  stream.on('error', () => session.close())
  stream.on('cancelled', () => session.close())
  if (refused) return session.refuse(refused)
  const timer = setTimeout(() => session.refuse(new Refused('hello', 'no hello came in time')), limits.helloMs)
  try {
    await readAll(stream, session, async () => {
      clearTimeout(timer)
      await context.unsaved.room()
    })
  } catch (error) {
    context.log.debug('stream broke', { reason: messageOf(error) })
  } finally {
    clearTimeout(timer)
    session.close()
    stream.end()
  }
}

/** One message after another: what is not handled yet stays with the sender. */
async function readAll(stream: Stream, session: Session, before: () => Promise<void>): Promise<void> {
  for await (const message of stream as AsyncIterable<ConnectRequest__Output>) {
    await before()
    await session.receive(message)
  }
}

/** A socket that a killed collector left is taken away first; only its owner may open the new one. */
async function bindAddress(server: Server, address: ListenAddress): Promise<number> {
  const path = socketPath(address)
  if (path === undefined) return bind(server, address)
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) unlinkSync(path)
  await bind(server, address)
  chmodSync(path, 0o600)
  return 0
}

function bind(server: Server, address: ListenAddress): Promise<number> {
  const text = showAddress(address)
  return new Promise((resolve, reject) => {
    server.bindAsync(text, ServerCredentials.createInsecure(), (cause, port) => {
      if (!cause) return resolve(port)
      const taken = /EADDRINUSE/.test(messageOf(cause))
      const code = taken ? 'address_in_use' : 'config'
      const reason = taken ? 'the port is in use' : messageOf(cause)
      reject(new GabionError(code, `gRPC address ${text}: ${reason}`, { cause }))
    })
  })
}
