// Judges what an agent says about itself, and turns it into a record.
import { visible } from '../../policy/visible-text.ts'
import type { Health__Output } from '../../proto/generated/gabion/v1/Health.ts'
import type { ProbeHealth__Output } from '../../proto/generated/gabion/v1/ProbeHealth.ts'
import type { AgentHealth, AgentLimit, ProbeHealth } from '../store/agent-health.ts'
import { limits } from './limits.ts'
import { Refused } from './refusal.ts'
import { isTime } from './verify-hello.ts'

const facetName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const nodeVersion = /^[0-9A-Za-z.+-]{0,40}$/
const longestReason = 300

const limitNames: Readonly<Record<string, AgentLimit>> = {
  LIMIT_CPU: 'cpu',
  LIMIT_MEMORY: 'memory',
  LIMIT_DEADLINE: 'deadline',
  LIMIT_OUTBOX: 'outbox',
  LIMIT_WATCHES: 'watches',
}

/** Limits that a newer agent knows are left out. @throws Refused naming the field */
export function verifyHealth(message: Health__Output): AgentHealth {
  const { startedAtMs, outboxOldestMs, reloadError, probes } = message
  require(isTime(startedAtMs) && isTime(outboxOldestMs), 'a time of the health is none')
  require(nodeVersion.test(message.nodeVersion), 'node_version is not a version')
  require(reloadError.length <= longestReason, `reload_error is longer than ${longestReason} characters`)
  require(probes.length <= limits.facetsPerHost, `health of more than ${limits.facetsPerHost} probes`)
  const held = message.limits.flatMap(limit => limitNames[limit] ?? [])
  return {
    ...{ startedAtMs, nodeVersion: message.nodeVersion, rssBytes: count(message.rssBytes) },
    ...{ memoryLimitMib: count(message.memoryLimitMib), cpuMs: count(message.cpuMs) },
    ...{ cpuPermille: count(message.cpuPermille), cpuLimitPermille: count(message.cpuLimitPermille) },
    ...{ loopDelayMs: count(message.loopDelayMs), slowdown: Math.max(1, count(message.slowdown)) },
    limits: [...new Set(held)],
    outbox: { entries: count(message.outboxEntries), bytes: count(message.outboxBytes), oldestMs: outboxOldestMs },
    watches: {
      directories: count(message.watches),
      refused: count(message.watchesRefused),
      misses: count(message.watchMisses),
    },
    reloadError: visible(reloadError),
    probes: probes.map(verifyProbe),
  }
}

function verifyProbe(probe: ProbeHealth__Output): ProbeHealth {
  const { facet } = probe
  require(facet.length <= 64 && facetName.test(facet), 'health of a probe whose name is not in kebab-case')
  return {
    ...{ facet, runs: count(probe.runs), failures: count(probe.failures), failingRuns: count(probe.failingRuns) },
    ...{ lastDurationMs: count(probe.lastDurationMs), longestDurationMs: count(probe.longestDurationMs) },
    ...{ slowdown: Math.max(1, count(probe.slowdown)), wishedSeconds: count(probe.wishedSeconds) },
  }
}

function count(value: number): number {
  require(Number.isSafeInteger(value) && value >= 0, 'a number of the health is none')
  return value
}

function require(holds: boolean, detail: string): void {
  if (!holds) throw new Refused('malformed', detail)
}
