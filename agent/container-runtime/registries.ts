// Reads registry settings that stand in files of their own: hosts.toml directories and registries.conf.
import type { Host } from '../host/host.ts'
import { registryName } from '../parse/registry-endpoint.ts'
import { parseHostsToml, parseRegistriesConf, type RegistryRow } from '../parse/registry-hosts.ts'
import type { Gaps } from '../probe.ts'

const maxRegistries = 200
const registriesConf = '/etc/containers/registries.conf'

/** @param configPath directories of containerd's `config_path`, separated by colons */
export async function readHostsDirectories(
  host: Host,
  configPath: string,
  gaps: Gaps,
): Promise<readonly RegistryRow[]> {
  const rows: RegistryRow[] = []
  for (const directory of configPath.split(':').filter(path => path.startsWith('/'))) {
    const entries = await host.list(directory, { maxEntries: maxRegistries })
    if (entries.state !== 'present') gaps.note('registries', 'incomplete', entries)
    for (const { name } of entries.state === 'present' ? entries.value : []) {
      rows.push(...(await readRegistryFile(host, `${directory}/${name}/hosts.toml`, gaps, hostsOf(name))))
    }
  }
  return rows
}

/** containerd writes the colon before a port as `_` where file systems have none, and `_default` stands for all. */
const hostsOf = (directory: string) => (text: string) => {
  const registry = directory === '_default' ? '*' : registryName(directory.replace(/_(\d{1,5})_?$/, ':$1'))
  return parseHostsToml(text, registry)
}

/** registries.conf(5) and its drop-ins, in order of names. */
export async function readRegistriesConf(host: Host, gaps: Gaps): Promise<readonly RegistryRow[]> {
  const rows = [...(await readRegistryFile(host, registriesConf, gaps, parseRegistriesConf))]
  const dropIns = await host.list(`${registriesConf}.d`, { maxEntries: maxRegistries })
  if (dropIns.state !== 'present') gaps.note('registries', 'incomplete', dropIns)
  for (const { name } of dropIns.state === 'present' ? dropIns.value : []) {
    if (!name.endsWith('.conf')) continue
    rows.push(...(await readRegistryFile(host, `${registriesConf}.d/${name}`, gaps, parseRegistriesConf)))
  }
  return rows
}

async function readRegistryFile(
  host: Host,
  path: string,
  gaps: Gaps,
  parse: (text: string) => ReturnType<typeof parseRegistriesConf>,
): Promise<readonly RegistryRow[]> {
  const text = await host.readText(path)
  if (text.state !== 'present') {
    gaps.note('registries', 'incomplete', text)
    return []
  }
  const parsed = parse(text.value)
  if (parsed.state === 'rows') return parsed.rows
  const detail = `line ${parsed.line}`
  gaps.add({ field: 'registries', effect: 'incomplete', source: path, state: 'malformed', detail })
  return []
}
