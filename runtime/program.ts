// A program's command line: what is common to all of its commands, and how what they throw becomes an exit code.
import { type Command, CommanderError } from 'commander'
import { GabionError, messageOf } from './errors.ts'
import { version } from './version.ts'

const exitCodes = { failed: 1, usage: 2 } as const

/** @param program with its name and description */
export function withCommands(program: Command, commands: (program: Command) => readonly Command[]): Command {
  program
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .showHelpAfterError(`(${program.name()} --help lists what there is)`)
    .exitOverride()
  for (const command of commands(program)) program.addCommand(command)
  for (const command of program.commands) inherit(command, program)
  return program
}

function inherit(command: Command, parent: Command): void {
  command.exitOverride().copyInheritedSettings(parent)
  for (const inner of command.commands) inherit(inner, command)
}

/** @param argv as in process.argv */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    process.exitCode = report(program.name(), error)
  }
}

function report(name: string, error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
  if (error instanceof GabionError) {
    process.stderr.write(`${name}: ${error.message}\n`)
    return error.code === 'usage' || error.code === 'config' ? exitCodes.usage : exitCodes.failed
  }
  process.stderr.write(`${name}: internal error: ${messageOf(error)}\n`)
  if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`)
  return exitCodes.failed
}
