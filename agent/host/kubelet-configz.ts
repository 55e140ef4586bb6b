// Asks a kubelet for the configuration it runs with, showing the agent's token only to a certificate that is known.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { type ClientRequest, request as httpRequest } from 'node:http'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { errnoOf } from '../../runtime/errors.ts'
import { absentFailure, failureOf } from './failure.ts'
import type { ConfigzAnswer, ConfigzQuestion, Failure, Outcome } from './host.ts'
import { isOwnAddress } from './own-address.ts'
import { configzUrl } from './probe-urls.ts'

const defaultTimeoutMs = 3000
/** A configuration of some hundred fields has 10 KiB. */
const maxBodyBytes = 256 * 1024
const maxTokenBytes = 16 * 1024

/**
 * The token is read anew each time, since projected ones are replaced every hour, and is sent only after the server has
 * presented one of the given certificates: any local user may listen on a port that a kubelet has left.
 *
 * @param tokenFile in the agent's own file system; undefined when there is none
 */
export async function askConfigz(
  tokenFile: string | undefined,
  question: ConfigzQuestion,
): Promise<Outcome<ConfigzAnswer>> {
  const path = configzUrl(question)
  if (tokenFile === undefined) return absentFailure(path, 'no token for it was given')
  if (!isOwnAddress(question.address)) return unavailable(path, 'not an address of this machine')
  const token = readToken(tokenFile)
  if (typeof token !== 'string') return token
  const signal = AbortSignal.timeout(question.timeoutMs ?? defaultTimeoutMs)
  const socket = await connectKnown(path, question, signal)
  if ('state' in socket) return socket
  try {
    return await get(path, socket, token, signal)
  } finally {
    socket.destroy()
  }
}

const unavailable = (path: string, detail: string): Failure => ({ state: 'unavailable', path, detail })

/** One word; a file that holds anything else is no token. Its content is never told. */
function readToken(file: string): string | Failure {
  const buffer = Buffer.alloc(maxTokenBytes + 1)
  let length = 0
  try {
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      if (!fstatSync(descriptor).isFile()) return { state: 'notRegular', path: file, detail: 'not a file' }
      length = readSync(descriptor, buffer, 0, buffer.length, 0)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const failure = failureOf(file, error)
    // It was named, so that it is not there is no plain absence.
    return failure.state === 'absent' ? unavailable(file, 'ENOENT') : failure
  }
  if (length > maxTokenBytes) return { state: 'tooLarge', path: file, detail: `more than ${maxTokenBytes} bytes` }
  const token = buffer.toString('latin1', 0, length).trim()
  return /^[!-~]+$/.test(token) ? token : unavailable(file, token === '' ? 'empty' : 'not a token')
}

function connectKnown(
  path: string,
  { address, port, fingerprints }: ConfigzQuestion,
  signal: AbortSignal,
): Promise<TLSSocket | Failure> {
  const { promise, resolve } = Promise.withResolvers<TLSSocket | Failure>()
  // The certificate is compared itself: a kubelet's own is signed by nobody.
  const socket = connectTls({ host: address, port, rejectUnauthorized: false, minVersion: 'TLSv1.2' })
  const refuse = (failure: Failure) => {
    resolve(failure)
    socket.destroy()
  }
  const onTimeout = () => refuse({ state: 'timedOut', path, detail: 'no answer in time' })
  signal.addEventListener('abort', onTimeout)
  socket.on('error', error => refuse(unavailable(path, errnoOf(error) || 'no TLS')))
  socket.on('close', () => resolve(unavailable(path, 'connection ended')))
  socket.on('secureConnect', () => {
    const presented = socket.getPeerX509Certificate()?.fingerprint256 ?? ''
    if (fingerprints.includes(presented)) resolve(socket)
    else refuse(unavailable(path, 'presents another certificate than those on disk, gets no token'))
  })
  return promise.finally(() => signal.removeEventListener('abort', onTimeout))
}

function get(path: string, socket: TLSSocket, token: string, signal: AbortSignal): Promise<Outcome<ConfigzAnswer>> {
  const { promise, resolve } = Promise.withResolvers<Outcome<ConfigzAnswer>>()
  const onTimeout = () => resolve({ state: 'timedOut', path, detail: 'no answer in time' })
  if (signal.aborted) onTimeout()
  signal.addEventListener('abort', onTimeout)
  const request: ClientRequest = httpRequest({
    createConnection: () => socket,
    method: 'GET',
    path: '/configz',
    headers: { host: 'localhost', accept: 'application/json', connection: 'close', authorization: `Bearer ${token}` },
  })
  request.on('error', error => resolve(unavailable(path, errnoOf(error) || 'no HTTP')))
  request.on('response', response => {
    const status = response.statusCode ?? 0
    if (status !== 200) return resolve({ state: 'present', path, value: { status, body: '' } })
    const chunks: Buffer[] = []
    let length = 0
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBodyBytes) resolve({ state: 'tooLarge', path, detail: `more than ${maxBodyBytes} bytes` })
    })
    response.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      resolve({ state: 'present', path, value: { status, body } })
    })
    response.on('error', error => resolve(unavailable(path, errnoOf(error) || 'answer broken off')))
  })
  request.end()
  return promise.finally(() => {
    signal.removeEventListener('abort', onTimeout)
    request.destroy()
  })
}
