// What somebody may do about the findings of a host: the steps of each, in the order of their weight, and the rest in words.
import type { FixStep, Severity } from '../policy/check.ts'
import { shown } from './escape.ts'
import { openFindings, referenceText } from './findings.ts'
import type { ScanReport } from './scan-report.ts'

export interface PlannedFix {
  readonly check: string
  readonly title: string
  readonly severity: Severity
  readonly steps: readonly FixStep[]
  /** lines of a comment that say why, what was found, and what to do in words; no control characters */
  readonly about: readonly string[]
}

export interface FixPlan {
  readonly tool: ScanReport['tool']
  readonly host: ScanReport['host']
  readonly scannedAt: string
  readonly fixes: readonly PlannedFix[]
  /** findings that only words tell how to fix */
  readonly prose: readonly PlannedFix[]
}

const maxEvidence = 10

/** What is waived is nobody's work. */
export function createFixPlan(report: ScanReport): FixPlan {
  const planned = openFindings(report).map(finding => {
    const { check, title, severity, fix } = finding
    return { check, title: shown(title), severity, steps: isName(check) ? (fix ?? []) : [], about: aboutLines(finding) }
  })
  const { tool, host, scannedAt } = report
  return {
    ...{ tool, host, scannedAt },
    fixes: planned.filter(({ steps }) => steps.length > 0),
    prose: planned.filter(({ steps }) => steps.length === 0),
  }
}

/** Ids of checks are words in scripts. */
const isName = (check: string) => /^[a-z][a-z0-9-]*$/.test(check)

function aboutLines({ rationale, evidence, remediation, references, fix }: ScanReport['results'][number]) {
  const rest = evidence.length - maxEvidence
  return [
    `Why: ${rationale}`,
    ...evidence.slice(0, maxEvidence).map(text => `Found: ${shown(text)}`),
    ...(rest > 0 ? [`Found: … and ${rest} more`] : []),
    ...remediation.split('\n').flatMap((line, index) => {
      if (line.trim() === '' || /^ *```/.test(line)) return []
      return [`${index === 0 ? 'In words: ' : '  '}${line}`]
    }),
    ...(references.length > 0 ? [`See: ${references.map(referenceText).join('; ')}`] : []),
    ...(fix ? undoLines(fix) : []),
  ].map(shown)
}

function undoLines(steps: readonly FixStep[]): readonly string[] {
  const lasting = steps.flatMap(step => ('run' in step && step.undo.length === 0 ? [step.run.join(' ')] : []))
  const note = lasting.length > 0 ? `; nothing takes back: ${lasting.join(', then ')}` : ''
  return [`Undo: files and rights come back from what was kept${note}`]
}
