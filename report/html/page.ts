// The HTML report: one file that a manager reads, with nothing loaded from elsewhere and no script.
import { severities } from '../../policy/check.ts'
import { sha256 } from '../../proto/canonical.ts'
import { countBySeverity, coverageText, hostName, openFindings } from '../findings.ts'
import type { Finding, ScanReport } from '../scan-report.ts'
import { badge } from './finding.ts'
import { hostSection, longTime } from './host-section.ts'
import { html, nothing } from './markup.ts'
import { countCell } from './overview.ts'
import { style } from './style.ts'

export function renderHtml(reports: readonly ScanReport[]): string {
  const [first] = reports
  const subject = reports.length === 1 && first ? hostName(first.host) : `${reports.length} hosts`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash()}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${first ? `${first.tool.name} ${first.tool.version}` : 'gabion'}">
<title>${subject} – hardening report${first ? `, ${longTime(first.scannedAt)}` : ''}</title>
<style>${{ html: style }}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the report</a>
<main id="content">
${reports.length > 1 ? fleet(reports) : nothing}
${reports.map((report, index) => html`<article id="h${index + 1}"${reports.length > 1 ? { html: ' class="host"' } : nothing}>${hostSection(report, index + 1, reports.length === 1)}</article>`)}
</main>
<footer class="foot"><p>Score: weight of the checks that pass, of all that pass, fail or could not be judged; critical weighs 10, high 5, medium 2, low 1. What is accepted is left out. Coverage: the part of the checks that could be judged by a program.</p></footer>
</body>
</html>
`
  return page.html
}

/** The only style that the page's policy lets in. */
function styleHash(): string {
  const hex = sha256(style).slice('sha256:'.length)
  return btoa(String.fromCharCode(...(hex.match(/../g) ?? []).map(byte => Number.parseInt(byte, 16))))
}

/** Hosts that nobody judged come last. */
const rank = ({ score }: ScanReport) => score.score ?? 101

function fleet(reports: readonly ScanReport[]) {
  const numbered = reports.map((report, index) => ({ report, id: `h${index + 1}` }))
  const worstFirst = numbered.toSorted((a, b) => rank(a.report) - rank(b.report))
  const rows = worstFirst.map(({ report, id }) => {
    const counts = countBySeverity(openFindings(report))
    const score = report.score.score ?? '–'
    return html`<tr><th scope="row"><a href="#${id}">${hostName(report.host)}</a><br><span class="quiet">${report.host.os}</span></th><td class="number">${score}</td><td class="number">${coverageText(report)}</td>${severities.map(severity => countCell(counts, severity))}</tr>`
  })
  return html`<header class="top"><p class="eyebrow">Hardening report</p><h1>${reports.length} hosts</h1></header>
<section class="card"><h2>Hosts</h2><div class="scroll"><table><caption>Lowest score first</caption>
<thead><tr><th scope="col">Host</th><th scope="col" class="number">Score</th><th scope="col" class="number">Coverage</th>${severities.map(severity => html`<th scope="col" class="number">${severity}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div></section>
${commonFindings(reports)}`
}

/** What fails on most hosts: one change of an image or a role mends it everywhere. */
function commonFindings(reports: readonly ScanReport[]) {
  const byCheck = Map.groupBy(reports.flatMap(openFindings), ({ check }) => check)
  const common = [...byCheck.values()]
    .flatMap((list: readonly Finding[]) => (list[0] ? [{ finding: list[0], hosts: list.length }] : []))
    .filter(({ hosts }) => hosts > 1)
    .sort(
      (a, b) => severities.indexOf(a.finding.severity) - severities.indexOf(b.finding.severity) || b.hosts - a.hosts,
    )
    .slice(0, 20)
  if (common.length === 0) return nothing
  const rows = common.map(
    ({ finding, hosts }) =>
      html`<tr><td>${badge(finding.severity)}</td><th scope="row">${finding.title}<br><code>${finding.check}</code></th><td class="number">${hosts} of ${reports.length}</td></tr>`,
  )
  return html`<section class="card"><h2>On several hosts</h2><table><thead><tr><th scope="col">Severity</th><th scope="col">Finding</th><th scope="col" class="number">Hosts</th></tr></thead><tbody>${rows}</tbody></table></section>`
}
