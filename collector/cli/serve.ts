// `gabion-collector serve`: takes what agents send and answers the API until it is told to stop.
import { Command, InvalidArgumentError } from 'commander'
import { catalog } from '../../policy/catalog.generated.ts'
import { plainPolicy, type SitePolicy } from '../../policy/site-policy.ts'
import { facets } from '../../proto/facets.generated.ts'
import { aborted } from '../../runtime/aborted.ts'
import { systemClock } from '../../runtime/clock.ts'
import { messageOf, usageError } from '../../runtime/errors.ts'
import { type Log, logLevels } from '../../runtime/log.ts'
import { openLog } from '../../runtime/open-log.ts'
import { onReload, onShutdown } from '../../runtime/signals.ts'
import { chosenPaths, policyDirectory } from '../../site/policy-directory.ts'
import { readTailoredPolicy } from '../../site/read-policy.ts'
import { resolveClusters } from '../auth/kubernetes/cluster.ts'
import { type Collector, type CollectorTls, startCollector } from '../collector.ts'
import { type CollectorConfig, defaultConfigFile } from '../collector-config.ts'
import { flapRules } from '../flapping-config.ts'
import { type ListenAddress, parseListenAddress, showAddress, socketPath } from '../listen-address.ts'
import { retentionRules } from '../retention-config.ts'
import { showDatabase } from '../store/database-location.ts'
import { apiAccess } from './api-access.ts'
import { advertisedNames, databaseOf, readSettings } from './settings.ts'
import { tellFirstAdmin } from './tell-first-admin.ts'

interface ServeOptions {
  readonly httpAddress?: ListenAddress
  readonly grpcAddress?: ListenAddress
  readonly httpTls?: true
  readonly httpBehindProxy?: true
  readonly httpCertFile?: string
  readonly httpKeyFile?: string
  readonly metricsAddress?: string
  readonly enrolledPort?: number
  readonly exchangePort?: number
  readonly advertise?: string
  readonly tlsCertFile?: string
  readonly tlsKeyFile?: string
  readonly kubernetes?: true
  readonly dataDir?: string
  readonly database?: string
  /** false for `--no-policy` */
  readonly policy?: readonly string[] | false
  readonly insecureLoopback?: boolean
  readonly demo?: boolean
  readonly config?: string
  readonly logLevel?: string
}

/** sun_path of unix(7) less its closing NUL */
const maxSocketPathBytes = 107

const help = `
Every option may also stand in the configuration file (${defaultConfigFile}) or in the environment, such as
GABION_HTTP_PORT, GABION_GRPC_PORT and GABION_DATA_DIR. A flag goes over the environment, the environment over the file.

Hosts connect over TLS 1.3: newcomers with an enrollment string (see token create) to the gRPC port, enrolled hosts with
their certificate to port 50052. The collector makes its own CA at the first start, in pki/ of its data directory.
In Kubernetes (--kubernetes) agents show their ServiceAccount token at the gRPC port; docs/kubernetes.md tells more.

The API asks for a token (see api-token create) unless --insecure-loopback says that whoever reaches loopback may do
everything. Beyond loopback it is served over TLS, with the certificate that agents see or one of its own.

SIGHUP reads intervals again: how often agents look and speak, by labels (docs/agent-health.md), the policy, and who is
told of changes (docs/notifications.md).

Examples:
  gabion-collector serve --http-address 0.0.0.0:8080 --advertise gabion.example.org
  gabion-collector serve --grpc-address 0.0.0.0:50051 --advertise gabion.example.org
  gabion-collector serve --insecure-loopback
  gabion-collector serve --policy ./policy              # tailoring, waivers and own checks, read again on SIGHUP
  gabion-collector serve --insecure-loopback --http-address 127.0.0.1:9090 --data-dir ./data/collector`

