// Health of an agent that is well, with what a test changes.
import type { AgentHealth, ProbeHealth } from '../../collector/store/agent-health.ts'

export const probeHealth = (facet: string, change: Partial<ProbeHealth> = {}): ProbeHealth => ({
  ...{ facet, runs: 10, failures: 0, failingRuns: 0, lastDurationMs: 3, longestDurationMs: 8 },
  ...{ slowdown: 1, wishedSeconds: 0 },
  ...change,
})

export const agentHealth = (change: Partial<AgentHealth> = {}): AgentHealth => ({
  ...{ startedAtMs: 1_000, nodeVersion: 'v24.0.0', rssBytes: 80_000_000, memoryLimitMib: 256 },
  ...{ cpuMs: 900, cpuPermille: 4, cpuLimitPermille: 100, loopDelayMs: 12, slowdown: 1, limits: [] },
  outbox: { entries: 0, bytes: 0, oldestMs: 0 },
  watches: { directories: 40, refused: 0, misses: 0 },
  reloadError: '',
  probes: [probeHealth('ports'), probeHealth('ssh')],
  ...change,
})
