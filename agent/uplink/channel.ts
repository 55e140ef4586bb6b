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
}

/** @throws GabionError when what it needs cannot be read now */
export type OpenChannel = () => Channel

/** Loopback and Unix sockets: nothing is proven, and nothing leaves the machine. */
export function plaintextChannel(address: string): OpenChannel {
  return () => ({ address, credentials: credentials.createInsecure(), authorization: undefined })
}

/** The host was enrolled and has a client certificate. */
export function enrolledChannel(stateDirectory: string): OpenChannel {
  return () => {
    const credential = readCredential(stateDirectory)
    if (!credential) throw new GabionError('uplink', `${stateDirectory}: this host is not enrolled`)
    return { address: credential.endpoint, credentials: enrolledCredentials(credential), authorization: undefined }
  }
}

export function enrolledCredentials({ authorities, certificates, key }: Credential): ChannelCredentials {
  return verified({ ca: authorities, cert: certificates, key })
}

/** The cluster vouches for the pod: its projected token is shown, the collector is verified by the mounted CA bundle. */
export function tokenChannel(address: string, tokenFile: string, authoritiesFile: string): OpenChannel {
  return () => {
    const token = readNow(tokenFile).trim()
    if (!/^[\x21-\x7e]+$/.test(token)) throw new GabionError('uplink', `${tokenFile}: holds no token`)
    const ca = readNow(authoritiesFile)
    if (certificatesOf(ca).length === 0) throw new GabionError('uplink', `${authoritiesFile}: holds no certificate`)
    return { address, credentials: verified({ ca }), authorization: `Bearer ${token}` }
  }
}

/** Verified by these CAs and no other: not those of the system. */
export function verified(context: { readonly ca: string; readonly cert?: string; readonly key?: string }) {
  return credentials.createFromSecureContext(createSecureContext({ ...context, minVersion: 'TLSv1.3' }))
}

function readNow(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new GabionError('uplink', `${path}: cannot be read (${errnoOf(cause)})`, { cause })
  }
}
