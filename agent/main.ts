// Entry point of the agent: every command there is.
import type { Command } from 'commander'
import { severities } from '../policy/check.ts'
import { formatNames } from '../report/formats.ts'
import { completionCommand } from '../runtime/completion.ts'
import { configCommand } from './cli/config.ts'
import { diffCommand } from './cli/diff.ts'
import { enrollCommand } from './cli/enroll.ts'
import { factsCommand } from './cli/facts.ts'
import { healthcheckCommand } from './cli/healthcheck.ts'
import { policyCommand } from './cli/policy.ts'
import { runCommand } from './cli/run.ts'
import { programOf, runProgram } from './cli/run-program.ts'
import { sbomCommand } from './cli/sbom.ts'
import { scanCommand } from './cli/scan.ts'

/** @param argv as in process.argv */
export const main = (argv: readonly string[]): Promise<void> => runProgram(createProgram, argv)

export function createProgram(): Command {
  return programOf(program => [
    scanCommand(),
    factsCommand(),
    diffCommand(),
    runCommand(),
    healthcheckCommand(),
    enrollCommand(),
    configCommand(),
    sbomCommand(),
    policyCommand(),
    completionCommand(program, { '<severity>': severities, '<format[=file]>': formatNames }),
  ])
}
