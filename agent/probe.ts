// What a probe is: its facet, what makes it run again, and the context it runs in.
import type * as z from 'zod'
import type { AbsenceCode, Facet, Gap } from '../proto/facet.ts'
import type { Failure, Host } from './host/host.ts'
import type { ProcessTable } from './host/processes.ts'

/** What a probe answers; `sealing` turns it into a FacetState. */
export type Answer<F, O> =
  | { readonly state: 'present'; readonly facts: F; readonly observations: O }
  | { readonly state: 'absent'; readonly code: AbsenceCode; readonly detail: string }
  | { readonly state: 'unreadable'; readonly code: string; readonly detail: string }

export type Trigger =
  | { readonly kind: 'watch'; readonly paths: readonly string[] }
  | { readonly kind: 'every'; readonly ms: number }

/** Run again when one of these files or directories changes. */
export const watch = (...paths: readonly string[]): Trigger => ({ kind: 'watch', paths })
/** Run again after that long. */
export const every = (ms: number): Trigger => ({ kind: 'every', ms })

export interface ProbeContext {
  /** now, from the injected clock */
  readonly now: Date
  /** aborts at the probe's deadline */
  readonly signal: AbortSignal
  /** gaps noted so far; the probe puts them into its facts */
  readonly gaps: Gaps
  /** the host's processes, read once per sweep and shared by its probes */
  processes(): Promise<ProcessTable>
  /** what the same probe noted in the sweep before, for facts that need two looks */
  readonly memory: Map<string, unknown>
  /** whether local ports may be asked (an anonymous request is an event in somebody's log) */
  readonly probePorts: boolean
  /** no sweep follows this one: what usually needs two looks is to be told from one */
  readonly oneShot: boolean
  /** somebody asked for this very probe by name: what costs much is done, too */
  readonly asked: boolean
}

type Facts<F extends Facet> = Omit<z.infer<F['facts']>, 'gaps'>

export interface Probe {
  readonly name: string
  readonly facet: Facet
  readonly triggers: readonly Trigger[]
  readonly deadlineMs: number
  run(host: Host, context: ProbeContext): Promise<Answer<unknown, unknown>>
}

/** Declares a probe. The facts it returns lack `gaps`: the sweep adds those of the context. */
export function defineProbe<F extends Facet>(declaration: {
  readonly facet: F
  readonly triggers: readonly Trigger[]
  readonly deadlineMs?: number
  run(host: Host, context: ProbeContext): Promise<Answer<Facts<F>, z.infer<F['observations']>>>
}): Probe {
  return {
    name: declaration.facet.name,
    facet: declaration.facet,
    triggers: declaration.triggers,
    deadlineMs: declaration.deadlineMs ?? 10_000,
    run: declaration.run,
  }
}

export const present = <F, O>(facts: F, observations: O): Answer<F, O> => ({ state: 'present', facts, observations })
export const absent = (code: AbsenceCode, detail: string): Answer<never, never> => ({ state: 'absent', code, detail })
export const unreadable = (code: string, detail: string): Answer<never, never> => ({
  state: 'unreadable',
  code,
  detail,
})

/** Collects what could not be read while a probe runs. */
export class Gaps {
  readonly #rows = new Map<string, Gap>()

  /** Notes a failed read of a source that fills `field`. Absence is not a gap and is ignored. */
  note(field: string, effect: Gap['effect'], failure: Failure): void {
    if (failure.state === 'absent') return
    this.add({ field, effect, source: failure.path, state: failure.state, detail: failure.detail })
  }

  add(gap: Gap): void {
    this.#rows.set(`${gap.field}\n${gap.source}`, gap)
  }

  get rows(): readonly Gap[] {
    return [...this.#rows.values()]
  }
}
