// A comparison of two snapshots for a person at a terminal: facet by facet, one line a change.
import type { FactChange } from '../policy/diff.ts'
import type { DiffReport, DiffSide, FacetChanges } from './diff-report.ts'
import { type Style, wrap } from './table.ts'
import { visible } from './visible.ts'

export interface DiffTableOptions {
  /** width of the terminal in columns */
  readonly width: number
  /** colours a text; the identity where there is no terminal */
  readonly paint: (style: Style, text: string) => string
}

const marks: Readonly<Record<FactChange['change'], { readonly sign: string; readonly style: Style }>> = {
  added: { sign: '+', style: 'green' },
  removed: { sign: '-', style: 'red' },
  changed: { sign: '~', style: 'yellow' },
}

export function renderDiffTable(report: DiffReport, options: DiffTableOptions): string {
  const { paint } = options
  const lines = [sideLine('from', report.before, options), sideLine('to', report.after, options)]
  for (const facet of report.facets) lines.push('', ...facetLines(facet, options))
  lines.push('', report.equal ? paint('green', 'No facet differs.') : summary(report.facets))
  return `${lines.join('\n')}\n`
}

function sideLine(word: string, side: DiffSide, { paint }: DiffTableOptions): string {
  const root = side.root === '/' ? '' : `, root ${visible(side.root)}`
  const about = `${visible(side.file)}, read ${visible(side.readAt)} by gabion-agent ${visible(side.agentVersion)}${root}`
  return `${word.padEnd(4)} ${paint('bold', visible(side.hostname) || 'a host')}  ${paint('dim', about)}`
}

function facetLines({ facet, known, changes }: FacetChanges, { paint, width }: DiffTableOptions): readonly string[] {
  const note = known ? '' : paint('dim', '  (not known to this version: compared as a whole)')
  return [
    `${paint('bold', visible(facet))}${note}`,
    ...changes.flatMap(({ change, text }) => {
      const { sign, style } = marks[change]
      return wrap(`${sign} ${visible(text)}`, width, '  ', '  ').map(line => paint(style, line))
    }),
  ]
}

function summary(facets: readonly FacetChanges[]): string {
  const changes = facets.flatMap(facet => facet.changes)
  const counts = (['added', 'removed', 'changed'] as const)
    .map(change => ({ change, count: changes.filter(item => item.change === change).length }))
    .filter(({ count }) => count > 0)
    .map(({ change, count }) => `${count} ${change}`)
  return `${facets.length} ${facets.length === 1 ? 'facet differs' : 'facets differ'}: ${counts.join(', ')}`
}
