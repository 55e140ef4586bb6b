// Distances by imports: direct, over others, in circles, and to what is not there.
import t from 'tap'
import { importDistances } from '../../../scripts/mutation/nearest-tests.ts'

t.test('a test is as far from a source as its imports take', async t => {
  const root = t.testdir({
    test: {
      'a.test.ts': "import t from 'tap'\nimport { a } from '../src/a.ts'\nimport type { Gone } from './gone.ts'\n",
    },
    src: {
      'a.ts': "import {\n  b,\n} from './b.ts'\nexport const a = b\n",
      'b.ts': "import { a } from './a.ts'\nexport const b = () => import('./deep/c.ts')\n",
      deep: { 'c.ts': '' },
      'd.ts': '',
    },
  })
  t.same(Object.fromEntries(importDistances(root)('test/a.test.ts')), {
    'test/a.test.ts': 0,
    'src/a.ts': 1,
    'test/gone.ts': 1,
    'src/b.ts': 2,
    'src/deep/c.ts': 3,
  })
})
