// Runs one probe on a host and seals what it returns, as the agent would.

import type { Host } from '../agent/host/host.ts'
import { readProcesses } from '../agent/host/processes.ts'
import { Gaps, type Probe, type ProbeContext } from '../agent/probe.ts'
import type { FacetState, JsonObject } from '../proto/facet.ts'
import { sealAbsent, sealFailed, sealPresent } from '../proto/seal.ts'

export interface RunOptions {
  /** default 2026-11-22T12:00:00Z */
  readonly now?: Date
  /** default true: answers are recordings in tests */
  readonly probePorts?: boolean
  /** default false */
  readonly oneShot?: boolean
  /** default false: somebody asked for this probe by name */
  readonly asked?: boolean
  /** what the probe noted in the sweep before; hand in the same map twice for two sweeps */
  readonly memory?: Map<string, unknown>
}

/** @throws what the probe throws, and ZodError when it breaks its own schema */
export async function runProbe(probe: Probe, host: Host, options: RunOptions = {}): Promise<FacetState> {
  const gaps = new Gaps()
  const context: ProbeContext = {
    now: options.now ?? new Date('2026-11-22T12:00:00Z'),
    signal: AbortSignal.timeout(probe.deadlineMs),
    gaps,
    processes: once(() => readProcesses(host)),
    memory: options.memory ?? new Map(),
    probePorts: options.probePorts ?? true,
    oneShot: options.oneShot ?? false,
    asked: options.asked ?? false,
  }
  const answer = await probe.run(host, context)
  if (answer.state === 'absent') return sealAbsent(probe.facet, answer.code, answer.detail)
  if (answer.state === 'unreadable') return sealFailed(probe.facet, 'unreadable', answer.code, answer.detail)
  return sealPresent(probe.facet, { ...(answer.facts as object), gaps: gaps.rows }, answer.observations)
}

/** The facts of a facet that must be present. @throws Error naming the state it is in instead */
export function presentFacts(state: FacetState): JsonObject {
  if (state.state === 'present') return state.facts
  throw new Error(`facet ${state.facet} is ${state.state}: ${state.reason.code}: ${state.reason.detail}`)
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
