// Asks a container runtime over its Unix socket: runtime.v1 of the Kubernetes Container Runtime Interface.
import { closeSync, constants, openSync } from 'node:fs'
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import { fromJSON, type MethodDefinition } from '@grpc/proto-loader'
import { criDescriptor } from './cri-descriptor.ts'
import { absentFailure, failureOf, kindOf, notRegular } from './failure.ts'
import type { CriAnswer, CriContainer, CriQuestion, CriSandbox, Failure, Outcome } from './host.ts'
import { atPlace, O_PATH, type Root } from './resolve.ts'

const defaultTimeoutMs = 2000
const maxAnswerBytes = 16 * 1024 * 1024
/** A node runs at most some hundred pods; more rows than this are a flood. */
const maxRows = 10_000
const ready = 0
const running = 1
/** Status of gRPC for a call that the other side does not know. */
const unimplemented = '12'

type Calls = Readonly<Record<string, MethodDefinition<object, object>>>
const calls = fromJSON(criDescriptor as Parameters<typeof fromJSON>[0], { defaults: true })[
  'runtime.v1.RuntimeService'
] as unknown as Calls

/**
 * The socket is pinned before it is asked, so that nothing can be swapped in for it. The connection is one of HTTP/2 of
 * our own and no channel of a gRPC library: it is certainly gone when this returns, whatever the other side does.
 */
export async function askCri(root: Root, question: CriQuestion): Promise<Outcome<CriAnswer>> {
  const path = question.socket
  const pin = pinSocket(root, path)
  if (typeof pin !== 'number') return pin
  const socket = connectSocket({ path: `/proc/self/fd/${pin}` })
  const session = connectHttp2('http://localhost', { createConnection: () => socket })
  const { promise, resolve } = Promise.withResolvers<Outcome<CriAnswer>>()
  const timeoutMs = question.timeoutMs ?? defaultTimeoutMs
  const timer = setTimeout(
    () => resolve({ state: 'timedOut', path, detail: `no answer in ${timeoutMs} ms` }),
    timeoutMs,
  )
  session.on('error', error => resolve(failureOfCall(path, error)))
  ask(session, question.what).then(
    value => resolve({ state: 'present', path, value }),
    error => resolve(failureOfCall(path, error)),
  )
  const outcome = await promise
  clearTimeout(timer)
  session.destroy()
  socket.destroy()
  closeSync(pin)
  return outcome
}

function pinSocket(root: Root, path: string): number | Failure {
  return atPlace<number | Failure>(root, path, true, ({ entry, stats }) => {
    if (!stats.isSocket()) return notRegular(path, kindOf(stats))
    try {
      return openSync(entry, O_PATH | constants.O_NOFOLLOW)
    } catch (error) {
      return failureOf(path, error)
    }
  })
}

async function ask(session: ClientHttp2Session, what: CriQuestion['what']): Promise<CriAnswer> {
  const version = (await call(session, 'Version', { version: 'v1' })) as VersionResponse
  const own = {
    runtimeName: version.runtimeName,
    runtimeVersion: version.runtimeVersion,
    apiVersion: version.runtimeApiVersion,
  }
  if (what === 'version') return { ...own, sandboxes: [], containers: [] }
  const pods = (await call(session, 'ListPodSandbox', { filter: { state: { state: ready } } })) as PodResponse
  const all = (await call(session, 'ListContainers', { filter: { state: { state: running } } })) as ContainerResponse
  if (Math.max(pods.items.length, all.containers.length) > maxRows) {
    throw new CallError('tooLarge', `over the limit of ${maxRows} rows`)
  }
  return { ...own, sandboxes: pods.items.map(sandboxOf), containers: all.containers.map(containerOf) }
}

interface VersionResponse {
  readonly runtimeName: string
  readonly runtimeVersion: string
  readonly runtimeApiVersion: string
}
interface PodResponse {
  readonly items: readonly {
    readonly id: string
    readonly metadata: { readonly name: string; readonly uid: string; readonly namespace: string } | null
    readonly runtimeHandler: string
  }[]
}
interface ContainerResponse {
  readonly containers: readonly {
    readonly id: string
    readonly podSandboxId: string
    readonly metadata: { readonly name: string } | null
    readonly image: { readonly image: string; readonly userSpecifiedImage: string } | null
    readonly imageRef: string
  }[]
}

function sandboxOf({ id, metadata, runtimeHandler }: PodResponse['items'][number]): CriSandbox {
  return {
    id,
    name: metadata?.name ?? '',
    namespace: metadata?.namespace ?? '',
    uid: metadata?.uid ?? '',
    handler: runtimeHandler,
  }
}

function containerOf(row: ContainerResponse['containers'][number]): CriContainer {
  const image = row.image?.userSpecifiedImage || row.image?.image || row.imageRef
  return { id: row.id, sandboxId: row.podSandboxId, name: row.metadata?.name ?? '', image }
}

class CallError extends Error {
  readonly state: 'absent' | 'tooLarge' | 'unavailable'
  constructor(state: CallError['state'], detail: string) {
    super(detail)
    this.state = state
  }
}

/** One unary call of gRPC: a message behind five bytes of flag and length each way, a status in the trailers. */
function call(session: ClientHttp2Session, name: string, request: object): Promise<object> {
  const { promise, resolve, reject } = Promise.withResolvers<object>()
  const method = calls[name]
  if (!method) throw new Error(`no call ${name}`)
  const stream = session.request({
    ':method': 'POST',
    ':path': method.path,
    te: 'trailers',
    'content-type': 'application/grpc',
  })
  const chunks: Buffer[] = []
  let length = 0
  let status = ''
  const noteStatus = (headers: Readonly<Record<string, unknown>>) => {
    status = String(headers['grpc-status'] ?? status)
  }
  stream.on('response', noteStatus)
  stream.on('trailers', noteStatus)
  stream.on('error', reject)
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (length > maxAnswerBytes) reject(new CallError('tooLarge', `over the limit of ${maxAnswerBytes} bytes`))
  })
  stream.on('end', () => {
    try {
      resolve(method.responseDeserialize(messageOf(status, Buffer.concat(chunks))))
    } catch (error) {
      reject(error)
    }
  })
  const message = method.requestSerialize(request)
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  stream.end(Buffer.concat([prefix, message]))
  return promise
}

/** @throws CallError for a status that is not 0, and for what is not one message without compression */
function messageOf(status: string, body: Buffer): Buffer {
  if (status === unimplemented) throw new CallError('absent', 'does not speak runtime.v1')
  if (/^[1-9]\d?$/.test(status)) throw new CallError('unavailable', `status ${status}`)
  if (status !== '0' || body.length < 5 || body[0] !== 0 || body.readUInt32BE(1) !== body.length - 5) {
    throw new CallError('unavailable', 'not an answer of runtime.v1')
  }
  return body.subarray(5)
}

function failureOfCall(path: string, error: unknown): Failure {
  if (error instanceof CallError) {
    return error.state === 'absent'
      ? absentFailure(path, error.message)
      : { state: error.state, path, detail: error.message }
  }
  const code = (error as { readonly code?: unknown } | undefined)?.code
  const detail = typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'not an answer of runtime.v1'
  return { state: 'unavailable', path, detail }
}
