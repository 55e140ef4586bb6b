// Tells what the packet filter does with a packet that none of its rules names.
import type { Condition, FirewallChain, FirewallRule } from '../parse/firewall-chain.ts'

export type Fate = 'accept' | 'drop' | 'reject' | 'unknown'

export interface Path {
  readonly version: 'ipv4' | 'ipv6'
  readonly hooks: readonly string[]
}

/** Ways out of a chain: `return` goes on in the caller, or to the policy of a base chain. */
type Outcome = Fate | 'return'

const maxDepth = 64

/**
 * Every base chain on the path must let a packet through: one that certainly drops decides, whatever others say. Where
 * a rule cannot be read, both ways are followed, and different ends make the answer unknown.
 */
export function fateOf(chains: readonly FirewallChain[], path: Path): Fate {
  const ends = baseChains(chains, path).map(base => endsOf(base, indexed(chains, base), path))
  const stopped = ends.find(outcomes => [...outcomes].every(outcome => outcome === 'drop' || outcome === 'reject'))
  if (stopped) return stopped.has('drop') ? 'drop' : 'reject'
  return ends.every(outcomes => outcomes.size === 1 && outcomes.has('accept')) ? 'accept' : 'unknown'
}

/** Whether a rule that packets of this path can come to, or a policy on it, drops or rejects. */
export function filtersAny(chains: readonly FirewallChain[], path: Path): boolean {
  return baseChains(chains, path).some(base => {
    if (base.policy === 'drop') return true
    const byName = indexed(chains, base)
    const seen = new Set([base])
    for (const chain of seen) {
      if (chain.rules.some(rule => rule.blocks)) return true
      for (const name of chain.rules.flatMap(targetsOf)) {
        const target = byName.get(name)
        if (target) seen.add(target)
      }
    }
    return false
  })
}

function baseChains(chains: readonly FirewallChain[], { version, hooks }: Path): readonly FirewallChain[] {
  const families = ['inet', version === 'ipv4' ? 'ip' : 'ip6']
  return chains
    .filter(({ family, hook, type }) => families.includes(family) && hooks.includes(hook) && type !== 'nat')
    .sort((a, b) => hooks.indexOf(a.hook) - hooks.indexOf(b.hook) || a.priority - b.priority)
}

/** Chains of the same table by name: the only ones a rule can lead to. */
function indexed(chains: readonly FirewallChain[], base: FirewallChain): ReadonlyMap<string, FirewallChain> {
  const own = chains.filter(({ family, table }) => family === base.family && table === base.table)
  return new Map(own.map(chain => [chain.chain, chain]))
}

const targetsOf = ({ verdict, leadsTo }: FirewallRule) => ('chain' in verdict ? [verdict.chain, ...leadsTo] : leadsTo)

function endsOf(base: FirewallChain, byName: ReadonlyMap<string, FirewallChain>, path: Path): ReadonlySet<Outcome> {
  const walked = new Map<string, ReadonlySet<Outcome>>()
  const ends = new Set(walk(base, 0))
  if (ends.delete('return')) ends.add(base.policy === 'drop' ? 'drop' : base.policy === 'accept' ? 'accept' : 'unknown')
  if (!base.certain) ends.add('accept')
  return ends

  function walk(chain: FirewallChain | undefined, depth: number): ReadonlySet<Outcome> {
    if (!chain || depth > maxDepth) return new Set(['unknown'])
    const known = walked.get(chain.chain)
    if (known) return known
    walked.set(chain.chain, new Set(['unknown']))
    const outcomes = new Set<Outcome>()
    const goesOn = chain.rules.every(rule => {
      const match = matches(rule.conditions, path)
      if (match === 'no') return true
      const { ends, passes } = consequences(rule, depth)
      for (const end of ends) outcomes.add(end)
      return passes || match === 'maybe'
    })
    if (goesOn) outcomes.add('return')
    walked.set(chain.chain, outcomes)
    return outcomes
  }

  function consequences({ verdict }: FirewallRule, depth: number): Consequences {
    switch (verdict.kind) {
      case 'none':
        return { ends: [], passes: true }
      case 'opaque':
        return { ends: ['unknown'], passes: true }
      case 'queue':
        return { ends: ['unknown'], passes: false }
      case 'goto':
        return { ends: [...walk(byName.get(verdict.chain), depth + 1)], passes: false }
      case 'jump': {
        const inner = walk(byName.get(verdict.chain), depth + 1)
        return { ends: [...inner].filter(end => end !== 'return'), passes: inner.has('return') }
      }
      default:
        return { ends: [verdict.kind], passes: false }
    }
  }
}

interface Consequences {
  readonly ends: readonly Outcome[]
  /** the next rule may be looked at */
  readonly passes: boolean
}

function matches(conditions: readonly Condition[], { version, hooks }: Path): 'yes' | 'no' | 'maybe' {
  const other = version === 'ipv4' ? 'ipv6' : 'ipv4'
  const atHome = hooks.includes('input')
  if (conditions.some(one => one === 'never' || one === other || (one === 'local' && !atHome))) return 'no'
  return conditions.includes('maybe') ? 'maybe' : 'yes'
}
