// `gabion-collector serve`: takes what agents send and answers the API until it is told to stop.
import { Command, InvalidArgumentError } from 'commander'
import { catalog } from '../../policy/catalog.generated.ts'
import { facets } from '../../proto/facets.generated.ts'
import { systemClock } from '../../runtime/clock.ts'
import { loadConfig } from '../../runtime/config.ts'
import { GabionError } from '../../runtime/errors.ts'
import { logLevels } from '../../runtime/log.ts'
import { openLog } from '../../runtime/open-log.ts'
import { onShutdown } from '../../runtime/signals.ts'
import { startCollector } from '../collector.ts'
import { type CollectorConfig, CollectorConfigSchema, defaultConfigFile } from '../collector-config.ts'
import { type ListenAddress, parseListenAddress, socketPath } from '../listen-address.ts'

interface ServeOptions {
  readonly httpAddress?: ListenAddress
  readonly grpcAddress?: ListenAddress
  readonly dataDir?: string
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

Examples:
  gabion-collector serve --insecure-loopback
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
    .option('--data-dir <dir>', 'directory of the database')
    .option('--insecure-loopback', 'accept agents without TLS or identity, on loopback only')
    .option('--demo', 'say on the overview that this is a trial on one machine')
    .option('--config <file>', `configuration file (default: ${defaultConfigFile} if it is there)`)
    .option('--log-level <level>', `${logLevels.join(', ')} (default: info)`)
    .addHelpText('after', help)
    .action(serve)
}

async function serve(options: ServeOptions): Promise<void> {
  const config = readConfig(options)
  if (!config.insecureLoopback) {
    throw new GabionError(
      'config',
      'this version listens on loopback only and has neither TLS nor enrollment yet: pass --insecure-loopback',
    )
  }
  const log = openLog({ level: config.logLevel, name: 'gabion-collector' })
  const shutdown = onShutdown(code => process.exit(code))
  const collector = await startCollector({
    http: { host: config.httpHost, port: config.httpPort },
    grpc: { host: config.grpcHost, port: config.grpcPort },
    dataDirectory: config.dataDir,
    ...{ catalog, facets, log, clock: systemClock, demo: config.demo },
  })
  const { httpAddress, grpcAddress } = collector
  log.info('serving', { httpAddress, grpcAddress, dataDir: config.dataDir, checks: catalog.checks.length })
  await aborted(shutdown.signal)
  await collector.close()
  shutdown.dispose()
}

function readConfig({ httpAddress, grpcAddress, config, ...flags }: ServeOptions): CollectorConfig {
  return loadConfig({
    schema: CollectorConfigSchema,
    file: { path: config ?? defaultConfigFile, required: config !== undefined },
    environment: process.env,
    flags: {
      ...flags,
      ...{ httpHost: httpAddress?.host, httpPort: httpAddress?.port },
      ...{ grpcHost: grpcAddress?.host, grpcPort: grpcAddress?.port },
    },
  })
}

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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
