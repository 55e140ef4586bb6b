// The turns of the event loop of this thread: for how long nothing else could run, time after time.

export interface Turn {
  /** milliseconds on the clock, other programs on the same processors included */
  readonly ms: number
  /** milliseconds of the processor, which others have no part in */
  readonly cpuMs: number
}

const everyMs = 1

/**
 * Tells of every time between two looks, a millisecond apart where nothing holds them up.
 * @returns what looks a last time, and ends it
 */
export function watchTurns(told: (turn: Turn) => void): () => void {
  let last = { ms: performance.now(), cpu: process.threadCpuUsage() }
  const look = () => {
    const next = { ms: performance.now(), cpu: process.threadCpuUsage() }
    const used = next.cpu.user + next.cpu.system - last.cpu.user - last.cpu.system
    told({ ms: next.ms - last.ms - everyMs, cpuMs: used / 1_000 })
    last = next
  }
  const timer = setInterval(look, everyMs)
  return () => {
    look()
    clearInterval(timer)
  }
}
