// The scan report as Markdown, for pull requests, job summaries and wikis; nothing a host says becomes markup.
import { shown } from './escape.ts'
import {
  absentTexts,
  countBySeverity,
  coverageText,
  hostName,
  inState,
  isJudged,
  openFindings,
  referenceTexts,
  severityWords,
  unjudged,
  unreadTexts,
  waivedResults,
  waiverText,
} from './findings.ts'
import { type RemediationBlock, remediationBlocks } from './remediation-blocks.ts'
import type { Finding, ScanReport } from './scan-report.ts'

export function renderMarkdown(reports: readonly ScanReport[]): string {
  const sections = reports.map(report => hostSection(report, reports.length > 1 ? 2 : 1))
  const overview = reports.length > 1 ? [['# Hosts', '', ...hostTable(reports)].join('\n')] : []
  return `${[...overview, ...sections].join('\n\n')}\n`
}

function hostTable(reports: readonly ScanReport[]): readonly string[] {
  const rows = reports.map(report => {
    const counts = Object.values(countBySeverity(openFindings(report)))
    const score = report.score.score ?? 'not judged'
    return `| ${[prose(hostName(report.host)), score, coverageText(report), ...counts].join(' | ')} |`
  })
  return ['| Host | Score | Coverage | Critical | High | Medium | Low |', '|---|--:|--:|--:|--:|--:|--:|', ...rows]
}

function hostSection(report: ScanReport, level: number): string {
  const { host, tool, scannedAt, profiles, snapshot, since } = report
  const heading = (text: string, below: number) => `${'#'.repeat(level + below)} ${text}`
  const about = [host.os, host.kernel && `kernel ${host.kernel}`, host.root === '/' ? '' : `root ${host.root}`]
  const facts = [
    [...about.filter(text => text !== ''), `${tool.name} ${tool.version}`, scannedAt].map(prose).join(' · '),
    `Profiles: ${profiles.map(code).join(', ') || 'none'}`,
    host.id && `Host id: ${code(host.id)}`,
    snapshot ? `Facts of ${code(snapshot.file)}, read ${prose(snapshot.readAt)}` : '',
  ].filter(text => text !== '')
  const lines = [heading(prose(hostName(host)), 0), '', summaryText(report), '', ...facts.map(text => `- ${text}`)]
  const section = (title: string, items: readonly string[]) => {
    if (items.length > 0) lines.push('', heading(`${title} (${items.length})`, 1), '', ...items)
  }
  const open = openFindings(report)
  if (open.length > 0) lines.push('', heading(`Findings (${open.length})`, 1))
  for (const finding of open) lines.push('', heading(findingTitle(finding), 2), '', ...findingLines(finding))
  section(
    'Waived',
    waivedResults(report).map(result => item(result, waiverText(result))),
  )
  section(
    'Could not be judged',
    unjudged(report).map(result => item(result, result.reason)),
  )
  section(
    'To look at by hand',
    inState(report, 'manual').map(result => item(result, result.reason)),
  )
  const resolved = since?.resolved.map(({ title, check, severity }) => `- ${prose(title)} (${severity}) ${code(check)}`)
  section(`Resolved since ${prose(since?.scannedAt ?? '')}`, resolved ?? [])
  section(
    'Not read',
    unreadTexts(report.facets).map(text => `- ${code(text)}`),
  )
  section(
    'Not on this host',
    absentTexts(report.facets).map(text => `- ${code(text)}`),
  )
  return lines.join('\n')
}

function summaryText(report: ScanReport): string {
  const { score } = report
  const { counts } = score
  if (!isJudged(report))
    return `**Nothing was judged.** ${counts.not_applicable} not applicable, ${counts.manual} manual.`
  const open = openFindings(report)
  const findings = open.length === 0 ? 'no findings' : `${open.length} findings (${severityWords(open)})`
  const waived = score.waived > 0 ? `${score.waived} waived, ` : ''
  const rest = `${waived}${unjudged(report).length} not judged, ${counts.manual} manual, ${counts.not_applicable} not applicable`
  return `**Score ${score.score} of 100**, coverage ${score.coverage} %: ${findings}, ${counts.pass} passed, ${rest}.`
}

const changeWords = { new: ' — new', grown: ' — more than before', known: '' } as const

const findingTitle = ({ severity, title, change }: Finding) =>
  `${severity.toUpperCase()}: ${prose(title)}${change ? changeWords[change] : ''}`

function findingLines({ check, references, rationale, evidence, remediation }: Finding): readonly string[] {
  return [
    [code(check), ...referenceTexts(references).map(prose)].join(' · '),
    '',
    prose(rationale),
    ...(evidence.length > 0 ? ['', ...evidence.map(text => `- ${code(text)}`)] : []),
    ...(remediation ? ['', remediationMarkdown(remediation)] : []),
  ]
}

export const remediationMarkdown = (remediation: string) => remediationBlocks(remediation).map(blockText).join('\n\n')

function item({ severity, title, check }: Finding, text: string): string {
  return `- **${severity}** ${prose(title)} ${code(check)}${text && `: ${prose(text)}`}`
}

function blockText(block: RemediationBlock): string {
  if ('spans' in block) return block.spans.map(span => (span.code ? code(span.text) : prose(span.text))).join('')
  const lines = block.lines.map(shown)
  const fence = '`'.repeat(Math.max(3, longestTicks(lines.join('\n')) + 1))
  return [`${fence}sh`, ...lines, fence].join('\n')
}

/**
 * Text in which nothing is markup, a link, or the mention of somebody.
 * @source CommonMark 0.31 and the extensions of GitHub: tables, strikethrough, math, autolinks, mentions
 */
export function prose(text: string): string {
  return shown(text)
    .replace(/[\\`*_[\]|~$]/g, char => `\\${char}`)
    .replace(/[&<>]/g, char => `&#${char.charCodeAt(0)};`)
    .replace(
      /^(\s*)([#+=-]|\d+[.)])/,
      (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`,
    )
    .replace(/:\/\/|www\./gi, start => `${start.slice(0, -1)}\\${start.slice(-1)}`)
    .replace(/(^|\W)@/g, '$1@\u2060')
}

/** A code span of one line, whatever is in it. */
export function code(text: string): string {
  const one = shown(text)
  if (one === '') return ''
  const ticks = '`'.repeat(longestTicks(one) + 1)
  const pad = one.startsWith('`') || one.endsWith('`') || /^ .* $/.test(one) ? ' ' : ''
  return `${ticks}${pad}${one}${pad}${ticks}`
}

const longestTicks = (text: string) => Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
