// The agent's command line without its commands, for its two entry points.
import { Command } from 'commander'
import * as program from '../../runtime/program.ts'

export function programOf(commands: (program: Command) => readonly Command[]): Command {
  const agent = new Command('gabion-agent')
    .description('Reads what this host really is, judges it, and tells a collector what changed.')
    .configureHelp({ showGlobalOptions: true })
  return program.withCommands(agent, commands)
}

/** @param argv as in process.argv */
export function runProgram(create: () => Command, argv: readonly string[]): Promise<void> {
  process.stdout.on('error', onBrokenPipe)
  return program.runProgram(create(), argv)
}

/** `gabion-agent scan | head` ends the reader first; that is no error of ours. */
function onBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
}
