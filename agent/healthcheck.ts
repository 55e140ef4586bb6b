// Entry point of `gabion-agent healthcheck` alone, which is asked every minute or two and is to cost next to nothing.
import { healthcheckCommand } from './cli/healthcheck.ts'
import { programOf, runProgram } from './cli/run-program.ts'

/** @param argv as in process.argv */
export const main = (argv: readonly string[]): Promise<void> =>
  runProgram(() => programOf(() => [healthcheckCommand()]), argv)
