// One credential, two machines: when both are alive at once, neither is believed any more.
import type { PeerIdentity } from '../auth/identity.ts'
import { Refused } from './refusal.ts'
import type { Greeted, SessionContext } from './session-state.ts'

/** How long the stream that was there has to answer; one that a reboot left behind never does. */
const answerMs = 10_000

/**
 * Quarantines the host when its credential already has a live stream of another boot.
 * @throws Refused with code `quarantined`; the other stream is ended, too
 */
export async function refuseClone(
  { connections, store, clock, log, metrics }: SessionContext,
  identity: PeerIdentity,
  { opened, hello }: Greeted,
): Promise<void> {
  if (identity.kind !== 'certificate') return
  const before = connections.streamOf(opened.host)
  if (!before || before.bootId === '' || hello.bootId === '' || before.bootId === hello.bootId) return
  if (!(await before.isAlive(answerMs))) return
  const { hostId } = identity
  const reason = `two machines used its credential at once, boots ${before.bootId} and ${hello.bootId}`
  await store.write(transaction =>
    transaction.setStanding({ hostId, standing: 'quarantined', reason, sinceMs: clock.now() }),
  )
  metrics.refusal('quarantined')
  log.error('host quarantined', { hostId, reason })
  before.end('quarantined')
  throw new Refused('quarantined', `${reason}; enroll this machine anew, then release or revoke the other`, 60_000)
}
