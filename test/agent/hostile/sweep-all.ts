// Sweeps every probe over a hostile host, as a one-shot scan does, by a clock that only the test moves.
import type { Host } from '../../../agent/host/host.ts'
import { probes } from '../../../agent/probes.generated.ts'
import { sweep } from '../../../agent/sweep.ts'
import type { FacetState, Gap } from '../../../proto/facet.ts'
import { silentLog } from '../../../runtime/log.ts'
import { createFakeClock, type FakeClock } from '../../fake-clock.ts'

export interface Sweeping {
  readonly clock: FakeClock
  /** by facet name */
  readonly states: Promise<ReadonlyMap<string, FacetState>>
}

/** Starts a sweep. No deadline passes unless the test moves the clock. */
export function startSweep(host: Host): Sweeping {
  const clock = createFakeClock()
  const options = { host, probes, clock, log: silentLog, probePorts: true, oneShot: true, memories: new Map() }
  return { clock, states: sweep(options).then(states => new Map(states.map(state => [state.facet, state]))) }
}

export const sweepAll = (host: Host): Promise<ReadonlyMap<string, FacetState>> => startSweep(host).states

/** `accounts: error probe accounts failed: …` for each facet whose probe failed. */
export function failed(states: ReadonlyMap<string, FacetState>): readonly string[] {
  return [...states.values()].flatMap(state =>
    state.state === 'error' ? [`${state.facet}: ${state.reason.detail}`] : [],
  )
}

export function gapsOf(state: FacetState | undefined): readonly Gap[] {
  return state?.state === 'present' ? (state.facts['gaps'] as unknown as readonly Gap[]) : []
}

/** Facets of `after` whose digest is not that of `before`. */
export function changed(
  before: ReadonlyMap<string, FacetState>,
  after: ReadonlyMap<string, FacetState>,
): readonly string[] {
  return [...after].flatMap(([name, state]) => (before.get(name)?.digest === state.digest ? [] : [name])).sort()
}
