// Reads the kernel's settings that say which ports are clients' and whether `::` serves IPv4.
import type { PortsFacts } from '../../proto/facets/ports.ts'
import type { Host } from '../host/host.ts'
import type { Gaps } from '../probe.ts'

export type PortSettings = Pick<PortsFacts, 'localPortRange' | 'bindV6Only'>

const rangePath = '/proc/sys/net/ipv4/ip_local_port_range'
const bindPath = '/proc/sys/net/ipv6/bindv6only'

/** Without IPv6 there is no /proc/sys/net/ipv6: then nothing is bound to IPv6 only. */
export async function readPortSettings(host: Host, gaps: Gaps): Promise<PortSettings> {
  if (await isOtherNetwork(host)) {
    noteUnavailable(gaps, 'localPortRange', rangePath)
    noteUnavailable(gaps, 'bindV6Only', bindPath)
    return {}
  }
  const localPortRange = await readRange(host, gaps)
  const bindV6Only = await readBindV6Only(host, gaps)
  return { ...(localPortRange && { localPortRange }), ...(bindV6Only !== undefined && { bindV6Only }) }
}

/** /proc/sys/net shows the network namespace of the process that reads it, whatever /proc it reads. */
async function isOtherNetwork(host: Host): Promise<boolean> {
  const [ours, theirs] = [await host.readLink('/proc/self/ns/net'), await host.readLink('/proc/1/ns/net')]
  return ours.state === 'present' && theirs.state === 'present' && ours.value !== theirs.value
}

function noteUnavailable(gaps: Gaps, field: string, source: string): void {
  const detail = 'the agent is not in the network namespace of the host'
  gaps.add({ field, effect: 'omitted', source, state: 'unavailable', detail })
}

async function readRange(host: Host, gaps: Gaps): Promise<PortsFacts['localPortRange']> {
  const text = await host.readText(rangePath)
  if (text.state === 'absent') noteAbsent(gaps, 'localPortRange', rangePath)
  else if (text.state !== 'present') gaps.note('localPortRange', 'omitted', text)
  if (text.state !== 'present') return undefined
  const [, low, high] = /^(\d{1,5})\s+(\d{1,5})\s*$/.exec(text.value) ?? []
  if (low !== undefined && high !== undefined) return { low: Number(low), high: Number(high) }
  noteMalformed(gaps, 'localPortRange', rangePath)
  return undefined
}

async function readBindV6Only(host: Host, gaps: Gaps): Promise<boolean | undefined> {
  const text = await host.readText(bindPath)
  if (text.state === 'absent') return false
  if (text.state !== 'present') {
    gaps.note('bindV6Only', 'omitted', text)
    return undefined
  }
  const value = text.value.trim()
  if (value === '0' || value === '1') return value === '1'
  noteMalformed(gaps, 'bindV6Only', bindPath)
  return undefined
}

function noteAbsent(gaps: Gaps, field: string, source: string): void {
  gaps.add({ field, effect: 'omitted', source, state: 'unavailable', detail: 'not there' })
}

function noteMalformed(gaps: Gaps, field: string, source: string): void {
  gaps.add({ field, effect: 'omitted', source, state: 'malformed', detail: 'line 1' })
}
