// Tells by their names which manager made a chain, with what changes under it by itself.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'

type ChainFact = NonNullable<FirewallFacts['chains']>[number]
export type ChainOwner = ChainFact['owner']

const byChain: readonly (readonly [RegExp, ChainOwner])[] = [
  [/^ufw6?-/, 'ufw'],
  [/^DOCKER/, 'docker'],
  [/^KUBE-/, 'kube-proxy'],
  [/^(?:OLD_)?CILIUM_/, 'cilium'],
  [/^cali-|^felix-/, 'calico'],
  [/^LIBVIRT_/, 'libvirt'],
  [
    /^FWD[IO]?_|^(?:INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING)_(?:direct|ZONES|POLICIES|IN_ZONES|OUT_ZONES)/,
    'firewalld',
  ],
]

const byTable: ReadonlyMap<string, ChainOwner> = new Map([
  ['firewalld', 'firewalld'],
  ['kube-proxy', 'kube-proxy'],
  ['docker-bridges', 'docker'],
  ['libvirt_network', 'libvirt'],
  ['calico', 'calico'],
])

export function chainOwner(table: string, chain: string): ChainOwner {
  return byTable.get(table) ?? byChain.find(([name]) => name.test(chain))?.[1] ?? 'other'
}

/** Chains made per service, endpoint, policy or workload: they come and go with pods, thousands of them. */
export function isPerWorkload(chain: string): boolean {
  return (
    /^KUBE-(?:SVC|SVL|SEP|FW|EXT|XLB|NWPLCY|POD-FW|SRC|DST)-/.test(chain) ||
    /^CNI-(?:DN|SN)-/.test(chain) ||
    /^cali-(?:tw|fw|th|fh|tf|ff|pi|po|pri|pro|sm)-/.test(chain) ||
    /^(?:service|endpoint|external|firewall|firewall-check|affinity)-[A-Z0-9]{8}-/.test(chain)
  )
}

/** Managers that add and remove rules as services move: their rules are not counted as facts. */
export function changesByItself(owner: ChainOwner): boolean {
  return owner === 'kube-proxy' || owner === 'cilium' || owner === 'calico'
}
