// Asks the API server of a cluster, with the collector's own token and that cluster's CA, within limits.
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { Readable } from 'node:stream'
import { errnoOf, messageOf } from '../../../runtime/errors.ts'
import { BodyTooLarge, readBody } from '../../../runtime/read-body.ts'
import { readLines } from './read-lines.ts'

/** Where a cluster's API server is, and how each side knows the other. The files are read for every request. */
export interface ApiServerOptions {
  /** https URL without a path */
  readonly url: string
  /** PEM of the CAs that the API server is verified by, and no others */
  readonly caFile: string
  /** the collector's own bearer token */
  readonly tokenFile: string
  /** whole time of a request */
  readonly timeoutMs?: number
}

export interface ApiRequest {
  /** APPLY is a PATCH by server-side apply: `fieldManager` has to be in the path */
  readonly method: 'GET' | 'POST' | 'PATCH' | 'APPLY' | 'DELETE'
  /** from the root, encoded */
  readonly path: string
  readonly body?: unknown
  /** only the metadata of the object is wanted, or of each object of a list */
  readonly metadataOnly?: boolean | 'list'
  /** of the answer; what no object exceeds when it is left out */
  readonly maxBytes?: number
}

export interface ApiAnswer {
  readonly status: number
  /** parsed JSON; undefined for a 404 in plain text, which is how a server knows nothing of a whole group */
  readonly body: unknown
}

export interface ApiServer {
  /** @throws ApiServerUnavailable when there is no answer that says anything about what was asked */
  ask(what: ApiRequest): Promise<ApiAnswer>
}

export interface FollowedApiServer extends ApiServer {
  /** Reads what a server tells as it happens. @throws ApiServerUnavailable as above, and so do its lines */
  follow(what: FollowRequest): Promise<ApiStream>
}

export interface FollowRequest {
  readonly path: string
  /** ends it */
  readonly signal: AbortSignal
  /** whole time of the stream */
  readonly maxMs: number
}

export interface ApiStream {
  readonly status: number
  /** one JSON text each; none when the status is not 200 */
  readonly lines: AsyncIterable<string>
}

/** The API server could not be asked, or did not answer as one does. */
export class ApiServerUnavailable extends Error {
  override readonly name = 'ApiServerUnavailable'
}

/** The answer is larger than it was to be. */
export class AnswerTooLarge extends ApiServerUnavailable {}

const defaultTimeoutMs = 10_000
/** etcd keeps no object above 1.5 MiB. */
const maxAnswerBytes = 2 * 1024 * 1024
const maxSockets = 16
const contentTypes = {
  ...{ GET: undefined, DELETE: undefined, POST: 'application/json', PATCH: 'application/merge-patch+json' },
  APPLY: 'application/apply-patch+yaml',
} as const
const metadataType = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json'
const metadataListType = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json'

export function openApiServer(options: ApiServerOptions): FollowedApiServer {
  const agent = new Agent({ keepAlive: true, maxSockets })
  const { url, timeoutMs = defaultTimeoutMs } = options

  /** What is sent again on another connection has not been read before. */
  function send<T>(what: Sent, read: (response: IncomingMessage) => Promise<T>): Promise<T> {
    const proof = { ca: readNow(options.caFile), token: readToken(options.tokenFile) }
    const exchanged = () => exchange(url, agent, what, proof, read)
    return exchanged().catch(error => (error instanceof Stale ? exchanged() : Promise.reject(error)))
  }

  return {
    async ask(what) {
      const signal = AbortSignal.timeout(timeoutMs)
      const read = async (response: IncomingMessage) => ({
        status: statusOf(url, response),
        text: await readAll(response, what.maxBytes ?? maxAnswerBytes),
      })
      const sent = { ...what, signal, late: `${url} gave no answer within ${timeoutMs} ms` }
      const { status, text } = await send(sent, read)
      return { status, body: parse(url, status, text) }
    },
    async follow({ path, signal: ended, maxMs }) {
      const late = `${url} was silent for too long`
      const begun = new AbortController()
      const limits = [ended, AbortSignal.timeout(maxMs), begun.signal]
      const timer = setTimeout(() => begun.abort(), timeoutMs)
      const sent = { method: 'GET', path, metadataOnly: true, signal: AbortSignal.any(limits), late } as const
      const read = async (response: IncomingMessage) => {
        const status = statusOf(url, response)
        if (status === 200) return { status, lines: linesOf(url, response) }
        response.destroy()
        return { status, lines: Readable.from([]) }
      }
      return send(sent, read).finally(() => clearTimeout(timer))
    },
  }
}