export function serveCommand(): Command {
  return new Command('serve')
    .description('take what agents send, judge it and serve the API')
    .option('--http-address <host:port>', 'API and overview (default: 127.0.0.1:8080)', listenAddress)
    .option(
      '--grpc-address <address>',
      'where agents connect: HOST:PORT or unix:/PATH (default: 127.0.0.1:50051)',
      anyAddress,
    )
    .option('--http-tls', 'serve the API over TLS on loopback, too')
    .option('--http-behind-proxy', 'TLS ends at a proxy before the API')
    .option('--http-cert-file <file>', 'server certificate for the API alone')
    .option('--http-key-file <file>', 'its key')
    .option('--metrics-address <host:port>', 'where /metrics is told without a token')
    .option('--enrolled-port <port>', 'where enrolled hosts connect (default: 50052)', Number)
    .option('--exchange-port <port>', 'where hosts POST that cannot keep a stream (default: 50053)', Number)
    .option('--advertise <names>', 'names that hosts reach the collector by, with commas (default: the host name)')
    .option('--tls-cert-file <file>', 'server certificate with its chain, instead of one of our own')
    .option('--tls-key-file <file>', 'its key')
    .option('--kubernetes', 'accept agents by ServiceAccount tokens of the cluster that this collector runs in')
    .option('--data-dir <dir>', 'directory of the database, the CA and the lock')
    .option(
      '--policy <path>',
      `file or directory of this site’s policy (default: ${policyDirectory} if it is there)`,
      collect,
    )
    .option('--no-policy', 'judge by the built-in checks alone')
    .option(
      '--database <where>',
      'sqlite:PATH or postgres://USER@HOST/DATABASE (default: collector.db in the directory)',
    )
    .option('--insecure-loopback', 'accept agents without TLS or identity, on loopback only')
    .option('--demo', 'say on the overview that this is a trial on one machine')
    .option('--config <file>', `configuration file (default: ${defaultConfigFile} if it is there)`)
    .option('--log-level <level>', `${logLevels.join(', ')} (default: info)`)
    .addHelpText('after', help)
    .action(serve)
}

async function serve(options: ServeOptions): Promise<void> {
  const config = readConfig(options)
  if (config.insecureLoopback && config.kubernetes.length > 0)
    throw usageError('--kubernetes: tokens are shown over TLS only: leave --insecure-loopback out')
  const log = openLog({ level: config.logLevel, name: 'gabion-collector' })
  const site = readSite(config)
  const shutdown = onShutdown(code => process.exit(code))
  const collector = await startCollector({
    http: { host: config.httpHost, port: config.httpPort },
    api: apiAccess(config),
    grpc: { host: config.grpcHost, port: config.grpcPort },
    dataDirectory: config.dataDir,
    database: databaseOf(config),
    retention: retentionRules(config.retention),
    flapping: flapRules(config.flapping),
    ...{ catalog, site, facets, log, clock: systemClock, demo: config.demo, intervals: config.intervals },
    receivers: config.notify,
    ...(!config.insecureLoopback && {
      tls: tlsOf(config),
      exchange: { host: config.grpcHost, port: config.exchangePort },
    }),
  })
  const reload = onReload(() => void reloadConfig(collector, () => readConfig(options), log))
  const { httpAddress, grpcAddress, enrolledAddress, exchangeAddress, metricsAddress } = collector
  const beside = {
    ...(metricsAddress && { metricsAddress }),
    ...(enrolledAddress && { enrolledAddress }),
    ...(exchangeAddress && { exchangeAddress }),
  }
  const addresses = { httpAddress, grpcAddress, ...beside }
  log.info('serving', {
    ...addresses,
    dataDir: config.dataDir,
    checks: site.catalog.checks.length,
    database: showDatabase(databaseOf(config)),
    policy: site.files.length,
  })
  // A terminal forgets; whatever else takes the output may be a log.
  const print = process.stdout.isTTY ? (text: string) => void process.stdout.write(text) : undefined
  await tellFirstAdmin({ store: collector.store, config, clock: systemClock, log, print })
  await aborted(shutdown.signal)
  reload.dispose()
  await collector.close()
  shutdown.dispose()
}

