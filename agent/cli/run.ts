// `gabion-agent run`: stays on the host and tells a collector, or standard output, what changes.
import { hostname } from 'node:os'
import { Command, Option } from 'commander'
import { type Clock, systemClock } from '../../runtime/clock.ts'
import { usageError } from '../../runtime/errors.ts'
import { type Log, logLevels } from '../../runtime/log.ts'
import { onShutdown } from '../../runtime/signals.ts'
import { readAgentConfig } from '../agent-config.ts'
import { collectGarbage } from '../health/collect-garbage.ts'
import { giveBackGarbage } from '../health/give-back-garbage.ts'
import { createMeters, type Meters } from '../health/meters.ts'
import { createPulse } from '../health/pulse.ts'
import { createSelfLimits } from '../health/self-limits.ts'
import { keepStateIn } from '../own-state.ts'
import { defaultConfigFile } from '../places.ts'
import { probes } from '../probes.generated.ts'
import type { DriftLine, StandaloneOptions } from '../standalone.ts'
import { requireTextfileDirectory, writeTextfile } from '../textfile.ts'
import type { Credential } from '../uplink/credential-file.ts'
import { followConfig, type LiveConfig } from './follow-config.ts'
import { holdLimits } from './hold-limits.ts'
import { kubeletTokenOption, portProbesOption, selectProbes } from './options.ts'
import { labelOption, noPolicyOption, type PolicyOptions, policyOption } from './policy-options.ts'
import { openRoot } from './read-host.ts'
import { type Way, wayToCollector } from './way-to-collector.ts'

export interface RunOptions extends PolicyOptions {
  readonly config?: string
  readonly portProbes: boolean
  readonly [flag: string]: unknown
}

export function runCommand(): Command {
  return withRunOptions(
    new Command('run').description(
      'stay on this host, watch it and tell a collector what changes; without one, judge and tell it here',
    ),
  )
    .addHelpText('after', help)
    .action(run)
}

/** The options that make the configuration of an agent that stays. Their defaults are those of the configuration. */
export function withRunOptions(command: Command): Command {
  return command
    .option('--config <file>', `configuration file (default: ${defaultConfigFile} if it is there)`)
    .option('--collector <address>', 'gRPC address of the collector: HOST:PORT, or unix:/PATH')
    .option(
      '--exchange-address <address>',
      'where to POST where streams break (default: port 50053 of the collector’s host)',
    )
    .option('--token-file <file>', 'Kubernetes: the projected ServiceAccount token that proves this node')
    .option('--ca-file <file>', 'Kubernetes: the CA bundle that the collector is verified by')
    .option('--node-name <name>', 'Kubernetes: the node that this pod runs on')
    .addOption(textfileOption())
    .addOption(policyOption())
    .addOption(noPolicyOption())
    .addOption(labelOption())
    .option('--root <dir>', 'look at the host mounted here: /host in a pod, an image, a disk (default: /)')
    .option('--state-dir <dir>', 'the agent’s own directory (default: /var/lib/gabion/agent)')
    .addOption(portProbesOption())
    .addOption(kubeletTokenOption())
    .option('--memory-limit-mib <n>', 'MiB resident that the agent may take, 0 for any (default: 256)', Number)
    .option(
      '--cpu-limit-percent <n>',
      'percent of a core that it may take over minutes, 0 for any (default: 10)',
      Number,
    )
    .option('--log-level <level>', `${logLevels.join(', ')} (default: info)`)
}

const textfileOption = () =>
  new Option(
    '--textfile <dir>',
    'without a collector: keep gabion.prom here, for the textfile collector of node_exporter',
  ).conflicts('collector')

