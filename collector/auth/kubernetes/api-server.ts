// Asks the API server of a cluster, with the collector's own token and that cluster's CA, within limits.
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { errnoOf, messageOf } from '../../../runtime/errors.ts'
import { BodyTooLarge, readBody } from '../../../runtime/read-body.ts'

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
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** from the root, encoded */
  readonly path: string
  readonly body?: unknown
  /** only the metadata of the object is wanted */
  readonly metadataOnly?: boolean
}

export interface ApiAnswer {
  readonly status: number
  /** parsed JSON */
  readonly body: unknown
}

export interface ApiServer {
  /** @throws ApiServerUnavailable when there is no answer that says anything about what was asked */
  ask(what: ApiRequest): Promise<ApiAnswer>
}

/** The API server could not be asked, or did not answer as one does. */
export class ApiServerUnavailable extends Error {
  override readonly name = 'ApiServerUnavailable'
}

const defaultTimeoutMs = 10_000
/** etcd keeps no object above 1.5 MiB. */
const maxAnswerBytes = 2 * 1024 * 1024
const maxSockets = 16
const contentTypes = { GET: undefined, POST: 'application/json', PATCH: 'application/merge-patch+json' } as const
const metadataType = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1, application/json'

export function openApiServer(options: ApiServerOptions): ApiServer {
  const agent = new Agent({ keepAlive: true, maxSockets })
  return {
    async ask(what) {
      const ca = readNow(options.caFile)
      const token = readNow(options.tokenFile).trim()
      if (!/^[\x21-\x7e]+$/.test(token)) throw new ApiServerUnavailable(`${options.tokenFile}: holds no token`)
      const send = () => exchange(options, agent, what, ca, token)
      const answer = await send().catch(error => (error instanceof Stale ? send() : Promise.reject(error)))
      if (!isAnswer(answer.status)) throw new ApiServerUnavailable(`${options.url} answered ${answer.status}`)
      return { status: answer.status, body: parse(options, answer.text) }
    },
  }
}

/** What an API server says of the thing that was asked for, unlike of itself (429, 5xx) or of who asks (401). */
const isAnswer = (status: number) =>
  status === 200 || status === 201 || (status >= 400 && status < 500 && status !== 401 && status !== 429)

/** The server had closed a connection that was kept: what was sent on it was not read. */
class Stale extends ApiServerUnavailable {}

interface Exchanged {
  readonly status: number
  readonly text: string
}

function exchange(
  { url, timeoutMs = defaultTimeoutMs }: ApiServerOptions,
  agent: Agent,
  { method, path, body, metadataOnly }: ApiRequest,
  ca: string,
  token: string,
): Promise<Exchanged> {
  const text = body === undefined ? '' : JSON.stringify(body)
  const contentType = contentTypes[method]
  const signal = AbortSignal.timeout(timeoutMs)
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), {
      ...{ method, agent, ca, minVersion: 'TLSv1.2', signal },
      headers: {
        authorization: `Bearer ${token}`,
        accept: metadataOnly ? metadataType : 'application/json',
        ...(contentType && { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
      },
    })
    const fail = (error: unknown) => {
      const late = new ApiServerUnavailable(`${url} gave no answer within ${timeoutMs} ms`, { cause: error })
      reject(signal.aborted ? late : unavailable(url, error, outgoing.reusedSocket))
    }
    outgoing.on('error', fail)
    outgoing.on('response', response => {
      readAll(response).then(read => resolve({ status: response.statusCode ?? 0, text: read }), fail)
    })
    outgoing.end(text)
  })
}

function unavailable(url: string, cause: unknown, isReused: boolean): ApiServerUnavailable {
  if (cause instanceof ApiServerUnavailable) return cause
  const Kind = isReused && ['ECONNRESET', 'EPIPE'].includes(errnoOf(cause)) ? Stale : ApiServerUnavailable
  return new Kind(`${url} cannot be asked (${errnoOf(cause) || messageOf(cause)})`, { cause })
}

async function readAll(response: IncomingMessage): Promise<string> {
  try {
    return (await readBody(response, maxAnswerBytes)).toString('utf8')
  } catch (error) {
    throw error instanceof BodyTooLarge ? new ApiServerUnavailable(`answered with ${error.message}`) : error
  }
}

function parse({ url }: ApiServerOptions, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ApiServerUnavailable(`${url} did not answer in JSON`, { cause })
  }
}

function readNow(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new ApiServerUnavailable(`${path}: cannot be read (${errnoOf(cause)})`, { cause })
  }
}
