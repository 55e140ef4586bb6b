// What a gRPC call shows of who made it.
import type { ServerUnaryCall } from '@grpc/grpc-js'
import { type PeerCall, shownCertificate } from '../auth/identity.ts'

type Call = Pick<ServerUnaryCall<unknown, unknown>, 'metadata' | 'getPeer' | 'getAuthContext'>

export function peerCall(call: Call): PeerCall {
  const [authorization] = call.metadata.get('authorization')
  const certificate = call.getAuthContext().sslPeerCertificate
  const shown = { authorization: typeof authorization === 'string' ? authorization : '', address: call.getPeer() }
  return certificate ? { ...shown, certificate: shownCertificate(certificate) } : shown
}
