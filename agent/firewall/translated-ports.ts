// Finds the ports that rules of destination translation ask for.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'
import type { FirewallChain } from '../parse/firewall-chain.ts'
import type { PacketMatch, PacketStep, PortRange } from '../parse/packet-step.ts'
import { chainOwner } from './chain-owner.ts'

export type Door = Pick<NonNullable<FirewallFacts['exposures']>[number], 'protocol' | 'family' | 'address' | 'port'>

const maxRange = 64
const maxDoors = 2000
type Protocol = Door['protocol']
const protocols: readonly Protocol[] = ['tcp', 'udp', 'sctp']

/** Candidates: whether packets for them come to be translated, only a walk through all rules tells. */
export function translatedPorts(
  chains: readonly FirewallChain[],
  family: 'ipv4' | 'ipv6',
): { readonly doors: readonly Door[]; readonly lacks: string } {
  const doors = new Map<string, Door>()
  const seen = new Set<string>()
  let lacks = ''
  const todo = chains
    .filter(({ type, hook }) => type === 'nat' && hook === 'prerouting')
    .filter(chain => chain.family === 'inet' || chain.family === (family === 'ipv4' ? 'ip' : 'ip6'))
    .map(chain => ({ chain, named: false }))
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { chain, named } = next
    for (const step of chain.steps) {
      const { verdict } = step
      const ports = portsOf(step)
      if ('chain' in verdict) follow(chain, verdict.chain, named || ports.length > 0)
      else if (verdict.kind !== 'translate') continue
      else if (ports.length === 0 && !named) lacks = 'a translation of every port'
      if (ports.some(([first, last]) => last - first >= maxRange)) lacks = 'a translation of a wide range of ports'
      else for (const door of doorsOf(chain, step, ports, family)) doors.set(Object.values(door).join(' '), door)
      if (doors.size > maxDoors) return { doors: [...doors.values()], lacks: `over the limit of ${maxDoors} ports` }
    }
  }
  return { doors: [...doors.values()], lacks }

  function follow(from: FirewallChain, name: string, named: boolean): void {
    const key = `${from.family}\n${from.table}\n${name}\n${named}`
    if (seen.has(key)) return
    seen.add(key)
    const target = chains.find(one => one.family === from.family && one.table === from.table && one.chain === name)
    if (target) todo.push({ chain: target, named })
  }
}

function portsOf({ matches }: PacketStep): readonly PortRange[] {
  return matches.flatMap(match => (match.kind === 'port' && !match.negated ? match.of : []))
}

function doorsOf(
  { table, chain }: FirewallChain,
  { matches }: PacketStep,
  ports: readonly PortRange[],
  family: 'ipv4' | 'ipv6',
): readonly Door[] {
  const addresses = alternatives(matches, 'destination')
  // Addresses of services are the cluster's, and there may be thousands.
  if (addresses && chainOwner(table, chain) === 'kube-proxy') return []
  const wanted = alternatives(matches, 'protocol')
  const any = family === 'ipv4' ? '0.0.0.0' : '::'
  const to = (addresses ?? [any]).map(address => address.replace(/\/(?:32|128)$/, ''))
  return ports.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, at) => first + at).flatMap(port =>
      protocols
        .filter(protocol => !wanted || wanted.includes(protocol))
        .flatMap(protocol =>
          to.map(address => ({ protocol, family, address: address === '0.0.0.0/0' ? any : address, port })),
        ),
    ),
  )
}

function alternatives(
  matches: readonly PacketMatch[],
  kind: 'protocol' | 'destination',
): readonly string[] | undefined {
  const match = matches.find(one => one.kind === kind && !one.negated)
  return match?.kind === kind ? match.of : undefined
}
