// A stream made of POSTs: what is under way is told again each time, with the bodies that were asked for.
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestPlain } from 'node:http'
import { Agent as HttpsAgent, request as requestTls } from 'node:https'
import { decodeResponses, encodeRequests, exchangePath, exchangeType } from '../../proto/exchange.ts'
import type { ConnectRequest } from '../../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse__Output } from '../../proto/generated/gabion/v1/ConnectResponse.ts'
import type { Hello } from '../../proto/generated/gabion/v1/Hello.ts'
import { messageOf } from '../../runtime/errors.ts'
import { readBody } from '../../runtime/read-body.ts'
import type { ExchangeChannel } from './channel.ts'
import { splitEndpoint } from './find-authority.ts'

const answerMs = 60_000
const maxAnswerBytes = 8 * 1024 * 1024
/** Bodies of one POST; what is more follows with the next. */
const postBytes = 8 * 1024 * 1024

export interface Exchange {
  send(message: ConnectRequest): void
  close(): void
}

interface Told {
  readonly offer: ConnectRequest
  change: ConnectRequest | undefined
  /** put off: it and those behind it wait until it is offered again */
  isWaiting: boolean
}

export interface ExchangeOptions {
  readonly channel: ExchangeChannel
  readonly hello: () => Hello
  readonly receive: (message: ConnectResponse__Output) => void
  readonly onEnd: (reason: string) => void
}

/** POSTs whenever there is something to say; an answer that brings something to say is followed at once. */
export function openExchange(options: ExchangeOptions): Exchange {
  const post = createPoster(options)
  const under = new Map<number, Told>()
  let loose: ConnectRequest[] = []
  let isBusy = false
  let isDue = false
  let over = false

  function take(message: ConnectResponse__Output, sent: ReadonlySet<number>): void {
    const { decision, ack } = message
    if (decision) {
      const told = under.get(decision.sequence)
      if (decision.kind === 'KIND_RETRY_LATER' && told) {
        if (told.isWaiting) return
        told.isWaiting = true
      } else if (sent.has(decision.sequence) && fits(told, decision.kind)) return
    } else if (ack) {
      for (const sequence of [...under.keys()]) if (sequence <= ack.sequence) under.delete(sequence)
    }
    options.receive(message)
  }

  async function run(): Promise<void> {
    if (isBusy || over) return
    isBusy = true
    try {
      while (isDue && !over) {
        isDue = false
        const { messages: offers, sent } = compose(under)
        // Each POST has a hello of its own, with the time as it is now.
        const messages = [{ hello: options.hello() }, ...offers, ...loose.splice(0)]
        for (const message of await post(messages)) if (!over) take(message, sent)
        // Bodies that found no room follow.
        if (hasMore(under, sent)) isDue = true
      }
    } catch (error) {
      if (!over) options.onEnd(messageOf(error))
    } finally {
      isBusy = false
    }
  }

  return {
    send(message) {
      if (message.offer) {
        under.set(Number(message.offer.sequence), { offer: message, change: undefined, isWaiting: false })
      } else if (message.change) {
        const told = under.get(Number(message.change.sequence))
        if (told) told.change = message
      } else if (!message.hello) loose.push(message)
      isDue = true
      setImmediate(() => void run())
    },
    close() {
      over = true
      loose = []
      post.close()
    },
  }
}

/** Offers in order up to the first that waits, each with its body as far as there is room. */
function compose(under: ReadonlyMap<number, Told>) {
  const messages: ConnectRequest[] = []
  const sent = new Set<number>()
  let bytes = 0
  for (const [sequence, told] of [...under].sort(([a], [b]) => a - b)) {
    if (told.isWaiting) break
    bytes += told.change ? bodyBytes(told.change) : 0
    if (sent.size > 0 && bytes > postBytes) break
    messages.push(told.offer)
    if (!told.change) continue
    messages.push(told.change)
    sent.add(sequence)
  }
  return { messages, sent }
}

function hasMore(under: ReadonlyMap<number, Told>, sent: ReadonlySet<number>): boolean {
  return sent.size > 0 && [...under].some(([sequence, told]) => told.change && !told.isWaiting && !sent.has(sequence))
}

const bodyBytes = ({ change }: ConnectRequest) => (change?.full ?? change?.delta ?? '').length

/** Whether the body that was told already is the one that is asked for. */
const fits = (told: Told | undefined, kind: string) =>
  kind === (told?.change?.change?.delta === undefined ? 'KIND_WANT_FULL' : 'KIND_WANT_DELTA')

type Poster = ((messages: readonly ConnectRequest[]) => Promise<readonly ConnectResponse__Output[]>) & {
  close(): void
}

/** Proxies that the environment names are used, as streams do. */
function createPoster({ channel }: ExchangeOptions): Poster {
  const { address, tls, authorization } = channel
  const target = splitEndpoint(address)
  const proxies = { keepAlive: true, maxSockets: 1, proxyEnv: process.env }
  const agent = tls ? new HttpsAgent({ ...proxies, ...tls, minVersion: 'TLSv1.3' }) : new HttpAgent(proxies)
  const open = tls ? requestTls : requestPlain

  async function post(messages: readonly ConnectRequest[]): Promise<readonly ConnectResponse__Output[]> {
    const body = encodeRequests(messages)
    const headers = {
      'content-type': exchangeType,
      'content-length': body.length,
      ...(authorization && { authorization: authorization() }),
    }
    const signal = AbortSignal.timeout(answerMs)
    const answer = await answered(open({ ...target, agent, method: 'POST', path: exchangePath, headers, signal }), body)
    if (answer.statusCode !== 200) {
      answer.destroy()
      throw new Error(`the collector answered with status ${answer.statusCode}`)
    }
    return decodeResponses(await readBody(answer, maxAnswerBytes))
  }
  return Object.assign(post, { close: () => agent.destroy() })
}

function answered(request: ClientRequest, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
}
