// Enrolling hosts: a token and a key become a host and its credential, once, whatever is repeated.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import type { Authority } from '../auth/pki/authority.ts'
import { RequestError } from '../auth/pki/request-error.ts'
import type { Enrollment, StoredToken } from '../store/identity-records.ts'
import type { Store } from '../store/store.ts'
import type { StoreTransaction } from '../store/transaction.ts'

/** How long a host whose first answer was lost may ask for it again. */
const repeatMs = 3_600_000

export interface EnrollmentRequest {
  readonly tokenId: string
  readonly secret: Uint8Array
  readonly requestId: string
  /** PKCS #10 in DER */
  readonly signingRequest: Uint8Array
  readonly hostname: string
  readonly machineId: string
  readonly bootId: string
  readonly agentVersion: string
  /** address that it came from, for people */
  readonly address: string
}

export interface RenewalRequest {
  readonly hostId: string
  readonly signingRequest: Uint8Array
}

export type EnrollmentAnswer =
  | { readonly state: 'pending' }
  | { readonly state: 'issued'; readonly hostId: string; readonly certificate: string }

export type RefusalCode = 'malformed' | 'token' | 'refused'

/** Why a host gets no credential; the message is for the one who asked. */
export class EnrollmentRefused extends Error {
  override readonly name = 'EnrollmentRefused'
  readonly code: RefusalCode
  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

export interface EnrollmentOptions {
  readonly store: Store
  readonly authority: Authority
  readonly clock: Clock
  readonly log: Log
  /** life of a client certificate */
  readonly lifetimeMs: number
}

export interface EnrollmentDesk {
  /** @throws EnrollmentRefused */
  enroll(request: EnrollmentRequest): Promise<EnrollmentAnswer>
  /** For a host that proved itself by its certificate. @throws EnrollmentRefused */
  renew(request: RenewalRequest): Promise<EnrollmentAnswer>
  /** Lets a host in, or not, that waits. @returns the decided request, undefined when nobody waits under that id */
  decide(requestId: string, approve: boolean): Promise<Enrollment | undefined>
}

export function createEnrollmentDesk(options: EnrollmentOptions): EnrollmentDesk {
  const { store, authority, clock, log } = options
  return {
    async enroll(request) {
      requireFields(request)
      await malformed(() => authority.checkRequest(request.signingRequest))
      const decided = await store.write(transaction => admit(transaction, request, clock.now()))
      if (decided.state === 'refused') throw new EnrollmentRefused('refused', 'somebody refused this host')
      if (decided.state === 'pending') return { state: 'pending' }
      const answer = await issue(options, decided.hostId, request.signingRequest)
      const { hostname, address, tokenId } = request
      log.info('host enrolled', { hostId: decided.hostId, hostname, address, tokenId })
      return answer
    },
    renew: ({ hostId, signingRequest }) => issue(options, hostId, signingRequest),
    decide: (requestId, approve) => decideEnrollment(store, requestId, approve, clock.now()),
  }
}

/** Lets a host in, or not, that waits. @returns the decided request, undefined when nobody waits under that id */
export function decideEnrollment(
  store: Store,
  requestId: string,
  approve: boolean,
  nowMs: number,
): Promise<Enrollment | undefined> {
  return store.write(transaction => decide(transaction, requestId, approve, nowMs))
}

/** The same as part of a transaction. */
export async function decide(
  transaction: StoreTransaction,
  requestId: string,
  approve: boolean,
  nowMs: number,
): Promise<Enrollment | undefined> {
  const waiting = await transaction.enrollment(requestId)
  if (waiting?.state !== 'pending') return undefined
  const decided = approve ? await accept(transaction, waiting, nowMs) : refuse(waiting, nowMs)
  await transaction.putEnrollment(decided)
  return decided
}

/** @returns the hash that is kept of a token's secret */
export function hashSecret(secret: Uint8Array): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex')}`
}

const shapes = {
  tokenId: /^[0-9a-z]{1,32}$/,
  requestId: /^[0-9a-z-]{16,64}$/,
  agentVersion: /^[0-9A-Za-z._+-]{1,64}$/,
} as const

