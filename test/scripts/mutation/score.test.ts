// The mutation score: what counts as noticed, the table's order, and survivors by place.
import t from 'tap'
import { mutationScore, scoreTable, survivors, type TriedMutant } from '../../../scripts/mutation/score.ts'

const mutant = (fileName: string, status: string, more: Partial<TriedMutant> = {}): TriedMutant => ({
  fileName,
  status,
  mutatorName: 'EqualityOperator',
  replacement: 'a >= b',
  location: { start: { line: 2, column: 8 }, end: { line: 2, column: 13 } },
  ...more,
})

const mutants = [
  ...['Killed', 'Timeout', 'Killed'].map(status => mutant('policy/good.ts', status)),
  ...['Survived', 'Killed', 'NoCoverage'].map(status => mutant('agent/parse/bad.ts', status)),
  mutant('agent/parse/bad.ts', 'Ignored'),
]

t.test('a mutant that made a test fail or run for ever was noticed, one that no test reached was not', t => {
  t.same(mutationScore(mutants), {
    killed: 3,
    survived: 1,
    timedOut: 1,
    noCoverage: 1,
    percent: (4 / 6) * 100,
  })
  t.equal(mutationScore([]).percent, 100, 'nothing to mutate')
  t.end()
})

t.test('the table names the worst file first and sums up in one line', t => {
  t.same(scoreTable(mutants).split('\n'), [
    'file                   score    killed  survived timed out uncovered',
    'agent/parse/bad.ts    33.3 %         1         1         0         1',
    'policy/good.ts       100.0 %         2         0         1         0',
    '',
    'mutation score: 66.6 % (killed 3, survived 1, timed out 1, no coverage 1)',
  ])
  t.end()
})

t.test('a score is never rounded up', t => {
  const almost = [...Array.from({ length: 1999 }, () => mutant('a.ts', 'Killed')), mutant('a.ts', 'Survived')]
  t.match(scoreTable(almost), 'mutation score: 99.9 %')
  t.end()
})

t.test('a survivor is told by its place, what stands there and what could', t => {
  const text = 'const a = 1\nreturn a > b || {\n  c: 1,\n}\n'
  const object = { start: { line: 2, column: 17 }, end: { line: 4, column: 2 } }
  const lines = survivors(
    [
      mutant('x.ts', 'Survived'),
      mutant('x.ts', 'NoCoverage', { mutatorName: 'ObjectLiteral', replacement: '{}', location: object }),
      mutant('x.ts', 'Killed'),
    ],
    () => text,
  )
  t.same(lines, [
    'x.ts:2:8 EqualityOperator: a > b → a >= b',
    'x.ts:2:17 ObjectLiteral (never reached): { c: 1, } → {}',
  ])
  t.end()
})
