// Judges hosts after what changed is on disk: on a change, on another policy, and when time alone turns a result.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import type { StoreReader } from '../store/store.ts'
import type { HostUnit } from './host-unit.ts'
import { type JudgeHostContext, type Judgement, judgeHost } from './judge-host.ts'
import type { Policies } from './policies.ts'
import { createSharedEvaluation } from './shared-evaluation.ts'
import type { StateCache } from './state-cache.ts'

export interface Judging {
  /** hosts that wait for their results, or have them on their way to disk */
  readonly waiting: number
  /** has these judged as they are on disk now */
  mark(hosts: Iterable<number>): void
  /** has everybody looked at whom another policy or the time concerns */
  look(): void
  /** resolves when nothing waits and nothing is due */
  idle(): Promise<void>
  /** ends what runs without beginning anything more */
  close(): Promise<void>
}

export interface JudgingOptions {
  readonly read: StoreReader
  /** runs work on a host in the next transaction */
  readonly submit: (host: number, work: (unit: HostUnit) => Promise<void>) => Promise<void>
  readonly policies: Pick<Policies, 'current'>
  readonly states: StateCache
  readonly clock: Clock
  readonly log: Log
  /** what ends with the judging */
  readonly onClose?: () => void
  /** told about each host that was judged */
  readonly onJudged?: (judged: { readonly ms: number; readonly results: number }) => void
}

/** Characters of results that hosts with the same facts share. */
const sharedCharacters = 32 * 1024 * 1024
/** Hosts whose results are on their way to disk at once. */
const maxInFlight = 256
/** Hosts that are asked for at once when it is looked who is due. */
const hostsAtOnce = 1_000
/** How long others wait at most while hosts are judged one after another. */
const budgetMs = 15
const longestSleepMs = 60_000
/** How long a host waits whose judgement failed. */
const failureMs = 5_000

export function startJudging(options: JudgingOptions): Judging {
  const { read, clock, log } = options
  const shared = createSharedEvaluation(sharedCharacters)
  const waiting = new Set<number>()
  const inFlight = new Map<number, Promise<void>>()
  const over = new AbortController()
  const idle: (() => void)[] = []
  let mayBeDue = true
  let wake = Promise.withResolvers<void>()
  let running: Promise<void> | undefined

  const rouse = () => {
    wake.resolve()
    wake = Promise.withResolvers<void>()
  }

  /** One host that nobody judges at this moment. */
  function take(): number | undefined {
    if (inFlight.size >= maxInFlight) return undefined
    for (const host of waiting) {
      if (inFlight.has(host)) continue
      waiting.delete(host)
      return host
    }
    return undefined
  }

  async function judgeOne(host: number): Promise<void> {
    const started = clock.monotonic()
    const stored = await read.hostToJudge(host)
    if (!stored) return
    const policy = options.policies.current
    const digestsThen =
      stored.judgedWith === policy.version ? policy.digests : await read.policyDigests(stored.judgedWith)
    const context: JudgeHostContext = {
      ...{ policy, shared, digestsThen, states: options.states, body: read.body, nowMs: clock.now() },
    }
    const judgement = await judgeHost(stored, context)
    const ms = clock.monotonic() - started
    const write = options.submit(host, unit => writeJudgement(unit, judgement, () => waiting.add(host)))
    options.onJudged?.({ ms, results: judgement.put.length })
    inFlight.set(host, settled(host, write))
  }

  async function settled(host: number, write: Promise<void>): Promise<void> {
    try {
      await write
    } catch (error) {
      await failed(host, error)
    } finally {
      inFlight.delete(host)
      rouse()
    }
  }

  async function failed(host: number, error: unknown): Promise<void> {
    log.error('a host could not be judged', { host, reason: messageOf(error) })
    await clock.sleep(failureMs, over.signal)
    waiting.add(host)
  }

  async function untilDue(): Promise<number> {
    const next = await read.nextJudgementMs().catch(error => {
      log.error('when hosts are due could not be read', { reason: messageOf(error) })
      return clock.now() + failureMs
    })
    return Math.min(Math.max((next ?? Number.POSITIVE_INFINITY) - clock.now(), 0), longestSleepMs)
  }

  async function look(): Promise<void> {
    mayBeDue = false
    const hosts = await read.hostsToJudge(options.policies.current.version, clock.now(), hostsAtOnce)
    for (const host of hosts) if (!inFlight.has(host)) waiting.add(host)
    mayBeDue = hosts.length === hostsAtOnce
  }

  async function run(): Promise<void> {
    let sinceYield = clock.monotonic()
    while (!over.signal.aborted) {
      const woken = wake.promise
      const host = take()
      if (host !== undefined) {
        await judgeOne(host).catch(error => {
          inFlight.set(
            host,
            failed(host, error).finally(() => inFlight.delete(host)),
          )
        })
        if (clock.monotonic() - sinceYield < budgetMs) continue
        await new Promise(setImmediate)
        sinceYield = clock.monotonic()
      } else if (waiting.size === 0 && inFlight.size === 0 && mayBeDue) {
        await look().catch(error => log.error('hosts to judge could not be read', { reason: messageOf(error) }))
      } else {
        if (waiting.size === 0 && inFlight.size === 0) for (const resolve of idle.splice(0)) resolve()
        await rest(woken)
      }
    }
    for (const resolve of idle.splice(0)) resolve()
  }

  /** Until something is marked or written, or the next result is due. */
  async function rest(woken: Promise<void>): Promise<void> {
    const awake = new AbortController()
    const isQuiet = waiting.size === 0 && inFlight.size === 0
    const due = isQuiet
      ? untilDue()
          .then(ms => clock.sleep(ms, awake.signal))
          .then(() => {
            mayBeDue = true
          })
      : new Promise<void>(() => undefined)
    await Promise.race([woken, due])
    awake.abort()
  }

  running = run()
  return {
    get waiting() {
      return waiting.size + inFlight.size
    },
    mark(hosts) {
      for (const host of hosts) waiting.add(host)
      rouse()
    },
    look() {
      mayBeDue = true
      rouse()
    },
    idle: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      idle.push(resolve)
      mayBeDue = true
      rouse()
      return promise
    },
    async close() {
      over.abort()
      rouse()
      await running
      await Promise.all(inFlight.values())
      options.onClose?.()
    },
  }
}

/** Writes what was judged, unless somebody else judged the host meanwhile. */
async function writeJudgement(unit: HostUnit, judgement: Judgement, again: () => void): Promise<void> {
  const { transaction, host, revision } = unit
  if (revision !== judgement.revision) {
    again()
    return
  }
  await transaction.putResults(host, judgement.put, unit.nowMs)
  await transaction.deleteResults(host, judgement.removed)
  await transaction.putEndedResults(host, judgement.ended, unit.nowMs)
  await transaction.countResults(judgement.counts)
  unit.drift.push(...judgement.drift)
  await transaction.setJudged(host, judgement.judged)
}
