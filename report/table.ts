// The scan report for a person at a terminal: findings by area, worst first, each with evidence and fix.
import type { Severity } from '../policy/check.ts'
import { absentTexts, isJudged, openFindings, referenceTexts, unreadTexts } from './findings.ts'
import type { FacetSummary, Finding, ScanReport } from './scan-report.ts'
import { visible } from './visible.ts'

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan' | 'magenta'

export interface TableOptions {
  /** width of the terminal in columns */
  readonly width: number
  /** colours a text; the identity where there is no terminal */
  readonly paint: (style: Style, text: string) => string
  /** also list what passed and what did not apply */
  readonly all: boolean
}

/** Under the title of a finding. */
const findingIndent = ' '.repeat(12)

const severityStyle: Readonly<Record<Severity, Style>> = {
  critical: 'magenta',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
}

export function renderTable(report: ScanReport, options: TableOptions): string {
  const lines = [...header(report, options)]
  const failed = openFindings(report)
  for (const [area, findings] of groupByArea(failed)) {
    lines.push('', options.paint('bold', area))
    for (const finding of findings) lines.push(...findingLines(finding, options))
  }
  if (failed.length === 0 && isJudged(report)) lines.push('', options.paint('green', 'No findings.'))
  lines.push(...reasonSection('Could not be judged', 'error', report, options))
  lines.push(...reasonSection('To look at by hand', 'manual', report, options))
  lines.push(...waivedSection(report, options))
  if (options.all) {
    lines.push(...reasonSection('Passed', 'pass', report, options))
    lines.push(...reasonSection('Not applicable', 'not_applicable', report, options))
  }
  lines.push(...sinceLines(report, options))
  lines.push(...facetLines(report.facets, options), '', ...summary(report, options))
  return `${lines.join('\n')}\n`
}

function header(report: ScanReport, { paint }: TableOptions): readonly string[] {
  const { host, profiles, tool, scannedAt, snapshot } = report
  const parts = [host.os, host.kernel && `kernel ${host.kernel}`, host.root === '/' ? '' : `root ${host.root}`]
  const about = parts.filter(part => part !== '').map(visible)
  return [
    `${paint('bold', visible(host.hostname) || 'this host')}${about.length > 0 ? `  ${about.join(', ')}` : ''}`,
    paint('dim', `${tool.name} ${tool.version}, ${scannedAt}, profiles ${profiles.join(', ') || 'none'}`),
    ...(snapshot ? [`${visible(snapshot.file)}: facts read ${snapshot.readAt} by ${visible(readBy(snapshot))}`] : []),
  ]
}

const readBy = ({ agentVersion }: NonNullable<ScanReport['snapshot']>) => `gabion-agent ${agentVersion}`

function groupByArea(findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const area = finding.facets[0] ?? 'other'
    groups.set(area, [...(groups.get(area) ?? []), finding])
  }
  return groups
}

function findingLines(finding: Finding, options: TableOptions): readonly string[] {
  const { paint, width } = options
  const label = paint(severityStyle[finding.severity], finding.severity.toUpperCase().padEnd(8))
  return [
    `  ${label}  ${paint('bold', visible(finding.title))}${changeMark(finding, options)}`,
    paint('dim', `            ${[finding.check, ...referenceTexts(finding.references)].map(visible).join(' · ')}`),
    ...finding.evidence.flatMap(text => wrap(`• ${visible(text)}`, width, '            ', '  ')),
    ...remediationLines(finding.remediation, width).map(line => paint('green', line)),
  ]
}

/**
 * A remediation is our own text with quoted host values: its line breaks stay, everything else is made visible. Prose
 * is wrapped; what stands in a code fence is to be copied, so its lines stay whole and the fence itself is left out.
 */
