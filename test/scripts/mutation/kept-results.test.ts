// What a run of mutants keeps for the next one, and the parts that a long run is tried in.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { keptResults, partsOf } from '../../../scripts/mutation/kept-results.ts'
import type { TriedMutant } from '../../../scripts/mutation/score.ts'

const mutant: TriedMutant = {
  fileName: 'policy/a.ts',
  status: 'Killed',
  mutatorName: 'EqualityOperator',
  replacement: 'a >= b',
  location: { start: { line: 2, column: 8 }, end: { line: 2, column: 13 } },
}

t.test('what is kept is there for the next run, until the source or a test of it changes', async t => {
  const root = t.testdir({ policy: { 'a.ts': 'a', 'b.ts': 'b' }, test: { 'a.test.ts': 'test' } })
  const open = () =>
    keptResults(join(root, 'kept', 'here'), root, file => (file === 'policy/a.ts' ? ['test/a.test.ts'] : []))
  t.equal(open().read('policy/a.ts'), undefined, 'never tried')
  open().write('policy/a.ts', [{ ...mutant, more: 'left out' } as TriedMutant])
  open().write('policy/b.ts', [])
  t.strictSame(open().read('policy/a.ts'), [mutant])
  writeFileSync(join(root, 'test/a.test.ts'), 'another test')
  t.equal(open().read('policy/a.ts'), undefined, 'a test has changed')
  t.strictSame(open().read('policy/b.ts'), [], 'which is not one of this file')
  open().write('policy/a.ts', [mutant])
  t.strictSame(open().read('policy/a.ts'), [mutant])
  writeFileSync(join(root, 'policy/a.ts'), 'A')
  t.equal(open().read('policy/a.ts'), undefined, 'the source has changed')
})

t.test('parts hold every file once and in order, of one folder and few lines', async t => {
  t.strictSame(
    partsOf(['x/a', 'x/b', 'x/c', 'y/a', 'y/b'], file => (file === 'x/c' ? 9 : 4), 8),
    [['x/a', 'x/b'], ['x/c'], ['y/a', 'y/b']],
  )
  const files = fc.array(fc.record({ folder: fc.constantFrom('x', 'y'), lines: fc.nat({ max: 12 }) }))
  fc.assert(
    fc.property(files, rows => {
      const all = rows.map(({ folder, lines }, index) => `${folder}/${index}-${lines}`)
      const linesOf = (file: string) => Number(file.split('-')[1])
      const parts = partsOf(all, linesOf, 10)
      const isSmall = (part: readonly string[]) =>
        part.length === 1 || part.reduce((sum, file) => sum + linesOf(file), 0) <= 10
      const isOfOne = (part: readonly string[]) => new Set(part.map(file => file[0])).size === 1
      return parts.flat().join() === all.join() && parts.every(part => isSmall(part) && isOfOne(part))
    }),
  )
})
