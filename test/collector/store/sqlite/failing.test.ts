// Findings by their age, on SQLite.
import t from 'tap'
import { openDomain } from '../../open-domain.ts'
import { failingSuite } from '../failing-suite.ts'

failingSuite(t, openDomain)
