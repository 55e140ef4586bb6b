// Reads registry settings: containerd's hosts.toml, and registries.conf of Podman, Buildah and CRI-O.
import { parseRegistryEndpoint, registryName } from './registry-endpoint.ts'
import { boolAt, parseTomlTable, type TomlTable, tableAt, tablesAt, textAt, textsAt, valueAt } from './toml-table.ts'

export type RegistryTrust = 'verified' | 'unverified' | 'plainHttp' | 'insecureAllowed'

export interface RegistryRow {
  readonly registry: string
  /** scheme, host and port; empty when the row is about the registry itself */
  readonly endpoint: string
  readonly trust: RegistryTrust
}

export type RegistryText =
  | { readonly state: 'rows'; readonly rows: readonly RegistryRow[] }
  | { readonly state: 'malformed'; readonly line: number }

/** `DIRECTORY/REGISTRY/hosts.toml`: the server itself and the hosts that are asked before it. */
export function parseHostsToml(text: string, registry: string): RegistryText {
  const parsed = parseTomlTable(text)
  if (parsed.state !== 'table') return parsed
  const { table } = parsed
  const rows: RegistryRow[] = []
  if (typeof valueAt(table, 'server') === 'string') rows.push(hostRow(registry, textAt(table, 'server', ''), table))
  for (const [host, settings] of Object.entries(tableAt(table, 'host'))) {
    rows.push(hostRow(registry, host, typeof settings === 'object' ? tableAt(table, 'host', host) : {}))
  }
  return { state: 'rows', rows: rows.filter(row => row.endpoint !== '') }
}

function hostRow(registry: string, host: string, settings: TomlTable): RegistryRow {
  const { endpoint, plainHttp } = parseRegistryEndpoint(host)
  const trust = plainHttp ? 'plainHttp' : boolAt(settings, 'skip_verify', false) ? 'unverified' : 'verified'
  return { registry, endpoint, trust }
}

/** Mirrors and TLS exceptions that stand in containerd's own configuration: its `registry` table. */
export function containerdRegistries(registry: TomlTable): readonly RegistryRow[] {
  const rows: RegistryRow[] = []
  for (const name of Object.keys(tableAt(registry, 'mirrors'))) {
    for (const text of textsAt(tableAt(registry, 'mirrors', name), 'endpoint') ?? []) {
      const { endpoint, plainHttp } = parseRegistryEndpoint(text)
      const trust = plainHttp ? 'plainHttp' : 'verified'
      if (endpoint !== '') rows.push({ registry: registryName(name), endpoint, trust })
    }
  }
  for (const name of Object.keys(tableAt(registry, 'configs'))) {
    const skips = boolAt(tableAt(registry, 'configs', name, 'tls'), 'insecure_skip_verify', false)
    if (skips) rows.push({ registry: registryName(name), endpoint: '', trust: 'unverified' })
  }
  return rows
}

/** registries.conf(5), both of its forms. Only exceptions and mirrors make rows. */
export function parseRegistriesConf(text: string): RegistryText {
  const parsed = parseTomlTable(text)
  if (parsed.state !== 'table') return parsed
  const { table } = parsed
  const rows: RegistryRow[] = (textsAt(tableAt(table, 'registries', 'insecure'), 'registries') ?? []).map(allowed)
  for (const entry of tablesAt(table, 'registry')) {
    const location = textAt(entry, 'location', '') || textAt(entry, 'prefix', '')
    if (boolAt(entry, 'insecure', false)) rows.push(allowed(location))
    for (const mirror of tablesAt(entry, 'mirror')) {
      const { endpoint } = parseRegistryEndpoint(textAt(mirror, 'location', ''))
      const trust = boolAt(mirror, 'insecure', false) ? 'insecureAllowed' : 'verified'
      if (endpoint !== '') rows.push({ registry: registryName(location), endpoint, trust })
    }
  }
  return { state: 'rows', rows }
}

/** A registry that may be used without TLS, or with any certificate. */
export function allowed(registry: string): RegistryRow {
  return { registry: registryName(registry), endpoint: '', trust: 'insecureAllowed' }
}
