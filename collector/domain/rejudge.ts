// Judges hosts again without a change of theirs: when the catalog is another one, and when time alone turns a result.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import type { StoreReader } from '../store/store.ts'
import type { HostUnit } from './host-unit.ts'
import type { Judge } from './judge.ts'

export interface RejudgeOptions {
  readonly read: StoreReader
  /** runs work on a host in a transaction that brings it to the catalog in force first */
  readonly submit: (host: number, work: (unit: HostUnit) => Promise<void>) => Promise<void>
  readonly judge: Judge
  readonly clock: Clock
  readonly log: Log
}

const hostsAtOnce = 100
const longestSleepMs = 60_000

/** Runs until the signal aborts. Never rejects. */
export async function rejudgeHosts(options: RejudgeOptions, signal: AbortSignal): Promise<void> {
  const { clock, log } = options
  while (!signal.aborted) {
    try {
      const judged = await rejudgeSome(options)
      if (judged > 0) log.debug('judged again', { hosts: judged })
      else await clock.sleep(await untilNext(options), signal)
    } catch (error) {
      log.error('hosts could not be judged again', { reason: messageOf(error) })
      await clock.sleep(longestSleepMs, signal)
    }
  }
}

async function rejudgeSome({ read, submit, judge, clock }: RejudgeOptions): Promise<number> {
  const hosts = await read.hostsToJudge(judge.judgedWith, clock.now(), hostsAtOnce)
  await Promise.all(hosts.map(host => submit(host, unit => judge.judge(unit, 'time'))))
  return hosts.length
}

async function untilNext({ read, clock }: RejudgeOptions): Promise<number> {
  const next = (await read.nextJudgementMs()) ?? Number.POSITIVE_INFINITY
  return Math.min(Math.max(next - clock.now(), 0), longestSleepMs)
}
