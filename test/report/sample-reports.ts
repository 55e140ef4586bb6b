// Reports of two hosts that hold everything a report may hold, hostile names included, for tests of its forms.
import type { Check, Result } from '../../policy/check.ts'
import { score } from '../../policy/score.ts'
import { sealAbsent, sealFailed } from '../../proto/seal.ts'
import { createScanReport, type ScanReport } from '../../report/scan-report.ts'
import { SmallFacet, smallState } from '../small-facet.ts'

/** What somebody who may name files, users and services on a host would try. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "=HYPERLINK('http://example.net','x')",
  '+1+cmd|calc',
  '-2+3',
  '@SUM(A1)',
  '\tindented',
  '\rreturn',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u202egnp.exe',
  'two\nlines',
  'a "quoted", text; with | separators',
  ']]> & <!-- comment -->',
  '`backticks` ``` *stars* _lines_ [link](javascript:alert(1)) ![image](http://example.net/x.png)',
  '# heading\n- item\n> quote',
  '@everyone #1 https://example.net/ www.example.net',
  '$(touch /tmp/owned) `touch /tmp/owned` ; touch /tmp/owned',
  "'; touch /tmp/owned; '",
  '{{ lookup("pipe", "touch /tmp/owned") }} {% raw %}',
  '\ufffe\uffff\ud800 lone',
  '😀 é 日本',
]

const rules: readonly (readonly [string, Check['severity']])[] = [
  ['bad-one', 'critical'],
  ['waived-one', 'high'],
  ['odd-one', 'high'],
  ['grown-one', 'medium'],
  ['low-one', 'low'],
  ['fine', 'medium'],
  ['by-hand', 'low'],
  ['elsewhere', 'medium'],
]

export const sampleChecks: readonly Check[] = rules.map(([id, severity], index) => ({
  ...{ id, severity, title: `Title of ${id} <b>`, rationale: 'Because | of `this`.', remediation: '', pass: 'true' },
  references: [
    { source: 'cis-kubernetes', version: '1.12', id: `4.2.${index + 1}` },
    { source: 'mitre-attack', version: '', id: 'T1133' },
  ],
  ...{ parameters: {}, tests: [] },
}))

function result(check: string, state: Result['state'], more: Partial<Result> = {}): Result {
  return { check, state, reason: '', evidence: [], remediation: '', facets: ['small'], ...more }
}

const waiver = {
  ...{ id: 'w-1', reason: 'the vendor =needs it', owner: 'team-a@example.net', ticket: 'OPS-1' },
  expiresAt: '2027-01-31T00:00:00.000Z',
}

const results: readonly Result[] = [
  result('bad-one', 'fail', {
    evidence: hostileTexts,
    remediation:
      "Set it:\n\n```sh\nprintf '%s\\n' 'a = 1' > /etc/x\n```\n\nThen run `systemctl restart x`, for <all> *hosts*.",
  }),
  result('waived-one', 'fail', { evidence: ['port 23'], remediation: 'Close it.', waiver }),
  result('odd-one', 'error', { reason: '/etc/shadow: unreadable (EACCES)' }),
  result('grown-one', 'fail', { evidence: ['one', 'two'], remediation: 'Do `true`.' }),
  result('low-one', 'fail', { evidence: [], remediation: 'Nothing to copy.' }),
  result('fine', 'pass'),
  result('by-hand', 'manual', { reason: 'Look at it.' }),
  result('elsewhere', 'not_applicable', { reason: 'the condition of the check does not hold' }),
]

/** @param hostname any text */
export function sampleReport(hostname = 'node-1', id = '0123456789abcdef0123456789abcdef'): ScanReport {
  const report = createScanReport({
    tool: { name: 'gabion-agent', version: '1.2.3' },
    root: '/',
    scannedAt: '2026-11-22T10:20:30.456Z',
    profiles: ['cis-kubernetes-worker'],
    checks: sampleChecks,
    results,
    score: score(results, sampleChecks),
    facets: [
      smallState({ a: 1 }),
      sealAbsent({ ...SmallFacet, name: 'gone' }, 'notInstalled', 'is not installed'),
      sealFailed({ ...SmallFacet, name: 'shut' }, 'unreadable', 'EACCES', hostileTexts[0] ?? ''),
    ],
  })
  return { ...report, host: { ...report.host, hostname, id, os: 'Debian GNU/Linux 12', kernel: '6.1.0 x86_64' } }
}

/** The same, compared with an earlier report. */
export function comparedReport(): ScanReport {
  const report = sampleReport()
  const changes: Readonly<Record<string, 'new' | 'grown' | 'known'>> = {
    'bad-one': 'new',
    'grown-one': 'grown',
    'low-one': 'known',
    'odd-one': 'known',
  }
  return {
    ...report,
    results: report.results.map(one => {
      const change = changes[one.check]
      return change ? { ...one, change } : one
    }),
    since: {
      scannedAt: '2026-11-21T10:20:30.456Z',
      agentVersion: '1.2.2',
      resolved: [{ check: 'fine', title: 'Title of fine <b>', severity: 'medium', before: 'fail', now: 'pass' }],
    },
  }
}

export const sampleReports = (): readonly ScanReport[] => [sampleReport(), sampleReport('node-2 "<é>', '')]
