// Reads which machine this is: its machine id, host name and operating system.
import type { HostFacts } from '../../proto/facets/host.ts'
import type { Host } from '../host/host.ts'
import { supportEndsOn } from '../os-support.ts'
import { parseOsRelease } from '../parse/os-release.ts'
import type { Gaps } from '../probe.ts'

/** machine-id(5): 32 hexadecimal digits; `uninitialized` and an empty file mean that the first boot has yet to come. */
export async function readMachineId(host: Host, gaps: Gaps): Promise<string> {
  const path = '/etc/machine-id'
  const text = await host.readText(path, { maxBytes: 4096 })
  if (text.state !== 'present') {
    gaps.note('machineId', 'omitted', text)
    return ''
  }
  const id = text.value.trim()
  if (/^[0-9a-f]{32}$/i.test(id)) return id.toLowerCase()
  if (id !== '' && id !== 'uninitialized') {
    gaps.add({ field: 'machineId', effect: 'omitted', source: path, state: 'malformed', detail: 'line 1' })
  }
  return ''
}

/**
 * The kernel's name on a live host, else /etc/hostname. The kernel answers with the name of the reader's own UTS
 * namespace, so where that is not the host's the file is asked.
 */
export async function readHostname(host: Host, gaps: Gaps): Promise<string> {
  const [ours, theirs] = [await host.readLink('/proc/self/ns/uts'), await host.readLink('/proc/1/ns/uts')]
  const isForeign = ours.state === 'present' && theirs.state === 'present' && ours.value !== theirs.value
  const path = host.live && !isForeign ? '/proc/sys/kernel/hostname' : '/etc/hostname'
  const text = await host.readText(path, { maxBytes: 4096 })
  if (text.state !== 'present') {
    gaps.note('hostname', 'omitted', text)
    return ''
  }
  const lines = text.value.split('\n').map(line => line.trim())
  return lines.find(line => line !== '' && !line.startsWith('#')) ?? ''
}

/** os-release(5) with its defaults; a host without the file is a nameless Linux. */
export async function readOperatingSystem(host: Host, gaps: Gaps): Promise<HostFacts['os']> {
  const etc = await host.readText('/etc/os-release')
  const text = etc.state === 'absent' ? await host.readText('/usr/lib/os-release') : etc
  if (text.state !== 'present' && text.state !== 'absent') {
    gaps.note('os', 'omitted', text)
    return undefined
  }
  const { values, malformed } = parseOsRelease(text.state === 'present' ? text.value : '')
  const [line] = malformed
  if (line !== undefined) {
    gaps.add({ field: 'os', effect: 'incomplete', source: text.path, state: 'malformed', detail: `line ${line}` })
  }
  const id = values.get('ID') ?? 'linux'
  const versionId = values.get('VERSION_ID') ?? ''
  return {
    id,
    idLike: (values.get('ID_LIKE') ?? '').split(/\s+/).filter(Boolean),
    versionId,
    codename: values.get('VERSION_CODENAME') ?? '',
    name: values.get('PRETTY_NAME') ?? values.get('NAME') ?? 'Linux',
    supportEndsOn: supportEndsOn(id, versionId),
  }
}
