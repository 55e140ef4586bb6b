// How a result that is waived is counted once more.
import { sql } from 'kysely'
import { countedCode, stateCode } from './codes.ts'

/** For a query in which `result` is a table of results. */
export const waivedState = sql<number>`case result.state when ${sql.lit(stateCode('fail'))}
  then ${sql.lit(countedCode('waivedFail'))} else ${sql.lit(countedCode('waivedError'))} end`
