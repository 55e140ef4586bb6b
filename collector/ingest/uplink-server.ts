// The gRPC server that agents open their streams to.
import { chmodSync, lstatSync, unlinkSync } from 'node:fs'
import {
  loadPackageDefinition,
  logVerbosity,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js'
import type { ProtoGrpcType as Enrollment } from '../../proto/generated/enrollment.ts'
import type { ConnectRequest__Output } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { EnrollmentServiceHandlers } from '../../proto/generated/gabion/v1/EnrollmentService.ts'
import type { ProtoGrpcType as Uplink } from '../../proto/generated/uplink.ts'
import { wireDefinition } from '../../proto/wire.ts'
import { messageOf } from '../../runtime/errors.ts'
import { type Identify, unproven } from '../auth/identity.ts'
import { type ListenAddress, listenError, showAddress, socketPath } from '../listen-address.ts'
import { capConnections } from './cap-connections.ts'
import { peerCall } from './peer-call.ts'
import { Refused } from './refusal.ts'
import { resetCall } from './reset-call.ts'
import { serviceError } from './service-error.ts'
import { createSession, type Session } from './session.ts'
import type { Peer, SessionContext } from './session-state.ts'
import { whoIs } from './who-is.ts'

export interface UplinkServer {
  /** HOST:PORT with the port that was taken, or unix:/PATH */
  readonly address: string
  /** takes no new streams */
  stopAccepting(): void
  /** waits until the streams are over, at most `graceMs`, and ends what is left */
  close(graceMs: number): Promise<void>
}

/** How one listener is secured, and what it serves beside the streams. */
export interface Door {
  readonly credentials: ServerCredentials
  readonly identify: Identify
  readonly enrollment?: EnrollmentServiceHandlers
}

const loopbackDoor: Door = { credentials: ServerCredentials.createInsecure(), identify: unproven }

type Stream = ServerDuplexStream<ConnectRequest__Output, ConnectResponse>

/** @throws GabionError with code `address_in_use`, or `config` for an address that cannot be used */
export async function openUplinkServer(
  address: ListenAddress,
  context: SessionContext,
  door: Door = loopbackDoor,
): Promise<UplinkServer> {
  const { limits } = context
  // What goes wrong is told by errors; the library's own lines would stand between ours.
  setLogVerbosity(logVerbosity.NONE)
  const { gabion } = loadPackageDefinition(wireDefinition) as unknown as Uplink & Enrollment
  const server = new Server({
    'grpc.max_receive_message_length': limits.messageBytes,
    'grpc.max_send_message_length': limits.messageBytes,
    'grpc.max_concurrent_streams': limits.streamsPerConnection,
    'grpc.max_connection_idle_ms': limits.idleConnectionMs,
    'grpc.max_connection_age_ms': limits.connectionAgeMs,
    'grpc.max_connection_age_grace_ms': limits.connectionGraceMs,
  })
  const open = new Set<Stream>()
  let accepting = true
  server.addService(gabion.v1.UplinkService.service, {
    Connect: (stream: Stream) => {
      open.add(stream)
      const forget = () => open.delete(stream)
      converse(stream, context, door.identify, admission(accepting, open.size, limits.streams)).then(forget, forget)
    },
  })
  if (door.enrollment) server.addService(gabion.v1.EnrollmentService.service, { ...door.enrollment })
  const port = await bindAddress(server, address, door.credentials)
  capConnections(server, limits.connections)
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

/** What is not let in for want of room is told so by the status, too: programs that know gRPC alone come again by it. */
function overloadOf(refused: Refused | undefined) {
  if (refused?.code !== 'too_many_streams') return undefined
  return serviceError(status.RESOURCE_EXHAUSTED, refused.message, refused.retryAfterMs)
}

async function converse(
  stream: Stream,
  context: SessionContext,
  identify: Identify,
  refused: Refused | undefined,
): Promise<void> {
  const { limits } = context
  const breakOff = () => {
    stream.destroy()
    resetCall(stream)
  }
  const peer: Peer = {
    send(message) {
      if (stream.writableLength > limits.unreadMessages) breakOff()
      else if (!stream.destroyed) stream.write(message)
    },
    end() {
      const overload = overloadOf(refused)
      if (overload) stream.emit('error', overload)
      else stream.end()
      setTimeout(breakOff, limits.lingerMs).unref()
    },
  }
  // Until there is a session: a broken stream without a listener would end the process.
  stream.on('error', () => undefined)
  // Who is not let in anyway is not looked up.
  const who = refused ? { refused } : await whoIs(peerCall(stream), context, identify)
  const session = createSession(context, peer, 'identity' in who ? who.identity : { kind: 'unproven' })
  // An error is followed by the end of the iteration below, which is where it is handled.
  stream.on('error', () => session.close())
  stream.on('cancelled', () => session.close())
  if ('refused' in who) return session.refuse(who.refused)
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
async function bindAddress(server: Server, address: ListenAddress, credentials: ServerCredentials): Promise<number> {
  const path = socketPath(address)
  if (path === undefined) return bind(server, address, credentials)
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) unlinkSync(path)
  await bind(server, address, credentials)
  chmodSync(path, 0o600)
  return 0
}

function bind(server: Server, address: ListenAddress, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(showAddress(address), credentials, (cause, port) => {
      if (cause) reject(listenError('gRPC', address, cause))
      else resolve(port)
    })
  })
}
