// Keeps the host's certificate fresh: a new one at two thirds of its life, and again and again until it has one.
import { backoffMs } from '../../runtime/backoff.ts'
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { type Credential, lifeOf, readCredential } from './credential-file.ts'

const waits = { firstMs: 60_000, mostMs: 3_600_000 } as const
/** Hosts that were enrolled together do not renew together. */
const spread = 0.1
/** A timer takes no more than 24 days; and a credential may have been replaced by hand meanwhile. */
const longestSleepMs = 6 * 3_600_000

export interface RenewalOptions {
  readonly stateDirectory: string
  readonly clock: Clock
  readonly log: Log
  /** 0 ≤ value < 1, for the jitter */
  readonly random: () => number
  /** gets and stores a new credential */
  readonly renew: (credential: Credential) => Promise<Credential>
}

/** Runs until the signal aborts. Never rejects: what goes wrong is logged and tried again. */
export async function keepCredential(options: RenewalOptions, signal: AbortSignal): Promise<void> {
  const { stateDirectory, clock, log, random } = options
  let failures = 0
  while (!signal.aborted) {
    let waitMs: number = waits.mostMs
    try {
      const credential = readCredential(stateDirectory)
      if (credential) waitMs = untilRenewal(credential, clock.now(), random())
      if (credential && waitMs <= 0) {
        const { endsAtMs } = lifeOf(await options.renew(credential))
        failures = 0
        log.info('certificate renewed', { validTo: new Date(endsAtMs).toISOString() })
        continue
      }
    } catch (error) {
      failures++
      waitMs = backoffMs(waits, failures) * (1 - spread * random())
      log.warn('certificate could not be renewed', { reason: messageOf(error), retryMs: Math.round(waitMs) })
    }
    await clock.sleep(Math.min(longestSleepMs, waitMs), signal)
  }
}

/** Milliseconds, spread over a tenth of the time that is left after two thirds. */
function untilRenewal(credential: Credential, nowMs: number, random: number): number {
  const { renewAtMs, endsAtMs } = lifeOf(credential)
  return renewAtMs - (endsAtMs - renewAtMs) * spread * random - nowMs
}
