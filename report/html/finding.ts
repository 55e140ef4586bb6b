// One finding of the HTML report: why it matters, what was found, what to do.
import { areaOf, referenceTexts } from '../findings.ts'
import { remediationBlocks } from '../remediation-blocks.ts'
import type { Finding } from '../scan-report.ts'
import { type Html, html, nothing, when } from './markup.ts'

const shownEvidence = 8

export const badge = (severity: Finding['severity']): Html => html`<span class="badge ${severity}">${severity}</span>`

const changeWords = { new: 'new', grown: 'more than before', known: '' } as const

export function changeBadge({ change }: Pick<Finding, 'change'>): Html {
  const word = change ? changeWords[change] : ''
  return when(word, () => html` <span class="badge new">${word}</span>`)
}

/** @param id of the element, for links */
export function findingCard(finding: Finding, id: string): Html {
  const { severity, title, rationale, evidence, remediation } = finding
  return html`<details class="finding ${severity}" id="${id}" open>
<summary>${badge(severity)}<h3>${title}${changeBadge(finding)}</h3></summary>
<div class="inside">
<div><h4>Why it matters</h4><p>${rationale}</p></div>
${when(evidence.length > 0, () => html`<div><h4>What was found</h4>${evidenceList(evidence)}</div>`)}
${when(remediation, () => html`<div><h4>What to do</h4>${remediationHtml(remediation)}</div>`)}
<p class="refs">${areaOf(finding)} · <code>${finding.check}</code>${referenceTexts(finding.references).map(text => html` · ${text}`)}</p>
</div>
</details>
`
}

function evidenceList(evidence: readonly string[]): Html {
  const items = (texts: readonly string[]) =>
    html`<ul class="evidence">${texts.map(text => html`<li>${text}</li>`)}</ul>`
  const rest = evidence.slice(shownEvidence)
  if (rest.length < 2) return items(evidence)
  return html`${items(evidence.slice(0, shownEvidence))}<details class="more"><summary>${rest.length} more</summary>${items(rest)}</details>`
}

export function remediationHtml(text: string): Html {
  const blocks = remediationBlocks(text).map(block =>
    'lines' in block
      ? html`<pre>${block.lines.map((line, index) => html`${index > 0 ? '\n' : ''}${line}`)}</pre>`
      : html`<p>${block.spans.map(span => (span.code ? html`<code>${span.text}</code>` : html`${span.text}`))}</p>`,
  )
  return blocks.length > 0 ? html`${blocks}` : nothing
}
