// Parts of a scan report that several forms of it show.
import { type ResultState, type Severity, severities } from '../policy/check.ts'
import type { FacetSummary, Finding, ReportedHost, ScanReport } from './scan-report.ts'

/** What fails and nobody accepted, worst first. */
export const openFindings = ({ results }: ScanReport) =>
  results.filter(({ state, waiver }) => state === 'fail' && !waiver)

/** What could not be judged and nobody accepted, worst first. */
export const unjudged = ({ results }: ScanReport) => results.filter(({ state, waiver }) => state === 'error' && !waiver)

/** What somebody accepted, worst first. */
export const waivedResults = ({ results }: ScanReport) => results.filter(({ waiver }) => waiver !== undefined)

export const inState = ({ results }: ScanReport, state: ResultState) =>
  results.filter(result => result.state === state && !result.waiver)

/** Whether any check has a verdict: a score over nothing would be a lie. */
export const hasVerdict = ({ pass, fail, error }: Readonly<Record<'pass' | 'fail' | 'error', number>>) =>
  pass + fail + error > 0

export const isJudged = ({ score: { counts } }: ScanReport) => hasVerdict(counts)

/** `75 %`, or a dash where there is nothing to cover. */
export const coverageText = ({ score: { coverage } }: ScanReport) => (coverage === undefined ? '–' : `${coverage} %`)

export const countBySeverity = (findings: readonly Pick<Finding, 'severity'>[]): Readonly<Record<Severity, number>> => {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const { severity } of findings) counts[severity]++
  return counts
}

/** `3 critical, 1 low`, without severities that nothing has. */
export function severityWords(findings: readonly Pick<Finding, 'severity'>[]): string {
  const counts = countBySeverity(findings)
  return severities
    .filter(severity => counts[severity] > 0)
    .map(severity => `${counts[severity]} ${severity}`)
    .join(', ')
}

/** The host by name, by id where it has no name. */
export const hostName = ({ hostname, id }: ReportedHost) => hostname || id || 'this host'

/** What no other host has: the id, the name where it has no id. */
export const hostKey = ({ hostname, id }: ReportedHost) => id || hostname || 'this host'

/** The facet that a finding is mostly about, as it is written in URLs. */
export const areaOf = ({ facets }: Finding) => kebab(facets[0] ?? 'other')

const kebab = (property: string) => property.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

/** `cis-kubernetes 1.12 4.2.1` */
export const referenceText = ({ source, version, id }: Finding['references'][number]) =>
  [source, version, id].filter(part => part !== '').join(' ')

/** For people: the versions of a list in which an item has the same number stand together. */
export function referenceTexts(references: Finding['references']): readonly string[] {
  const items = Map.groupBy(references, ({ source, id }) => JSON.stringify([source, id]))
  return [...items.values()].map(list => {
    const [{ source, id } = { source: '', id: '' }] = list
    const versions = list.map(({ version }) => version).filter(version => version !== '')
    return referenceText({ source, version: versions.join(', '), id })
  })
}

/** What the facets could not tell: one text per facet and source, with the fields it leaves open. */
export function unreadTexts(facets: readonly FacetSummary[]): readonly string[] {
  return facets.flatMap(({ facet, state, reason, gaps }) => [
    ...(state === 'unreadable' || state === 'error' ? [`${facet}: ${state}: ${reason}`] : []),
    ...gapTexts(gaps).map(text => `${facet}: ${text}`),
  ])
}

/** One source that could not be used may leave several fields open: they are told together. */
function gapTexts(gaps: FacetSummary['gaps']): readonly string[] {
  const fields = new Map<string, string[]>()
  for (const { source, state, detail, field, effect } of gaps) {
    const text = `${source}: ${state}${detail && ` (${detail})`}, so ${effect}:`
    fields.set(text, [...(fields.get(text) ?? []), field])
  }
  return [...fields].map(([text, names]) => `${text} ${names.join(', ')}`)
}

/** `facet: reason` of what the host does not have. */
export const absentTexts = (facets: readonly FacetSummary[]) =>
  facets.filter(({ state }) => state === 'absent').map(({ facet, reason }) => `${facet}: ${reason}`)

/** `accepted by OWNER until DATE (TICKET): REASON` */
export function waiverText({ waiver }: Finding): string {
  if (!waiver) return ''
  const { owner, expiresAt, ticket, reason } = waiver
  return `accepted by ${owner} until ${expiresAt.slice(0, 10)}${ticket && ` (${ticket})`}: ${reason}`
}
