// Builds checks, facets and engines small enough to read, for tests of the engine.
import type { Catalog, Check, Profile } from '../../policy/check.ts'
import { createEngine } from '../../policy/engine.ts'
import { type FacetState, facetProperty, type JsonObject } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'

export const now = new Date('2026-06-15T12:00:00Z')

/** A check that passes everywhere, but for what is given. */
export function check(id: string, more: Partial<Check> = {}): Check {
  const automatic = more.manual === undefined ? { pass: 'true', evidence: '[]' } : {}
  return {
    id,
    title: id,
    severity: 'medium',
    rationale: 'Because.',
    remediation: 'Do it.',
    references: [],
    parameters: {},
    tests: [],
    ...automatic,
    ...more,
  }
}

export const catalogOf = (checks: readonly Check[], profiles: readonly Profile[] = []): Catalog => ({
  checks,
  profiles,
  digest: 'sha256:x',
})
export const engineOf = (...checks: Check[]) => createEngine(catalogOf(checks), facets)

export function present(facet: string, facts: JsonObject, observations: JsonObject = {}): FacetState {
  return { facet, schemaVersion: 1, state: 'present', digest: '', facts: { gaps: [], ...facts }, observations }
}
export const absent = (facet: string, code: 'notInstalled' | 'offlineRoot' | 'disabled', detail = ''): FacetState => ({
  facet,
  schemaVersion: 1,
  state: 'absent',
  digest: '',
  reason: { code, detail },
})

export const states = (...list: FacetState[]) => new Map(list.map(state => [facetProperty(state.facet), state]))

export const listener = (port: number, scope = 'any', more: JsonObject = {}) => ({
  address: '0.0.0.0',
  port,
  scope,
  service: 'x',
  ...more,
})
