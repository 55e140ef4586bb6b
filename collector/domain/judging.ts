// Judges hosts after what changed is on disk: on a change, on another policy, and when time alone turns a result.
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { createTurnBudget, type TurnBudget } from '../../runtime/turn-budget.ts'
import type { StoreReader } from '../store/store.ts'
import { createHandOver, type HandOver } from './hand-over.ts'
import { createHostQueue, type HostQueue } from './host-queue.ts'
import type { HostUnit } from './host-unit.ts'
import { type Judgement, judgeHost } from './judge-host.ts'
import type { Policies } from './policies.ts'
import { catalogVersionOf, type PolicyInForce } from './policy-in-force.ts'
import { createSettling, type Settling } from './settling.ts'
import { createSharedEvaluation, type SharedEvaluation } from './shared-evaluation.ts'
import type { StateCache } from './state-cache.ts'

export interface Judging {
  /** hosts that wait for their results, or have them on their way to disk */
  readonly waiting: number
  /** has these judged as they are on disk now, by whoever has the policy in force */
  mark(hosts: Iterable<number>): void
  /** Others ask to have these judged: they are, if this collector has the policy in force. */
  takeOver(hosts: Iterable<number>): void
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
  readonly policies: Pick<Policies, 'current' | 'isInForce' | 'stands' | 'reload'>
  readonly states: StateCache
  readonly clock: Clock
  readonly log: Log
  /** quiet that a host is waited for before it is judged for the first time; at once when it is left out */
  readonly settleMs?: number
  /** shared with others that work in this process */
  readonly turns?: TurnBudget
  /** tells other collectors of hosts that this one may not judge; nobody is told where it is left out */
  readonly tellOthers?: (hosts: readonly number[]) => Promise<void>
  /** what ends with the judging */
  readonly onClose?: () => void
  /** told for each host that was judged how long it took */
  readonly onJudged?: (ms: number) => void
}

/** Characters of results that hosts with the same facts share. */
const sharedCharacters = 32 * 1024 * 1024
/** Hosts whose results are on their way to disk at once. */
const maxInFlight = 256
/** Hosts that are asked for at once when it is looked who is due. */
const hostsAtOnce = 1_000
/** What it takes of a turn of the event loop that nobody else has a share in. */
const ownTurnMs = 8
const longestSleepMs = 60_000
/** How long a host waits whose judgement failed. */
const failureMs = 5_000

export function startJudging(options: JudgingOptions): Judging {
  const queue = createHostQueue(maxInFlight)
  const over = new AbortController()
  const idle: (() => void)[] = []
  const turns = options.turns ?? createTurnBudget(options.clock, ownTurnMs)
  const loop: Loop = {
    options,
    queue,
    over: over.signal,
    idle,
    turns,
    shared: createSharedEvaluation(sharedCharacters, turns),
    digests: new Map(),
    settling: createSettling(options.settleMs ?? 0, options.clock),
    handOver: createHandOver(hosts => tellOthers(options, hosts), options.clock),
    mayBeDue: true,
  }
  const { settling, handOver } = loop
  const running = run(loop)
  const take = (hosts: Iterable<number>) => queue.add([...hosts].filter(host => !settling.touch(host)))
  const look = () => {
    loop.mayBeDue = true
    queue.wake()
  }
  return {
    get waiting() {
      return queue.size + settling.size
    },
    mark: hosts => (options.policies.isInForce ? take(hosts) : handOver.add(hosts)),
    takeOver: hosts => (options.policies.isInForce ? take(hosts) : undefined),
    look,
    idle: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      idle.push(resolve)
      look()
      return promise
    },
    async close() {
      over.abort()
      queue.wake()
      await running
      await queue.held()
      await handOver.close()
      options.onClose?.()
    },
  }
}

interface Loop {
  readonly options: JudgingOptions
  readonly queue: HostQueue
  readonly turns: TurnBudget
  readonly shared: SharedEvaluation
  /** of policies that hosts were judged with before, by version */
  readonly digests: Map<string, ReadonlyMap<string, string>>
  /** new hosts that are waited for */
  readonly settling: Settling
  /** hosts that others are to judge */
  readonly handOver: HandOver
  /** aborts when nothing more is to begin */
  readonly over: AbortSignal
  /** who waits until nothing waits */
  readonly idle: (() => void)[]
  /** time, policy or another program may want hosts judged that nobody marked */
  mayBeDue: boolean
}

async function run(loop: Loop): Promise<void> {
  const { options, queue, turns, settling, over, idle } = loop
  const { clock } = options
  while (!over.aborted) {
    const later = turns.room()
    if (later) await later
    if (settling.nextMs <= clock.monotonic()) queue.add(settling.settled())
    const changed = queue.changed()
    const host = queue.take()
    if (host !== undefined) {
      await judgeOne(loop, host)
    } else if (queue.size === 0 && loop.mayBeDue) {
      await look(loop)
    } else {
      if (queue.size + settling.size === 0) for (const resolve of idle.splice(0)) resolve()
      await rest(loop, changed)
    }
  }
  for (const resolve of idle.splice(0)) resolve()
}

