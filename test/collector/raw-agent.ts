// The agent's side of a stream by hand: sends what it is told to, valid or not, and hands over what comes back.
import { randomUUID } from 'node:crypto'
import {
  type ChannelCredentials,
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  Metadata,
} from '@grpc/grpc-js'
import type { Test } from 'tap'
import type { FacetState } from '../../proto/facet.ts'
import type { ConnectRequest } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse__Output } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { Hello } from '../../proto/generated/gabion/v1/Hello.ts'
import type { Offer } from '../../proto/generated/gabion/v1/Offer.ts'
import type { Welcome__Output } from '../../proto/generated/gabion/v1/Welcome.ts'
import type { ProtoGrpcType } from '../../proto/generated/uplink.ts'
import { canonicalBody } from '../../proto/seal.ts'
import { wireDefinition } from '../../proto/wire.ts'

export type Kind = NonNullable<ConnectResponse__Output['message']>

export interface RawAgent {
  send(message: ConnectRequest): void
  /** the next message; rejects when the stream is over */
  next(): Promise<ConnectResponse__Output>
  /** the next message; rejects when it is of another kind or the stream is over */
  expect<K extends Kind>(kind: K): Promise<NonNullable<ConnectResponse__Output[K]>>
  hello(change?: Partial<Hello>): Promise<Welcome__Output>
  /** offers a state, sends its body when it is wanted, waits for the acknowledgement; tells what was decided */
  deliver(sequence: number, state: FacetState, change?: Partial<Offer>): Promise<string>
  /** resolves when the collector ended the stream: with nothing, or with the error's message */
  readonly over: Promise<string>
  close(): void
}

export const helloOf = (change: Partial<Hello> = {}): Hello => ({
  protocolVersion: 1,
  agentVersion: '0.1.0',
  hostKey: randomUUID(),
  hostname: 'node-1',
  machineId: 'abc',
  bootId: 'def',
  outboxId: randomUUID(),
  clockMs: Date.now(),
  labels: {},
  ...change,
})

const statusOf = {
  present: 'FACET_STATUS_PRESENT',
  absent: 'FACET_STATUS_ABSENT',
  unreadable: 'FACET_STATUS_UNREADABLE',
  error: 'FACET_STATUS_ERROR',
} as const

export const bodyOf = (state: FacetState): Buffer => Buffer.from(canonicalBody(state))

export function offerOf(sequence: number, state: FacetState, change: Partial<Offer> = {}): Offer {
  return {
    sequence,
    facet: state.facet,
    schemaVersion: state.schemaVersion,
    status: statusOf[state.state],
    digest: state.digest,
    bodyBytes: bodyOf(state).length,
    observedAtMs: Date.now(),
    ...change,
  }
}

export interface RawConnection {
  /** without TLS unless it is said */
  readonly credentials?: ChannelCredentials
  /** value of the authorization header */
  readonly authorization?: string
}

export function connectRawAgent(
  t: Pick<Test, 'teardown'>,
  address: string,
  { credentials: channel = credentials.createInsecure(), authorization }: RawConnection = {},
): RawAgent {
  const { gabion } = loadPackageDefinition(wireDefinition) as unknown as ProtoGrpcType
  const client = new gabion.v1.UplinkService(address, channel, {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_send_message_length': -1,
  })
  const metadata = new Metadata()
  if (authorization !== undefined) metadata.set('authorization', authorization)
  const stream: ClientDuplexStream<ConnectRequest, ConnectResponse__Output> = client.Connect(metadata)
  const ended = Promise.withResolvers<string>()
  const inbox: ConnectResponse__Output[] = []
  const waiting: (() => void)[] = []
  let isOver = false
  const wake = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  const finish = (why: string) => {
    isOver = true
    ended.resolve(why)
    wake()
  }
  stream.on('data', message => {
    inbox.push(message)
    wake()
  })
  stream.on('error', error => finish(error.message))
  stream.on('end', () => finish(''))
  const close = () => {
    stream.cancel()
    client.close()
  }
  t.teardown(close)

  async function next(): Promise<ConnectResponse__Output> {
    for (;;) {
      const message = inbox.shift()
      if (message) return message
      if (isOver) throw new Error(`the stream is over: ${await ended.promise}`)
      await new Promise<void>(resolve => waiting.push(resolve))
    }
  }

  const agent: RawAgent = {
    send: message => {
      stream.write(message)
    },
    next,
    async expect(kind) {
      const message = await next()
      const value = message[kind]
      if (!value) throw new Error(`expected ${kind}, got ${JSON.stringify(message)}`)
      return value
    },
    hello(change) {
      agent.send({ hello: helloOf(change) })
      return agent.expect('welcome')
    },
    async deliver(sequence, state, change) {
      agent.send({ offer: offerOf(sequence, state, change) })
      const { kind } = await agent.expect('decision')
      if (kind === 'KIND_WANT_FULL') agent.send({ change: { sequence, full: bodyOf(state) } })
      const ack = await agent.expect('ack')
      if (ack.sequence !== sequence) throw new Error(`ack of ${ack.sequence} instead of ${sequence}`)
      return kind
    },
    over: ended.promise,
    close,
  }
  return agent
}

/** The refusal that ends a stream as it should. */
export async function refusal(t: Pick<Test, 'equal'>, agent: RawAgent) {
  const refused = await agent.expect('refusal')
  t.equal(await agent.over, '', 'the stream ends')
  return refused
}
