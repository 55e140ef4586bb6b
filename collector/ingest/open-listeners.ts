// The gRPC listeners: one without TLS on this machine only, or one for newcomers and one for enrolled hosts.
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import { createTokenBucket } from '../../runtime/token-bucket.ts'
import { identifyByCertificate } from '../auth/client-certificates.ts'
import { type Identify, NotIdentified } from '../auth/identity.ts'
import type { Authority } from '../auth/pki/authority.ts'
import type { ServerCertificate } from '../auth/pki/server-certificate.ts'
import { createEnrollmentDesk, type EnrollmentDesk } from '../domain/enrollment.ts'
import type { ListenAddress } from '../listen-address.ts'
import type { Store } from '../store/store.ts'
import { enrollmentHandlers } from './enrollment-service.ts'
import { type ExchangeDoor, openExchangeServer } from './exchange-server.ts'
import type { SessionContext } from './session-state.ts'
import { tlsCredentials } from './tls-credentials.ts'
import { openUplinkServer, type UplinkServer } from './uplink-server.ts'

export interface TlsListenerOptions {
  readonly authority: Authority
  readonly certificate: ServerCertificate
  /** PEM of the CAs that hosts verify the collector by; read for each enrollment, since files change */
  readonly serverAuthorities: () => string
  /** where hosts with a client certificate connect */
  readonly enrolled: ListenAddress
  /** HOST:PORT of that listener as hosts reach it, empty when it is the host they enrolled at and port 50052 */
  readonly endpoint: string
  /** life of a client certificate in milliseconds */
  readonly credentialMs: number
  /** who a bearer token is of; undefined where none is accepted */
  readonly identifyByToken?: Identify
}

export interface Listeners extends UplinkServer {
  /** HOST:PORT for enrolled hosts, undefined without TLS */
  readonly enrolledAddress: string | undefined
  /** HOST:PORT of exchanges, undefined when there are none */
  readonly exchangeAddress: string | undefined
  /** undefined without TLS */
  readonly desk: EnrollmentDesk | undefined
}

interface Parts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
}

const enrollmentRate = { perSecond: 10, burst: 50 }

/**
 * @param tls without it the addresses have to be ones that only this machine reaches
 * @param exchange where agents POST that cannot keep a stream
 */
export async function openListeners(
  address: ListenAddress,
  context: SessionContext & Parts,
  tls: TlsListenerOptions | undefined,
  exchange: ListenAddress | undefined,
): Promise<Listeners> {
  const streams = await openStreams(address, context, tls)
  if (!exchange) return { ...streams, exchangeAddress: undefined }
  try {
    const server = await openExchangeServer(exchange, context, tls && exchangeDoor(tls, context))
    return {
      ...streams,
      exchangeAddress: server.address,
      async close(graceMs) {
        await Promise.all([streams.close(graceMs), server.close()])
      },
    }
  } catch (error) {
    await streams.close(0)
    throw error
  }
}

function exchangeDoor(
  { certificate, authority, identifyByToken }: TlsListenerOptions,
  { store, clock }: Parts,
): ExchangeDoor {
  const byCertificate = identifyByCertificate(store.read, clock)
  return { certificate, authorities: authority.certificates, byCertificate, byToken: identifyByToken ?? noToken }
}

async function openStreams(
  address: ListenAddress,
  context: SessionContext & Parts,
  tls: TlsListenerOptions | undefined,
): Promise<Omit<Listeners, 'exchangeAddress'>> {
  if (!tls) {
    const server = await openUplinkServer(address, context)
    return { ...server, enrolledAddress: undefined, desk: undefined }
  }
  const { store, clock, log } = context
  const { authority, certificate, serverAuthorities, credentialMs, endpoint } = tls
  const identify = identifyByCertificate(store.read, clock)
  const desk = createEnrollmentDesk({ store, authority, clock, log, lifetimeMs: credentialMs })
  const limiter = createTokenBucket(clock, enrollmentRate)
  const enrollment = enrollmentHandlers({ desk, authorities: serverAuthorities, identify, endpoint, limiter, log })
  const newcomers = await openUplinkServer(address, context, {
    credentials: tlsCredentials(certificate),
    identify: tls.identifyByToken ?? noToken,
    enrollment,
  })
  try {
    const enrolled = await openUplinkServer(tls.enrolled, context, {
      credentials: tlsCredentials(certificate, authority.certificates),
      identify,
      enrollment,
    })
    return { ...both(newcomers, enrolled), desk }
  } catch (error) {
    await newcomers.close(0)
    throw error
  }
}

const noToken: Identify = async () => {
  throw new NotIdentified('this listener enrolls hosts; an enrolled host connects to the other one')
}

function both(newcomers: UplinkServer, enrolled: UplinkServer): Omit<Listeners, 'desk' | 'exchangeAddress'> {
  return {
    address: newcomers.address,
    enrolledAddress: enrolled.address,
    stopAccepting() {
      newcomers.stopAccepting()
      enrolled.stopAccepting()
    },
    async close(graceMs) {
      await Promise.all([newcomers.close(graceMs), enrolled.close(graceMs)])
    },
  }
}
