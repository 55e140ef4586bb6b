// Every form of a report with everything that a host may say: nothing acts, and what the form can hold comes back as it
// was. A form that is new has to say here what it must not hold.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { shown } from '../../report/escape.ts'
import { type FormatName, formatNames, loadRenderer } from '../../report/formats.ts'
import type { ScanReport } from '../../report/scan-report.ts'
import {
  csvHarm,
  hostileStrings,
  jsonHarm,
  linesHarm,
  markdownHarm,
  markupHarm,
  metricsHarm,
  terminalHarm,
  textsIn,
} from '../hostile.ts'
import { root, sourceFiles } from '../rules/sources.ts'
import { sampleReport } from './sample-reports.ts'

const megabyte = `<b>=1${'x'.repeat(1_000_000)}`
const strings = [...hostileStrings, '\ud800 lone', '\ufffe\uffff', megabyte]
const table = { all: true, width: 100, paint: (_: unknown, text: string) => text }

interface Form {
  readonly harm: (text: string) => string
  /** texts as whoever reads the form has them; left out where a form shows what it cannot hold */
  readonly read?: (text: string) => readonly string[]
}

const json: Form = { harm: jsonHarm, read: text => textsIn(JSON.parse(text)) }
const lines: Form = {
  harm: linesHarm,
  read: text =>
    text
      .trimEnd()
      .split('\n')
      .flatMap(line => textsIn(JSON.parse(line))),
}

const forms: Readonly<Record<FormatName, Form>> = {
  table: { harm: terminalHarm },
  json,
  sarif: json,
  junit: { harm: markupHarm },
  csv: { harm: csvHarm },
  markdown: { harm: markdownHarm },
  html: { harm: markupHarm },
  ocsf: lines,
  'kube-bench': { harm: jsonHarm },
  openmetrics: { harm: metricsHarm },
}

/** Whatever a host may say something in. */
function reportOf(said: string): ScanReport {
  const report = sampleReport(said, said)
  const results = report.results.map(result => ({ ...result, reason: said, evidence: [said, `x ${said}`] }))
  return { ...report, host: { ...report.host, os: said, kernel: said }, results }
}

t.test('every form is held to something', async t => {
  t.same(Object.keys(forms).sort(), [...formatNames].sort(), 'a new form needs a row in test/report/hostile.test.ts')
})

for (const [name, { harm, read }] of Object.entries(forms)) {
  t.test(`${name} holds whatever a host says`, async t => {
    const render = await loadRenderer(name as FormatName)
    for (const [index, said] of strings.entries()) {
      const text = render([reportOf(said)], { table })
      const begin = `text ${index}`
      t.equal(harm(text), '', begin)
      const expected = [said, said.toWellFormed(), shown(said)]
      if (read)
        t.ok(
          read(text).some(found => expected.some(one => found.includes(one))),
          `${begin} is there`,
        )
      t.ok(text.length < 100_000_000, `${text.length} characters`)
    }
    t.equal(harm(render(strings.slice(0, -1).map(reportOf), { table })), '', 'all of them together')
  })
}

/** Other outputs that are made here, and the test that gives them hostile names. */
const heldElsewhere: Readonly<Record<string, string>> = {
  'report/check-explanation.ts': 'test/report/check-explanation.test.ts',
  'report/controls-json.ts': 'test/report/controls-report.test.ts',
  'report/controls-table.ts': 'test/report/controls-report.test.ts',
  'report/cyclonedx.ts': 'test/report/cyclonedx.test.ts',
  'report/diff-report.ts': 'test/report/diff-table.test.ts',
  'report/diff-table.ts': 'test/report/diff-table.test.ts',
  'report/fix-playbook.ts': 'test/report/fix-playbook.test.ts',
  'report/fix-script.ts': 'test/report/fix-script.test.ts',
  'report/prometheus.ts': 'test/report/hostile.test.ts',
}

t.test('whatever else is made of reports has a test with hostile names', async t => {
  const renderers = /export (?:async )?(?:function|const) (?:render|toCycloneDx|writeBill)\w*/
  const inForms = [...readFileSync(join(root, 'report/formats.ts'), 'utf8').matchAll(/import\('\.\/([\w/-]+\.ts)'\)/g)]
  const covered = new Set(inForms.map(([, path]) => `report/${path}`))
  const others = sourceFiles(['report/**/*.ts']).filter(({ path, text }) => renderers.test(text) && !covered.has(path))
  for (const { path } of others) {
    t.ok(
      path in heldElsewhere,
      `${path} makes an output: a test has to give it hostile names, and stand in heldElsewhere`,
    )
  }
  for (const test of new Set(Object.values(heldElsewhere))) {
    t.match(readFileSync(join(root, test), 'utf8'), /hostile|u001b|<script/, `${test} has hostile names`)
  }
})