/** SIGHUP: intervals, receivers and the policy; all else needs a new start. What has a mistake stays as it was. */
async function reloadConfig(collector: Collector, read: () => CollectorConfig, log: Log): Promise<void> {
  try {
    const { intervals, notify, ...config } = read()
    collector.setReceivers(notify)
    collector.setIntervals(intervals)
    log.info('intervals and receivers read again', { rules: intervals.length, receivers: notify.length })
    await reloadPolicy(collector, () => readSite(config), log)
  } catch (error) {
    log.error('configuration could not be read again, the one before stays', { reason: messageOf(error) })
  }
}

/** @throws GabionError (config) with every problem of the policy on a line of its own */
function readSite({ policy }: Pick<CollectorConfig, 'policy'>): SitePolicy {
  const chosen = chosenPaths(policy)
  return chosen.length === 0 ? plainPolicy(catalog) : readTailoredPolicy(chosen, {}).policy
}

/** What is wrong with the new policy is told, and the one before stays in force. */
async function reloadPolicy(collector: Collector, read: () => SitePolicy, log: Log): Promise<void> {
  try {
    const site = read()
    await collector.replacePolicy(site)
    log.info('policy read again', { files: site.files.length, waivers: site.waivers.length })
  } catch (error) {
    log.error('policy could not be read again, the one before stays', { reason: messageOf(error) })
  }
}

function tlsOf(config: CollectorConfig): CollectorTls {
  const { tlsCertFile, tlsKeyFile, tlsCaFile, enrolledPort, grpcHost, credentialDays } = config
  if ((tlsCertFile === '') !== (tlsKeyFile === '')) throw usageError('--tls-cert-file and --tls-key-file go together')
  if (grpcHost.startsWith('unix:')) throw usageError('a Unix socket has no TLS: pass --insecure-loopback')
  const advertised = advertisedNames(config)
  const own = ['localhost', '127.0.0.1', '::1']
  const [name] = advertised
  return {
    enrolled: { host: grpcHost, port: enrolledPort },
    names: [...new Set([...advertised, ...own])],
    endpoint: enrolledPort === 0 ? '' : showAddress({ host: name, port: enrolledPort }),
    credentialMs: credentialDays * 86_400_000,
    ...(tlsCertFile !== '' && { files: { certificate: tlsCertFile, key: tlsKeyFile } }),
    ...(tlsCaFile !== '' && { authoritiesFile: tlsCaFile }),
    clusters: resolveClusters(config.kubernetes, process.env),
  }
}

function readConfig({ httpAddress, grpcAddress, config, policy, ...flags }: ServeOptions): CollectorConfig {
  return readSettings(config, {
    ...flags,
    policy: policy === false ? [] : policy,
    ...{ httpHost: httpAddress?.host, httpPort: httpAddress?.port },
    ...{ grpcHost: grpcAddress?.host, grpcPort: grpcAddress?.port },
  })
}

const collect = (path: string, before: readonly string[] | undefined) => [...(before ?? []), path]

function anyAddress(text: string): ListenAddress {
  const address = parseListenAddress(text)
  if (!address) throw new InvalidArgumentError('expected HOST:PORT such as 127.0.0.1:50051, or unix:/PATH.')
  const path = socketPath(address)
  if (path && Buffer.byteLength(path) > maxSocketPathBytes) {
    throw new InvalidArgumentError(`the path of a Unix socket has at most ${maxSocketPathBytes} bytes.`)
  }
  return address
}

function listenAddress(text: string): ListenAddress {
  const address = parseListenAddress(text)
  if (!address || socketPath(address)) throw new InvalidArgumentError('expected HOST:PORT such as 127.0.0.1:8080.')
  return address
}
