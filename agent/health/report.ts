// What the agent says about itself: put together when it is asked for, in the words of the wire.
import type { Health } from '../../proto/generated/gabion/v1/Health.ts'
import type { Limit } from '../../proto/generated/gabion/v1/Limit.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { WatchCounts } from '../watch/file-watch.ts'
import type { Meters } from './meters.ts'
import type { ProbeBook } from './probe-book.ts'
import type { SelfLimits } from './self-limits.ts'

export interface HealthSources {
  readonly clock: Clock
  readonly meters: Meters
  readonly book: ProbeBook
  readonly limits: Pick<SelfLimits, 'budget' | 'slowdown' | 'cpuPermille' | 'isMemoryShort'>
  readonly outbox: {
    readonly size: number
    readonly bytes: number
    readonly oldestMs: number
    readonly merged: number
  }
  readonly watches: () => WatchCounts
  /** why the configuration could not be read again, empty when it could */
  readonly reloadError: () => string
  /** facet → seconds that the collector wishes and the agent does */
  readonly wished: () => Readonly<Record<string, number>>
}

export interface HealthReport {
  /** what matters, as a text: worth telling at once when it differs */
  readonly essence: string
  /** everything; what is counted from one to the next begins anew */
  message(): Health
}

const longestReason = 300

/** @returns what makes a report of this moment */
export function createHealthReporter(sources: HealthSources): () => HealthReport {
  const startedAtMs = sources.clock.now()
  return () => {
    const { book, limits } = sources
    const failing = book.records.filter(({ failingRuns }) => failingRuns > 0).map(({ facet }) => facet)
    const reloadError = sources.reloadError().slice(0, longestReason)
    const state = [reloadError, heldLimits(sources), limits.slowdown, failing, sources.wished(), limits.budget]
    return {
      essence: JSON.stringify([...state, book.records.length]),
      message: () => messageOf(sources, startedAtMs, reloadError),
    }
  }
}

function messageOf(sources: HealthSources, startedAtMs: number, reloadError: string): Health {
  const { meters, book, limits, outbox } = sources
  const { memoryLimitMib, cpuLimitPercent } = limits.budget
  const { directories, refused, misses } = sources.watches()
  const wished = sources.wished()
  return brief({
    ...{ startedAtMs, nodeVersion: process.version, reloadError, limits: heldLimits(sources) },
    ...{ rssBytes: meters.rssBytes(), cpuMs: meters.cpuMs(), cpuPermille: limits.cpuPermille },
    ...{ loopDelayMs: meters.loopDelayMs(), slowdown: limits.slowdown > 1 ? limits.slowdown : 0 },
    ...{ memoryLimitMib, cpuLimitPermille: Math.round(cpuLimitPercent * 10) },
    ...{ outboxEntries: outbox.size, outboxBytes: outbox.bytes, outboxOldestMs: outbox.oldestMs },
    ...{ watches: directories, watchesRefused: refused, watchMisses: misses },
    probes: book.records.map(({ slowdown, ...record }) =>
      brief({ ...record, slowdown: slowdown > 1 ? slowdown : 0, wishedSeconds: wished[record.facet] ?? 0 }),
    ),
  })
}

/** The wire takes two bytes for each 0 that is named, and none for what is not. */
function brief<T extends object>(message: T): Partial<T> {
  const entries = Object.entries(message).filter(([, value]) => value !== 0 && value !== '')
  return Object.fromEntries(entries) as Partial<T>
}

function heldLimits({ book, limits, outbox, watches }: HealthSources): Limit[] {
  const held: Readonly<Partial<Record<Limit, boolean>>> = {
    LIMIT_CPU: limits.slowdown > 1,
    LIMIT_MEMORY: limits.isMemoryShort,
    LIMIT_DEADLINE: book.records.some(({ slowdown }) => slowdown > 1),
    LIMIT_OUTBOX: outbox.merged > 0,
    LIMIT_WATCHES: watches().refused > 0,
  }
  return Object.entries(held).flatMap(([limit, holds]) => (holds ? [limit as Limit] : []))
}
