// Entry point of the collector: every command there is.
import { Command } from 'commander'
import { completionCommand } from '../runtime/completion.ts'
import { runProgram, withCommands } from '../runtime/program.ts'
import { apiTokenCommand } from './cli/api-token.ts'
import { caCommand } from './cli/ca.ts'
import { dbCommand } from './cli/db.ts'
import { hostCommand } from './cli/host.ts'
import { notifyCommand } from './cli/notify.ts'
import { readyCommand } from './cli/ready.ts'
import { serveCommand } from './cli/serve.ts'
import { tokenCommand } from './cli/token.ts'

/** @param argv as in process.argv */
export const main = (argv: readonly string[]): Promise<void> => runProgram(createProgram(), argv)

export function createProgram(): Command {
  const collector = new Command('gabion-collector').description(
    'Keeps what every host of a fleet is, judges it, remembers when it changed, and serves it.',
  )
  return withCommands(collector, program => [
    serveCommand(),
    tokenCommand(),
    apiTokenCommand(),
    hostCommand(),
    notifyCommand(),
    readyCommand(),
    dbCommand(),
    caCommand(),
    completionCommand(program),
  ])
}
