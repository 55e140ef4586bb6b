// Enrolling a bare host: find the collector by its pin, make a key, trade the token for a certificate, keep it.
import { randomUUID, X509Certificate } from 'node:crypto'
import { type ServiceError, status } from '@grpc/grpc-js'
import type { EnrollResponse__Output } from '../../proto/generated/gabion/v1/EnrollResponse.ts'
import { type Clock, systemClock } from '../../runtime/clock.ts'
import type { EnrollmentString } from '../../runtime/enrollment-string.ts'
import { GabionError } from '../../runtime/errors.ts'
import { version } from '../../runtime/version.ts'
import { enrolledCredentials, verified } from './channel.ts'
import {
  type Credential,
  type PendingEnrollment,
  readPending,
  writeCredential,
  writePending,
} from './credential-file.ts'
import { findAuthority, splitEndpoint } from './find-authority.ts'
import { EnrollmentService } from './services.ts'

const callMs = 30_000
const enrolledPort = 50_052
/** gRPC errors that pass by themselves. */
const passing = [status.UNAVAILABLE, status.RESOURCE_EXHAUSTED, status.DEADLINE_EXCEEDED, status.INTERNAL]
const retryMs = 2_000

export interface HostAttributes {
  readonly hostname: string
  readonly machineId: string
  readonly bootId: string
}

export interface EnrollOptions {
  readonly target: EnrollmentString
  readonly stateDirectory: string
  readonly attributes: HostAttributes
  readonly clock: Clock
  /** how long to wait for approval or a busy collector */
  readonly patienceMs: number
  /** told while it waits: for people */
  readonly onWait: (reason: string) => void
}

/**
 * Resolves when the credential is on disk. Run again after a crash, it goes on with the same key and request.
 * @throws GabionError `uplink` with the collector's reason, or `state_directory`
 */
export async function enroll(options: EnrollOptions, signal?: AbortSignal): Promise<Credential> {
  const { target, stateDirectory } = options
  const authority = await findAuthority(target.endpoint, target.pin)
  const pending = await pendingFor(stateDirectory, target.tokenId)
  const answer = await askUntilDecided(options, pending, authority, signal)
  const credential = credentialOf(answer, pending.key, endpointOf(answer, target.endpoint))
  writeCredential(stateDirectory, credential)
  return credential
}

/** A new certificate for a new key, by the one in force. @throws GabionError `uplink` with the collector's reason */
export async function renew(credential: Credential, stateDirectory: string): Promise<Credential> {
  const { makeSigningRequest } = await import('./signing-request.ts')
  const { key, request } = await makeSigningRequest()
  const client = openClient(credential.endpoint, enrolledCredentials(credential))
  try {
    const answer = await call((reply, deadline) =>
      client.Renew({ signingRequest: Buffer.from(request) }, { deadline }, reply),
    )
    const renewed = credentialOf(answer, key, credential.endpoint)
    writeCredential(stateDirectory, renewed)
    return renewed
  } catch (error) {
    throw toGabionError(error, credential.endpoint)
  } finally {
    client.close()
  }
}

async function pendingFor(directory: string, tokenId: string): Promise<PendingEnrollment> {
  const before = readPending(directory)
  if (before?.tokenId === tokenId) return before
  const { makeSigningRequest } = await import('./signing-request.ts')
  const { key, request } = await makeSigningRequest()
  const pending = { tokenId, requestId: randomUUID(), key, request: Buffer.from(request).toString('base64') }
  writePending(directory, pending)
  return pending
}

async function askUntilDecided(
  { target, attributes, clock, patienceMs, onWait }: EnrollOptions,
  { requestId, request }: PendingEnrollment,
  authority: string,
  signal: AbortSignal | undefined,
): Promise<EnrollResponse__Output> {
  const { endpoint, tokenId } = target
  const client = openClient(endpoint, verified({ ca: authority }))
  const secret = { tokenId, tokenSecret: Buffer.from(target.secret, 'hex') }
  const message = {
    ...secret,
    requestId,
    signingRequest: Buffer.from(request, 'base64'),
    ...attributes,
    agentVersion: version,
  }
  const until = clock.monotonic() + patienceMs
  try {
    for (;;) {
      const { answer, waitMs, reason } = await attempt(client, message)
      if (answer) return answer
      if (signal?.aborted || clock.monotonic() + waitMs > until) {
        throw new GabionError('uplink', `${endpoint}: ${reason}; run the same command again to go on waiting`)
      }
      onWait(reason)
      await clock.sleep(waitMs, signal)
    }
  } catch (error) {
    throw toGabionError(error, endpoint)
  } finally {
    client.close()
  }
}

interface Attempt {
  readonly answer?: EnrollResponse__Output
  readonly waitMs: number
  readonly reason: string
}

type EnrollMessage = Parameters<ReturnType<typeof openClient>['Enroll']>[0]

async function attempt(client: ReturnType<typeof openClient>, message: EnrollMessage): Promise<Attempt> {
  try {
    const answer = await call((reply, deadline) => client.Enroll(message, { deadline }, reply))
    if (answer.state === 'STATE_ISSUED') return { answer, waitMs: 0, reason: '' }
    return { waitMs: answer.retryAfterMs || retryMs, reason: 'waits for somebody to approve this host' }
  } catch (error) {
    const { code, details, metadata } = error as ServiceError
    if (!passing.includes(code)) throw error
    return { waitMs: Number(metadata?.get('retry-after-ms')[0] ?? 0) || retryMs, reason: details }
  }
}

function openClient(address: string, channel: ReturnType<typeof verified>) {
  return new EnrollmentService(address, channel)
}

type Reply = (error: ServiceError | null, answer?: EnrollResponse__Output) => void

function call(work: (reply: Reply, deadline: Date) => unknown): Promise<EnrollResponse__Output> {
  const { promise, resolve, reject } = Promise.withResolvers<EnrollResponse__Output>()
  work((error, answer) => (answer ? resolve(answer) : reject(error)), new Date(systemClock.now() + callMs))
  return promise
}

function credentialOf(answer: EnrollResponse__Output, key: string, endpoint: string): Credential {
  const { hostId, certificateChain, authorities } = answer
  return {
    ...{ hostId, endpoint, key },
    certificates: certificateChain.map(toPem).join(''),
    authorities: authorities.map(toPem).join(''),
  }
}

/** Without a word from the collector: the same host, the listener's usual port. */
function endpointOf({ endpoint }: EnrollResponse__Output, enrolledAt: string): string {
  if (endpoint !== '') return endpoint
  const { host } = splitEndpoint(enrolledAt)
  return host.includes(':') ? `[${host}]:${enrolledPort}` : `${host}:${enrolledPort}`
}

function toPem(der: Uint8Array): string {
  try {
    return new X509Certificate(der).toString()
  } catch (cause) {
    throw new GabionError('uplink', 'the collector answered with a certificate that is none', { cause })
  }
}

function toGabionError(error: unknown, endpoint: string): GabionError {
  if (error instanceof GabionError) return error
  const { details, message } = error as Partial<ServiceError>
  return new GabionError('uplink', `${endpoint}: ${details ?? message ?? String(error)}`, { cause: error })
}
