// What a collector wishes of this agent, within the bounds that the agent keeps to whoever asks.
import type { Settings__Output } from '../proto/generated/gabion/v1/Settings.ts'
import type { Probe } from './probe.ts'
import { periodOf } from './watch/schedule.ts'

export interface Wishes {
  /** facet → seconds between two runs of its probe */
  readonly probeSeconds: Readonly<Record<string, number>>
  /** 0 without a wish */
  readonly heartbeatSeconds: number
}

export const noWishes: Wishes = { probeSeconds: {}, heartbeatSeconds: 0 }

export const wishBounds = {
  /** a probe that runs more often by itself may */
  leastProbeSeconds: 10,
  mostProbeSeconds: 3_600,
  leastHeartbeatSeconds: 30,
  mostHeartbeatSeconds: 600,
} as const

export interface BoundWishes extends Wishes {
  /** what was wished and is done otherwise, in words */
  readonly bent: readonly string[]
}

/** Facets that this agent has no probe of are no concern of it. */
export function boundWishes(settings: Settings__Output, probes: readonly Probe[]): BoundWishes {
  const bent: string[] = []
  const within = (what: string, seconds: number, least: number, most: number) => {
    const taken = Math.min(most, Math.max(least, seconds))
    if (taken !== seconds) bent.push(`${what}: ${taken} instead of ${seconds}`)
    return taken
  }
  const { defaultProbeSeconds, heartbeatSeconds } = settings
  const wished = new Map(Object.entries(settings.probeSeconds))
  const seconds = probes.flatMap(probe => {
    const wish = wished.get(probe.name) || defaultProbeSeconds
    if (wish === 0) return []
    const least = Math.min(wishBounds.leastProbeSeconds, Math.ceil(periodOf(probe) / 1_000))
    return [[probe.name, within(probe.name, wish, least, wishBounds.mostProbeSeconds)] as const]
  })
  const { leastHeartbeatSeconds, mostHeartbeatSeconds } = wishBounds
  return {
    probeSeconds: Object.fromEntries(seconds),
    heartbeatSeconds:
      heartbeatSeconds === 0 ? 0 : within('heartbeat', heartbeatSeconds, leastHeartbeatSeconds, mostHeartbeatSeconds),
    bent,
  }
}
