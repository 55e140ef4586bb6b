// The messages of a stream as the body of an HTTP request or response: each after its length in four bytes.
import type { ServiceDefinition } from '@grpc/proto-loader'
import type { ConnectRequest, ConnectRequest__Output } from './generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse, ConnectResponse__Output } from './generated/gabion/v1/ConnectResponse.ts'
import { wireDefinition } from './wire.ts'

export const exchangePath = '/uplink/v1/exchange'
export const exchangeType = 'application/vnd.gabion.exchange'

const service = wireDefinition['gabion.v1.UplinkService'] as ServiceDefinition
const method = service['Connect']
if (!method) throw new Error('gabion.v1.UplinkService has no Connect')
const lengthBytes = 4
/** Of one body; a window of offers and what belongs to them are far fewer. */
const mostMessages = 1_000

export const encodeRequests = (messages: readonly ConnectRequest[]): Buffer =>
  join(messages.map(message => method.requestSerialize(message)))

export const encodeResponses = (messages: readonly ConnectResponse[]): Buffer =>
  join(messages.map(message => method.responseSerialize(message)))

/** @throws Error when the bytes are no messages */
export const decodeRequests = (bytes: Buffer): readonly ConnectRequest__Output[] =>
  split(bytes).map(item => method.requestDeserialize(item) as ConnectRequest__Output)

/** @throws Error when the bytes are no messages */
export const decodeResponses = (bytes: Buffer): readonly ConnectResponse__Output[] =>
  split(bytes).map(item => method.responseDeserialize(item) as ConnectResponse__Output)

function join(items: readonly Buffer[]): Buffer {
  return Buffer.concat(
    items.flatMap(item => {
      const length = Buffer.alloc(lengthBytes)
      length.writeUInt32BE(item.length)
      return [length, item]
    }),
  )
}

function split(bytes: Buffer): readonly Buffer[] {
  const items: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    if (at + lengthBytes > bytes.length) throw new Error('a length is cut off')
    const end = at + lengthBytes + bytes.readUInt32BE(at)
    if (end > bytes.length) throw new Error('a message is cut off')
    if (items.length === mostMessages) throw new Error('too many messages')
    items.push(bytes.subarray(at + lengthBytes, end))
    at = end
  }
  return items
}
