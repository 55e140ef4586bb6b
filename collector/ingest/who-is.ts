// Who a peer is, or why it is not let in.
import { messageOf } from '../../runtime/errors.ts'
import { CannotIdentify, type Identify, NotIdentified, type PeerCall, type PeerIdentity } from '../auth/identity.ts'
import { Refused } from './refusal.ts'
import type { SessionContext } from './session-state.ts'

export async function whoIs(
  call: PeerCall,
  { log }: SessionContext,
  identify: Identify,
): Promise<{ readonly identity: PeerIdentity } | { readonly refused: Refused }> {
  try {
    return { identity: await identify(call) }
  } catch (error) {
    if (error instanceof NotIdentified) return { refused: new Refused('identity', error.message, error.retryAfterMs) }
    if (error instanceof CannotIdentify)
      return { refused: new Refused('unavailable', error.message, error.retryAfterMs) }
    log.error('a peer could not be identified', { peer: call.address, reason: messageOf(error) })
    return { refused: new Refused('internal', 'the collector could not find out who you are', 10_000) }
  }
}
