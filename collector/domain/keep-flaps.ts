// Looks now and then what flapped and rests by now, and has it told.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import type { StoreReader } from '../store/store.ts'
import { endFlaps, type FlapRules } from './flapping.ts'
import type { HostUnit } from './host-unit.ts'

export interface FlapOptions {
  readonly read: Pick<StoreReader, 'hostsWithQuietFlaps'>
  /** runs work on a host in the next transaction */
  readonly submit: (host: number, work: (unit: HostUnit) => Promise<void>) => Promise<void>
  readonly rules: FlapRules
  readonly clock: Clock
  readonly log: Log
}

const longestSleepMs = 60_000
const hostsAtOnce = 200

/** Runs until the signal aborts, on any number of collectors: whoever comes first tells. Never rejects. */
export async function keepFlaps(options: FlapOptions, signal: AbortSignal): Promise<void> {
  const { rules, clock, log } = options
  if (rules.turns === 0) return
  const everyMs = Math.min(rules.windowMs, longestSleepMs)
  for (await clock.sleep(everyMs, signal); !signal.aborted; await clock.sleep(everyMs, signal)) {
    try {
      await endQuietFlaps(options)
    } catch (error) {
      log.error('what flaps no more could not be told', { reason: messageOf(error) })
    }
  }
}

export async function endQuietFlaps({ read, submit, rules, clock }: Omit<FlapOptions, 'log'>): Promise<void> {
  const beforeMs = clock.now() - rules.windowMs
  for (let hosts: readonly number[]; ; ) {
    hosts = await read.hostsWithQuietFlaps(beforeMs, hostsAtOnce)
    if (hosts.length === 0) return
    await Promise.all(
      hosts.map(host =>
        submit(host, async unit => {
          unit.drift.push(...(await endFlaps(unit.transaction, host, beforeMs, rules)))
        }),
      ),
    )
  }
}
