// Findings as a SARIF 2.1.0 log, for code scanning and security dashboards.
import type { Severity } from '../policy/check.ts'
import { sha256 } from '../proto/canonical.ts'
import { shown, shownLines } from './escape.ts'
import { areaOf, hostKey, hostName, openFindings, referenceText, unjudged, unreadTexts } from './findings.ts'
import { code, prose, remediationMarkdown } from './markdown.ts'
import type { Finding, ScanReport } from './scan-report.ts'

const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const satisfies Record<
  Severity,
  string
>

/** On the scale of CVSS, whose bands GitHub names critical, high, medium and low. */
const securitySeverity: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' }

interface Rules {
  readonly list: readonly object[]
  readonly indexOf: (check: string) => number
}

/**
 * Only what fails is a result, waived ones with a suppression: many readers show every result as an alert. What could
 * not be judged or read is a notification of the host's invocation.
 * @source SARIF 2.1.0 with errata 01
 */
export function renderSarif(reports: readonly ScanReport[]): string {
  const rules = rulesOf(reports)
  const [first] = reports
  const run = {
    tool: {
      driver: {
        name: 'Gabion',
        semanticVersion: first?.tool.version ?? '0.0.0',
        rules: rules.list,
      },
    },
    automationDetails: {
      id: reports.length === 1 && first ? `gabion/${uriPart(hostKey(first.host))}/` : 'gabion/fleet/',
    },
    columnKind: 'utf16CodeUnits',
    logicalLocations: reports.map(hostLocation),
    invocations: reports.map(report => invocation(report, rules)),
    results: reports.flatMap((report, index) => failures(report).map(finding => result(report, index, finding, rules))),
  }
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [run],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

const failures = ({ results }: ScanReport) => results.filter(({ state }) => state === 'fail')

/** Rules of every result, and of what could not be judged, sorted by id. */
function rulesOf(reports: readonly ScanReport[]): Rules {
  const needed = reports.flatMap(report => report.results.filter(({ state }) => state === 'fail' || state === 'error'))
  const byCheck = new Map(needed.map(finding => [finding.check, finding]))
  const findings = [...byCheck.values()].sort((a, b) => (a.check < b.check ? -1 : 1))
  const places = new Map(findings.map(({ check }, index) => [check, index]))
  return { list: findings.map(rule), indexOf: check => places.get(check) ?? -1 }
}

function rule({ check, title, severity, rationale, references, facets }: Finding): object {
  const sources = references.map(referenceText)
  return {
    id: check,
    name: check
      .split('-')
      .map(word => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)
      .join(''),
    shortDescription: { text: sentence(title) },
    fullDescription: { text: shown(rationale) },
    help: {
      text: [shown(rationale), ...(sources.length > 0 ? [`See ${sources.join('; ')}.`] : [])].join('\n\n'),
      markdown: [`**${prose(title)}**`, prose(rationale), ...sources.map(text => `- ${prose(text)}`)].join('\n\n'),
    },
    defaultConfiguration: { level: levels[severity] },
    properties: {
      'security-severity': securitySeverity[severity],
      tags: ['security', 'hardening', ...facets, ...sources.map(text => text.replaceAll(' ', '/'))],
    },
  }
}

const uriPart = (text: string) => encodeURIComponent(shown(text))

/** Validators want sentences. */
const sentence = (text: string) => shown(text).replace(/[.!?]?$/, '.')

const hostLocation = (report: ScanReport) => ({
  name: shown(hostName(report.host)),
  fullyQualifiedName: shown(hostKey(report.host)),
  kind: 'resource',
})

function result(report: ScanReport, host: number, finding: Finding, rules: Rules): object {
  const { check, severity, waiver, change, evidence, remediation } = finding
  return {
    ruleId: check,
    ruleIndex: rules.indexOf(check),
    kind: 'fail',
    level: levels[severity],
    message: message(report, finding),
    locations: [{ physicalLocation: physicalLocation(report, finding), logicalLocations: [{ index: host }] }],
    partialFingerprints: { 'hostAndCheck/v1': sha256(`${hostKey(report.host)}\n${check}`).replace('sha256:', '') },
    ...(report.since && { baselineState: change === 'new' ? 'new' : change === 'grown' ? 'updated' : 'unchanged' }),
    ...(waiver
      ? {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: shown(`${waiver.reason} (${waiver.owner}, until ${waiver.expiresAt})`),
              properties: { id: waiver.id, owner: waiver.owner, ticket: waiver.ticket, expiresAt: waiver.expiresAt },
            },
          ],
        }
      : report.results.some(other => other.waiver) && { suppressions: [] }),
    properties: {
      severity,
      evidence: evidence.map(shown),
      ...(remediation && { remediation: shownLines(remediation) }),
    },
  }
}

function message({ host }: ScanReport, { title, evidence, remediation }: Finding): object {
  const name = hostName(host)
  const found = evidence.length > 0 ? ` (${evidence.slice(0, 5).join('; ')}${evidence.length > 5 ? '; …' : ''})` : ''
  return {
    text: sentence(`Not so on ${name}: ${title}${found}`),
    markdown: [
      `${prose(title)}: not so on ${prose(name)}.`,
      evidence.map(text => `- ${code(text)}`).join('\n'),
      remediationMarkdown(remediation),
    ]
      .filter(text => text !== '')
      .join('\n\n'),
  }
}

/** A place that is no file: readers that list findings by file so list them by host and area. */
const physicalLocation = ({ host }: ScanReport, finding: Finding) => ({
  artifactLocation: { uri: ['hosts', hostName(host), areaOf(finding)].map(uriPart).join('/') },
  region: { startLine: 1 },
})

function invocation(report: ScanReport, rules: Rules): object {
  const { host, scannedAt, profiles, score, root } = { ...report, root: report.host.root }
  const notJudged = unjudged(report).map(({ check, title, reason, severity }) => ({
    level: levels[severity],
    message: { text: sentence(`Could not be judged: ${title}: ${reason}`) },
    associatedRule: { id: check, index: rules.indexOf(check) },
  }))
  const unread = unreadTexts(report.facets).map(text => ({
    level: 'warning',
    message: { text: sentence(text) },
    descriptor: { id: 'not-read' },
  }))
  return {
    executionSuccessful: true,
    ...{ startTimeUtc: scannedAt, endTimeUtc: scannedAt, machine: shown(hostName(host)) },
    toolExecutionNotifications: [...notJudged, ...unread],
    properties: {
      ...{ hostId: shown(host.id), os: shown(host.os), kernel: shown(host.kernel), root: shown(root), profiles },
      ...{ score: score.score, coverage: score.coverage, counts: score.counts, waived: score.waived },
      findings: openFindings(report).length,
    },
  }
}
