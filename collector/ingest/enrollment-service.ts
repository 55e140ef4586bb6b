// The gRPC side of enrolling and renewing: who asks, how often, and what went wrong in the words of gRPC.
import { X509Certificate } from 'node:crypto'
import { type ServerUnaryCall, type ServiceError, type sendUnaryData, status } from '@grpc/grpc-js'
import type { EnrollmentServiceHandlers } from '../../proto/generated/gabion/v1/EnrollmentService.ts'
import type { EnrollRequest__Output } from '../../proto/generated/gabion/v1/EnrollRequest.ts'
import type { EnrollResponse } from '../../proto/generated/gabion/v1/EnrollResponse.ts'
import type { RenewRequest__Output } from '../../proto/generated/gabion/v1/RenewRequest.ts'
import { certificatesOf } from '../../runtime/certificate-pin.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import type { TokenBucket } from '../../runtime/token-bucket.ts'
import { type Identify, NotIdentified } from '../auth/identity.ts'
import { type EnrollmentAnswer, type EnrollmentDesk, EnrollmentRefused } from '../domain/enrollment.ts'
import { peerCall } from './peer-call.ts'
import { serviceError } from './service-error.ts'

export interface EnrollmentServiceOptions {
  readonly desk: EnrollmentDesk
  /** PEM of the CAs that hosts verify the collector by */
  readonly authorities: () => string
  /** for renewals: which certificate asks */
  readonly identify: Identify
  /** HOST:PORT that enrolled hosts connect to, empty when they know */
  readonly endpoint: string
  /** enrollments have a limit of their own, so that a storm of them is none of the streams */
  readonly limiter: Pick<TokenBucket, 'take'>
  readonly log: Log
}

/** A host that waits for approval asks again after that. */
const pendingMs = 30_000

const codes = {
  malformed: status.INVALID_ARGUMENT,
  token: status.UNAUTHENTICATED,
  refused: status.PERMISSION_DENIED,
} as const

export function enrollmentHandlers(options: EnrollmentServiceOptions): EnrollmentServiceHandlers {
  return {
    Enroll: (call, reply) => void answer(options, call, reply, enroll),
    Renew: (call, reply) => void answer(options, call, reply, renew),
  }
}

type Work<T> = (
  options: EnrollmentServiceOptions,
  call: ServerUnaryCall<T, EnrollResponse>,
) => Promise<EnrollmentAnswer>

async function answer<T>(
  options: EnrollmentServiceOptions,
  call: ServerUnaryCall<T, EnrollResponse>,
  reply: sendUnaryData<EnrollResponse>,
  work: Work<T>,
): Promise<void> {
  const wait = options.limiter.take()
  if (wait > 0) return reply(serviceError(status.RESOURCE_EXHAUSTED, 'too many hosts enroll at once', wait))
  try {
    reply(null, responseOf(options, await work(options, call)))
  } catch (error) {
    reply(toServiceError(error, options.log, call.getPeer()))
  }
}

function enroll({ desk }: EnrollmentServiceOptions, call: ServerUnaryCall<EnrollRequest__Output, EnrollResponse>) {
  const { tokenId, tokenSecret, requestId, signingRequest, hostname, machineId, bootId, agentVersion } = call.request
  const attributes = { hostname, machineId, bootId, agentVersion, address: call.getPeer() }
  return desk.enroll({ tokenId, secret: tokenSecret, requestId, signingRequest, ...attributes })
}

async function renew(
  { desk, identify }: EnrollmentServiceOptions,
  call: ServerUnaryCall<RenewRequest__Output, EnrollResponse>,
) {
  const identity = await identify(peerCall(call))
  if (identity.kind !== 'certificate') throw new NotIdentified('only an enrolled host can renew its certificate')
  return desk.renew({ hostId: identity.hostId, signingRequest: call.request.signingRequest })
}

function responseOf({ authorities, endpoint }: EnrollmentServiceOptions, answer: EnrollmentAnswer): EnrollResponse {
  if (answer.state === 'pending') return { state: 'STATE_PENDING', retryAfterMs: pendingMs }
  return {
    state: 'STATE_ISSUED',
    hostId: answer.hostId,
    certificateChain: [new X509Certificate(answer.certificate).raw],
    authorities: certificatesOf(authorities()).map(certificate => certificate.raw),
    endpoint,
  }
}

function toServiceError(error: unknown, log: Log, peer: string): Partial<ServiceError> {
  if (error instanceof EnrollmentRefused) {
    log.warn('enrollment refused', { peer, code: error.code, reason: error.message })
    return serviceError(codes[error.code], error.message)
  }
  if (error instanceof NotIdentified) {
    log.warn('renewal refused', { peer, reason: error.message })
    return serviceError(status.UNAUTHENTICATED, error.message)
  }
  log.error('enrollment failed', { peer, reason: messageOf(error) })
  return serviceError(status.INTERNAL, 'the collector could not do it', pendingMs)
}
