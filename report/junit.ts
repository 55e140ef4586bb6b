// Results as a JUnit report, for the test views of CI systems: a suite for each area of each host.
import { markup, shownLines } from './escape.ts'
import { areaOf, hostName, referenceText, waiverText } from './findings.ts'
import type { Finding, ScanReport } from './scan-report.ts'

/**
 * A finding is a failure, what could not be judged an error; manual, not applicable and waived results are skipped.
 * @source the schema of Jenkins' xunit plugin (junit-10.xsd) and Ant's own
 */
export function renderJunit(reports: readonly ScanReport[]): string {
  const suites = reports.flatMap(report =>
    [...byArea(report.results)].map(([area, results]) => ({ report, area, results })),
  )
  const total = totals(suites.flatMap(({ results }) => results))
  const body = suites.map(({ report, area, results }, index) => suite(report, area, results, index))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="gabion" ${total}>\n${body.join('')}</testsuites>\n`
}

function byArea(results: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const areas = Map.groupBy(results, areaOf)
  return new Map([...areas].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function totals(results: readonly Finding[]): string {
  const kinds = results.map(kindOf)
  const count = (kind: string) => kinds.filter(one => one === kind).length
  return `tests="${results.length}" failures="${count('failure')}" errors="${count('error')}"`
}

type Kind = 'failure' | 'error' | 'skipped' | 'passed'

function kindOf({ state, waiver }: Finding): Kind {
  if (waiver) return 'skipped'
  if (state === 'fail') return 'failure'
  if (state === 'error') return 'error'
  return state === 'pass' ? 'passed' : 'skipped'
}

function suite({ host, scannedAt, tool, profiles }: ScanReport, area: string, results: readonly Finding[], id: number) {
  const skipped = results.filter(result => kindOf(result) === 'skipped').length
  const attributes = [
    ...[`name="${markup(`${hostName(host)}: ${area}`)}"`, totals(results), `skipped="${skipped}"`, 'time="0"'],
    ...[`timestamp="${scannedAt.slice(0, 19)}"`, `hostname="${markup(hostName(host))}"`, `id="${id}"`],
    `package="${markup(area)}"`,
  ]
  const properties = [
    ['host.id', host.id],
    ['host.os', host.os],
    ['tool', `${tool.name} ${tool.version}`],
    ['profiles', profiles.join(' ')],
  ].map(([name = '', value = '']) => `      <property name="${name}" value="${markup(value)}"/>\n`)
  const cases = results.map(result => testCase(hostName(host), area, result))
  return `  <testsuite ${attributes.join(' ')}>\n    <properties>\n${properties.join('')}    </properties>\n${cases.join('')}  </testsuite>\n`
}

function testCase(host: string, area: string, result: Finding): string {
  const head = `    <testcase classname="${markup(`${host}.${area}`)}" name="${markup(`${result.check}: ${result.title}`)}" time="0"`
  const kind = kindOf(result)
  if (kind === 'passed') return `${head}/>\n`
  if (kind === 'skipped') return `${head}>\n      <skipped message="${markup(skipReason(result))}"/>\n    </testcase>\n`
  const message = kind === 'failure' ? (result.evidence[0] ?? result.title) : result.reason
  const text = shownLines(detail(result)).split('\n').map(markup).join('\n')
  return `${head}>\n      <${kind} type="${result.severity}" message="${markup(message)}">${text}</${kind}>\n    </testcase>\n`
}

function skipReason(result: Finding): string {
  if (result.waiver) return `waived: ${waiverText(result)}`
  return `${result.state === 'manual' ? 'to look at by hand' : 'not applicable'}: ${result.reason}`
}

function detail({ severity, title, reason, evidence, remediation, references, change }: Finding): string {
  return [
    `${severity}: ${title}${change ? ` (${change})` : ''}`,
    ...(reason ? [reason] : []),
    ...evidence.map(text => `- ${text.replaceAll('\n', '\\n')}`),
    ...(remediation ? ['', remediation] : []),
    ...(references.length > 0 ? ['', `See ${references.map(referenceText).join('; ')}`] : []),
  ].join('\n')
}
