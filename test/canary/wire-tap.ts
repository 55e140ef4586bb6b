// Stands between agent and collector and keeps every byte, both ways, and what the bytes carry.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface WireTap {
  /** HOST:PORT to connect to instead */
  readonly address: string
  /** every byte as it was sent */
  bytes(): Buffer
  /** the payloads of HTTP/2 DATA frames put together per connection and direction: a frame's head may split a word */
  payloads(): Buffer
}

interface TearDown {
  teardown(handler: () => void): unknown
}

/** @param target HOST:PORT */
export async function tapWire(t: TearDown, target: string): Promise<WireTap> {
  const directions: Buffer[][] = []
  const sockets = new Set<Socket>()
  const [host = '', port = ''] = target.split(':')
  const server = createServer(near => {
    const far = connect(Number(port), host)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const chunks: Buffer[] = []
      directions.push(chunks)
      sockets.add(from)
      from.on('data', chunk => {
        chunks.push(chunk)
        to.write(chunk)
      })
      from.on('close', () => to.destroy())
      from.on('error', () => to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => Buffer.concat(directions.flat()),
    payloads: () => Buffer.concat(directions.map(chunks => dataOf(Buffer.concat(chunks)))),
  }
}

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** @source RFC 9113 §4.1: length (24 bits), type, flags, stream, payload; DATA is type 0 */
function dataOf(stream: Buffer): Buffer {
  const parts: Buffer[] = []
  let at = stream.subarray(0, preface.length).equals(preface) ? preface.length : 0
  while (at + 9 <= stream.length) {
    const length = stream.readUIntBE(at, 3)
    if (stream[at + 3] === 0) parts.push(stream.subarray(at + 9, at + 9 + length))
    at += 9 + length
  }
  return Buffer.concat(parts)
}
