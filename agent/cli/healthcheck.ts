// `gabion-agent healthcheck`: whether the agent of this host or container lives, for whoever keeps it running.
import { readFileSync } from 'node:fs'
import { Command, InvalidArgumentError, Option } from 'commander'
import { errnoOf } from '../../runtime/errors.ts'
import { type Health, readHealth } from '../health/read-pulse.ts'
import { defaultConfigFile, defaultStateDirectory } from '../places.ts'

interface HealthcheckOptions {
  readonly config?: string
  readonly stateDir?: string
  readonly stuckAfter?: number
  readonly output: 'text' | 'json'
}

const help = `
Says yes of an agent whose main loop was there of late, connected or not: what it sees while its collector is away is kept.
Exit code 0 when it lives; 1 when it does not run, is stuck, or cannot be judged; 2 for bad usage.

Examples:
  gabion-agent healthcheck
  gabion-agent healthcheck --state-dir /var/lib/gabion/agent -o json`

export function healthcheckCommand(): Command {
  return new Command('healthcheck')
    .description('tell whether the agent that stays lives; exit code 0 when it does')
    .option('--config <file>', `configuration file of the agent (default: ${defaultConfigFile} if it is there)`)
    .option('--state-dir <dir>', `the agent’s own directory (default: as configured, or ${defaultStateDirectory})`)
    .option('--stuck-after <seconds>', 'so long may its main loop be away (default: as the agent says itself)', seconds)
    .addOption(new Option('-o, --output <format>', 'form of the answer').choices(['text', 'json']).default('text'))
    .addHelpText('after', help)
    .action(healthcheck)
}

async function healthcheck({ config, stateDir, stuckAfter, output }: HealthcheckOptions): Promise<void> {
  const directory = stateDir ?? process.env['GABION_STATE_DIR'] ?? ''
  const stuckAfterMs = stuckAfter === undefined ? undefined : stuckAfter * 1_000
  const health = readHealth(directory || (await configuredDirectory(config)), stuckAfterMs)
  const lives = health.state === 'lives'
  if (!lives) process.exitCode = 1
  if (output === 'json') process.stdout.write(`${JSON.stringify(answerOf(health))}\n`)
  else if (lives) process.stdout.write(`lives: ${health.reason}\n`)
  else process.stderr.write(`gabion-agent: ${health.reason}\n`)
}

function answerOf({ state, reason, record, ageMs }: Health) {
  const { pid, version, uplink, queued } = record ?? {}
  return { state, reason, pid, version, collector: uplink, queuedChanges: queued, ageMs }
}

/**
 * An agent goes on with the configuration that it has while the file holds a mistake, or cannot be read: only what is said
 * of the directory counts here.
 */
async function configuredDirectory(named?: string): Promise<string> {
  const file = named ?? defaultConfigFile
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const errno = errnoOf(error)
    // The usual one need not be there.
    if (named !== undefined || errno !== 'ENOENT')
      process.stderr.write(`gabion-agent: ${file}: cannot be read (${errno})\n`)
    return defaultStateDirectory
  }
  const { parseDocument } = await import('yaml')
  const { contents } = parseDocument(text)
  const value: unknown = contents !== null && 'get' in contents ? contents.get('stateDir') : undefined
  return typeof value === 'string' && value !== '' ? value : defaultStateDirectory
}

function seconds(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 86_400) return Number(value)
  throw new InvalidArgumentError('expected whole seconds, 1 to 86400.')
}
