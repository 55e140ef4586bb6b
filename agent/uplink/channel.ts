// How to reach the collector and prove who is who: read anew for every connection, since files rotate.
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { type ChannelCredentials, credentials } from '@grpc/grpc-js'
import { certificatesOf } from '../../runtime/certificate-pin.ts'
import { errnoOf, GabionError } from '../../runtime/errors.ts'
import { type Credential, readCredential } from './credential-file.ts'

export interface Channel {
  /** HOST:PORT or unix:/PATH */
  readonly address: string
  readonly credentials: ChannelCredentials
  /** value of the authorization header, undefined when the connection proves the host by itself */
  readonly authorization: string | undefined
  /** how to POST instead, where streams break; undefined where that makes no sense */
  readonly exchange?: ExchangeChannel | undefined
}

export interface ExchangeChannel {
  /** HOST:PORT */
  readonly address: string
  /** undefined on loopback */
  readonly tls: TlsParts | undefined
  /**
   * Value of the authorization header, asked for every POST, since tokens rotate; undefined when the connection proves
   * the host by itself. @throws GabionError
   */
  readonly authorization?: () => string
}

interface TlsParts {
  readonly ca: string
  readonly cert?: string
  readonly key?: string
}

/** The port that collectors take for it, beside those of gRPC. */
const exchangePort = 50_053

/** @throws GabionError when what it needs cannot be read now */
export type OpenChannel = () => Channel

/** Loopback and Unix sockets: nothing is proven, and nothing leaves the machine. */
export function plaintextChannel(address: string, exchangeAddress?: string): OpenChannel {
  const exchange = exchangeAddress === undefined ? undefined : { address: exchangeAddress, tls: undefined }
  return () => ({ address, credentials: credentials.createInsecure(), authorization: undefined, exchange })
}

/** The host was enrolled and has a client certificate. */
export function enrolledChannel(stateDirectory: string, exchangeAddress?: string): OpenChannel {
  return () => {
    const credential = readCredential(stateDirectory)
    if (!credential) throw new GabionError('uplink', `${stateDirectory}: this host is not enrolled`)
    const { endpoint: address, authorities: ca, certificates: cert, key } = credential
    const exchange = { address: exchangeAddress ?? besides(address), tls: { ca, cert, key } }
    return { address, credentials: enrolledCredentials(credential), authorization: undefined, exchange }
  }
}

export function enrolledCredentials({ authorities, certificates, key }: Credential): ChannelCredentials {
  return verified({ ca: authorities, cert: certificates, key })
}

/** The cluster vouches for the pod: its projected token is shown, the collector is verified by the mounted CA bundle. */
export function tokenChannel(
  address: string,
  tokenFile: string,
  authoritiesFile: string,
  exchangeAddress?: string,
): OpenChannel {
  const bearer = () => {
    const token = readNow(tokenFile).trim()
    if (!/^[\x21-\x7e]+$/.test(token)) throw new GabionError('uplink', `${tokenFile}: holds no token`)
    return `Bearer ${token}`
  }
  return () => {
    const authorization = bearer()
    const ca = readNow(authoritiesFile)
    if (certificatesOf(ca).length === 0) throw new GabionError('uplink', `${authoritiesFile}: holds no certificate`)
    const exchange = { address: exchangeAddress ?? besides(address), tls: { ca }, authorization: bearer }
    return { address, credentials: verified({ ca }), authorization, exchange }
  }
}

/** Verified by these CAs and no other: not those of the system. */
export function verified(context: TlsParts) {
  return credentials.createFromSecureContext(createSecureContext({ ...context, minVersion: 'TLSv1.3' }))
}

/** The same host, the usual port. */
const besides = (address: string) => address.replace(/:\d+$/, `:${exchangePort}`)

function readNow(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new GabionError('uplink', `${path}: cannot be read (${errnoOf(cause)})`, { cause })
  }
}
