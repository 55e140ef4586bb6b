// Makes the facet's live part: the fate of unnamed packets, a row per chain, and whether ufw is loaded.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'
import type { Failure } from '../host/host.ts'
import type { Gaps } from '../probe.ts'
import { chainOwner, changesByItself, isPerWorkload } from './chain-owner.ts'
import { type Fate, fateOf, filtersAny, type Path } from './packet-fate.ts'
import type { FamilyRules, LiveRules, SeenChain } from './read-live.ts'

type Live = NonNullable<FirewallFacts['live']>
type ChainRow = NonNullable<FirewallFacts['chains']>[number]

const maxRows = 2000
const input = ['prerouting', 'input'] as const

/** What cannot be told for certain is left out, with a gap that names the view that would have told. */
export function liveFacts(rules: LiveRules, gaps: Gaps): Live {
  const judge = (field: string, family: FamilyRules, path: Path) =>
    certainFate(fateOf(family.chains, path), `live.${field}`, family, gaps)
  const inputIpv4 = judge('inputIpv4', rules.ip, { version: 'ipv4', hooks: input })
  const inputIpv6 = judge('inputIpv6', rules.ip6, { version: 'ipv6', hooks: input })
  const forwardIpv4 = judge('forwardIpv4', rules.ip, { version: 'ipv4', hooks: ['prerouting', 'forward'] })
  const filtersInput = certainFilter(rules, gaps)
  return {
    source: rules.source,
    ...(inputIpv4 && { inputIpv4 }),
    ...(inputIpv6 && { inputIpv6 }),
    ...(forwardIpv4 && { forwardIpv4 }),
    ...(filtersInput !== undefined && { filtersInput }),
  }
}

/** Rules that were not seen can only make it stricter: a drop stays one, an accept becomes unknown. */
function certainFate(fate: Fate, field: string, rules: FamilyRules, gaps: Gaps): Exclude<Fate, 'unknown'> | undefined {
  if (fate !== 'unknown' && (fate !== 'accept' || !rules.doubt)) return fate
  gaps.note(field, 'omitted', rules.doubt ?? rules.inexact ?? opaque)
  return undefined
}

const opaque: Failure = {
  state: 'unavailable',
  path: 'nft -j list ruleset',
  detail: 'a rule whose effect is not shown',
}

function certainFilter({ ip, ip6 }: LiveRules, gaps: Gaps): boolean | undefined {
  const filters =
    filtersAny(ip.chains, { version: 'ipv4', hooks: input }) ||
    filtersAny(ip6.chains, { version: 'ipv6', hooks: input })
  const doubt = ip.doubt ?? ip6.doubt
  if (filters || !doubt) return filters
  gaps.note('live.filtersInput', 'omitted', doubt)
  return undefined
}

/** Chains made per workload are left out. More rows than the limit leave a gap. */
export function chainRows(seen: readonly SeenChain[], gaps: Gaps): readonly ChainRow[] {
  const rows = new Map<string, ChainRow>()
  for (const { source, chain: one } of seen) {
    if (isPerWorkload(one.chain)) continue
    const { family, table, chain, hook, priority, policy } = one
    const owner = chainOwner(table, chain)
    const rules = changesByItself(owner) ? -1 : one.rules.length
    rows.set([source, family, table, chain].join('\n'), {
      source,
      family,
      table,
      chain,
      hook,
      priority,
      policy,
      rules,
      owner,
    })
  }
  if (rows.size > maxRows) {
    const detail = `over the limit of ${maxRows} chains`
    gaps.note('chains', 'incomplete', { state: 'tooLarge', path: 'nft -j list ruleset', detail })
  }
  return [...rows.values()].slice(0, maxRows)
}

/** As `ufw status` tells it: disabled, ufw leaves empty chains behind, but not this one. */
export function isUfwLoaded({ seen, ip }: LiveRules, gaps: Gaps): boolean | undefined {
  const loaded = seen.some(
    ({ chain: { family, table, chain } }) => family === 'ip' && table === 'filter' && chain === 'ufw-user-input',
  )
  if (loaded || !ip.iptablesDoubt) return loaded
  gaps.note('ufw.loaded', 'omitted', ip.iptablesDoubt)
  return undefined
}
