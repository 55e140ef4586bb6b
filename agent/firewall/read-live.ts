// Reads the rule set that the kernel applies now, through nft and through both kinds of iptables.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'
import type { Failure, Host, Outcome } from '../host/host.ts'
import { offline } from '../no-answer.ts'
import type { FirewallChain } from '../parse/firewall-chain.ts'
import type { IptablesDump } from '../parse/iptables-save.ts'
import type { NftRuleset } from '../parse/nft-ruleset.ts'
import type { Gaps } from '../probe.ts'
import { hasLegacyTables, hasNfTables, otherNetwork } from './kernel-filter.ts'
import { type Family, runIptablesSave, runNft } from './run-filter-command.ts'

export type LiveSource = NonNullable<FirewallFacts['live']>['source']

export interface SeenChain {
  readonly source: Exclude<LiveSource, 'none'>
  readonly chain: FirewallChain
}

/** What is in force for one IP version. */
export interface FamilyRules {
  /** chains as the most exact view shows them */
  readonly chains: readonly FirewallChain[]
  /** why there may be rules beyond these; undefined when there are none */
  readonly doubt: Failure | undefined
  /** the view that would show opaque rules exactly, when it was of no use */
  readonly inexact: Failure | undefined
  /** why rules made by iptables may be missing; undefined when there are none */
  readonly iptablesDoubt: Failure | undefined
}

export interface LiveRules {
  readonly source: LiveSource
  /** every chain once, with the view it was listed by */
  readonly seen: readonly SeenChain[]
  readonly ip: FamilyRules
  readonly ip6: FamilyRules
}

const fields = ['live', 'chains', 'exposures', 'ufw.loaded'] as const

/** Undefined, with gaps that say why, when no view of the rule set could be had. */
export async function readLive(host: Host, gaps: Gaps): Promise<LiveRules | undefined> {
  const barred = host.live ? await otherNetwork(host) : offline('nft -j list ruleset')
  if (barred) return nothing(gaps, [barred])
  const nft = await readNft(host)
  const ip = await readFamily(host, 'ip', nft)
  const ip6 = await readFamily(host, 'ip6', nft)
  if (nft.state !== 'present' && !ip.answered && !ip6.answered) return nothing(gaps, [nft, ip.compat, ip6.compat])
  const native = nft.state === 'present' ? nft.value.chains : []
  const seen = [
    ...native.map((chain): SeenChain => ({ source: 'nft', chain })),
    ...[ip, ip6].flatMap(family => (nft.state === 'present' ? family.legacy : [...family.shown, ...family.legacy])),
  ]
  const rules = { seen, ip: combined('ip', native, ip, nft), ip6: combined('ip6', native, ip6, nft) }
  for (const { doubt } of [rules.ip, rules.ip6]) if (doubt) gaps.note('chains', 'incomplete', doubt)
  return { ...rules, source: sourceOf(nft, seen) }
}

function nothing(gaps: Gaps, failures: readonly Outcome<unknown>[]): undefined {
  for (const failure of failures) {
    if (failure.state === 'present') continue
    for (const field of fields) gaps.note(field, 'omitted', failure)
  }
  return undefined
}

interface Nft extends NftRuleset {
  /** false when the kernel has no nf_tables, so that nft was not asked */
  readonly asked: boolean
}

async function readNft(host: Host): Promise<Outcome<Nft>> {
  if ((await hasNfTables(host)) === false) {
    return { state: 'present', path: '/proc/modules', value: { chains: [], hasIptablesRules: false, asked: false } }
  }
  const nft = await runNft(host)
  return nft.state === 'present' ? { ...nft, value: { ...nft.value, asked: true } } : nft
}

interface FamilyViews {
  /** what iptables-save said; undefined when there was no need to ask */
  readonly compat: Outcome<IptablesDump>
  readonly shown: readonly SeenChain[]
  readonly legacy: readonly SeenChain[]
  /** why legacy rules may be missing */
  readonly legacyDoubt: Failure | undefined
  readonly answered: boolean
}

const notAsked: IptablesDump = { chains: [], backend: 'unknown', incompatible: [], malformed: [] }

async function readFamily(host: Host, family: Family, nft: Outcome<Nft>): Promise<FamilyViews> {
  const needed = nft.state !== 'present' || nft.value.hasIptablesRules
  const compat: Outcome<IptablesDump> = needed
    ? await runIptablesSave(host, family, false)
    : { state: 'present', path: '', value: notAsked }
  const dump = compat.state === 'present' ? compat.value : notAsked
  const wasLegacy = dump.backend === 'legacy'
  const tables = await hasLegacyTables(host, family)
  const legacyDump =
    tables.state === 'present' && tables.value && !wasLegacy ? await readLegacy(host, family) : undefined
  const legacyChains = wasLegacy ? dump.chains : legacyDump?.state === 'present' ? legacyDump.value.chains : []
  const failure = tables.state !== 'present' ? tables : legacyDump?.state === 'present' ? undefined : legacyDump
  return {
    compat,
    shown: wasLegacy ? [] : dump.chains.map(chain => ({ source: 'iptables', chain })),
    legacy: legacyChains.map(chain => ({ source: 'iptables-legacy', chain })),
    // A dump that shows legacy tables answers what the list of their names could not.
    legacyDoubt: wasLegacy ? undefined : failure,
    answered: needed && compat.state === 'present',
  }
}

/** Without rights the program ends well and prints nothing: with tables in use that is no answer. */
async function readLegacy(host: Host, family: Family): Promise<Outcome<IptablesDump>> {
  const dump = await runIptablesSave(host, family, true)
  if (dump.state === 'unavailable') {
    // Before there were two kinds, the plain name was this one.
    const plain = await runIptablesSave(host, family, false)
    return plain.state === 'present' && plain.value.backend === 'legacy' ? plain : dump
  }
  if (dump.state !== 'present' || dump.value.chains.length > 0) return dump
  return { state: 'unreadable', path: dump.path, detail: 'no tables shown, CAP_NET_ADMIN would help' }
}

/** Tables made by iptables-nft are taken from iptables-save, which shows their matches; all others from nft. */
function combined(
  family: Family,
  native: readonly FirewallChain[],
  views: FamilyViews,
  nft: Outcome<Nft>,
): FamilyRules {
  const exact = views.shown.map(({ chain }) => chain)
  const replaced = new Set(exact.map(({ table }) => table))
  const others = native.filter(chain => chain.family !== family || !replaced.has(chain.table))
  const unseen = nft.state === 'present' ? undefined : nft
  const failed = views.compat.state === 'present' ? undefined : views.compat
  return {
    chains: [...others, ...exact, ...views.legacy.map(({ chain }) => chain)],
    doubt: unseen ?? views.legacyDoubt,
    inexact: failed,
    iptablesDoubt: views.legacyDoubt ?? (unseen && failed),
  }
}

function sourceOf(nft: Outcome<Nft>, seen: readonly SeenChain[]): LiveSource {
  if (nft.state === 'present' && nft.value.asked) return 'nft'
  if (seen.some(({ source }) => source === 'iptables')) return 'iptables'
  if (seen.length > 0) return 'iptables-legacy'
  return nft.state === 'present' ? 'none' : 'iptables'
}
