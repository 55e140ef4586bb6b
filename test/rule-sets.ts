// Short forms of rule sets for tests of the firewall.
import type { FirewallChain } from '../agent/parse/firewall-chain.ts'
import { parseIptablesSave } from '../agent/parse/iptables-save.ts'

export type { FirewallChain }

/** One table as iptables-save writes it, without its frame: `:INPUT DROP`, `-A INPUT -j ACCEPT`. */
export function parseIptables(text: string, table = 'filter'): readonly FirewallChain[] {
  const { chains, malformed } = parseIptablesSave(`*${table}\n${text}\nCOMMIT\n`, 'ip')
  if (malformed.length > 0) throw new Error(`line ${malformed[0]} is none of iptables-save`)
  return chains
}
