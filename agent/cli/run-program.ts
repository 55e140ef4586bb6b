// The agent's command line without its commands: what is common to all of them, and how what they throw becomes an exit code.
import { Command, CommanderError } from 'commander'
import { GabionError, messageOf } from '../../runtime/errors.ts'
import { version } from '../../runtime/version.ts'

const exitCodes = { internal: 1, usage: 2 } as const

export function programOf(commands: (program: Command) => readonly Command[]): Command {
  const program = new Command('gabion-agent')
    .description('Reads what this host really is, judges it, and tells a collector what changed.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(gabion-agent --help lists what there is)')
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
export async function runProgram(create: () => Command, argv: readonly string[]): Promise<void> {
  process.stdout.on('error', onBrokenPipe)
  try {
    await create().parseAsync([...argv])
  } catch (error) {
    process.exitCode = report(error)
  }
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
  if (error instanceof GabionError) {
    process.stderr.write(`gabion-agent: ${error.message}\n`)
    return error.code === 'usage' || error.code === 'config' ? exitCodes.usage : exitCodes.internal
  }
  process.stderr.write(`gabion-agent: internal error: ${messageOf(error)}\n`)
  if (error instanceof Error && error.stack) process.stderr.write(`${error.stack}\n`)
  return exitCodes.internal
}

/** `gabion-agent scan | head` ends the reader first; that is no error of ours. */
function onBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}
