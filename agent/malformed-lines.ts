// Notes lines of a host file that could not be understood, by number and never by content.
import type { Gap } from '../proto/facet.ts'
import type { Gaps } from './probe.ts'

const named = 5

/** Notes one gap for all malformed lines of a file; no line, no gap. */
export function noteMalformedLines(
  gaps: Gaps,
  field: string,
  effect: Gap['effect'],
  source: string,
  lines: readonly number[],
): void {
  const [first] = lines
  if (first === undefined) return
  const more = lines.length > named ? ` and ${lines.length - named} more` : ''
  const detail = lines.length === 1 ? `line ${first}` : `lines ${lines.slice(0, named).join(', ')}${more}`
  gaps.add({ field, effect, source, state: 'malformed', detail })
}
