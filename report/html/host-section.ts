// Everything the HTML report tells of one host.
import { severities } from '../../policy/check.ts'
import { absentTexts, hostName, inState, openFindings, unjudged, unreadTexts, waivedResults } from '../findings.ts'
import type { Finding, ScanReport } from '../scan-report.ts'
import { badge, changeBadge, findingCard } from './finding.ts'
import { type Html, html, nothing, when } from './markup.ts'
import { areas, fixFirst, verdict } from './overview.ts'

/**
 * @param number of the host on the page, from 1; makes ids of elements unique
 * @param only whether the page is about no other host
 */
export function hostSection(report: ScanReport, number: number, only: boolean): Html {
  const idOf = ({ check }: Finding) => `h${number}-${check.replace(/[^a-zA-Z0-9-]/g, '_')}`
  return html`${hostHeader(report, only)}
${verdict(report)}
${since(report)}
${fixFirst(report, idOf)}
${areas(report)}
${findings(report, idOf)}
${waived(report)}
${reasons('Could not be judged', 'Something that these checks need could not be read. They count as not passed.', unjudged(report))}
${reasons('To look at by hand', 'No program can decide these.', inState(report, 'manual'))}
${unread(report)}
${folded('Passed', inState(report, 'pass'))}
${folded('Does not apply', inState(report, 'not_applicable'))}
`
}

function hostHeader({ host, scannedAt, profiles, tool, snapshot }: ScanReport, only: boolean): Html {
  const name = hostName(host)
  const heading = only ? html`<h1>${name}</h1>` : html`<h2 class="title">${name}</h2>`
  const facts: readonly (readonly [string, string])[] = [
    ['System', [host.os, host.kernel && `kernel ${host.kernel}`].filter(text => text !== '').join(', ')],
    ['Judged', longTime(scannedAt)],
    ['Facts', snapshot ? `${snapshot.file}, read ${longTime(snapshot.readAt)}` : ''],
    ['Profiles', profiles.join(', ')],
    ['Host id', host.id],
    ['Root', host.root === '/' ? '' : host.root],
    ['By', `${tool.name} ${tool.version}`],
  ]
  const shown = facts.filter(([, text]) => text !== '')
  return html`<header class="top"><p class="eyebrow">Hardening report</p>${heading}
<dl class="facts">${shown.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl></header>`
}

const months = 'January February March April May June July August September October November December'.split(' ')

/** `2026-11-22T05:17:20Z` → `22 November 2026, 05:17 UTC` */
export function longTime(iso: string): string {
  const [, year, month, day, time] = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})/.exec(iso) ?? []
  return year ? `${Number(day)} ${months[Number(month) - 1] ?? ''} ${year}, ${time} UTC` : iso
}

const longDate = (iso: string) => longTime(iso).split(',')[0] ?? ''

function since({ since: earlier, results }: ScanReport): Html {
  if (!earlier) return nothing
  const news = results.filter(({ change, waiver }) => (change === 'new' || change === 'grown') && !waiver)
  const { resolved, scannedAt } = earlier
  return html`<section class="card"><h2>Since ${longTime(scannedAt)}</h2>
<p>${news.length === 0 ? 'Nothing new.' : `${news.length} new or grown, ${resolved.length} resolved.`}</p>
${when(news.length > 0, () => html`<ul class="plain">${news.map(one => html`<li>${badge(one.severity)} ${one.title}${changeBadge(one)}</li>`)}</ul>`)}
${when(resolved.length > 0, () => html`<ul class="plain">${resolved.map(one => html`<li><span class="badge good">resolved</span> ${one.title}</li>`)}</ul>`)}
</section>`
}

function findings(report: ScanReport, idOf: (finding: Finding) => string): Html {
  const open = openFindings(report)
  if (open.length === 0) return nothing
  const groups = severities
    .map(severity => ({ severity, list: open.filter(finding => finding.severity === severity) }))
    .filter(({ list }) => list.length > 0)
  const cards = groups.map(
    ({ severity, list }) =>
      html`<p class="group">${badge(severity)}<span class="quiet">${list.length} ${list.length === 1 ? 'finding' : 'findings'}</span></p>${list.map(finding => findingCard(finding, idOf(finding)))}`,
  )
  return html`<section class="card"><h2>Findings</h2>${cards}</section>`
}

function waived(report: ScanReport): Html {
  const list = waivedResults(report)
  if (list.length === 0) return nothing
  const rows = list.map(({ title, check, severity, evidence, reason, waiver }) =>
    waiver
      ? html`<tr><th scope="row">${badge(severity)} ${title}<br><code>${check}</code>${[...evidence, reason].filter(text => text !== '').map(text => html`<br><span class="quiet">${text}</span>`)}</th><td>${waiver.reason}${when(waiver.ticket, () => html`<br><span class="quiet">${waiver.ticket}</span>`)}</td><td>${waiver.owner}</td><td>${longDate(waiver.expiresAt)}</td></tr>`
      : nothing,
  )
  return html`<section class="card"><h2>Accepted for a time</h2><div class="scroll"><table class="accepted"><caption>These fail, and somebody took the risk. They count again when their time is over.</caption>
<thead><tr><th scope="col">Failure</th><th scope="col">Reason</th><th scope="col">Owner</th><th scope="col">Until</th></tr></thead><tbody>${rows}</tbody></table></div></section>`
}

function reasons(title: string, text: string, list: readonly Finding[]): Html {
  if (list.length === 0) return nothing
  const items = list.map(
    one =>
      html`<li>${badge(one.severity)} ${one.title} <code>${one.check}</code><br><span class="quiet">${one.reason}</span></li>`,
  )
  return html`<section class="card"><h2>${title}</h2><p class="quiet">${text}</p><ul class="plain">${items}</ul></section>`
}

function unread({ facets }: ScanReport): Html {
  const [missing, absent] = [unreadTexts(facets), absentTexts(facets)]
  if (missing.length + absent.length === 0) return nothing
  const list = (texts: readonly string[]) => html`<ul class="plain">${texts.map(text => html`<li>${text}</li>`)}</ul>`
  return html`<section class="card"><h2>What was not read</h2>
${when(missing.length > 0, () => html`<p class="quiet">Could not be read, so checks that need it say so:</p>${list(missing)}`)}
${when(absent.length > 0, () => html`<p class="quiet">Not on this host:</p>${list(absent)}`)}</section>`
}

function folded(title: string, list: readonly Finding[]): Html {
  if (list.length === 0) return nothing
  const items = list.map(
    one => html`<li>${one.title} <code>${one.check}</code>${when(one.reason, () => html`: ${one.reason}`)}</li>`,
  )
  return html`<section class="card"><details class="fold"><summary>${title} (${list.length})</summary><ul class="plain quiet">${items}</ul></details></section>`
}