function remediationLines(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let code = false
  for (const line of `fix: ${text.trim()}`.split('\n')) {
    const indent = lines.length === 0 ? findingIndent : `${findingIndent}     `
    if (/^ *```/.test(line)) code = !code
    else if (code) lines.push(`${indent}  ${visible(line)}`)
    else if (line.trim() !== '') lines.push(...wrap(visible(line), width, indent, lines.length === 0 ? '     ' : ''))
  }
  return lines
}

const changeWords = { new: 'new', grown: 'more than before', known: '' } as const

function changeMark({ change }: Finding, { paint }: TableOptions): string {
  const word = change ? changeWords[change] : ''
  return word && `  ${paint('red', word)}`
}

/** What came and went since the report that this one was compared with. */
function sinceLines({ since, results }: ScanReport, { paint, width }: TableOptions): readonly string[] {
  if (!since) return []
  const count = (change: Finding['change']) =>
    results.filter(result => result.change === change && !result.waiver).length
  const news = `${count('new')} new, ${count('grown')} with more evidence, ${since.resolved.length} resolved`
  const gone = since.resolved.map(({ title, now }) => `✓ ${title}${now === 'pass' ? '' : ' (does not apply any more)'}`)
  return [
    '',
    `${paint('bold', `Since ${visible(since.scannedAt)}`)}: ${news}`,
    ...gone.flatMap(text => wrap(visible(text), width, '  ', '  ')).map(line => paint('green', line)),
  ]
}

function reasonSection(
  title: string,
  state: Finding['state'],
  report: ScanReport,
  { paint, width }: TableOptions,
): readonly string[] {
  const results = report.results.filter(result => result.state === state && !result.waiver)
  if (results.length === 0) return []
  const lines = results.flatMap(({ severity, title: check, check: id, reason }) => [
    `  ${paint(severityStyle[severity], severity.padEnd(8))}  ${visible(check)} ${paint('dim', id)}`,
    ...(reason ? wrap(visible(reason), width, '            ', '').map(line => paint('dim', line)) : []),
  ])
  return ['', paint('bold', `${title} (${results.length})`), ...lines]
}

function waivedSection(report: ScanReport, { paint, width }: TableOptions): readonly string[] {
  const lines = report.results.flatMap(({ severity, title, check, state, evidence, reason, waiver }) => {
    if (!waiver) return []
    const { id, owner, ticket, expiresAt } = waiver
    const accepted = `${id} until ${expiresAt} by ${owner}${ticket && ` (${ticket})`}: ${waiver.reason}`
    const found = state === 'fail' ? evidence : [`could not be judged: ${reason}`]
    return [
      `  ${paint(severityStyle[severity], severity.padEnd(8))}  ${visible(title)} ${paint('dim', check)}`,
      ...[`waiver ${accepted}`, ...found.map(text => `• ${text}`)]
        .flatMap(text => wrap(visible(text), width, findingIndent, '  '))
        .map(line => paint('dim', line)),
    ]
  })
  if (lines.length === 0) return []
  return ['', paint('bold', `Waived (${report.score.waived})`), ...lines]
}

/** What could not be read is a warning; what the host does not have is only said. */
function facetLines(facets: readonly FacetSummary[], options: TableOptions): readonly string[] {
  return [
    ...listSection('Not read', unreadTexts(facets), options),
    ...listSection('Not on this host', absentTexts(facets), options),
  ]
}

function listSection(title: string, texts: readonly string[], { paint, width }: TableOptions): readonly string[] {
  if (texts.length === 0) return []
  const lines = texts.flatMap(text => wrap(visible(text), width, '  ', '  '))
  return ['', paint('bold', title), ...lines.map(line => paint('dim', line))]
}

function summary(report: ScanReport, { paint }: TableOptions): readonly string[] {
  const { score, results } = report
  const { counts } = score
  if (!isJudged(report)) {
    const rest = `${counts.not_applicable} not applicable, ${counts.manual} to look at by hand`
    return [`${paint('yellow', 'Nothing was judged:')} ${rest}`]
  }
  const worst = results.filter(({ state, waiver }) => state === 'fail' && !waiver).map(result => result.severity)
  const bySeverity = (['critical', 'high', 'medium', 'low'] as const)
    .map(severity => ({ severity, count: worst.filter(item => item === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => paint(severityStyle[severity], `${count} ${severity}`))
  const findings =
    worst.length === 0
      ? 'no findings'
      : `${worst.length} ${worst.length === 1 ? 'finding' : 'findings'} (${bySeverity.join(', ')})`
  const unjudged = results.filter(({ state, waiver }) => state === 'error' && !waiver).length
  const waived = score.waived > 0 ? `${score.waived} waived, ` : ''
  const rest = `${waived}${counts.pass} passed, ${unjudged} not judged, ${counts.manual} manual, ${counts.not_applicable} not applicable`
  return [`${paint('bold', `Score ${score.score}`)} of 100, coverage ${score.coverage} %`, `${findings}, ${rest}`]
}

/** Breaks at spaces so that no line passes the width; `indent` starts each line, `hang` all but the first. */
export function wrap(text: string, width: number, indent: string, hang: string): readonly string[] {
  const limit = Math.max(20, width)
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const word of paragraph.split(' ')) {
      const lead = indent + (lines.length > 0 ? hang : '')
      if (line !== '' && lead.length + line.length + 1 + word.length > limit) {
        lines.push(lead + line)
        line = word
      } else {
        line = line === '' ? word : `${line} ${word}`
      }
    }
    lines.push(indent + (lines.length > 0 ? hang : '') + line)
  }
  return lines
}