function requireFields(request: EnrollmentRequest): void {
  for (const [field, shape] of Object.entries(shapes)) {
    const value = request[field as keyof typeof shapes]
    if (!shape.test(value)) throw new EnrollmentRefused('malformed', `${field} is not of the form ${shape.source}`)
  }
  const lengths = { hostname: 255, machineId: 64, bootId: 64 } as const
  for (const [field, most] of Object.entries(lengths)) {
    if (request[field as keyof typeof lengths].length > most) {
      throw new EnrollmentRefused('malformed', `${field} is longer than ${most} characters`)
    }
    if (request[field as keyof typeof lengths].includes('\0')) {
      throw new EnrollmentRefused('malformed', `${field} has a NUL in it`)
    }
  }
}

async function admit(transaction: StoreTransaction, request: EnrollmentRequest, nowMs: number): Promise<Enrollment> {
  const token = await transaction.token(request.tokenId)
  if (!token || !sameText(token.secretHash, hashSecret(request.secret))) {
    throw new EnrollmentRefused('token', 'the enrollment token is not known here')
  }
  const requestHash = `sha256:${createHash('sha256').update(request.signingRequest).digest('hex')}`
  const before = await transaction.enrollment(request.requestId)
  if (before) return repeated(before, token, requestHash, nowMs)
  requireUsable(token, nowMs)
  await transaction.countUse(token.id)
  const { requestId, hostname, machineId, address } = request
  const asked = { requestId, hostname, machineId, address, requestHash, tokenId: token.id, requestedAtMs: nowMs }
  const pending: Enrollment = { ...asked, state: 'pending', hostId: '', decidedAtMs: 0 }
  const enrollment = token.needsApproval ? pending : await accept(transaction, pending, nowMs, token, request)
  await transaction.putEnrollment(enrollment)
  return enrollment
}

/** The answer to a request may have been lost: whoever holds the same key gets it again, for a while. */
function repeated(before: Enrollment, token: StoredToken, requestHash: string, nowMs: number): Enrollment {
  if (before.tokenId !== token.id || before.requestHash !== requestHash) {
    throw new EnrollmentRefused('malformed', 'that request_id belongs to another request')
  }
  if (before.state === 'issued' && nowMs - before.decidedAtMs > repeatMs) {
    throw new EnrollmentRefused('token', 'that request was answered long ago: enroll anew')
  }
  return before
}

function requireUsable(token: StoredToken, nowMs: number): void {
  if (token.revokedAtMs > 0) throw new EnrollmentRefused('token', 'the enrollment token was revoked')
  if (token.expiresAtMs <= nowMs) throw new EnrollmentRefused('token', 'the enrollment token has expired')
  if (token.uses >= token.maxUses) {
    throw new EnrollmentRefused('token', `the enrollment token was for ${token.maxUses} uses and is used up`)
  }
}

async function accept(
  transaction: StoreTransaction,
  waiting: Enrollment,
  nowMs: number,
  known?: StoredToken,
  request?: Pick<EnrollmentRequest, 'bootId' | 'agentVersion'>,
): Promise<Enrollment> {
  const token = known ?? (await transaction.token(waiting.tokenId))
  const { hostname, machineId } = waiting
  const attributes = { hostname, machineId, bootId: request?.bootId ?? '', agentVersion: request?.agentVersion ?? '' }
  const hostId = await transaction.addEnrolledHost({ ...attributes, grantedLabels: token?.labels ?? {}, atMs: nowMs })
  return { ...waiting, state: 'issued', hostId, decidedAtMs: nowMs }
}

const refuse = (waiting: Enrollment, nowMs: number): Enrollment => ({
  ...waiting,
  state: 'refused',
  decidedAtMs: nowMs,
})

async function issue(
  { authority, store, clock, lifetimeMs }: EnrollmentOptions,
  hostId: string,
  signingRequest: Uint8Array,
): Promise<EnrollmentAnswer> {
  const issuedAtMs = clock.now()
  const { certificate, serialNumber } = await malformed(() => authority.issueClient(signingRequest, hostId, lifetimeMs))
  const credential = { serialNumber, hostId, issuedAtMs, expiresAtMs: issuedAtMs + lifetimeMs, revokedAtMs: 0 }
  await store.write(transaction => transaction.putCredential(credential))
  return { state: 'issued', hostId, certificate }
}

async function malformed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RequestError) throw new EnrollmentRefused('malformed', error.message)
    throw error
  }
}

function sameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
