// `gabion-agent run`: stays on the host and tells a collector, or standard output, what changes.
import { hostname } from 'node:os'
import { Command, Option } from 'commander'
import { systemClock } from '../../runtime/clock.ts'
import { usageError } from '../../runtime/errors.ts'
import { type LogLevel, logLevels } from '../../runtime/log.ts'
import { onShutdown } from '../../runtime/signals.ts'
import type { DriftLine, StandaloneOptions } from '../standalone.ts'
import { requireTextfileDirectory, writeTextfile } from '../textfile.ts'
import { portProbesOption, rootOption, selectProbes } from './options.ts'
import { openRoot } from './read-host.ts'

interface RunOptions {
  readonly collector?: string
  readonly textfile?: string
  readonly root: string
  readonly stateDir: string
  readonly portProbes: boolean
  readonly logLevel: string
}

export function runCommand(): Command {
  return new Command('run')
    .description('stay on this host, watch it and tell a collector what changes; without one, judge and tell it here')
    .option('--collector <address>', 'gRPC address of the collector: HOST:PORT on loopback, or unix:/PATH')
    .addOption(textfileOption())
    .addOption(rootOption())
    .option('--state-dir <dir>', 'the agent’s own directory', '/var/lib/gabion/agent')
    .addOption(portProbesOption())
    .option('--log-level <level>', logLevels.join(', '), 'info')
    .addHelpText('after', help)
    .action(run)
}

const textfileOption = () =>
  new Option(
    '--textfile <dir>',
    'without a collector: keep gabion.prom here, for the textfile collector of node_exporter',
  ).conflicts('collector')

const help = `
Without --collector each change is a line of JSON on standard output: at, facet (or check), change, field, text.

Examples:
  gabion-agent run --collector 127.0.0.1:50051
  gabion-agent run --textfile /var/lib/prometheus/node-exporter`

async function run(options: RunOptions): Promise<void> {
  const level = logLevels.find(item => item === options.logLevel)
  if (!level) throw usageError(`--log-level ${options.logLevel}: expected one of ${logLevels.join(', ')}`)
  const collector = options.collector === undefined ? undefined : loopbackAddress(options.collector)
  if (options.textfile !== undefined) requireTextfileDirectory(options.textfile)
  const host = await openRoot(options.root)
  const shutdown = onShutdown(code => process.exit(code))
  const { openLog } = await import('../../runtime/open-log.ts')
  const log = openLog({ level: level satisfies LogLevel, name: 'gabion-agent' })
  const common = { host, probes: selectProbes(undefined), clock: systemClock, log, probePorts: options.portProbes }
  if (collector === undefined) await runAlone(common, options.textfile, shutdown.signal)
  else {
    const fallbackHostname = hostname()
    const { createAgent } = await import('../agent.ts')
    const agent = createAgent({ ...common, stateDirectory: options.stateDir, collector, fallbackHostname })
    await agent.run(shutdown.signal)
  }
  shutdown.dispose()
  log.info('stopped')
}

async function runAlone(
  common: Omit<StandaloneOptions, 'emit' | 'writeMetrics'>,
  textfile: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { runStandalone } = await import('../standalone.ts')
  const emit = (line: DriftLine) => process.stdout.write(`${JSON.stringify(line)}\n`)
  const writeMetrics = textfile === undefined ? undefined : (text: string) => writeTextfile(textfile, text)
  await runStandalone({ ...common, emit, writeMetrics }, signal)
}

/** Without TLS a stream never leaves the machine: loopback addresses and Unix sockets only. */
function loopbackAddress(text: string): string {
  if (/^unix:\/[^\0]+$/.test(text)) return text
  const match = /^(?<host>\[[0-9a-fA-F:]+\]|[^:\s]+):(?<port>\d{1,5})$/.exec(text)
  const host = match?.groups?.['host'] ?? ''
  const port = Number(match?.groups?.['port'] ?? 0)
  if (!match || port < 1 || port > 65_535) throw usageError(`--collector ${text}: expected HOST:PORT or unix:/PATH`)
  if (host === 'localhost' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)) return text
  throw usageError(`--collector ${text}: this version speaks to loopback addresses only, since it has no TLS yet`)
}
