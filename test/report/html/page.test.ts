// The HTML report as text: nothing from elsewhere, nothing a host says is markup, every id once.
import { createHash } from 'node:crypto'
import t from 'tap'
import { headline } from '../../../report/html/overview.ts'
import { renderHtml } from '../../../report/html/page.ts'
import type { ScanReport } from '../../../report/scan-report.ts'
import { comparedReport, hostileTexts, sampleReport, sampleReports } from '../sample-reports.ts'

const only = renderHtml([comparedReport()])
const fleet = renderHtml([...sampleReports(), ...hostileTexts.map(text => sampleReport(text, text))])

t.test('the page is self-contained, and its policy lets in its own style alone', async t => {
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(only) ?? []
  const hash = createHash('sha256').update(style).digest('base64')
  t.match(only, `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`)
  for (const page of [only, fleet]) {
    t.notMatch(page, /<(?:script|link|img|iframe|object|embed|form|base)\b/i)
    t.notMatch(page, /\s(?:style|src|srcset|on\w+)="/i)
    for (const [, target] of page.matchAll(/href="([^"]*)"/g)) t.match(target, /^#[\w-]+$/)
    t.notMatch(style, /url\(|@import/)
  }
})

t.test('every id is used once, and every link has its target', async t => {
  for (const page of [only, fleet]) {
    const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id)
    const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => id)
    t.same(
      ids.filter((id, index) => id !== 'verdict' && ids.indexOf(id) !== index),
      [],
    )
    t.same(
      links.filter(id => !ids.includes(id)),
      [],
    )
  }
})

t.test('tags are balanced, whatever the texts are', async t => {
  const empty = new Set(['meta', 'br', 'circle', 'rect'])
  for (const page of [only, fleet]) {
    const open: string[] = []
    const markup = page.replace(/<!doctype html>|<style>[\s\S]*?<\/style>/g, '')
    for (const [, slash, name = ''] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*)?>/g)) {
      if (slash === '/') t.equal(open.pop(), name)
      else if (!empty.has(name)) open.push(name)
    }
    t.same(open, [])
    t.equal(markup.replace(/<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?>/g, '').match(/[<>]/), null)
    t.notMatch(page, /[\u0000-\u0009\u000b-\u001f\u202e\ufffe]/)
  }
})

t.test('the verdict is said in words', async t => {
  const withFailures = (...checks: readonly string[]): ScanReport => {
    const report = sampleReport()
    return {
      ...report,
      results: report.results.filter(({ state, check }) => state !== 'fail' || checks.includes(check)),
    }
  }
  t.equal(headline(withFailures('bad-one', 'low-one')), '1 critical weakness to fix now')
  t.equal(headline(withFailures('low-one')), 'No serious weakness; some settings to tighten')
  t.equal(headline(withFailures('waived-one')), 'Nothing found in what could be judged')
  const nothing = sampleReport()
  const counts = { pass: 0, fail: 0, error: 0, manual: 0, not_applicable: 0 }
  const empty = { ...nothing, results: [], score: { counts, waived: 0 } }
  t.equal(headline(empty), 'Nothing was judged')
  t.match(renderHtml([empty]), 'aria-label="No score"')
  t.match(renderHtml([empty]), 'Coverage <b>–</b>')
  const last = /<td class="number">\d+<\/td>[\s\S]*<td class="number">–<\/td><td class="number">–<\/td>/
  t.match(renderHtml([empty, nothing]), last, 'and comes last among hosts')
})

t.test('sections come in the order of their weight', async t => {
  const parts = [
    '<h1>node-1</h1>',
    '1 critical weakness to fix now',
    'Since 21 November 2026, 10:20 UTC',
    'Fix these first',
    'By area',
    '>Findings<',
    'Accepted for a time',
    'Could not be judged</h2>',
    'To look at by hand',
    'What was not read',
    'Passed (1)',
  ]
  const places = parts.map(part => only.indexOf(part))
  t.same(
    parts.filter((_, index) => (places[index] ?? -1) < 0),
    [],
  )
  t.same(
    places.toSorted((a, b) => a - b),
    places,
  )
})

t.test('several hosts open with a table, and with what they share', async t => {
  t.match(fleet, `<h1>${2 + hostileTexts.length} hosts</h1>`)
  t.match(fleet, `${2 + hostileTexts.length} of ${2 + hostileTexts.length}</td>`)
  t.match(fleet, '<h2 class="title">node-1</h2>')
})
