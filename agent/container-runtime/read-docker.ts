// Reads what dockerd is told: its command line and daemon.json.
import { posix } from 'node:path'
import type { ContainerRuntimeFacts } from '../../proto/facets/container-runtime.ts'
import type { Failure, Host } from '../host/host.ts'
import { parseDockerDaemonJson } from '../parse/docker-daemon-json.ts'
import { parseDockerdFlags } from '../parse/dockerd-flags.ts'
import type { DeclaredRuntime } from '../parse/dockerd-options.ts'
import { parseRegistryEndpoint } from '../parse/registry-endpoint.ts'
import { allowed, type RegistryRow } from '../parse/registry-hosts.ts'
import { sandboxOfHandler } from '../parse/sandbox-kind.ts'
import { type DockerConfiguration, dockerConfiguration } from './docker-settings.ts'
import type { Handler } from './engine-settings.ts'
import type { FoundEngine } from './find-engines.ts'

export interface Obstacle {
  readonly source: string
  readonly state: Exclude<Failure['state'], 'absent'> | 'malformed'
  readonly detail: string
}

export interface ReadDocker {
  readonly configFile: string
  readonly settings?: ContainerRuntimeFacts['docker'][number]['settings']
  readonly handlers: readonly Handler[]
  readonly registries: readonly RegistryRow[]
  /** why there are no settings */
  readonly obstacle?: Obstacle
}

/** @param home of the user that runs it, where a dockerd without root looks */
export async function readDocker(host: Host, engine: FoundEngine, home: string): Promise<ReadDocker> {
  const { options, configFile: given, given: flagNames, invalid } = parseDockerdFlags(engine.args)
  const isRootless = engine.process !== undefined && engine.process.uid !== 0
  const usual = isRootless ? `${home}/.config/docker/daemon.json` : '/etc/docker/daemon.json'
  const configFile = given === '' ? usual : posix.resolve('/', given)
  const nothing = (obstacle: Obstacle): ReadDocker => ({ configFile, handlers: [], registries: [], obstacle })
  if (engine.failure) return nothing(obstacleOf(engine.failure))
  if (engine.contained) {
    return nothing({ source: configFile, state: 'unavailable', detail: 'the engine runs in a container' })
  }
  if (invalid[0] !== undefined) {
    return nothing({ source: 'dockerd', state: 'malformed', detail: `--${invalid[0]} has no value of its type` })
  }
  const text = await host.readText(configFile)
  if (text.state !== 'present' && text.state !== 'absent') return nothing(obstacleOf(text))
  const file = parseDockerDaemonJson(text.state === 'present' ? text.value : '')
  if (file.state === 'malformed') {
    return nothing({ source: configFile, state: 'malformed', detail: `line ${file.line}: ${file.detail}` })
  }
  const { keys: fileKeys, unknownKeys } = file
  const sources = { flags: options, file: file.options, flagNames, fileKeys, unknownKeys }
  return { configFile, ...describe(dockerConfiguration({ ...sources, certificates: `${home}/.docker` })) }
}

export function obstacleOf(failure: Failure): Obstacle {
  const state = failure.state === 'absent' ? 'unavailable' : failure.state
  return { source: failure.path, state, detail: failure.detail }
}

function describe(
  configuration: DockerConfiguration,
): Required<Pick<ReadDocker, 'settings' | 'handlers' | 'registries'>> {
  const { settings, insecureRegistries, mirrors } = configuration
  return {
    settings,
    handlers: handlersOf(configuration.runtimes, settings.defaultRuntime),
    registries: [...insecureRegistries.map(allowed), ...mirrors.map(mirrorRow)],
  }
}

/** runc is always there. */
function handlersOf(runtimes: readonly DeclaredRuntime[], defaultRuntime: string): readonly Handler[] {
  const byName = new Map<string, DeclaredRuntime>([['runc', { name: 'runc', path: 'runc', type: '' }]])
  for (const runtime of runtimes) byName.set(runtime.name, runtime)
  return [...byName.values()].map(({ name, path, type }) => ({
    name,
    type,
    program: path,
    sandbox: sandboxOfHandler(type, path),
    default: name === defaultRuntime,
    systemdCgroup: false,
    privilegedWithoutHostDevices: false,
  }))
}

function mirrorRow(mirror: string): RegistryRow {
  const { endpoint, plainHttp } = parseRegistryEndpoint(mirror)
  return { registry: 'docker.io', endpoint, trust: plainHttp ? 'plainHttp' : 'verified' }
}
