// Names for ports and user ids from the host's own files, read again only when these change.
import type { Host, Outcome } from '../host/host.ts'
import { parsePasswd } from '../parse/etc-passwd.ts'
import { parseEtcServices } from '../parse/etc-services.ts'
import type { Gaps } from '../probe.ts'

export interface PortNames {
  /** `22/tcp` → `ssh` */
  readonly services: ReadonlyMap<string, string>
  readonly users: ReadonlyMap<number, string>
}

/** What a file said when it last changed, by path. */
export type NameMemory = Map<
  string,
  { readonly version: string; readonly names: Outcome<ReadonlyMap<unknown, string>> }
>

const maxBytes = 8 * 1024 * 1024

/** Lines that the C library does not understand name nothing, here as there. */
export async function readPortNames(host: Host, gaps: Gaps, memory: NameMemory): Promise<PortNames> {
  const services = await readNames(host, '/etc/services', memory, text => parseEtcServices(text).byPort)
  const users = await readNames(host, '/etc/passwd', memory, userNames)
  if (services.state !== 'present') gaps.note('listeners.service', 'omitted', services)
  if (users.state !== 'present') gaps.note('listeners.holders.user', 'omitted', users)
  return {
    services: services.state === 'present' ? services.value : new Map(),
    users: users.state === 'present' ? users.value : new Map(),
  }
}

/** Of several names of one id the first, as getpwuid(3) answers. */
function userNames(text: string): ReadonlyMap<number, string> {
  const users = new Map<number, string>()
  for (const { uid, name } of parsePasswd(text).entries) if (!users.has(uid)) users.set(uid, name)
  return users
}

async function readNames<K>(
  host: Host,
  path: string,
  memory: NameMemory,
  parse: (text: string) => ReadonlyMap<K, string>,
): Promise<Outcome<ReadonlyMap<K, string>>> {
  const stat = await host.stat(path)
  if (stat.state !== 'present') return stat
  const version = `${stat.value.sizeBytes} ${stat.value.modifiedAtMs} ${stat.value.changedAtMs}`
  const remembered = memory.get(path)
  if (remembered?.version === version) return remembered.names as Outcome<ReadonlyMap<K, string>>
  const text = await host.readText(path, { maxBytes })
  const names = text.state === 'present' ? { ...text, value: parse(text.value) } : text
  memory.set(path, { version, names })
  return names
}
