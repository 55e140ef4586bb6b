// Makes a row per port that waits for somebody or leads on to a workload, with what the firewall does to packets for it.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'
import type { Listener } from '../../proto/facets/ports.ts'
import { contains, parseAddressRange } from '../parse/address-range.ts'
import type { FirewallChain } from '../parse/firewall-chain.ts'
import { chainOwner } from './chain-owner.ts'
import { type ExposureFate, exposureFate } from './exposure-fate.ts'
import type { HostNetwork } from './host-network.ts'
import { walkPacket } from './packet-walk.ts'
import type { FamilyRules, LiveRules } from './read-live.ts'
import { type Door, translatedPorts } from './translated-ports.ts'

export type Exposure = NonNullable<FirewallFacts['exposures']>[number]

export interface Exposures {
  readonly rows: readonly Exposure[]
  /** why rows may be missing; empty when none are */
  readonly lacks: string
}

const maxRows = 1000

/** A socket whose packets are translated is told as what the translation leads to. */
export function exposuresOf(rules: LiveRules, listeners: readonly Listener[], network: HostNetwork): Exposures {
  const rows = new Map<string, Exposure>()
  const doors = listeners.flatMap(doorsOf)
  const led = [translatedPorts(rules.ip.chains, 'ipv4'), translatedPorts(rules.ip6.chains, 'ipv6')]
  for (const door of doors.slice(0, maxRows)) rows.set(keyOf(door), { ...door, ...fateOf(door, rules, network) })
  for (const door of led.flatMap(({ doors }) => doors).slice(0, maxRows)) {
    const fate = rows.has(keyOf(door)) || !isOwn(door, network) ? undefined : fateOf(door, rules, network)
    if (fate?.via === 'dnat') rows.set(keyOf(door), { ...door, ...fate })
  }
  const many = doors.length > maxRows || led.reduce((sum, one) => sum + one.doors.length, 0) > maxRows
  const lacks = many ? `over the limit of ${maxRows} ports` : (led.find(one => one.lacks !== '')?.lacks ?? '')
  return { rows: [...rows.values()], lacks }
}

const keyOf = ({ protocol, family, address, port }: Door) => [protocol, family, address, port].join(' ')

/** A socket of `::` that serves IPv4 too has a row of either family. */
function doorsOf({ protocol, family, address, port, scope, dualStack }: Listener): readonly Door[] {
  if (protocol === 'raw' || scope === 'loopback') return []
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.test(address)
  const own: Door = { protocol, family: mapped ? 'ipv4' : family, address, port }
  return dualStack ? [own, { ...own, family: 'ipv4' }] : [own]
}

function isOwn({ address }: Door, { addresses }: HostNetwork): boolean {
  const range = parseAddressRange(address)
  return address === '0.0.0.0' || address === '::' || (!!range && !!addresses?.some(own => contains(own, range)))
}

function fateOf(door: Door, rules: LiveRules, network: HostNetwork): ExposureFate {
  const family = door.family === 'ipv4' ? rules.ip : rules.ip6
  const any = door.address === '::' || door.address === '0.0.0.0'
  const address = any ? undefined : parseAddressRange(door.address.replace(/^::ffff:(?=\d+\.)/, ''))
  const packet = { ...door, address, local: any || isUnicast(door.address) ? true : undefined }
  const fate = exposureFate(walkPacket(family.chains, packet, network))
  const doubt = doubtOf(family)
  return doubt === '' ? fate : { ...fate, verdict: 'unknown', decidedBy: doubt, condition: '', restriction: 'none' }
}

/** A broadcast address cannot be told from others by itself, so that what ends in 255 counts as one. */
function isUnicast(address: string): boolean {
  const first = Number(/^\d+/.exec(address)?.[0] ?? 0)
  return address.includes(':') ? !/^ff/i.test(address) : first < 224 && !address.endsWith('.255')
}

function doubtOf({ chains, doubt, inexact }: FamilyRules): string {
  if (doubt || inexact) return 'rules that could not be read'
  if (chains.some(({ table, chain }) => chainOwner(table, chain) === 'cilium')) return 'eBPF programs of Cilium'
  const early = chains.some(isEarlyFilter)
  return early ? 'a filter at the device' : ''
}

function isEarlyFilter({ hook, policy, steps }: FirewallChain): boolean {
  return hook === 'ingress' && (policy === 'drop' || steps.length > 0)
}
