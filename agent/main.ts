// Entry point of the agent: reads the command line, runs one command, turns what it threw into an exit code.
import { Command, CommanderError } from 'commander'
import { severities } from '../policy/check.ts'
import { formatNames } from '../report/formats.ts'
import { completionCommand } from '../runtime/completion.ts'
import { GabionError, messageOf } from '../runtime/errors.ts'
import { version } from '../runtime/version.ts'
import { configCommand } from './cli/config.ts'
import { diffCommand } from './cli/diff.ts'
import { enrollCommand } from './cli/enroll.ts'
import { factsCommand } from './cli/facts.ts'
import { policyCommand } from './cli/policy.ts'
import { runCommand } from './cli/run.ts'
import { sbomCommand } from './cli/sbom.ts'
import { scanCommand } from './cli/scan.ts'

const exitCodes = { internal: 1, usage: 2 } as const

/** @param argv as in process.argv */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', onBrokenPipe)
  try {
    await createProgram().parseAsync([...argv])
  } catch (error) {
    process.exitCode = report(error)
  }
}

export function createProgram(): Command {
  const program = new Command('gabion-agent')
    .description('Reads what this host really is, judges it, and tells a collector what changed.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(gabion-agent --help lists what there is)')
    .exitOverride()
  program.addCommand(scanCommand())
  program.addCommand(factsCommand())
  program.addCommand(diffCommand())
  program.addCommand(runCommand())
  program.addCommand(enrollCommand())
  program.addCommand(configCommand())
  program.addCommand(sbomCommand())
  program.addCommand(policyCommand())
  program.addCommand(completionCommand(program, { '<severity>': severities, '<format[=file]>': formatNames }))
  for (const command of program.commands) inherit(command, program)
  return program
}

function inherit(command: Command, parent: Command): void {
  command.exitOverride().copyInheritedSettings(parent)
  for (const inner of command.commands) inherit(inner, command)
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
