// Reads what CRI-O is told: its command line, crio.conf and the drop-ins beside it.
import { posix } from 'node:path'
import type { CrioSettings } from '../../proto/facets/container-runtime.ts'
import type { Host } from '../host/host.ts'
import { mergeCrio, parseCrioConf } from '../parse/crio-conf.ts'
import type { TomlTable } from '../parse/toml-table.ts'
import { crioConfiguration } from './engine-settings.ts'
import type { FoundEngine } from './find-engines.ts'
import { flagValue } from './flag-value.ts'
import type { ReadConfigured } from './read-containerd.ts'
import { type Obstacle, obstacleOf } from './read-docker.ts'

const maxFiles = 200

export async function readCrio(host: Host, engine: FoundEngine): Promise<ReadConfigured<CrioSettings>> {
  const configFile = posix.resolve('/', flagValue(engine.args, '--config', '-c') ?? '/etc/crio/crio.conf')
  const directory = posix.resolve('/', flagValue(engine.args, '--config-dir', '-d') ?? '/etc/crio/crio.conf.d')
  const nothing = (obstacle: Obstacle) => ({ configFile, configFiles: [], obstacle })
  if (engine.failure) return nothing(obstacleOf(engine.failure))
  if (engine.contained) {
    return nothing({ source: configFile, state: 'unavailable', detail: 'the engine runs in a container' })
  }
  const dropIns = await host.list(directory, { maxEntries: maxFiles })
  if (dropIns.state !== 'present' && dropIns.state !== 'absent') return nothing(obstacleOf(dropIns))
  const entries = dropIns.state === 'present' ? dropIns.value.filter(entry => entry.kind !== 'directory') : []
  const names = entries.map(entry => entry.name)
  const paths = [configFile, ...names.filter(name => !name.startsWith('.')).map(name => `${directory}/${name}`)]
  const read: string[] = []
  let table: TomlTable = {}
  for (const path of paths) {
    const text = await host.readText(path)
    if (text.state === 'absent') continue
    if (text.state !== 'present') return nothing(obstacleOf(text))
    const file = parseCrioConf(text.value)
    if (file.state === 'malformed') return nothing({ source: path, state: 'malformed', detail: `line ${file.line}` })
    read.push(path)
    table = mergeCrio(table, file.table)
  }
  const flags = { address: flagValue(engine.args, '--listen'), logLevel: flagValue(engine.args, '--log-level', '-l') }
  return { configFile, configFiles: read, configured: crioConfiguration(table, flags) }
}
