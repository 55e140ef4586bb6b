// How long failures stood, on SQLite.
import t from 'tap'
import { openDomain } from '../../open-domain.ts'
import { fixSuite } from '../fix-suite.ts'

fixSuite(t, openDomain, 40)
