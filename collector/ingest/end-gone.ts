// Ends the streams of pods that were deleted: a token is reviewed when a stream opens, and streams live for hours.

import type { Clock } from '../../runtime/clock.ts'
import type { Presence } from '../auth/kubernetes/presence.ts'
import type { ConnectedStream, Connections } from './connections.ts'

export interface EndGoneOptions {
  readonly connections: Pick<Connections, 'all'>
  readonly presence: Presence
  readonly clock: Clock
}

/** Each stream is looked after once in that time, as long as that takes no more than so many questions a second. */
const everyMs = 60_000
const perSecond = 20

/** Looks round after round until the signal aborts. */
export async function endGone({ connections, presence, clock }: EndGoneOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const begun = clock.monotonic()
    const round = [...connections.all()].filter(({ identity }) => identity.kind === 'kubernetes')
    for (let next = 0; next < round.length && !signal.aborted; next += perSecond) {
      await Promise.all(round.slice(next, next + perSecond).map(stream => look(stream, presence)))
      await clock.sleep(1_000, signal)
    }
    await clock.sleep(Math.max(1_000, everyMs - (clock.monotonic() - begun)), signal)
  }
}

async function look({ identity, end }: ConnectedStream, presence: Presence): Promise<void> {
  if (identity.kind === 'kubernetes' && (await presence(identity)) === 'gone') end('gone')
}
