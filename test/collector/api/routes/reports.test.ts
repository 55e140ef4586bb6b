// Reports over hosts of the fleet, in every form, also when hosts say hostile things.
import t from 'tap'
import { JsonReportSchema } from '../../../../report/scan-report-schema.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { startApiCollector } from '../api-users.ts'

const hostile = `"><script>alert(1)</script>'=cmd|' /C calc'!A0\u001b[31m]]>&amp;{"a":1}; drop table host; --`
const collector = await startApiCollector(t)
const hostname = (index: number) => (index === 0 ? hostile : `web-${index}`)
const labels = (index: number) => ({ role: index === 0 ? 'db' : 'web' })
const [first, second] = await fillFleet(t, collector, 3, { hostname, labels, value: () => 99 })

const report = (path: string, user: 'viewer' | 'viewer of role=db' = 'viewer') =>
  collector.askAs(user, `/api/v1/reports/${path}`)

t.test('CSV has one head and a row per result, and no cell is a formula', async t => {
  const { status, headers, text } = await report('csv')
  t.match({ status, headers }, { status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' } })
  t.match(headers['content-disposition'], 'attachment; filename="gabion.csv"')
  const lines = text.split('\r\n')
  t.equal(lines.filter(line => line.startsWith('"host",')).length, 1)
  t.equal(lines.filter(line => line.includes('"values-small"')).length, 3)
  t.notMatch(text, /(^|,)"[=+@]/m)
  t.notMatch(text, /\u001b/)
})

t.test('OCSF is one event per line', async t => {
  const { text } = await report('ocsf')
  const events = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  t.ok(events.length >= 3)
  t.match(events[0], { class_uid: 2003 })
})

t.test('SARIF, JUnit, JSON, Markdown and HTML are one document of all hosts', async t => {
  const sarif = JSON.parse((await report('sarif')).text)
  t.match(sarif, { version: '2.1.0', runs: [{ invocations: [{}, {}, {}] }] })
  const junit = await report('junit')
  t.match(junit, { status: 200, text: /^<\?xml/ })
  t.notMatch(junit.text, /<script>|\u001b/)
  const json = JSON.parse((await report('json')).text)
  t.equal(json.length, 3)
  for (const one of json) t.equal(JsonReportSchema.safeParse(one).error, undefined)
  t.match(await report('markdown'), { status: 200, text: /web-1/ })
  const page = await report('html')
  t.match(page, { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } })
  t.notMatch(page.text, /<script>alert/)
  t.match(page.headers['content-security-policy'], /^default-src 'none'; style-src 'unsafe-inline';/, 'its own style')
})

t.test('hosts are selected', async t => {
  const one = await report(`csv?host=${second?.id}`)
  t.match(one.text, /web-1/)
  t.notMatch(one.text, /web-2/)
  t.match((await report('csv?label=role%3Dweb')).text, /web-2/)
  t.notMatch((await report('csv?label=role%3Dweb')).text, /alert/)
  t.equal((await report('csv?label=role%3Dnothing')).text.split('\r\n').length, 2, 'the head alone')
  t.match(await report('csv?host=nobody'), { status: 404 })
  t.match(await report('pdf'), { status: 400 })
})

t.test('who may see some hosts only reports theirs', async t => {
  for (const format of ['csv', 'ocsf', 'sarif', 'junit', 'json', 'markdown', 'html']) {
    const { status, text } = await report(format, 'viewer of role=db')
    t.equal(status, 200, format)
    t.notMatch(text, /web-[12]/, format)
    t.ok(text.includes(first?.id ?? '-') || text.length > 0)
  }
  t.match(await report(`csv?host=${second?.id}`, 'viewer of role=db'), { status: 404 })
})
