// What this process takes of its host: memory, processor time, and how long its event loop is held up.
import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseChildTicks } from '../parse/proc-self-stat.ts'

export interface Meters {
  /** resident set in bytes */
  rssBytes(): number
  /** processor time since the start, of child processes that ended, too, in milliseconds */
  cpuMs(): number
  /** longest time since the call before that the event loop was held up for, in milliseconds */
  loopDelayMs(): number
}

/** USER_HZ of every architecture that Node.js runs on. */
const msPerTick = 10
const resolutionMs = 20

export function createMeters(): Meters {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  return {
    rssBytes: () => process.memoryUsage.rss(),
    cpuMs() {
      const { user, system } = process.cpuUsage()
      return Math.round((user + system) / 1_000) + childTicks() * msPerTick
    },
    loopDelayMs() {
      const nanoseconds = delays.count === 0 ? 0 : delays.max
      delays.reset()
      return Math.max(0, Math.round(nanoseconds / 1e6) - resolutionMs)
    },
  }
}

/** 0 where there is no procfs. */
function childTicks(): number {
  try {
    return parseChildTicks(readFileSync('/proc/self/stat', 'utf8')) ?? 0
  } catch {
    return 0
  }
}
