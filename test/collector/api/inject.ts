// Requests to the API's application without a network: thousands in a few seconds.
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Express } from 'express'

export interface Injected {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface InjectedReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** An event stream is left as soon as it has begun. */
export function inject(app: Express, { method, url, headers, body }: Injected): Promise<InjectedReply> {
  const message = new IncomingMessage(new Socket())
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  Object.assign(message, { method, url, headers: { host: 'localhost', ...length, ...headers } })
  if (body !== undefined) message.push(body)
  message.push(null)
  const response = new ServerResponse(message)
  const chunks: Buffer[] = []
  return new Promise((resolve, reject) => {
    const wire = new Duplex({
      read: () => undefined,
      write(chunk: Buffer, _encoding, done) {
        chunks.push(Buffer.from(chunk))
        done()
        if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.destroy()
      },
    })
    // What a server does for its sockets.
    wire.on('drain', () => response.emit('drain'))
    response.assignSocket(wire as Socket)
    response.on('close', () => resolve(parse(response, Buffer.concat(chunks).toString('utf8'))))
    response.on('finish', () => response.destroy())
    response.on('error', reject)
    app(message, response)
  })
}

function parse({ statusCode }: ServerResponse, raw: string): InjectedReply {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw.slice(0, end).split('\r\n').slice(1)
  const headers = Object.fromEntries(lines.map(line => line.split(/: (.*)/s).slice(0, 2)))
  return { status: statusCode, headers: lowerCase(headers), text: raw.slice(end + 4) }
}

const lowerCase = (headers: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
