// Holds the rules that ufw declares against those that stand in its chains of the kernel, one by one.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'
import type { Failure } from '../host/host.ts'
import { isEverywhere, parseAddressRange } from '../parse/address-range.ts'
import type { FirewallChain } from '../parse/firewall-chain.ts'
import type { PacketMatch, PacketStep } from '../parse/packet-step.ts'
import type { UfwKernelLine } from '../parse/ufw-kernel-lines.ts'
import type { FamilyRules, LiveRules } from './read-live.ts'
import { stepText } from './step-text.ts'

export type UndeclaredRule = NonNullable<FirewallFacts['ufwUndeclared']>[number]

export interface UfwInKernel {
  /** by position; undefined where a rule of it is not understood and nothing like it stands in the kernel */
  readonly loaded: ReadonlyMap<number, boolean | undefined>
  readonly undeclared: readonly UndeclaredRule[]
}

const chains = ['user-input', 'user-output', 'user-forward'] as const
const maxUndeclared = 500

/** A failure where the chains of this family cannot be seen rule by rule. */
export function compareUfw(
  declared: readonly UfwKernelLine[],
  rules: LiveRules,
  family: 'ipv4' | 'ipv6',
): UfwInKernel | Failure {
  const view = family === 'ipv4' ? rules.ip : rules.ip6
  const prefix = family === 'ipv4' ? 'ufw-' : 'ufw6-'
  const loaded = new Map<number, boolean | undefined>()
  const undeclared: UndeclaredRule[] = []
  for (const chain of chains.map(name => prefix + name)) {
    const live = liveChain(view, rules, chain, family)
    if ('state' in live) return live
    const left = new Map<string, number>()
    for (const step of live.steps) left.set(essence(step), (left.get(essence(step)) ?? 0) + 1)
    for (const line of declared.filter(one => one.chain === chain)) {
      const key = essence(line.step)
      const count = left.get(key) ?? 0
      left.set(key, Math.max(0, count - 1))
      if (count > 0) loaded.set(line.position, loaded.has(line.position) ? loaded.get(line.position) : true)
      else if (loaded.get(line.position) !== false) loaded.set(line.position, isRead(line.step) ? false : undefined)
    }
    undeclared.push(...surplus(live.steps, left, family, chain))
  }
  return { loaded, undeclared: undeclared.slice(0, maxUndeclared) }
}

/** The last of equal rules are those that nobody declared. */
function surplus(
  steps: readonly PacketStep[],
  left: Map<string, number>,
  family: 'ipv4' | 'ipv6',
  chain: string,
): readonly UndeclaredRule[] {
  const rows: UndeclaredRule[] = []
  for (const [index, step] of [...steps.entries()].reverse()) {
    const key = essence(step)
    const count = left.get(key) ?? 0
    if (count === 0) continue
    left.set(key, count - 1)
    rows.push({ family, chain, position: index + 1, rule: stepText(step, { translated: false }) })
  }
  return rows.reverse()
}

/** Steps of a chain by the exact view. Without the chain there are none, where its absence is certain. */
function liveChain(
  view: FamilyRules,
  rules: LiveRules,
  name: string,
  family: 'ipv4' | 'ipv6',
): Pick<FirewallChain, 'steps'> | Failure {
  const own = family === 'ipv4' ? 'ip' : 'ip6'
  const found = view.chains.filter(one => one.chain === name && one.family === own && one.table === 'filter')
  const exact = found.find(chain => !rules.seen.some(seen => seen.source === 'nft' && seen.chain === chain))
  if (exact) return exact
  if (found.length > 0) return view.inexact ?? notExact
  return view.iptablesDoubt ?? { steps: [] }
}

const notExact: Failure = {
  state: 'unavailable',
  path: 'iptables-save',
  detail: 'only nft shows the chains of ufw, and not all that its rules test',
}

const isRead = ({ matches, verdict }: PacketStep) =>
  verdict.kind !== 'opaque' && matches.every(match => match.kind !== 'unread')

/** A text that is the same for a rule as ufw writes it and as the kernel gives it back. */
function essence({ matches, verdict }: PacketStep): string {
  const tests = matches.flatMap(match => sameMatch(match))
  return JSON.stringify([[...new Set(tests.map(test => JSON.stringify(test)))].sort(), verdict])
}

/** The kernel gives `10.0.0.1` back as `10.0.0.1/32`, and does not name what is everywhere. */
function sameMatch(match: PacketMatch): readonly unknown[] {
  if (match.kind !== 'source' && match.kind !== 'destination') return [match]
  const ranges = match.of.map(text => ({ text, range: parseAddressRange(text) }))
  if (!match.negated && ranges.some(({ range }) => range && isEverywhere(range))) return []
  return [{ ...match, of: ranges.map(({ text, range }) => (range ? `${range.first}-${range.last}` : text)).sort() }]
}
