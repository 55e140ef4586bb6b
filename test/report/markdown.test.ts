// Markdown: sections in order, and nothing a host says is markup, a link or a mention.
import * as fc from 'fast-check'
import t from 'tap'
import { code, prose, renderMarkdown } from '../../report/markdown.ts'
import { comparedReport, hostileTexts, sampleReport, sampleReports } from './sample-reports.ts'

const text = renderMarkdown([comparedReport()])

t.test('it tells the score, the findings worst first, and the rest below', async t => {
  const parts = [
    '# node-1',
    '**Score ',
    '## Findings (3)',
    '### CRITICAL: Title of bad-one &#60;b&#62; — new',
    '### MEDIUM: Title of grown-one &#60;b&#62; — more than before',
    '### LOW: Title of low-one',
    '## Waived (1)',
    '## Could not be judged (1)',
    '## To look at by hand (1)',
    '## Resolved since 2026-11-21T10:20:30.456Z (1)',
    '## Not read (1)',
    '## Not on this host (1)',
  ]
  const places = parts.map(part => text.indexOf(part))
  t.ok(
    places.every(place => place >= 0),
    JSON.stringify(parts.filter((_, index) => (places[index] ?? -1) < 0)),
  )
  t.same(
    places.toSorted((a, b) => a - b),
    places,
  )
})

t.test('commands stay whole in fences and spans', async t => {
  t.match(text, "```sh\nprintf '%s\\n' 'a = 1' > /etc/x\n```")
  t.match(text, 'Then run `systemctl restart x`, for &#60;all&#62; \\*hosts\\*.')
})

t.test('several hosts have an overview, its cells closed', async t => {
  const many = renderMarkdown(sampleReports())
  t.match(many, '| Host | Score | Coverage |')
  t.match(many, '| node-2 "&#60;é&#62; | ')
  t.match(renderMarkdown([sampleReport('a|b'), sampleReport()]), '| a\\|b | ')
  t.match(many, '\n## node-1\n')
})

t.test('prose holds nothing that means something', async t => {
  t.equal(prose('**a** _b_ [c](d) `e` <f> | g'), '\\*\\*a\\*\\* \\_b\\_ \\[c\\](d) \\`e\\` &#60;f&#62; \\| g')
  t.equal(prose('# a'), '\\# a')
  t.equal(prose('12. a'), '12\\. a')
  t.equal(prose('- a'), '\\- a')
  t.equal(prose('https://x www.y'), 'https:/\\/x www\\.y')
  t.notMatch(prose('hello @everyone'), '@everyone')
  t.equal(prose('a\nb\u001b'), 'a\\\\u{a}b\\\\u{1b}')
})

t.test('a code span is one span, whatever is in it', async t => {
  t.equal(code('a'), '`a`')
  t.equal(code('a ` b'), '`` a ` b ``'.replace('`` a', '``a').replace('b ``', 'b``'))
  t.equal(code('`'), '`` ` ``')
  const holds = fc.property(fc.string({ unit: fc.constantFrom('`', ' ', 'a', '\n', '\\'), minLength: 1 }), value => {
    const span = code(value)
    const fence = /^`+/.exec(span)?.[0] ?? ''
    const inner = span.slice(fence.length, -fence.length)
    return span.endsWith(fence) && !inner.split(/[^`]+/).includes(fence) && !span.includes('\n')
  })
  t.equal(fc.check(holds).failed, false)
})

t.test('no line of the report is made by a host', async t => {
  for (const hostile of hostileTexts) {
    const shown = renderMarkdown([sampleReport(hostile)]).split('\n')
    t.match(shown[0], /^# ./)
    t.notMatch(shown[0], /<script|<img|[^\\]\]\(javascript/)
    t.notMatch(shown.join('\n'), /[\u0000-\u0009\u000b-\u001f\u202e]/)
  }
})
