// Reports whose findings have steps, for tests of what is made of them.
import type { FixStep } from '../../policy/check.ts'
import type { ScanReport } from '../../report/scan-report.ts'
import { hostileTexts, sampleReport } from './sample-reports.ts'

/** The sample report with these steps by check. @param id of the host, the empty text for any host */
export function reportWithFixes(fixes: Readonly<Record<string, readonly FixStep[]>>, id = '', root = '/'): ScanReport {
  const report = sampleReport('node-1', id)
  const results = report.results.map(result => {
    const fix = fixes[result.check]
    return fix ? { ...result, fix } : result
  })
  return { ...report, host: { ...report.host, root }, results }
}

/** Names that a file may have and a step may carry: no control characters, no slash, no backslash. */
export const hostileNames: readonly string[] = [
  ...hostileTexts
    .filter(text => !/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\\]/.test(text) && text.isWellFormed())
    .map(text => text.replaceAll('/', '|')),
  '-rf',
  '~',
  '*',
  "it's",
  '"',
  "'",
  '!important',
  '#comment',
  '$HOME',
  `\${IFS}touch\${IFS}owned`,
  '&& touch owned #',
  '$(touch owned)',
  '`touch owned`',
  '{{ lookup("pipe", "touch owned") }}',
  '{% set x = 1 %}',
]
