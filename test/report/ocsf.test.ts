// OCSF events against the definition of their class, written out as a schema.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import t from 'tap'
import { renderOcsf } from '../../report/ocsf.ts'
import type { ScanReport } from '../../report/scan-report.ts'
import { comparedReport, sampleReport, sampleReports } from './sample-reports.ts'

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, 'schemas/ocsf-compliance-finding.schema.json'), 'utf8'),
)
const validate = new Ajv2020.default({ allErrors: true }).compile(schema)

interface Event {
  readonly activity_id: number
  readonly type_uid: number
  readonly status_id: number
  readonly severity_id: number
  readonly finding_info: { readonly uid: string }
  readonly compliance: { readonly control: string; readonly status_id: number; readonly status_details?: string[] }
}

const events = (...reports: readonly ScanReport[]): readonly Event[] =>
  renderOcsf(reports)
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))

t.test('each line is an event of the class', async t => {
  for (const event of events(...sampleReports(), comparedReport())) {
    t.ok(validate(event), JSON.stringify(validate.errors))
  }
  const bare = { ...sampleReport('', ''), profiles: [] }
  for (const event of events(bare)) t.ok(validate(event), JSON.stringify(validate.errors))
})

t.test('the schema refuses what is no attribute of the class', async t => {
  const [event] = events(sampleReport())
  for (const wrong of [
    { ...event, class_uid: 2001 },
    { ...event, hostname: 'x' },
    { ...event, compliance: {} },
  ]) {
    t.not(validate(wrong), true)
  }
})

t.test('states are statuses; what does not apply is no event', async t => {
  const status = events(sampleReport()).map(
    ({ compliance, status_id, severity_id }) =>
      `${compliance.control} ${compliance.status_id} ${status_id} ${severity_id}`,
  )
  t.same(status, [
    'bad-one 3 1 5',
    'waived-one 3 3 4',
    'grown-one 3 1 3',
    'low-one 3 1 2',
    'odd-one 2 1 4',
    'by-hand 2 1 2',
    'fine 1 4 3',
  ])
})

t.test('a finding keeps its id from scan to scan and has another on another host', async t => {
  const uid = (report: ScanReport) => events(report)[0]?.finding_info.uid
  t.equal(uid(sampleReport('a', '1')), uid({ ...sampleReport('b', '1'), scannedAt: '2027-01-01T00:00:00.000Z' }))
  t.not(uid(sampleReport('a', '1')), uid(sampleReport('a', '2')))
})

t.test('what was known before is an update', async t => {
  const activities = events(comparedReport()).map(({ activity_id, type_uid }) => `${activity_id} ${type_uid}`)
  t.same(activities.slice(0, 5), ['1 200301', '1 200301', '2 200302', '2 200302', '2 200302'])
})
