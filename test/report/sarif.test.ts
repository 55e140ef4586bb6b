// SARIF under Microsoft's own validator, and what readers of code scanning rely on.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { renderSarif } from '../../report/sarif.ts'
import type { ScanReport } from '../../report/scan-report.ts'
import { comparedReport, hostileTexts, sampleReport, sampleReports } from './sample-reports.ts'

interface Complaint {
  readonly ruleId: string
  readonly level?: string
  readonly message: unknown
}

const directory = mkdtempSync(join(tmpdir(), 'gabion-sarif-'))
t.teardown(() => rmSync(directory, { recursive: true, force: true }))
const packages = join(import.meta.dirname, '../../node_modules/@microsoft/sarif-multitool-linux')
const multitool = join(directory, 'multitool')
// npm leaves the program without its x bit when scripts of packages are not run.
copyFileSync(join(packages, 'Sarif.Multitool'), multitool)
chmodSync(multitool, 0o755)

function complaints(log: unknown): readonly Complaint[] {
  const [file, out] = [join(directory, 'log.sarif'), join(directory, 'out.sarif')]
  writeFileSync(file, JSON.stringify(log))
  const args = ['validate', file, '-o', out, '--log', 'ForceOverwrite', '--level', 'Error;Warning']
  execFileSync(multitool, [...args, '--rule-kind', 'Sarif;Ghas'], {
    env: { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', HOME: directory, TMPDIR: directory },
  })
  return JSON.parse(readFileSync(out, 'utf8').replace(/^\ufeff/, '')).runs[0].results ?? []
}

const render = (...reports: readonly ScanReport[]) => JSON.parse(renderSarif(reports))

/** The project has no home page that could be named. */
const allowed = ['SARIF2005']
const others = (log: unknown) => complaints(log).filter(({ ruleId }) => !allowed.includes(ruleId))

t.test('the validator has no complaint, with the rules of GitHub too', async t => {
  t.same(others(render(sampleReport())), [])
  t.same(others(render(comparedReport())), [])
  t.same(others(render(...sampleReports())), [])
  t.same(others(render()), [])
})

t.test('the validator does complain', async t => {
  const log = render(sampleReport())
  log.runs[0].results[0].ruleIndex = 99
  log.runs[0].results[1].colour = 'red'
  t.same(
    others(log)
      .map(({ ruleId }) => ruleId)
      .sort(),
    ['JSON1005', 'SARIF1009'],
  )
})

t.test('only what fails is a result; waived ones are suppressed by somebody until some time', async t => {
  const [run] = render(sampleReport()).runs
  t.match(run.results, [
    { ruleId: 'bad-one', level: 'error', kind: 'fail', suppressions: [] },
    {
      ruleId: 'waived-one',
      level: 'error',
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: 'the vendor =needs it (team-a@example.net, until 2027-01-31T00:00:00.000Z)',
        },
      ],
    },
    { ruleId: 'grown-one', level: 'warning' },
    { ruleId: 'low-one', level: 'note' },
  ])
  t.equal(run.results.length, 4)
  t.match(run.invocations[0].toolExecutionNotifications, [
    { associatedRule: { id: 'odd-one' }, message: { text: /Could not be judged: .*EACCES/ } },
    { descriptor: { id: 'not-read' } },
  ])
})

t.test('rules carry a severity that GitHub sorts by, and help', async t => {
  const { rules } = render(sampleReport()).runs[0].tool.driver
  const [bad] = rules
  t.match(bad, { id: 'bad-one', properties: { 'security-severity': '9.5' }, defaultConfiguration: { level: 'error' } })
  t.match(bad.help.markdown, 'Because \\| of \\`this\\`.')
})

t.test('a fingerprint stays the same on one host and differs between hosts', async t => {
  const fingerprint = (report: ScanReport) => render(report).runs[0].results[0].partialFingerprints['hostAndCheck/v1']
  t.equal(fingerprint(sampleReport('a', '1')), fingerprint(sampleReport('renamed', '1')))
  t.not(fingerprint(sampleReport('a', '1')), fingerprint(sampleReport('a', '2')))
  t.not(fingerprint(sampleReport('a', '')), fingerprint(sampleReport('b', '')))
})

t.test('hosts are logical locations of one run', async t => {
  const [run] = render(...sampleReports()).runs
  t.same(
    run.logicalLocations.map((place: { name: string }) => place.name),
    ['node-1', 'node-2 "<é>'],
  )
  t.equal(run.results[4].locations[0].logicalLocations[0].index, 1)
  t.equal(run.results[4].locations[0].physicalLocation.artifactLocation.uri, 'hosts/node-2%20%22%3C%C3%A9%3E/small')
  t.equal(run.automationDetails.id, 'gabion/fleet/')
})

t.test('what is new, grown and known is told apart', async t => {
  const states = render(comparedReport()).runs[0].results.map((one: { baselineState?: string }) => one.baselineState)
  t.same(states, ['new', 'unchanged', 'updated', 'unchanged'])
})

t.test('hostile texts are text', async t => {
  const text = renderSarif(hostileTexts.map(name => sampleReport(name, name)))
  t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]|\\u(?:00[01]|d8)/)
  const { message } = JSON.parse(text).runs[0].results[0]
  t.match(message.markdown, '- `<script>alert(1)</script>`')
  t.match(message.markdown, "```sh\nprintf '%s\\n' 'a = 1' > /etc/x\n```")
})
