// The table for a person: worst first, evidence and fix, nothing that moves a cursor, nothing wider than asked.
import t from 'tap'
import type { Check, Result } from '../../policy/check.ts'
import { renderJson } from '../../report/json.ts'
import { createScanReport } from '../../report/scan-report.ts'
import { renderTable, type TableOptions, wrap } from '../../report/table.ts'
import { visible } from '../../report/visible.ts'
import { smallState } from '../small-facet.ts'

const plain: TableOptions = { width: 80, paint: (_, text) => text, all: false }

function check(id: string, severity: Check['severity']): Check {
  return {
    ...{ id, severity, title: `Title of ${id}`, rationale: 'Because.', remediation: 'Do it.', references: [] },
    ...{ parameters: {}, tests: [], pass: 'true' },
  }
}

function result(check: string, state: Result['state'], more: Partial<Result> = {}): Result {
  return { check, state, reason: '', evidence: [], remediation: '', facets: ['small'], ...more }
}

const evil = 'nginx\u001b[2J\u202e\nfake line'

function reportOf(results: readonly Result[]) {
  return createScanReport({
    tool: { name: 'gabion-agent', version: '1.2.3' },
    root: '/',
    scannedAt: '2026-11-22T00:00:00.000Z',
    profiles: ['linux-hardening'],
    checks: [check('low-one', 'low'), check('bad-one', 'critical'), check('odd-one', 'high'), check('fine', 'medium')],
    results,
    score: {
      score: 42,
      coverage: 75,
      counts: { pass: 1, fail: 2, manual: 0, not_applicable: 0, error: 1 },
      waived: results.filter(({ waiver }) => waiver).length,
    },
    facets: [smallState({ a: 1 })],
  })
}

const report = reportOf([
  result('low-one', 'fail', { evidence: ['one'], remediation: 'Run `true`.' }),
  result('fine', 'pass'),
  result('odd-one', 'error', { reason: '/etc/shadow: unreadable (EACCES)' }),
  result('bad-one', 'fail', { evidence: [evil, 'second'], remediation: 'First line.\nSecond line.' }),
])

t.test('findings come worst first with evidence and fix, errors with their reason', t => {
  const text = renderTable(report, plain)
  const order = [
    'CRITICAL  Title of bad-one',
    'fix: First line.',
    'LOW       Title of low-one',
    'Could not be judged (1)',
  ]
  const places = order.map(part => text.indexOf(part))
  t.ok(
    places.every(place => place >= 0),
    `has ${order.join(', ')}`,
  )
  t.same(
    [...places].sort((a, b) => a - b),
    places,
    'in this order',
  )
  t.match(text, '/etc/shadow: unreadable (EACCES)')
  t.match(text, 'Score 42 of 100, coverage 75 %')
  t.match(text, '2 findings (1 critical, 1 low), 1 passed, 1 not judged')
  t.notMatch(text, 'Title of fine', 'what passed is counted only')
  t.match(renderTable(report, { ...plain, all: true }), 'Title of fine', 'unless asked for')
  t.end()
})

t.test('host strings cannot move the cursor or make lines of their own', t => {
  const text = renderTable(report, plain)
  t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
  t.notMatch(text, /^fake line/m)
  t.match(text, 'nginx\\u{1b}[2J\\u{202e}\\u{a}fake line')
  t.end()
})

t.test('no line passes the width unless one word does', t => {
  const long = reportOf([result('bad-one', 'fail', { evidence: [Array(60).fill('word').join(' ')] })])
  for (const line of renderTable(long, plain).split('\n')) t.ok(line.length <= 80, line)
  t.same(wrap('aa bb cc', 20, '', ''), ['aa bb cc'])
  t.same(wrap(`${'x'.repeat(30)} y`, 20, '- ', '  '), [`- ${'x'.repeat(30)}`, '-   y'])
  t.end()
})

t.test('commands to copy stay on their line, without the fence around them', t => {
  const command = `printf '%s' ${'x'.repeat(90)} > /etc/file`
  const remediation = `Write it:\n\n\`\`\`sh\n${command}\nnext\n\`\`\`\n\nThen look at ${'the file '.repeat(12)}`
  const lines = renderTable(reportOf([result('bad-one', 'fail', { remediation })]), plain).split('\n')
  t.ok(lines.includes(`${' '.repeat(19)}${command}`), 'the long command is whole')
  t.ok(lines.includes(`${' '.repeat(19)}next`))
  t.notOk(lines.some(line => line.includes('```')))
  t.ok(lines.some(line => line === `${' '.repeat(12)}fix: Write it:`))
  for (const line of lines) t.ok(line.length <= 80 || line.includes(command), line)
  t.end()
})

t.test('colours are the caller’s', t => {
  const text = renderTable(report, { ...plain, paint: (style, part) => `<${style}>${part}</>` })
  t.match(text, '<magenta>CRITICAL</>')
  t.end()
})

t.test('without findings it says so, and says when nothing was judged', t => {
  t.match(renderTable(reportOf([result('fine', 'pass')]), plain), 'No findings.')
  const empty = {
    ...reportOf([]),
    score: {
      score: 100,
      coverage: 100,
      counts: { pass: 0, fail: 0, manual: 0, not_applicable: 0, error: 0 },
      waived: 0,
    },
  }
  const text = renderTable(empty, plain)
  t.match(text, 'Nothing was judged: 0 not applicable, 0 to look at by hand')
  t.notMatch(text, 'Score 100')
  t.end()
})

t.test('what is waived stands apart with who accepted it, and is no finding', t => {
  const waiver = {
    id: 'W-1',
    reason: 'old\u001b[2J',
    owner: 'ops',
    ticket: 'T-2',
    expiresAt: '2027-01-01T00:00:00.000Z',
  }
  const text = renderTable(
    reportOf([
      result('bad-one', 'fail', { evidence: ['seen'], waiver }),
      result('odd-one', 'error', { reason: 'unreadable', waiver }),
    ]),
    plain,
  )
  t.match(text, 'Waived (2)')
  t.match(text, 'waiver W-1 until 2027-01-01T00:00:00.000Z by ops (T-2):')
  t.match(text, 'old\\u{1b}[2J')
  t.match(text, '• seen')
  t.match(text, '• could not be judged: unreadable')
  t.match(text, /^no findings, 2 waived, /m)
  t.notMatch(text, /CRITICAL {2}|Could not be judged/)
  t.end()
})

t.test('JSON carries everything once, strings as they are', t => {
  const document = JSON.parse(renderJson(report))
  t.match(document, { reportVersion: 1, score: 42, coverage: 75, profiles: ['linux-hardening'] })
  t.same(
    document.results.map((item: Result) => item.check),
    ['bad-one', 'low-one', 'odd-one', 'fine'],
  )
  t.equal(document.results[0].evidence[0], evil)
  t.match(document.facets, [{ facet: 'small', state: 'present', gaps: [] }])
  t.end()
})

t.test('visible leaves ordinary text of any language alone', t => {
  for (const text of ['plain', 'Größe 日本語 🎉', 'a\\b']) t.equal(visible(text), text)
  t.equal(visible('a\tb\u0000'), 'a\\u{9}b\\u{0}')
  t.end()
})
