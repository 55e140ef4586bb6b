// `gabion-agent run`: stays on the host and tells a collector, or standard output, what changes.
import { hostname } from 'node:os'
import { Command, Option } from 'commander'
import { type Clock, systemClock } from '../../runtime/clock.ts'
import { usageError } from '../../runtime/errors.ts'
import { type Log, type LogLevel, logLevels } from '../../runtime/log.ts'
import { onShutdown } from '../../runtime/signals.ts'
import type { DriftLine, StandaloneOptions } from '../standalone.ts'
import { requireTextfileDirectory, writeTextfile } from '../textfile.ts'
import type { OpenChannel } from '../uplink/channel.ts'
import type { Credential } from '../uplink/credential-file.ts'
import { kubeletTokenOption, portProbesOption, rootOption, selectProbes } from './options.ts'
import { labelOption, noPolicyOption, type PolicyOptions, policyOption } from './policy-options.ts'
import { openRoot } from './read-host.ts'

interface RunOptions extends PolicyOptions {
  readonly collector?: string
  readonly tokenFile?: string
  readonly caFile?: string
  readonly nodeName?: string
  readonly textfile?: string
  readonly root: string
  readonly stateDir: string
  readonly portProbes: boolean
  readonly kubeletTokenFile?: string
  readonly logLevel: string
}

export function runCommand(): Command {
  return new Command('run')
    .description('stay on this host, watch it and tell a collector what changes; without one, judge and tell it here')
    .option('--collector <address>', 'gRPC address of the collector: HOST:PORT, or unix:/PATH')
    .option('--token-file <file>', 'Kubernetes: the projected ServiceAccount token that proves this node')
    .option('--ca-file <file>', 'Kubernetes: the CA bundle that the collector is verified by')
    .option('--node-name <name>', 'Kubernetes: the node that this pod runs on')
    .addOption(textfileOption())
    .addOption(policyOption())
    .addOption(noPolicyOption())
    .addOption(labelOption())
    .addOption(rootOption())
    .option('--state-dir <dir>', 'the agent’s own directory', '/var/lib/gabion/agent')
    .addOption(portProbesOption())
    .addOption(kubeletTokenOption())
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
A host that was enrolled (gabion-agent enroll) speaks to its collector without further options. Without --collector and
without enrollment each change is a line of JSON on standard output: at, facet (or check), change, field, text.
SIGHUP reads the policy again.

Examples:
  gabion-agent run
  gabion-agent run --collector 127.0.0.1:50051
  gabion-agent run --textfile /var/lib/prometheus/node-exporter`

async function run(options: RunOptions): Promise<void> {
  const level = logLevels.find(item => item === options.logLevel)
  if (!level) throw usageError(`--log-level ${options.logLevel}: expected one of ${logLevels.join(', ')}`)
  const way = await wayToCollector(options)
  if (options.textfile !== undefined) requireTextfileDirectory(options.textfile)
  const host = await openRoot(options.root, options.kubeletTokenFile)
  const shutdown = onShutdown(code => process.exit(code))
  const { openLog } = await import('../../runtime/open-log.ts')
  const log = openLog({ level: level satisfies LogLevel, name: 'gabion-agent' })
  const common = { host, probes: selectProbes(undefined), clock: systemClock, log, probePorts: options.portProbes }
  if (!way) await runAlone(common, options, shutdown.signal)
  else await runConnected(common, options, way, shutdown.signal)
  shutdown.dispose()
  log.info('stopped')
}

async function runAlone(common: Common, options: RunOptions, signal: AbortSignal): Promise<void> {
  const { textfile, policy, label = {} } = options
  const [{ runStandalone }, { openSite }] = await Promise.all([
    import('../standalone.ts'),
    import('../policy/open-site.ts'),
  ])
  const emit = (line: DriftLine) => process.stdout.write(`${JSON.stringify(line)}\n`)
  const writeMetrics = textfile === undefined ? undefined : (text: string) => writeTextfile(textfile, text)
  const onReload = (reload: () => void) => void process.on('SIGHUP', reload)
  await runStandalone({ ...common, emit, writeMetrics, openSite: () => openSite(policy, label), onReload }, signal)
}

type Common = Omit<StandaloneOptions, 'emit' | 'writeMetrics' | 'openSite' | 'onReload'>

async function runConnected(common: Common, options: RunOptions, way: Way, signal: AbortSignal): Promise<void> {
  const { createAgent } = await import('../agent.ts')
  const { stateDir, nodeName = '' } = options
  const agent = createAgent({
    ...{ ...common, stateDirectory: stateDir, fallbackHostname: hostname() },
    ...{ openChannel: way.openChannel, nodeName },
  })
  const { clock, log } = common
  await Promise.all([agent.run(signal), way.isEnrolled && renewing(stateDir, clock, log, signal)])
}

async function renewing(stateDirectory: string, clock: Clock, log: Log, signal: AbortSignal): Promise<void> {
  const { keepCredential } = await import('../uplink/renewal.ts')
  const renew = async (credential: Credential) =>
    (await import('../uplink/enroll.ts')).renew(credential, stateDirectory)
  await keepCredential({ stateDirectory, clock, log, random: Math.random, renew }, signal)
}

interface Way {
  readonly openChannel: OpenChannel
  readonly isEnrolled: boolean
}

/** Undefined when there is no collector: the agent then judges by itself. */
async function wayToCollector(options: RunOptions): Promise<Way | undefined> {
  const { collector, tokenFile, caFile, stateDir, textfile } = options
  if ((tokenFile === undefined) !== (caFile === undefined)) throw usageError('--token-file and --ca-file go together')
  if (collector === undefined) {
    if (tokenFile !== undefined) throw usageError('--token-file needs --collector')
    if (textfile !== undefined) return undefined
    const { readCredential } = await import('../uplink/credential-file.ts')
    if (!readCredential(stateDir)) return undefined
    const { enrolledChannel } = await import('../uplink/channel.ts')
    return { openChannel: enrolledChannel(stateDir), isEnrolled: true }
  }
  const address = collectorAddress(collector)
  const { plaintextChannel, tokenChannel } = await import('../uplink/channel.ts')
  if (tokenFile !== undefined && caFile !== undefined) {
    return { openChannel: tokenChannel(address, tokenFile, caFile), isEnrolled: false }
  }
  requireLoopback(address)
  return { openChannel: plaintextChannel(address), isEnrolled: false }
}

const addressPattern = /^(?<host>\[[0-9a-fA-F:]+\]|[^:\s]+):(?<port>\d{1,5})$/

function collectorAddress(text: string): string {
  if (/^unix:\/[^\0]+$/.test(text)) return text
  const match = addressPattern.exec(text)
  const port = Number(match?.groups?.['port'] ?? 0)
  if (!match || port < 1 || port > 65_535) throw usageError(`--collector ${text}: expected HOST:PORT or unix:/PATH`)
  return text
}

/** Without TLS a stream never leaves the machine: loopback addresses and Unix sockets only. */
function requireLoopback(address: string): void {
  const host = addressPattern.exec(address)?.groups?.['host'] ?? ''
  if (address.startsWith('unix:/') || host === 'localhost' || host === '[::1]') return
  if (/^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)) return
  throw usageError(
    `--collector ${address}: without TLS only loopback addresses; enroll this host, or give --token-file and --ca-file`,
  )
}
