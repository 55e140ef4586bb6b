// Says that the agent lives and how it does, compares states, and gives up a collector that says nothing.
import { digestBytes, hostDigest } from '../../proto/canonical.ts'
import type { Heartbeat } from '../../proto/generated/gabion/v1/Heartbeat.ts'
import { createTokenBucket } from '../../runtime/token-bucket.ts'
import { untilTurn } from '../phase.ts'
import type { SessionOptions } from './session-options.ts'

const hourMs = 3_600_000
/** Health that changes all the time is not to cost more than the rest of an idle day. */
const healthRate = { perSecond: 1 / 1_800, burst: 8 }
/** Whatever a collector says: timers take no longer times than 24 days, and none is to make a host speak all the time. */
const mostSeconds = 86_400
/** An answer may take so long. */
export const answerMs = 60_000

export interface Heartbeats {
  /** the collector said something */
  heard(): void
  /** begins to beat, or goes on at another pace */
  pace(seconds: number): void
  /** one at once, for a collector that asks whether this stream is alive */
  beat(): void
  /** answers come in the order of heartbeats */
  answered(inStep: boolean): void
}

interface HeartbeatOptions extends Pick<SessionOptions, 'current' | 'send' | 'clock' | 'giveUp' | 'hello' | 'health'> {
  readonly outbox: Pick<SessionOptions['outbox'], 'size'>
}

/** @param hourly called once an hour, at the host's own time */
export function createHeartbeats(options: HeartbeatOptions, hourly: () => void, over: AbortSignal): Heartbeats {
  const { outbox, current, send, clock, giveUp } = options
  const { hostKey = '' } = options.hello()
  const untilNext = (intervalMs: number) => untilTurn(hostKey, intervalMs, clock.now())
  const reports = createTokenBucket(clock, healthRate)
  const asked: (Buffer | undefined)[] = []
  let agreed: Buffer | undefined
  let told: string | undefined
  let heardAtMs = clock.monotonic()
  let intervalMs = 0
  let repaced = new AbortController()

  /** A digest that the collector found to be its own, and health that is as it was, are not told again. */
  function say(isFull: boolean): void {
    const digest = outbox.size > 0 ? undefined : digestBytes(hostDigest(current().values()))
    const isNews = digest !== undefined && (isFull || !agreed?.equals(digest))
    const health = options.health?.()
    const isWorthTelling = health !== undefined && (isFull || (health.essence !== told && reports.take() === 0))
    if (isWorthTelling) told = health.essence
    asked.push(isNews ? digest : undefined)
    const heartbeat: Heartbeat = {
      ...(isNews && { hostDigest: digest }),
      ...(isFull && { clockMs: clock.now() }),
      ...(isWorthTelling && { health: health.message() }),
    }
    send({ heartbeat })
  }

  async function beatOn(): Promise<void> {
    let fullAtMs = clock.monotonic()
    let hourlyAtMs = clock.monotonic() + untilNext(hourMs)
    while (!over.aborted) {
      repaced = new AbortController()
      const { signal } = repaced
      await clock.sleep(untilNext(intervalMs), signal)
      if (over.aborted) return
      if (signal.aborted) continue
      const nowMs = clock.monotonic()
      const isFull = nowMs >= fullAtMs
      if (isFull) fullAtMs = nowMs + untilNext(hourMs)
      say(isFull)
      if (nowMs < hourlyAtMs || outbox.size > 0) continue
      hourlyAtMs = nowMs + untilNext(hourMs)
      hourly()
    }
  }

  /** Each heartbeat has an answer: a connection on which nothing comes in for longer is dead, whatever TCP says. */
  async function listen(): Promise<void> {
    while (!over.aborted) {
      const leftMs = heardAtMs + intervalMs + answerMs - clock.monotonic()
      if (leftMs <= 0)
        return giveUp(`nothing came from the collector for ${Math.round((intervalMs + answerMs) / 1_000)} s`)
      await clock.sleep(leftMs, over)
    }
  }

  over.addEventListener('abort', () => repaced.abort(), { once: true })
  void listen()
  return {
    heard() {
      heardAtMs = clock.monotonic()
    },
    pace(seconds) {
      const before = intervalMs
      intervalMs = Math.min(mostSeconds, Math.max(1, seconds)) * 1_000
      if (before === 0) void beatOn()
      else if (before !== intervalMs) repaced.abort()
    },
    beat() {
      asked.push(undefined)
      send({ heartbeat: {} })
    },
    answered(inStep) {
      const digest = asked.shift()
      if (inStep) agreed = digest ?? agreed
      else agreed = undefined
    },
  }
}
