// Tells which interfaces of the packet filter the running kernel has in use, without touching them.
import type { Failure, Host, Outcome } from '../host/host.ts'
import type { Family } from './run-filter-command.ts'

const maxListBytes = 4 * 1024 * 1024

/**
 * False when nf_tables is neither loaded nor built in: then there is no such rule set, and asking for it would make
 * the kernel load the module. Undefined when the host's files do not tell.
 */
export async function hasNfTables(host: Host): Promise<boolean | undefined> {
  const loaded = await host.readText('/proc/modules', { maxBytes: maxListBytes })
  if (loaded.state !== 'present') return undefined
  if (/^nf_tables /m.test(loaded.value)) return true
  const release = await host.readText('/proc/sys/kernel/osrelease')
  if (release.state !== 'present') return undefined
  const builtin = await host.readText(`/lib/modules/${release.value.trim()}/modules.builtin`, {
    maxBytes: maxListBytes,
  })
  return builtin.state === 'present' ? builtin.value.includes('/nf_tables.ko') : undefined
}

/** Whether tables of the old iptables interface are in use in the host's network namespace. */
export async function hasLegacyTables(host: Host, family: Family): Promise<Outcome<boolean>> {
  const path = `/proc/1/net/${family === 'ip' ? 'ip' : 'ip6'}_tables_names`
  const names = await host.readText(path)
  if (names.state === 'absent') return { state: 'present', path, value: false }
  return names.state === 'present' ? { ...names, value: names.value.trim() !== '' } : names
}

/**
 * Commands see the agent's own network namespace: undefined when that is the host's, else why they say nothing.
 * Without the right to look, only an agent on the real root is taken to be at home.
 */
export async function otherNetwork(host: Host): Promise<Failure | undefined> {
  const path = '/proc/1/ns/net'
  const theirs = await host.readLink(path)
  if (theirs.state === 'absent') return undefined
  if (theirs.state !== 'present') return host.root === '/' ? undefined : theirs
  const ours = await host.readLink('/proc/self/ns/net')
  if (ours.state !== 'present' || ours.value === theirs.value) return undefined
  return { state: 'unavailable', path, detail: 'the agent is not in the network namespace of the host' }
}
