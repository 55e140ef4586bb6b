// Hosts that prove themselves by a client certificate: only one that is in force, of a host in good standing.
import type { Clock } from '../../runtime/clock.ts'
import type { IdentityReader } from '../store/identity-records.ts'
import { type Identify, NotIdentified } from './identity.ts'

/** TLS has verified the chain and the time; here it is held against what was issued and taken back. */
export function identifyByCertificate(read: Pick<IdentityReader, 'credential' | 'standing'>, clock: Clock): Identify {
  return async ({ certificate }) => {
    if (!certificate) throw new NotIdentified('a client certificate of this collector is needed')
    const { serialNumber, commonName } = certificate
    const credential = await read.credential(serialNumber)
    if (!credential || credential.hostId !== commonName) {
      throw new NotIdentified('the client certificate was not issued by this collector: enroll again')
    }
    if (credential.revokedAtMs > 0) throw new NotIdentified('the client certificate was revoked: enroll again')
    if (credential.expiresAtMs <= clock.now())
      throw new NotIdentified('the client certificate has expired: enroll again')
    const standing = await read.standing(credential.hostId)
    if (standing?.standing !== 'active') {
      throw new NotIdentified(`the host is ${standing?.standing ?? 'not known'}: ${standing?.reason ?? 'enroll again'}`)
    }
    return { kind: 'certificate', hostId: credential.hostId, serialNumber }
  }
}