const help = `
Every option may also stand in the configuration file or in the environment, such as GABION_COLLECTOR and GABION_STATE_DIR.
A flag goes over the environment, the environment over the file; gabion-agent config prints what comes of it.

A host that was enrolled (gabion-agent enroll) speaks to its collector without further options. Without --collector and
without enrollment each change is a line of JSON on standard output: at, facet (or check), change, field, text.
SIGHUP reads the configuration and the policy again. Over its memory limit the agent ends with exit code 75, to be started
again: nothing is lost by it.

Examples:
  gabion-agent run
  gabion-agent run --collector 127.0.0.1:50051
  gabion-agent run --textfile /var/lib/prometheus/node-exporter`

/** @throws GabionError with code `config` */
export function configOf({ config, portProbes, policy, label, ...flags }: RunOptions) {
  const given = { ...flags, policy: policy === false ? [] : policy, labels: label }
  const resolved = readAgentConfig(config, { ...given, portProbes: portProbes ? undefined : false })
  const unknown = Object.keys(resolved.values.probeSeconds).find(name => !probes.some(probe => probe.name === name))
  if (unknown === undefined) return resolved
  throw usageError(`probeSeconds: unknown probe '${unknown}'; there are ${probes.map(probe => probe.name).join(', ')}`)
}

async function run(options: RunOptions): Promise<void> {
  const { values: config } = configOf(options)
  const way = await wayToCollector(config)
  if (config.textfile !== '') requireTextfileDirectory(config.textfile)
  keepStateIn(config.stateDir)
  const host = await openRoot(config.root, config.kubeletTokenFile || undefined)
  const shutdown = onShutdown(code => process.exit(code))
  const { openLog } = await import('../../runtime/open-log.ts')
  const log = openLog({ level: config.logLevel, name: 'gabion-agent' })
  const live = followConfig(config, () => configOf(options).values, log)
  const meters = createMeters()
  const limits = createSelfLimits({ clock: systemClock, log, meters, budget: () => live.config, collectGarbage })
  const { portProbes: probePorts } = config
  const common = { host, probes: selectProbes(undefined), clock: systemClock, log, probePorts, limits }
  const timed = { ...common, probeSeconds: () => live.config.probeSeconds, onReload: live.onReload }
  const { signal, ended } = holdLimits(limits, shutdown.signal, process)
  void giveBackGarbage(systemClock, collectGarbage, signal)
  if (!way) await runAlone(timed, options, live, signal)
  else await runConnected({ ...timed, meters }, live, way, signal)
  await ended
  shutdown.dispose()
  log.info('stopped')
}

type Common = Omit<StandaloneOptions, 'emit' | 'writeMetrics' | 'openSite'>
type Connected = Common & { readonly meters: Meters }

async function runAlone(common: Common, options: RunOptions, live: LiveConfig, signal: AbortSignal): Promise<void> {
  const [{ runStandalone }, { openSite }] = await Promise.all([
    import('../standalone.ts'),
    import('../policy/open-site.ts'),
  ])
  const { textfile } = live.config
  const emit = (line: DriftLine) => process.stdout.write(`${JSON.stringify(line)}\n`)
  const writeMetrics = textfile === '' ? undefined : (text: string) => writeTextfile(textfile, text)
  const paths = () =>
    options.policy === false ? false : live.config.policy.length > 0 ? live.config.policy : undefined
  const { clock, log, probes } = common
  const pulse = createPulse({
    ...{ stateDirectory: live.config.stateDir, probes, log, now: clock.now },
    ...{ uplink: () => 'none', queued: () => 0 },
  })
  const site = { openSite: () => openSite(paths(), live.config.labels) }
  await runStandalone({ ...common, ...site, emit, writeMetrics, pulse }, signal)
}

async function runConnected(common: Connected, live: LiveConfig, way: Way, signal: AbortSignal): Promise<void> {
  const { createAgent } = await import('../agent.ts')
  const { stateDir, nodeName } = live.config
  const agent = createAgent({
    ...{ ...common, stateDirectory: stateDir, fallbackHostname: hostname() },
    ...{ openChannel: way.openChannel, nodeName, labels: () => live.config.labels },
    reloadError: () => live.reloadError,
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