/** Judges a host and sends what came of it on its way to disk; whatever fails, it is judged again later. */
async function judgeOne(loop: Loop, host: number): Promise<void> {
  const { options, queue, handOver } = loop
  const { policies } = options
  if (!policies.isInForce) return handOver.add([host])
  const policy = policies.current
  try {
    const judgement = await judgeStored(loop, host, policy)
    if (!judgement) return
    let isOld = false
    const written = options.submit(host, async unit => {
      isOld = !(await policies.stands(policy, unit.standingPolicy))
      if (isOld) return
      if (unit.revision !== judgement.revision) queue.add([host])
      else await writeJudgement(unit, judgement)
    })
    // Nobody judges it by the same old policy meanwhile.
    const done = written.then(() => (isOld ? lookAgain(loop, host) : undefined))
    queue.hold(
      host,
      done.catch(error => failed(loop, host, error)),
    )
  } catch (error) {
    queue.hold(host, failed(loop, host, error))
  }
}

/** Another policy is in force, or other waivers are: what is known of it is old. */
async function lookAgain({ options: { policies, log }, queue }: Loop, host: number): Promise<void> {
  await policies
    .reload()
    .catch(error => log.error('what is in force could not be read again', { reason: messageOf(error) }))
  queue.add([host])
}

async function tellOthers({ tellOthers: tell, log }: JudgingOptions, hosts: readonly number[]): Promise<void> {
  await tell?.(hosts).catch(error =>
    log.error('others could not be told of hosts to judge', { reason: messageOf(error) }),
  )
}

async function judgeStored(loop: Loop, host: number, policy: PolicyInForce): Promise<Judgement | undefined> {
  const { options, shared, settling } = loop
  const { read, clock, states, onJudged } = options
  const started = clock.monotonic()
  const stored = await read.hostToJudge(host)
  if (!stored || (stored.judgedWith === '' && settling.begin(host))) return undefined
  const digestsThen = await digestsOf(loop, catalogVersionOf(stored.judgedWith), policy)
  const judgement = await judgeHost(stored, {
    policy,
    shared,
    digestsThen,
    states,
    body: read.body,
    observations: read.observations,
    nowMs: clock.now(),
  })
  onJudged?.(clock.monotonic() - started)
  return judgement
}

/** Policies before this one whose digests are kept: after a change all hosts ask for the same. */
const maxDigests = 4

async function digestsOf({ options, digests }: Loop, version: string, policy: PolicyInForce) {
  if (version === policy.catalogVersion) return policy.digests
  const known = digests.get(version) ?? (await options.read.policyDigests(version))
  if (known) digests.set(version, known)
  for (const [oldest] of digests) if (digests.size > maxDigests) digests.delete(oldest)
  return known
}

async function failed({ options, queue, over }: Loop, host: number, error: unknown): Promise<void> {
  options.log.error('a host could not be judged', { host, reason: messageOf(error) })
  await options.clock.sleep(failureMs, over)
  queue.add([host])
}

/** Asks who has to be judged though nobody marked them. */
async function look(loop: Loop): Promise<void> {
  const { read, policies, clock, log } = loop.options
  loop.mayBeDue = false
  if (!policies.isInForce) return
  try {
    const hosts = await read.hostsToJudge(policies.current.version, clock.now(), hostsAtOnce)
    const others = hosts.filter(host => !loop.settling.has(host))
    loop.queue.add(others)
    loop.mayBeDue = others.length > 0 && hosts.length === hostsAtOnce
  } catch (error) {
    log.error('hosts to judge could not be read', { reason: messageOf(error) })
  }
}

/** Until something is marked or written, or the next result is due. */
async function rest(loop: Loop, changed: Promise<void>): Promise<void> {
  if (loop.queue.size > 0) return changed
  const awake = new AbortController()
  const due = untilDue(loop)
    .then(ms => loop.options.clock.sleep(ms, awake.signal))
    .then(() => {
      loop.mayBeDue = true
    })
  await Promise.race([changed, due])
  awake.abort()
}

async function untilDue({ options: { read, policies, clock, log }, settling }: Loop): Promise<number> {
  if (!policies.isInForce) return longestSleepMs
  const next = await read.nextJudgementMs().catch(error => {
    log.error('when hosts are due could not be read', { reason: messageOf(error) })
    return clock.now() + failureMs
  })
  const ms = Math.min((next ?? Number.POSITIVE_INFINITY) - clock.now(), settling.nextMs - clock.monotonic())
  return Math.min(Math.max(ms, 0), longestSleepMs)
}

async function writeJudgement(unit: HostUnit, judgement: Judgement): Promise<void> {
  const { transaction, host } = unit
  await transaction.putResults(host, judgement.put, unit.nowMs)
  await transaction.deleteResults(host, judgement.removed)
  await transaction.putEndedResults(host, judgement.ended, unit.nowMs)
  await transaction.countResults(judgement.counts)
  unit.failures.push(...judgement.failures)
  unit.drift.push(...judgement.drift)
  await transaction.setJudged(host, judgement.judged)
}
