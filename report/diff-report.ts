// What a comparison of two snapshots has to tell, before it takes the form of a table or JSON.
import type { FactChange } from '../policy/diff.ts'
import { diffStates } from '../policy/diff-states.ts'
import { visible } from '../policy/visible-text.ts'
import type { Facet, FacetState } from '../proto/facet.ts'
import { terminalJson } from './terminal-json.ts'

/** One of the two things compared. */
export interface DiffSide {
  readonly file: string
  readonly agentVersion: string
  /** ISO 8601 */
  readonly readAt: string
  readonly root: string
  readonly live: boolean
  readonly hostDigest: string
  readonly hostname: string
}

export interface FacetChanges {
  readonly facet: string
  /** false when this version has no schema for it: then only that it changed is told */
  readonly known: boolean
  readonly changes: readonly FactChange[]
}

export interface DiffReport {
  readonly tool: { readonly name: string; readonly version: string }
  readonly before: DiffSide
  readonly after: DiffSide
  /** no facet differs */
  readonly equal: boolean
  /** facets that differ, in the order of the registry; unknown ones last */
  readonly facets: readonly FacetChanges[]
}

export interface DiffInput {
  readonly tool: DiffReport['tool']
  readonly before: Omit<DiffSide, 'hostname'> & { readonly states: readonly FacetState[] }
  readonly after: Omit<DiffSide, 'hostname'> & { readonly states: readonly FacetState[] }
  /** facets of the registry, in order */
  readonly facets: readonly Facet[]
}

/** Grows by one when a field changes its meaning; new fields do not count. */
export const jsonDiffVersion = 1

/** Compares facet by facet. One that only one side has counts as a difference. */
export function createDiffReport({ tool, before, after, facets }: DiffInput): DiffReport {
  const old = new Map(before.states.map(state => [state.facet, state]))
  const now = new Map(after.states.map(state => [state.facet, state]))
  const known = new Map(facets.map(facet => [facet.name, facet]))
  const others = [...new Set([...old.keys(), ...now.keys()])].filter(name => !known.has(name)).sort()
  const changed = [...known.keys(), ...others].flatMap((name): FacetChanges[] => {
    const facet = known.get(name)
    const changes = compare(name, facet, old.get(name), now.get(name), after.file, before.file)
    return changes.length === 0 ? [] : [{ facet: name, known: facet !== undefined, changes }]
  })
  return { tool, before: sideOf(before), after: sideOf(after), equal: changed.length === 0, facets: changed }
}

function compare(
  name: string,
  facet: Facet | undefined,
  before: FacetState | undefined,
  after: FacetState | undefined,
  newFile: string,
  oldFile: string,
): readonly FactChange[] {
  if (before && after) return diffStates(facet, before, after)
  if (after) return [{ change: 'added', field: '', text: visible(`${name} was read in ${newFile} only`) }]
  if (before) return [{ change: 'removed', field: '', text: visible(`${name} was read in ${oldFile} only`) }]
  return []
}

function sideOf({ states, ...side }: DiffInput['before']): DiffSide {
  const host = states.find(state => state.facet === 'host')
  const hostname = host?.state === 'present' ? host.facts['hostname'] : ''
  return { ...side, hostname: typeof hostname === 'string' ? hostname : '' }
}

export function renderDiffJson(report: DiffReport): string {
  return `${terminalJson({ diffVersion: jsonDiffVersion, ...report })}\n`
}
