// Entry point of the collector: reads the command line, runs one command, turns what it threw into an exit code.
import { Command, CommanderError } from 'commander'
import { completionCommand } from '../runtime/completion.ts'
import { GabionError, messageOf } from '../runtime/errors.ts'
import { version } from '../runtime/version.ts'
import { apiTokenCommand } from './cli/api-token.ts'
import { caCommand } from './cli/ca.ts'
import { dbCommand } from './cli/db.ts'
import { hostCommand } from './cli/host.ts'
import { notifyCommand } from './cli/notify.ts'
import { readyCommand } from './cli/ready.ts'
import { serveCommand } from './cli/serve.ts'
import { tokenCommand } from './cli/token.ts'

const exitCodes = { failed: 1, usage: 2 } as const

/** @param argv as in process.argv */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync([...argv])
  } catch (error) {
    process.exitCode = report(error)
  }
}

export function createProgram(): Command {
  const program = new Command('gabion-collector')
    .description('Keeps what every host of a fleet is, judges it, remembers when it changed, and serves it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showHelpAfterError('(gabion-collector --help lists what there is)')
    .exitOverride()
  program.addCommand(serveCommand())
  program.addCommand(tokenCommand())
  program.addCommand(apiTokenCommand())
  program.addCommand(hostCommand())
  program.addCommand(notifyCommand())
  program.addCommand(readyCommand())
  program.addCommand(dbCommand())
  program.addCommand(caCommand())
  program.addCommand(completionCommand(program))
  for (const command of program.commands) inherit(command, program)
  return program
}

function inherit(command: Command, parent: Command): void {
  command.exitOverride().copyInheritedSettings(parent)
  for (const child of command.commands) inherit(child, command)
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
  if (error instanceof GabionError) {
    process.stderr.write(`gabion-collector: ${error.message}\n`)
    return error.code === 'usage' || error.code === 'config' ? exitCodes.usage : exitCodes.failed
  }
  process.stderr.write(`gabion-collector: internal error: ${messageOf(error)}\n`)
  if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`)
  return exitCodes.failed
}
