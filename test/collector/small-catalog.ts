// A catalog over the small facet: enough for every kind of result.
import type { Catalog, Check } from '../../policy/check.ts'

const base = { rationale: 'why', remediation: 'do it', references: [], parameters: {}, tests: [] }

const checks: readonly Check[] = [
  {
    ...base,
    id: 'values-small',
    title: 'Values are small',
    severity: 'high',
    pass: 'small.rows.all(row, row.value < 10)',
    evidence: 'small.rows.filter(row, row.value >= 10).map(row, row.name + " is " + string(row.value))',
  },
  {
    ...base,
    id: 'note-empty',
    title: 'There is no note',
    severity: 'low',
    pass: 'small.note == ""',
    evidence: '[small.note]',
  },
  {
    ...base,
    id: 'seen-seldom',
    title: 'Seen seldom',
    severity: 'medium',
    pass: 'small.observations.seen < 5',
    evidence: '["seen " + string(small.observations.seen)]',
  },
  { ...base, id: 'look-yourself', title: 'Somebody looks', severity: 'critical', manual: 'look' },
]

/** @param digest another one makes it another catalog */
export function smallCatalog(digest = 'small-1', without: readonly string[] = []): Catalog {
  const kept = checks.filter(check => !without.includes(check.id))
  const profile = { id: 'all', title: 'All', appliesTo: 'true', checks: kept.map(check => check.id), parameters: {} }
  return { checks: kept, profiles: [profile], digest }
}
