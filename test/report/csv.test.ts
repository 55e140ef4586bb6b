// CSV: every cell comes back as it went in, and none is a formula.
import * as fc from 'fast-check'
import t from 'tap'
import { renderCsv } from '../../report/csv.ts'
import { hostileTexts, sampleReport, sampleReports } from './sample-reports.ts'

/** Rows as RFC 4180 reads them. */
function parse(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let rest = text
  while (rest !== '') {
    const match = /^"((?:[^"]|"")*)"(,|\r\n)/.exec(rest)
    if (!match) throw new Error(`no cell at ${JSON.stringify(rest.slice(0, 40))}`)
    row.push((match[1] ?? '').replaceAll('""', '"'))
    rest = rest.slice(match[0].length)
    if (match[2] === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

function withHostname(name: string) {
  const [header = [], first = []] = parse(renderCsv([sampleReport(name)]))
  return first[header.indexOf('host')] ?? ''
}

t.test('there is a row for each result of each host, under one header', async t => {
  const rows = parse(renderCsv(sampleReports()))
  t.equal(rows.length, 1 + 2 * 8)
  t.same([...new Set(rows.map(row => row.length))], [15])
  const [header = [], ...results] = rows
  t.same([header[0], header[3], header[6]], ['host', 'check', 'state'])
  const waived = results.find(row => row[3] === 'waived-one') ?? []
  t.equal(waived[header.indexOf('waived_by')], 'team-a@example.net')
  t.equal(waived[header.indexOf('waiver_reason')], 'the vendor =needs it')
})

t.test('what a spreadsheet would evaluate is text', async t => {
  for (const start of ['=1+1', '+1', '-1', '@SUM(A1)', ' =1', '＝1', '\t=1', '\r=1']) {
    t.notMatch(withHostname(start), /^\s*[=+\-@＝]/, JSON.stringify(start))
  }
  t.equal(withHostname('=1+1'), "'=1+1")
  for (const row of parse(renderCsv([sampleReport(hostileTexts[2])])))
    for (const cell of row) t.notMatch(cell, /^\s*[=+\-@\t\r]/)
})

t.test('any text is one cell without control characters but line breaks', async t => {
  const holds = fc.property(fc.string({ unit: 'binary', minLength: 1 }), text => {
    const cell = withHostname(text)
    return !/^\s*[=+\-@]/.test(cell) && !/[\u0000-\u0009\u000b-\u001f\ud800-\udfff]/u.test(cell)
  })
  t.equal(fc.check(holds, { numRuns: 300 }).failed, false)
})
