import { join } from 'node:path'
import t from 'tap'
import { answerOf, coveragePages, readBenchmarks } from '../../../scripts/generators/benchmarks.ts'

const root = join(import.meta.dirname, '../../..')

t.test('each list has a page with all of its items, and the index counts them', async t => {
  const pages = new Map(coveragePages(root).map(file => [file.path, file.content ?? '']))
  const index = pages.get('docs/reference/coverage.md') ?? ''
  for (const { source, sections } of readBenchmarks(root)) {
    const page = pages.get(`docs/reference/coverage-${source}.md`) ?? ''
    const items = sections.flatMap(section => section.items)
    for (const { id, text } of items) t.match(page, `| ${id} | ${text.replaceAll('<', '&lt;')} |`, `${source} ${id}`)
    const [row = ''] = index.split('\n').filter(line => line.includes(`coverage-${source}.md`))
    const [all = 0, ...parts] = (row.match(/\| (\d+) (?=\|)/g) ?? []).map(cell => Number(cell.slice(2)))
    t.equal(all, items.length, `${source}: the number of items`)
    t.equal(
      parts.reduce((sum, part) => sum + part, 0),
      all,
      `${source}: each is counted once`,
    )
  }
})

t.test('an item is answered by the best of its checks', async t => {
  const check = { id: 'a', title: 'A', severity: 'low', rationale: 'A.', remediation: 'B.' } as const
  const rest = { references: [], parameters: {}, tests: [] }
  const manual = { ...check, ...rest, manual: 'Look.' }
  const automatic = { ...check, ...rest, pass: 'true' }
  const covered = { item: { id: '1', text: 'One', kind: 'manual' as const }, versions: [''] }
  t.equal(answerOf({ ...covered, checks: [manual, automatic] }), 'automatic')
  t.equal(answerOf({ ...covered, checks: [manual] }), 'manual')
  t.equal(answerOf({ ...covered, checks: [] }), 'none')
})
