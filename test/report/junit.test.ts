// The JUnit report against the schema of its readers, and what a host may try to put into XML.
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { renderJunit } from '../../report/junit.ts'
import { findTool } from '../tools.ts'
import { hostileTexts, sampleReport, sampleReports } from './sample-reports.ts'

const xml = renderJunit(sampleReports())
const skip = findTool('xmllint') === undefined ? 'needs xmllint (libxml2-utils)' : false
const schema = join(import.meta.dirname, 'schemas/junit.xsd')

t.test('it is valid XML of the schema', { skip }, async t => {
  const check = (text: string) =>
    spawnSync('xmllint', ['--nonet', '--noout', '--schema', schema, '-'], { input: text, encoding: 'utf8' })
  t.match(check(xml), { status: 0, stderr: /validates/ })
  t.match(check(renderJunit([])), { status: 0 })
  t.not(check(xml.replace('tests="', 'test="')).status, 0, 'the schema is no rubber stamp')
})

t.test('each text arrives as it was, control characters written out', { skip }, async t => {
  const failure = execFileSync('xmllint', ['--xpath', '(//failure)[1]/text()', '-'], { input: xml, encoding: 'utf8' })
  const text = failure.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  t.match(text, hostileTexts[0])
  t.match(text, ']]> & <!-- comment -->')
  t.match(text, '\\u{1b}[2J\\u{1b}]0;owned\\u{7}')
  t.match(text, '\\u{202e}gnp.exe')
  t.match(text, '\\u{fffe}\\u{ffff}\\u{d800} lone')
  t.match(text, 'two\\nlines')
  t.match(text, '😀 é 日本')
})

t.test('findings fail, what could not be judged is an error, the rest is skipped with its reason', async t => {
  const one = renderJunit([sampleReport()])
  t.match(one, '<testsuites name="gabion" tests="8" failures="3" errors="1">')
  t.match(one, 'skipped="3"')
  t.match(one, 'timestamp="2026-11-22T10:20:30"')
  t.match(one, '<error type="high" message="/etc/shadow: unreadable (EACCES)">')
  t.match(one, /name="waived-one: [^>]*>\s*<skipped message="waived: accepted by team-a@example.net until 2027-01-31/)
  t.match(one, /name="by-hand: [^>]*>\s*<skipped message="to look at by hand: Look at it."/)
  t.match(one, /name="fine: [^>]*\/>/)
  t.notMatch(one, /[\u0000-\u0009\u000b-\u001f]/)
})
