// Sends one body over HTTP to an address that was checked, and to no other.
import { lookup } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { isIP } from 'node:net'
import type { Clock } from '../../runtime/clock.ts'
import { errnoOf } from '../../runtime/errors.ts'
import { version } from '../../runtime/version.ts'
import { allowedAddresses } from './allowed-addresses.ts'
import { withDeadline } from './deadline.ts'
import type { ReceiverOf } from './notify-config.ts'
import { parseRetryAfter } from './retry.ts'
import { SendError } from './send-error.ts'

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>

export interface Network {
  readonly clock: Clock
  readonly resolve: Resolve
}

export const systemResolve: Resolve = async name =>
  (await lookup(name, { all: true, verbatim: true })).map(({ address }) => address)

/** What a receiver says about how it is reached. */
export type Reaching = Pick<ReceiverOf<'slack'>, 'allowAddresses' | 'timeout' | 'caFile'>

export interface Destination {
  /** as it stands in a URL: IPv6 in brackets */
  readonly host: string
  readonly isSecure: boolean
  /** ends the sending */
  readonly signal: AbortSignal
}

/**
 * Every address of the name has to be one that may be sent to: one that may not among them is a trap.
 * @returns the address to connect to; the name is not asked again
 * @throws SendError, also when the sending ended before the name was resolved
 */
export async function checkedAddress(
  { host, isSecure, signal }: Destination,
  { allowAddresses }: Pick<Reaching, 'allowAddresses'>,
  { resolve }: Network,
): Promise<string> {
  const allowed = allowedAddresses(allowAddresses)
  const literal = withoutBrackets(host)
  const addresses = isIP(literal) > 0 ? [literal] : await resolve(host).catch(() => [])
  const [first] = addresses
  if (first === undefined) throw new SendError(`${host}: the name cannot be resolved`)
  for (const address of addresses) {
    const why = allowed.refusal(address)
    if (why !== undefined) throw new SendError(`${host}: ${address} is refused: ${why}; allowAddresses may name it`)
  }
  if (!isSecure && !allowed.isNamed(first)) {
    throw new SendError(`${host}: without TLS only to addresses that allowAddresses names`)
  }
  if (signal.aborted) throw new SendError(`${host}: the name was resolved too late`)
  return first
}

const withoutBrackets = (host: string) => (host.startsWith('[') ? host.slice(1, -1) : host)

interface Post {
  /** with the path, which may be secret */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** @throws SendError */
export async function post(what: Post, reaching: Reaching, network: Network, signal: AbortSignal): Promise<void> {
  await withDeadline(network.clock, reaching.timeout, signal, async ending => {
    const { host, hostname, protocol } = what.url
    const destination = { host: hostname, isSecure: protocol === 'https:', signal: ending }
    const address = await checkedAddress(destination, reaching, network)
    const answer = await send(what, address, reaching.caFile, ending)
    judge(answer, host, network.clock.now())
  })
}

interface Answered {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** Nothing of the answer is read but its head: nobody needs it, and it may be endless. */
function send({ url, headers, body }: Post, address: string, caFile: string | undefined, signal: AbortSignal) {
  const length = String(Buffer.byteLength(body))
  const options = {
    ...{ host: address, path: url.pathname + url.search, method: 'POST', agent: false, signal, maxHeaderSize: 16_384 },
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    headers: {
      ...{ host: url.host, 'user-agent': `gabion-collector/${version}`, 'content-type': 'application/json' },
      ...{ 'content-length': length, connection: 'close', ...headers },
    },
  }
  return new Promise<Answered>((resolve, reject) => {
    const sent =
      url.protocol === 'https:' ? secureRequest({ ...options, ...tlsFor(url.hostname, caFile) }) : plainRequest(options)
    sent.on('response', ({ statusCode = 0, headers: { 'retry-after': retryAfter } }) => {
      resolve({ status: statusCode, retryAfter })
      sent.destroy()
    })
    sent.on('error', cause => reject(unreachable(url.host, cause)))
    sent.end(body)
  })
}

/** The certificate has to be for the name, although an address is connected to. */
export function tlsFor(hostname: string, caFile: string | undefined) {
  const servername = isIP(withoutBrackets(hostname)) > 0 ? {} : { servername: hostname }
  return {
    ...servername,
    minVersion: 'TLSv1.2' as const,
    ...(caFile === undefined ? {} : { ca: readCertificates(caFile) }),
  }
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new SendError(`${file}: cannot be read (${errnoOf(cause)})`)
  }
}

export function unreachable(host: string, cause: unknown): SendError {
  return cause instanceof SendError
    ? cause
    : new SendError(`${host}: cannot be reached (${errnoOf(cause) || 'no reason given'})`)
}

/** What the sender of a bad message would be told again and again. */
const neverTaken: ReadonlySet<number> = new Set([400, 413, 414, 415, 422, 431])

/** @throws SendError unless it was taken */
function judge({ status, retryAfter }: Answered, host: string, nowMs: number): void {
  if (status >= 200 && status < 300) return
  if (status >= 300 && status < 400) throw new SendError(`${host}: answered ${status}, and redirects are not followed`)
  const fate = neverTaken.has(status) ? 'never' : 'later'
  throw new SendError(`${host}: answered ${status}`, fate, parseRetryAfter(retryAfter, nowMs))
}
