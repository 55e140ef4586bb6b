// A host at any time, on SQLite.
import t from 'tap'
import { openDomain } from '../../open-domain.ts'
import { pastSuite } from '../past-suite.ts'

pastSuite(t, openDomain, 40)
