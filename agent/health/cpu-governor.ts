// Keeps the processor time of the agent within its budget: says how many times less often it is to look.

export interface CpuGovernor {
  /**
   * Takes a sample.
   * @param nowMs monotonic
   * @param cpuMs processor time since the start
   * @param limitPermille of one core, 0 for none
   */
  take(nowMs: number, cpuMs: number, limitPermille: number): void
  /** 1, 2, 4 … */
  readonly slowdown: number
  /** over the last minutes, in thousandths of one core */
  readonly permille: number
}

/** What it is held against is the average over this time … */
const windowMs = 300_000
/** … and after a change at least over this, so that the change shows. */
const settleMs = 120_000
const mostSlowdown = 32
/** Looking twice as often costs at most twice as much. */
const relaxBelow = 0.4

interface Sample {
  readonly atMs: number
  readonly cpuMs: number
}

export function createCpuGovernor(): CpuGovernor {
  let samples: readonly Sample[] = []
  let sinceMs: number | undefined
  let slowdown = 1
  let permille = 0

  function turn(to: number, nowMs: number): void {
    slowdown = to
    sinceMs = nowMs
  }

  return {
    take(nowMs, cpuMs, limitPermille) {
      sinceMs ??= nowMs
      samples = [...samples.filter(({ atMs }) => atMs >= nowMs - windowMs), { atMs: nowMs, cpuMs }]
      permille = averageOf(samples)
      if (limitPermille === 0) return turn(1, sinceMs)
      const elapsedMs = nowMs - sinceMs
      const recent = averageOf(samples.filter(({ atMs }) => atMs >= (sinceMs ?? nowMs)))
      if (elapsedMs >= settleMs && recent > limitPermille) turn(Math.min(mostSlowdown, slowdown * 2), nowMs)
      else if (elapsedMs >= windowMs && slowdown > 1 && recent < limitPermille * relaxBelow) turn(slowdown / 2, nowMs)
    },
    get slowdown() {
      return slowdown
    },
    get permille() {
      return permille
    },
  }
}

function averageOf(samples: readonly Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || last.atMs <= first.atMs) return 0
  return Math.round((1_000 * (last.cpuMs - first.cpuMs)) / (last.atMs - first.atMs))
}
