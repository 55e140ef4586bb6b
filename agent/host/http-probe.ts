// Asks one local port one anonymous question and says what it answered.
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { TLSSocket } from 'node:tls'
import { errnoOf } from '../../runtime/errors.ts'
import type { HttpAnswer, HttpProbe, Outcome } from './host.ts'
import { isOwnAddress } from './own-address.ts'
import { probeUrl } from './probe-urls.ts'

const maxBodyBytes = 4096
const defaultTimeoutMs = 2000

/** Sends a GET without credentials to an address of this machine; any other address is `unavailable`. */
export async function probeHttpPort(probe: HttpProbe): Promise<Outcome<HttpAnswer>> {
  const path = probeUrl(probe)
  if (!isOwnAddress(probe.address)) return { state: 'unavailable', path, detail: 'not an address of this machine' }
  if (!/^\/[!-~]*$/.test(probe.path)) return { state: 'unavailable', path, detail: 'not a path of a request' }
  return { state: 'present', path, value: await ask(probe) }
}

interface Progress {
  connected: boolean
  tlsVersion: string
  /** of the server, in PEM; empty without TLS */
  certificate: string
}

function ask(probe: HttpProbe): Promise<HttpAnswer> {
  const { promise, resolve } = Promise.withResolvers<HttpAnswer>()
  const progress: Progress = { connected: false, tlsVersion: '', certificate: '' }
  const timeoutMs = probe.timeoutMs ?? defaultTimeoutMs
  const request = open(probe)
  const end = (answer: HttpAnswer) => {
    clearTimeout(timer)
    resolve(answer)
    request.destroy()
  }
  let atDeadline = () => end({ state: 'silent', detail: `no answer in ${timeoutMs} ms` })
  const timer = setTimeout(() => atDeadline(), timeoutMs)
  request.on('socket', socket => {
    socket.on('connect', () => {
      progress.connected = true
    })
    socket.on('secureConnect', () => {
      if (!(socket instanceof TLSSocket)) return
      progress.tlsVersion = socket.getProtocol() ?? ''
      progress.certificate = socket.getPeerX509Certificate()?.toString() ?? ''
    })
  })
  request.on('error', error => end(answerOfError(error, progress)))
  request.on('response', response => {
    const chunks: Buffer[] = []
    let length = 0
    const finish = () => {
      const body = Buffer.concat(chunks).subarray(0, maxBodyBytes).toString('utf8')
      end({ state: 'open', status: response.statusCode ?? 0, body, ...told(progress) })
    }
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length >= maxBodyBytes) finish()
    })
    response.on('end', finish)
    response.on('error', finish)
    // A body that trickles is cut at the deadline: the status is the answer.
    atDeadline = finish
  })
  request.end()
  return promise
}

function open(probe: HttpProbe) {
  const options = {
    host: probe.address,
    port: probe.port,
    path: probe.path,
    method: 'GET',
    agent: false,
    headers: { accept: '*/*', connection: 'close', 'user-agent': 'gabion-agent' },
  }
  if (!probe.tls) return plainRequest(options)
  // Nothing is sent that the certificate would have to protect, and old protocols are what we want to hear of.
  return tlsRequest({ ...options, rejectUnauthorized: false, minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' })
}

function answerOfError(error: unknown, progress: Progress): HttpAnswer {
  const code = errnoOf(error) || 'unknown error'
  if (progress.connected) return { state: 'open', status: 0, body: '', ...told(progress) }
  return { state: code === 'ECONNREFUSED' ? 'closed' : 'failed', detail: code }
}

function told({ tlsVersion, certificate }: Progress): { readonly tlsVersion: string; readonly certificate?: string } {
  return certificate === '' ? { tlsVersion } : { tlsVersion, certificate }
}
