// What the HTML report opens with: the verdict in a sentence, the score, how the checks went, and what to fix first.
import { type Severity, severities } from '../../policy/check.ts'
import {
  areaOf,
  countBySeverity,
  coverageText,
  inState,
  isJudged,
  openFindings,
  severityWords,
  unjudged,
  waivedResults,
} from '../findings.ts'
import type { Finding, ScanReport } from '../scan-report.ts'
import { badge, changeBadge } from './finding.ts'
import { type Html, html, when } from './markup.ts'

export function verdict(report: ScanReport): Html {
  const open = openFindings(report)
  const counts = countBySeverity(open)
  return html`<section class="card" aria-labelledby="verdict">
<div class="verdict">
${scoreRing(report)}
<div>
<h2 class="headline" id="verdict">${headline(report)}</h2>
<p class="lead">${summarySentence(report)}</p>
</div>
</div>
<ul class="tiles">${severities.map(severity => html`<li class="tile ${counts[severity] > 0 ? severity : 'none'}"><b>${counts[severity]}</b>${severity}</li>`)}</ul>
<div class="meter"><p><span>How the checks went</span><span>Coverage <b>${coverageText(report)}</b></span></p>
${resultBar(report)}
${legend(report)}</div>
</section>
`
}

/** The worst that is open decides; it is said in words, since colours are not seen by everybody. */
export function headline(report: ScanReport): string {
  if (!isJudged(report)) return 'Nothing was judged'
  const counts = countBySeverity(openFindings(report))
  const say = (count: number, kind: string, when: string) =>
    `${count} ${kind} ${count === 1 ? 'weakness' : 'weaknesses'} to fix ${when}`
  if (counts.critical > 0) return say(counts.critical, 'critical', 'now')
  if (counts.high > 0) return say(counts.high, 'serious', 'soon')
  if (counts.medium + counts.low > 0) return 'No serious weakness; some settings to tighten'
  return unjudged(report).length > 0 ? 'Nothing found in what could be judged' : 'No weakness found'
}

function summarySentence(report: ScanReport): string {
  const { counts } = report.score
  if (!isJudged(report))
    return `${counts.not_applicable} checks do not apply and ${counts.manual} are for people to look at.`
  const open = openFindings(report)
  const failed =
    open.length === 0 ? 'none fails' : `${open.length} ${open.length === 1 ? 'fails' : 'fail'} (${severityWords(open)})`
  const concerned = report.results.length - inState(report, 'not_applicable').length
  const waived = waivedResults(report).length
  const unknown = unjudged(report).length
  return [
    `Of ${concerned} checks that concern this host, ${counts.pass} pass and ${failed}.`,
    waived > 0 ? `${waived} ${waived === 1 ? 'failure is' : 'failures are'} accepted for a time.` : '',
    unknown > 0
      ? `${unknown} could not be judged, because something could not be read; ${unknown === 1 ? 'it counts' : 'they count'} as not passed.`
      : '',
    counts.manual > 0 ? `${counts.manual} ${counts.manual === 1 ? 'is' : 'are'} for people to look at.` : '',
  ]
    .filter(text => text !== '')
    .join(' ')
}

function scoreRing(report: ScanReport): Html {
  const { score } = report.score
  if (score === undefined)
    return html`<svg class="ring" viewBox="0 0 120 120" role="img" aria-label="No score"><circle class="track" cx="60" cy="60" r="52"/><text x="60" y="70">–</text></svg>`
  const level = score >= 90 ? 'good' : score >= 70 ? 'fair' : 'poor'
  return html`<svg class="ring" viewBox="0 0 120 120" role="img" aria-label="Score ${score} of 100">
<circle class="track" cx="60" cy="60" r="52"/>
${when(score > 0, () => html`<circle class="value ${level}" cx="60" cy="60" r="52" pathLength="100" stroke-dasharray="${score} 100" transform="rotate(-90 60 60)"/>`)}
<text x="60" y="68">${score}</text><text class="of" x="60" y="86">of 100</text>
</svg>`
}

type Part = readonly [name: string, label: string, count: number]

function partsOf(report: ScanReport): readonly Part[] {
  return [
    ['pass', 'passed', inState(report, 'pass').length],
    ['fail', 'failed', openFindings(report).length],
    ['error', 'could not be judged', unjudged(report).length],
    ['manual', 'for people to look at', inState(report, 'manual').length],
    ['waived', 'accepted', waivedResults(report).length],
  ]
}

const resultBar = (report: ScanReport) => stackedBar(partsOf(report))

/** Parts side by side, as long as they are many. */
function stackedBar(parts: readonly Part[]): Html {
  const total = parts.reduce((sum, [, , count]) => sum + count, 0)
  let before = 0
  const rects = parts
    .filter(([, , count]) => count > 0)
    .map(([name, , count]) => {
      const rect = html`<rect class="fill-${name}" x="${before}" y="0" width="${count}" height="1"/>`
      before += count
      return rect
    })
  const label = parts.map(([, words, count]) => `${count} ${words}`).join(', ')
  return html`<div class="bar"><svg viewBox="0 0 ${Math.max(total, 1)} 1" preserveAspectRatio="none" role="img" aria-label="${label}">${rects}</svg></div>`
}

function legend(report: ScanReport): Html {
  const items = partsOf(report)
    .filter(([, , count]) => count > 0)
    .map(([name, label, count]) => html`<li><span class="dot ${name}"></span><b>${count}</b> ${label}</li>`)
  const elsewhere = inState(report, 'not_applicable').length
  return html`<ul class="legend">${items}${when(elsewhere, () => html`<li><b>${elsewhere}</b> do not apply to this host</li>`)}</ul>`
}

/** @param idOf element of a finding */
export function fixFirst(report: ScanReport, idOf: (finding: Finding) => string): Html {
  const worst = openFindings(report).slice(0, 5)
  return when(
    worst.length > 1,
    () => html`<section class="card"><h2>Fix these first</h2>
<p class="quiet">Each line says what should be so, and is not.</p>
<ol class="first">${worst.map(finding => html`<li>${badge(finding.severity)} <a href="#${idOf(finding)}">${finding.title}</a>${changeBadge(finding)}</li>`)}</ol></section>
`,
  )
}

export function areas(report: ScanReport): Html {
  const byArea = [...Map.groupBy(report.results, areaOf)].sort(([a], [b]) => (a < b ? -1 : 1))
  const rows = byArea.flatMap(([area, results]) => {
    const part: ScanReport = { ...report, results }
    const open = countBySeverity(openFindings(part))
    const judged = results.length - inState(part, 'not_applicable').length
    if (judged === 0) return []
    return html`<tr><th scope="row">${area}</th>${severities.map(severity => countCell(open, severity))}<td class="number">${inState(part, 'pass').length} of ${judged}</td><td class="wide">${resultBar(part)}</td></tr>`
  })
  return html`<section class="card"><h2>By area</h2><div class="scroll"><table class="areas">
<thead><tr><th scope="col">Area</th>${severities.map(severity => html`<th scope="col" class="number">${severity}</th>`)}<th scope="col" class="number">Passed</th><th scope="col" class="wide">Result</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>
`
}

export const countCell = (counts: Readonly<Record<Severity, number>>, severity: Severity): Html =>
  counts[severity] > 0
    ? html`<td class="number"><span class="badge ${severity}">${counts[severity]}</span></td>`
    : html`<td class="number zero">0</td>`
