// The suite of every store, on SQLite.
import t from 'tap'
import { openDomain } from '../../open-domain.ts'
import { storeSuite } from '../store-suite.ts'

storeSuite(t, openDomain)
