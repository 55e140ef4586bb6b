// Asks a local port which TLS versions and cipher suites it accepts, without ever finishing a handshake.
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { errnoOf } from '../../runtime/errors.ts'
import { goCipherSuites, tls13CipherSuites } from '../parse/tls-cipher-suites.ts'
import { maxServerBytes, parseServerHello, type ServerHello, tls13 } from '../parse/tls-server-hello.ts'
import type { Outcome, TlsAnswer, TlsProbe } from './host.ts'
import { isOwnAddress } from './own-address.ts'
import { tlsUrl } from './probe-urls.ts'
import { tlsClientHello } from './tls-client-hello.ts'

const defaultTimeoutMs = 4000
/** Newest first. */
const versions = [
  [tls13, 'TLSv1.3'],
  [0x0303, 'TLSv1.2'],
  [0x0302, 'TLSv1.1'],
  [0x0301, 'TLSv1'],
] as const

/**
 * One connection per version, and one per cipher suite of the newest version below 1.3: each time the suite that the
 * server chose is left out of the next offer. A server writes a line into its log for most of them.
 */
export async function probeTlsPort(probe: TlsProbe): Promise<Outcome<TlsAnswer>> {
  const path = tlsUrl(probe)
  if (!isOwnAddress(probe.address)) return { state: 'unavailable', path, detail: 'not an address of this machine' }
  const deadline = AbortSignal.timeout(probe.timeoutMs ?? defaultTimeoutMs)
  try {
    return { state: 'present', path, value: await offers(probe, deadline) }
  } catch (error) {
    if (error instanceof NoAnswer) return { state: 'present', path, value: error.answer }
    throw error
  }
}

class NoAnswer extends Error {
  readonly answer: Exclude<TlsAnswer, { readonly state: 'open' }>
  constructor(answer: Exclude<TlsAnswer, { readonly state: 'open' }>) {
    super(answer.detail)
    this.answer = answer
  }
}

async function offers(probe: TlsProbe, deadline: AbortSignal): Promise<TlsAnswer> {
  const accepted: string[] = []
  const cipherSuites: string[] = []
  let clientAuthorities = -1
  for (const [version, name] of versions) {
    const suites = version === tls13 ? tls13CipherSuites : [...goCipherSuites.keys()]
    let answer = await ask(probe, version, suites, deadline)
    if (answer.state !== 'accepted' || answer.version !== version) continue
    accepted.push(name)
    if (version === tls13 || cipherSuites.length > 0) continue
    clientAuthorities = answer.clientAuthorities
    const left = new Set(suites)
    while (answer.state === 'accepted' && answer.version === version && left.delete(answer.cipherSuite)) {
      cipherSuites.push(goCipherSuites.get(answer.cipherSuite) ?? '')
      if (left.size === 0) break
      answer = await ask(probe, version, [...left], deadline)
    }
  }
  if (accepted.length === 0) return { state: 'failed', detail: 'accepts no version of TLS' }
  return { state: 'open', versions: accepted, cipherSuites, clientAuthorities }
}

/** @throws NoAnswer when the port is closed, silent or breaks off before it says anything */
function ask(
  { address, port }: TlsProbe,
  version: number,
  suites: readonly number[],
  deadline: AbortSignal,
): Promise<ServerHello> {
  const { promise, resolve, reject } = Promise.withResolvers<ServerHello>()
  const silent = () => reject(new NoAnswer({ state: 'silent', detail: 'no answer in time' }))
  if (deadline.aborted) {
    silent()
    return promise
  }
  const chunks: Buffer[] = []
  let length = 0
  const socket = connect({ host: address, port })
  deadline.addEventListener('abort', silent)
  socket.on('connect', () => socket.write(tlsClientHello(version, suites, randomBytes(32))))
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    const answer = parseServerHello(Buffer.concat(chunks))
    if (answer.state !== 'incomplete' || length > maxServerBytes) resolve(answer)
  })
  socket.on('error', error => {
    const code = errnoOf(error) || 'unknown error'
    if (code === 'ECONNREFUSED') reject(new NoAnswer({ state: 'closed', detail: code }))
    // Some servers end the connection instead of saying that they refuse.
    else if (code === 'ECONNRESET' || code === 'EPIPE') resolve({ state: 'refused', alert: 0 })
    else reject(new NoAnswer({ state: 'failed', detail: code }))
  })
  socket.on('close', () => resolve({ state: 'refused', alert: 0 }))
  return promise.finally(() => {
    deadline.removeEventListener('abort', silent)
    socket.destroy()
  })
}
