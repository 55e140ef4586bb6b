// Holds the agent to its own budget: over its processor time it looks less often, over its memory it ends itself.
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import { createCpuGovernor } from './cpu-governor.ts'
import type { Meters } from './meters.ts'

export interface Budget {
  /** resident set; 0 for no limit */
  readonly memoryLimitMib: number
  /** of one core, over some minutes; 0 for no limit */
  readonly cpuLimitPercent: number
}

export interface SelfLimitsOptions {
  readonly clock: Clock
  readonly log: Log
  readonly meters: Pick<Meters, 'rssBytes' | 'cpuMs'>
  /** as it is configured now */
  readonly budget: () => Budget
  /** called after everybody has dropped what can be had again */
  readonly collectGarbage?: () => void
}

export interface SelfLimits {
  readonly budget: Budget
  /** how many times less often the agent is to look: 1, 2, 4 … */
  readonly slowdown: number
  /** processor time over the last minutes, in thousandths of one core */
  readonly cpuPermille: number
  /** whether memory was too much a moment ago */
  readonly isMemoryShort: boolean
  /** calls back when the slowdown changes */
  onSlowdown(listener: () => void): void
  /** calls back when memory is to be given back: drops what can be had again */
  onShortage(listener: () => void): void
  /**
   * Looks every half minute until the signal aborts.
   * @returns whether the agent has to end, since giving back did not help
   */
  run(signal: AbortSignal): Promise<boolean>
}

const sampleMs = 30_000
const mebibyte = 1024 * 1024
/** Looks in a row that found too much, the first of which gave back what it could. */
const mostLooks = 3
/** An agent that needs more from its very start on would start again and again, and never be of use. */
const leastLifeMs = 600_000
/** A shortage is told for so long after the last look that found one. */
const toldMs = 3_600_000

export function createSelfLimits(options: SelfLimitsOptions): SelfLimits {
  const { clock, log, meters, budget } = options
  const startedMs = clock.monotonic()
  const governor = createCpuGovernor()
  const slower = new Set<() => void>()
  const short = new Set<() => void>()
  let shortUntilMs = Number.NEGATIVE_INFINITY
  let looks = 0

  function lookAtCpu(): void {
    const { cpuLimitPercent } = budget()
    const before = governor.slowdown
    governor.take(clock.monotonic(), meters.cpuMs(), Math.round(cpuLimitPercent * 10))
    const { slowdown, permille } = governor
    if (slowdown === before) return
    const about = { cpuPercent: permille / 10, cpuLimitPercent, slowdown }
    if (slowdown > before) log.warn('too much processor time: the agent looks less often', about)
    else log.info('less processor time: the agent looks more often again', about)
    for (const listener of slower) listener()
  }

  /** @returns whether nothing helps */
  function lookAtMemory(): boolean {
    const { memoryLimitMib } = budget()
    const rssMib = Math.round(meters.rssBytes() / mebibyte)
    if (memoryLimitMib === 0 || rssMib <= memoryLimitMib) {
      looks = 0
      return false
    }
    looks++
    shortUntilMs = clock.monotonic() + toldMs
    if (looks === 1) {
      log.warn('too much memory: what can be read again is dropped', { rssMib, memoryLimitMib })
      for (const listener of short) listener()
      options.collectGarbage?.()
    }
    if (looks < mostLooks) return false
    if (clock.monotonic() - startedMs >= leastLifeMs) {
      log.error('too much memory: the agent ends, to be started anew', { rssMib, memoryLimitMib })
      return true
    }
    if (looks === mostLooks) log.error('too much memory from the start on', { rssMib, memoryLimitMib })
    return false
  }

  return {
    get budget() {
      const { memoryLimitMib, cpuLimitPercent } = budget()
      return { memoryLimitMib, cpuLimitPercent }
    },
    get slowdown() {
      return governor.slowdown
    },
    get cpuPermille() {
      return governor.permille
    },
    get isMemoryShort() {
      return clock.monotonic() < shortUntilMs
    },
    onSlowdown: listener => void slower.add(listener),
    onShortage: listener => void short.add(listener),
    async run(signal) {
      while (!signal.aborted) {
        lookAtCpu()
        if (lookAtMemory()) return true
        await clock.sleep(sampleMs, signal)
      }
      return false
    },
  }
}
