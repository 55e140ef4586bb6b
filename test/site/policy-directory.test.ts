import { tmpdir } from 'node:os'
import t from 'tap'
import { chosenPaths } from '../../site/policy-directory.ts'

t.test('the directory is taken where it is and nobody says otherwise', async t => {
  t.same(chosenPaths(undefined, tmpdir()), [tmpdir()])
  t.same(chosenPaths(undefined, '/does/not/exist'), [])
  t.same(chosenPaths(['a', 'b'], tmpdir()), ['a', 'b'])
  t.same(chosenPaths(false, tmpdir()), [])
})