async function* linesOf(url: string, response: IncomingMessage): AsyncGenerator<string> {
  try {
    yield* readLines(response, maxAnswerBytes)
  } catch (error) {
    throw error instanceof BodyTooLarge
      ? new AnswerTooLarge(`${url} told of an object of ${error.message}`)
      : unavailable(url, error, false)
  }
}

function statusOf(url: string, { statusCode: status = 0 }: IncomingMessage): number {
  if (isAnswer(status)) return status
  throw new ApiServerUnavailable(`${url} answered ${status}`)
}

/** What an API server says of the thing that was asked for, unlike of itself (429, 5xx) or of who asks (401). */
const isAnswer = (status: number) =>
  [200, 201, 202].includes(status) || (status >= 400 && status < 500 && status !== 401 && status !== 429)

/** The server had closed a connection that was kept: what was sent on it was not read. */
class Stale extends ApiServerUnavailable {}

interface Sent extends ApiRequest {
  readonly signal: AbortSignal
  /** what to say when the signal ended it */
  readonly late: string
}

function exchange<T>(
  url: string,
  agent: Agent,
  { method, path, body, metadataOnly = false, signal, late }: Sent,
  { ca, token }: { readonly ca: string; readonly token: string },
  read: (response: IncomingMessage) => Promise<T>,
): Promise<T> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const contentType = contentTypes[method]
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), {
      ...{ method: method === 'APPLY' ? 'PATCH' : method, agent, ca, minVersion: 'TLSv1.2', signal },
      headers: {
        authorization: `Bearer ${token}`,
        accept: metadataOnly === 'list' ? metadataListType : metadataOnly ? metadataType : 'application/json',
        ...(contentType && { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
      },
    })
    const fail = (error: unknown) => {
      const tooLate = () => new ApiServerUnavailable(late, { cause: error })
      reject(signal.aborted ? tooLate() : unavailable(url, error, outgoing.reusedSocket))
    }
    outgoing.on('error', fail)
    outgoing.on('response', response => {
      read(response).then(resolve, fail)
    })
    outgoing.end(text)
  })
}

function unavailable(url: string, cause: unknown, isReused: boolean): ApiServerUnavailable {
  if (cause instanceof ApiServerUnavailable) return cause
  const Kind = isReused && ['ECONNRESET', 'EPIPE'].includes(errnoOf(cause)) ? Stale : ApiServerUnavailable
  return new Kind(`${url} cannot be asked (${errnoOf(cause) || messageOf(cause)})`, { cause })
}

async function readAll(response: IncomingMessage, maxBytes: number): Promise<string> {
  try {
    return (await readBody(response, maxBytes)).toString('utf8')
  } catch (error) {
    throw error instanceof BodyTooLarge ? new AnswerTooLarge(`answered with ${error.message}`) : error
  }
}

function parse(url: string, status: number, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (status === 404) return undefined
    throw new ApiServerUnavailable(`${url} did not answer in JSON`, { cause })
  }
}

function readToken(path: string): string {
  const token = readNow(path).trim()
  if (!/^[\x21-\x7e]+$/.test(token)) throw new ApiServerUnavailable(`${path}: holds no token`)
  return token
}

function readNow(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ApiServerUnavailable(`${path}: cannot be read (${errnoOf(cause)})`, { cause })
  }
}
