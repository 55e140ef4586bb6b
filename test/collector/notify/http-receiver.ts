// A receiver on loopback that answers as it is told to and keeps what it was sent.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A status, with headers; `silent` never answers. */
export type Answering =
  | number
  | 'silent'
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> }

export interface HttpReceiver {
  readonly url: string
  readonly port: number
  readonly received: readonly Received[]
  /** resolves when so many requests came */
  until(count: number): Promise<readonly Received[]>
  /** what the next requests are answered, one each; 200 when there is none left */
  answer(...next: readonly Answering[]): void
}

export async function startHttpReceiver(t: Pick<Test, 'teardown'>, host = '127.0.0.1'): Promise<HttpReceiver> {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const answers: Answering[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      received.push({ method, path: url, headers: headers as Record<string, string>, body })
      const next = answers.shift() ?? 200
      const { status, headers: more } = typeof next === 'object' ? next : { status: next, headers: {} }
      if (status !== 'silent') response.writeHead(status, more).end('{}')
      for (const ask of [...waiting]) ask()
    })
  })
  await new Promise<void>(resolve => server.listen(0, host, resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return {
    ...{ port, received, url: `http://${host}:${port}/hook` },
    until: count =>
      new Promise(resolve => {
        const ask = () => {
          if (received.length < count) return
          waiting.delete(ask)
          resolve(received)
        }
        waiting.add(ask)
        ask()
      }),
    answer: (...next) => void answers.push(...next),
  }
}
