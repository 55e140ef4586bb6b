// The JSON report against its published schema, with a validator that is not ours.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { renderJson, renderJsonReports } from '../../report/json.ts'
import { JsonReportSchema } from '../../report/scan-report-schema.ts'
import { runBin } from '../run-bin.ts'
import { comparedReport, hostileTexts, sampleReport, sampleReports } from './sample-reports.ts'

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/reference/scan-report.schema.json'), 'utf8'),
)
const ajv = new Ajv2020.default({ strict: true, allErrors: true })
addFormats.default(ajv)
const validate = ajv.compile(schema)

function problems(text: string): unknown {
  validate(JSON.parse(text))
  return validate.errors ?? []
}

t.test('reports keep to the schema', async t => {
  t.same(problems(renderJson(sampleReport())), [])
  t.same(problems(renderJson(comparedReport())), [])
  t.same(problems((await runBin('agent', ['scan', '-o', 'json'])).stdout), [], 'so does the one of this host')
})

t.test('the schema refuses what is no report', async t => {
  const report = JSON.parse(renderJson(sampleReport()))
  const broken = [
    {},
    { ...report, score: 101 },
    { ...report, scannedAt: 'yesterday' },
    { ...report, results: [{ ...report.results[0], state: 'failed' }] },
    { ...report, reportVersion: 2 },
  ]
  for (const one of broken) t.not(validate(one), true)
})

t.test('a report in which nothing was judged has no score, and keeps to the schema', async t => {
  const { score, ...report } = sampleReport()
  const counts = { ...score.counts, pass: 0, fail: 0, manual: 0, not_applicable: 1, error: 0 }
  const written = renderJson({ ...report, results: [], score: { counts, waived: 0 } })
  t.same(problems(written), [])
  t.notMatch(written, /"score"|"coverage"/)
})

t.test('nothing is lost on the way, whatever the texts are', async t => {
  const read = JsonReportSchema.parse(JSON.parse(renderJson(comparedReport())))
  const { score, ...report } = comparedReport()
  t.same(read, { ...report, ...score, reportVersion: 1 })
  t.same(read.results[0]?.evidence, hostileTexts)
})

t.test('several hosts are a list', async t => {
  const list = JSON.parse(renderJsonReports(sampleReports()))
  t.same(
    list.map((report: { host: { hostname: string } }) => report.host.hostname),
    sampleReports().map(report => report.host.hostname),
  )
  for (const report of list) t.same(problems(JSON.stringify(report)), [])
})
