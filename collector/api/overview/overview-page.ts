// The overview as HTML: numbers on top, then what is worst, the hosts, and what changed last. No script.
import { severities } from '../../../policy/check.ts'
import { hasVerdict } from '../../../report/findings.ts'
import type { DriftRecord, ResultRecord } from '../../store/records.ts'
import type { HostWithSync } from '../host-with-sync.ts'
import { type Html, html } from '../html.ts'
import { page } from '../page.ts'
import type { Overview } from './read-overview.ts'

export function overviewPage({ summary, worst, hosts, drift, demo, principal }: Overview): Html {
  return page(
    { title: 'Gabion', style: '/overview.css', refreshSeconds: 15 },
    html`<header>
<h1>Gabion</h1>
<nav><a href="/api/v1/summary">summary</a> <a href="/api/v1/hosts">hosts</a> <a href="/api/v1/results?state=fail">results</a> <a href="/api/v1/checks">checks</a> <a href="/api/v1/drift">drift</a> <a href="/reference">API</a></nav>
${principal.kind === 'session' ? logout(principal.name) : html``}
</header>
${demo ? html`<p class="note">A trial on this machine: loopback only, no TLS, no login.</p>` : html``}
<section class="cards">
${scoreCard(summary)}
${card('hosts', summary.hosts.total, connectedNote(summary))}
${severities.map(severity => card(`${severity} findings`, summary.failedBySeverity[severity], '', severity))}
${card('not judged', summary.counts.error, 'knowledge is missing')}
</section>
${hosts.length === 0 ? welcome : html`${worstTable(worst, summary)}${hostTable(hosts)}${driftTable(drift)}`}
<footer>collector ${summary.version} · ${summary.checks} checks · catalog ${summary.catalogDigest.slice(7, 19)}</footer>`,
  )
}

function logout(name: string): Html {
  return html`<form method="post" action="/logout"><small>${name}</small> <button type="submit">log out</button></form>`
}

function connectedNote({ hosts: { connected, catchingUp } }: Overview['summary']): string {
  return catchingUp === 0 ? `${connected} connected` : `${connected} connected, ${catchingUp} catching up`
}

const welcome = html`<section>
<h2>No host yet</h2>
<p>Start an agent on this machine, and it appears here:</p>
<pre>gabion-agent run --collector 127.0.0.1:50051</pre>
</section>`

function card(title: string, value: number, note: string, kind = ''): Html {
  const tone = value > 0 ? kind : ''
  return html`<div class="card ${tone}"><b>${value}</b><span>${title}</span><small>${note}</small></div>`
}

function scoreCard({ score, coverage }: Overview['summary']): Html {
  if (score === undefined) {
    return html`<div class="card score"><b>–</b><span>score of 100</span><small>nothing is judged yet</small></div>`
  }
  return html`<div class="card score"><b>${score}</b><span>score of 100</span><small>${coverage ?? 0} % could be judged</small>
<meter min="0" max="100" low="60" high="85" optimum="100" value="${score}">${score}</meter></div>`
}

function worstTable(results: readonly ResultRecord[], { counts }: Overview['summary']): Html {
  if (results.length === 0) {
    const why = hasVerdict(counts) ? 'Nothing fails.' : 'Nothing is judged yet.'
    return html`<section><h2>Worst findings</h2><p class="empty">${why}</p></section>`
  }
  return html`<section><h2>Worst findings</h2>
<table><thead><tr><th>Severity</th><th>Finding</th><th>Host</th><th>Evidence</th><th>Since (UTC)</th></tr></thead><tbody>
${results.map(
  result => html`<tr><td><span class="tag ${result.severity}">${result.severity}</span></td>
<td><a href="/api/v1/checks/${segment(result.check)}">${result.title}</a></td>
<td><a href="/api/v1/hosts/${segment(result.hostId)}">${result.hostname}</a></td>
<td class="evidence">${evidence(result.evidence)}</td><td>${time(result.since)}</td></tr>`,
)}
</tbody></table></section>`
}

function evidence(lines: readonly string[]): Html {
  const [first, ...more] = lines
  if (first === undefined) return html``
  return more.length === 0 ? html`${first}` : html`${first} <small>and ${more.length} more</small>`
}

function hostTable(hosts: readonly HostWithSync[]): Html {
  return html`<section><h2>Hosts, the lowest score first</h2>
<table><thead><tr><th>Host</th><th>Score</th><th>Coverage</th><th>Critical</th><th>High</th><th>Medium</th><th>Low</th><th>Seen (UTC)</th></tr></thead><tbody>
${hosts.map(
  host => html`<tr><td><span class="dot ${host.connected ? 'on' : 'off'}" title="${host.connected ? 'connected' : 'not connected'}"></span>
<a href="/api/v1/hosts/${segment(host.id)}">${host.hostname}</a></td>
${standing(host)}
${severities.map(severity => html`<td class="number">${host.failedBySeverity[severity]}</td>`)}
<td>${seen(host)}</td></tr>`,
)}
</tbody></table></section>`
}

function standing({ score, coverage }: HostWithSync): Html {
  if (score === undefined) return html`<td class="number" colspan="2">not judged yet</td>`
  return html`<td class="number"><meter min="0" max="100" low="60" high="85" optimum="100" value="${score}"></meter> ${score}</td>
<td class="number">${coverage ?? 0} %</td>`
}

function seen({ connected, lastSeen, sync }: HostWithSync): Html {
  if (!connected) return time(lastSeen)
  if (sync?.state !== 'catching-up') return html`now`
  return html`catching up: <b>${lag(sync.behindMs)}</b> behind, ${sync.queuedChanges} changes to come`
}

/** In the largest unit that is full. */
function lag(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms >= each) ?? ['s', 1_000]
  return `${Math.floor(ms / size)} ${unit}`
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const

function driftTable(drift: readonly DriftRecord[]): Html {
  if (drift.length === 0) return html`<section><h2>Latest drift</h2><p class="empty">Nothing has changed.</p></section>`
  return html`<section><h2>Latest drift</h2>
<table><thead><tr><th>When (UTC)</th><th>Host</th><th>Of</th><th>What</th></tr></thead><tbody>
${drift.map(
  row => html`<tr><td>${time(row.at)}</td><td><a href="/api/v1/hosts/${segment(row.hostId)}">${row.hostname}</a></td>
<td>${row.subject}</td><td class="change ${row.change}">${row.text}</td></tr>`,
)}
</tbody></table></section>`
}

const segment = (text: string) => encodeURIComponent(text)

/** @param iso as the API writes times */
function time(iso: string): Html {
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time>`
}
