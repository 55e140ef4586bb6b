// Runs probes over a host: each with its own deadline, one failing or hanging never stops another.
import type { FacetState } from '../proto/facet.ts'
import { sealAbsent, sealFailed, sealPresent } from '../proto/seal.ts'
import type { Clock } from '../runtime/clock.ts'
import { GabionError } from '../runtime/errors.ts'
import type { Log } from '../runtime/log.ts'
import type { Host } from './host/host.ts'
import { type ProcessTable, readProcesses } from './host/processes.ts'
import { type Answer, Gaps, type Probe, type ProbeContext } from './probe.ts'

export interface SweepOptions {
  readonly host: Host
  readonly probes: readonly Probe[]
  readonly clock: Clock
  readonly log: Log
  /** false when no local port may be asked */
  readonly probePorts: boolean
  /** no sweep follows: what needs two looks is taken from one */
  readonly oneShot: boolean
  /** names of the probes that somebody asked for; nobody did when left out */
  readonly asked?: readonly string[]
  /** what probes remember between sweeps, by probe name; kept by the caller */
  readonly memories: Map<string, Map<string, unknown>>
  /** told when a probe has answered */
  readonly onFacet?: (state: FacetState, durationMs: number) => void
}

/** Reads every probe's facet once, all at the same time. Never rejects: what a probe throws is its facet's error. */
export async function sweep(options: SweepOptions): Promise<readonly FacetState[]> {
  let table: Promise<ProcessTable> | undefined
  const processes = () => {
    table ??= readProcesses(options.host)
    return table
  }
  return Promise.all(options.probes.map(probe => runProbe(probe, processes, options)))
}

async function runProbe(
  probe: Probe,
  processes: () => Promise<ProcessTable>,
  options: SweepOptions,
): Promise<FacetState> {
  const { clock, log } = options
  const started = clock.monotonic()
  const deadline = new AbortController()
  const answered = new AbortController()
  const context: ProbeContext = {
    now: new Date(clock.now()),
    signal: deadline.signal,
    gaps: new Gaps(),
    processes,
    memory: memoryOf(options.memories, probe.name),
    probePorts: options.probePorts,
    oneShot: options.oneShot,
    asked: options.asked?.includes(probe.name) ?? false,
  }
  const timeout = clock.sleep(probe.deadlineMs, answered.signal).then(() => {
    deadline.abort()
    return sealFailed(
      probe.facet,
      'error',
      'deadline',
      `probe ${probe.name} gave no answer within ${probe.deadlineMs} ms`,
    )
  })
  const answer = Promise.resolve()
    .then(() => probe.run(options.host, context))
    .then(value => sealAnswer(probe, value, context.gaps))
    .catch(error => failed(probe, error, log))
  const state = await Promise.race([answer, timeout])
  answered.abort()
  const durationMs = Math.round(clock.monotonic() - started)
  log.debug('probe answered', { facet: probe.name, state: state.state, durationMs })
  options.onFacet?.(state, durationMs)
  return state
}

/** Turns a probe's answer into the facet as it is stored, sent and judged. */
export function sealAnswer(probe: Probe, answer: Answer<unknown, unknown>, gaps: Gaps): FacetState {
  switch (answer.state) {
    case 'present':
      return sealPresent(probe.facet, { ...(answer.facts as object), gaps: gaps.rows }, answer.observations)
    case 'absent':
      return sealAbsent(probe.facet, answer.code, answer.detail)
    case 'unreadable':
      return sealFailed(probe.facet, 'unreadable', answer.code, answer.detail)
  }
}

/** A message of somebody else's error may quote what it choked on, so only its kind and place are told. */
function failed(probe: Probe, error: unknown, log: Log): FacetState {
  const kind = error instanceof GabionError ? error.message : error instanceof Error ? error.name : 'error'
  const place = error instanceof Error ? (error.stack?.match(/\n\s+at ([^\n]{1,200})/)?.[1] ?? '') : ''
  log.error('probe failed', { facet: probe.name, kind, place })
  return sealFailed(probe.facet, 'error', 'probe', `probe ${probe.name} failed: ${kind}`)
}

function memoryOf(memories: Map<string, Map<string, unknown>>, name: string): Map<string, unknown> {
  let memory = memories.get(name)
  if (!memory) {
    memory = new Map()
    memories.set(name, memory)
  }
  return memory
}
