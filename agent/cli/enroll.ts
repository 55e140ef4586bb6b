// `gabion-agent enroll`: gets this host its credential from a collector.
import { hostname } from 'node:os'
import { Command } from 'commander'
import { systemClock } from '../../runtime/clock.ts'
import { EnrollmentStringError, parseEnrollmentString } from '../../runtime/enrollment-string.ts'
import { usageError } from '../../runtime/errors.ts'
import { onShutdown } from '../../runtime/signals.ts'
import { readBootAttributes } from './read-boot-attributes.ts'
import { readInput } from './read-input.ts'

interface EnrollOptions {
  readonly stateDir: string
  readonly wait: number
  readonly force?: true
}

const help = `
The string comes from \`gabion-collector token create\`. It is a secret: with - it is read from standard input, so that it
stands neither in the shell's history nor in the process list.

Exit codes:
  0  enrolled
  1  the collector cannot be reached, is not the pinned one, or refused
  2  bad usage

Examples:
  gabion-agent enroll - < /run/enrollment-string
  gabion-agent enroll gabion_enroll_1_…`

export function enrollCommand(): Command {
  return new Command('enroll')
    .description('get this host its credential, so that `run` may speak to the collector')
    .argument('<string>', 'what the collector printed, - to read it from standard input')
    .option('--state-dir <dir>', 'the agent’s own directory', '/var/lib/gabion/agent')
    .option('--wait <seconds>', 'how long to wait for approval or a busy collector', seconds, 600)
    .option('--force', 'also when this host is enrolled already: it becomes a new host')
    .addHelpText('after', help)
    .action(enrollHost)
}

function seconds(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw usageError(`--wait ${text}: expected whole seconds`)
}

async function enrollHost(argument: string, { stateDir, wait, force }: EnrollOptions): Promise<void> {
  const target = await readTarget(argument)
  const { enroll } = await import('../uplink/enroll.ts')
  const { readCredential } = await import('../uplink/credential-file.ts')
  const before = force ? undefined : readCredential(stateDir)
  if (before) {
    throw usageError(
      `this host is enrolled already, as ${before.hostId} at ${before.endpoint}; --force enrolls it anew`,
    )
  }
  const shutdown = onShutdown(code => process.exit(code))
  const onWait = (reason: string) => process.stderr.write(`gabion-agent: ${reason}\n`)
  const credential = await enroll(
    {
      ...{ target, stateDirectory: stateDir, clock: systemClock, patienceMs: wait * 1000, onWait },
      attributes: { hostname: hostname(), ...readBootAttributes() },
    },
    shutdown.signal,
  )
  shutdown.dispose()
  process.stdout.write(`enrolled as ${credential.hostId}; gabion-agent run now speaks to ${credential.endpoint}\n`)
}

async function readTarget(argument: string) {
  // What writes into the pipe may have made it one whose reads do not wait: it is not read at once.
  const text = argument === '-' ? (await readInput('-')).text : argument
  try {
    return parseEnrollmentString(text.trim())
  } catch (error) {
    if (error instanceof EnrollmentStringError) throw usageError(error.message)
    throw error
  }
}
