// What flaps, on SQLite.
import t from 'tap'
import { openDomain } from '../../open-domain.ts'
import { flapSuite } from '../flap-suite.ts'

flapSuite(
  t,
  async t => {
    const directory = t.testdir({})
    return options => openDomain(t, { ...options, directory })
  },
  false,
)
