// Parses `nft -j list ruleset` (libnftables-json(5)) into chains.
import type { FirewallChain, FirewallRule } from './firewall-chain.ts'
import { type NamedSets, namedSetsOf } from './nft-json.ts'
import { readNftRule, verdictElements } from './nft-rule.ts'
import { readNftSteps } from './nft-step.ts'
import type { PacketStep } from './packet-step.ts'

export interface NftRuleset {
  readonly chains: readonly FirewallChain[]
  /** some rule was made by iptables-nft and is not shown in full: iptables-save shows it */
  readonly hasIptablesRules: boolean
}

type Field = Readonly<Record<string, unknown>>
type MutableChain = { -readonly [Key in keyof FirewallChain]: FirewallChain[Key] } & {
  rules: FirewallRule[]
  steps: PacketStep[]
}

/** Undefined when the text is not such a document. What is not a table, a chain or a rule is passed over. */
export function parseNftRuleset(text: string): NftRuleset | undefined {
  const objects = readObjects(text)
  if (!objects) return undefined
  const chains = new Map<string, MutableChain>()
  const flags = new Map<string, 'dormant' | 'odd'>()
  const sets = namedSetsOf(objects)
  let hasIptablesRules = false
  for (const object of objects) {
    const table = field(object, 'table')
    const flag = table && flagOf(table)
    if (flag) flags.set(`${str(table['family'])}\n${str(table['name'])}`, flag)
    const chain = field(object, 'chain')
    if (chain) addChain(chains, chain)
    const rule = field(object, 'rule')
    if (rule && addRule(chains, rule, sets)) hasIptablesRules = true
  }
  addVerdictMaps(objects, chains)
  return { chains: [...chains.values()].map(chain => flagged(chain, flags)), hasIptablesRules }
}

function readObjects(text: string): readonly Field[] | undefined {
  try {
    const document: unknown = JSON.parse(text)
    const list = isField(document) ? document['nftables'] : undefined
    return Array.isArray(list) ? list.filter(isField) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const isField = (value: unknown): value is Field => typeof value === 'object' && value !== null && !Array.isArray(value)

const str = (value: unknown) => (typeof value === 'string' ? value : '')

function field(object: Field, name: string): Field | undefined {
  const value = object[name]
  return isField(value) ? value : undefined
}

const keyOf = (family: unknown, table: unknown, chain: unknown) => `${str(family)}\n${str(table)}\n${str(chain)}`

function addChain(chains: Map<string, MutableChain>, { family, table, name, type, hook, prio, policy }: Field): void {
  const base = typeof hook === 'string'
  chains.set(keyOf(family, table, name), {
    family: str(family),
    table: str(table),
    chain: str(name),
    type: base ? str(type) : '',
    hook: base ? hook : '',
    priority: base && typeof prio === 'number' && Number.isSafeInteger(prio) ? prio : 0,
    policy: base ? str(policy) || 'accept' : '',
    rules: [],
    steps: [],
    certain: true,
  })
}

/** True when the rule has parts that only iptables can show. A rule of a chain that was not listed is passed over. */
function addRule(
  chains: Map<string, MutableChain>,
  { family, table, chain, expr }: Field,
  sets: ReadonlyMap<string, NamedSets>,
): boolean {
  const expressions: readonly unknown[] = Array.isArray(expr) ? expr : []
  const owner = chains.get(keyOf(family, table, chain))
  owner?.rules.push(readNftRule(expressions))
  owner?.steps.push(...readNftSteps(expressions, sets.get(`${str(family)}\n${str(table)}`) ?? new Map()))
  return expressions.some(expression => isField(expression) && 'xt' in expression)
}

/** A named verdict map may drop, or lead to chains, from any chain of its table: it counts as a rule of each user. */
function addVerdictMaps(objects: readonly Field[], chains: ReadonlyMap<string, MutableChain>): void {
  const effects = verdictMapEffects(objects)
  for (const chain of chains.values()) {
    const effect = effects.get(`${chain.family}\n${chain.table}`)
    if (!effect) continue
    chain.rules = chain.rules.map(rule =>
      rule.verdict.kind === 'opaque' && rule.conditions.includes('maybe') ? withEffect(rule, effect) : rule,
    )
  }
}

type Effect = Pick<FirewallRule, 'blocks' | 'leadsTo'>

/** Of all verdict maps of a table together, by `family\ntable`. */
function verdictMapEffects(objects: readonly Field[]): ReadonlyMap<string, Effect> {
  const effects = new Map<string, Effect>()
  for (const object of objects) {
    const map = field(object, 'map')
    if (map?.['map'] !== 'verdict') continue
    const verdicts = verdictElements(map['elem']).map(([, verdict]) => verdict)
    const own = {
      blocks: verdicts.some(({ kind }) => kind === 'drop'),
      leadsTo: verdicts.flatMap(verdict => ('chain' in verdict ? [verdict.chain] : [])),
    }
    const table = `${str(map['family'])}\n${str(map['table'])}`
    const known = effects.get(table)
    effects.set(table, known ? withEffect(known, own) : own)
  }
  return effects
}

const withEffect = <T extends Effect>(rule: T, { blocks, leadsTo }: Effect): T => ({
  ...rule,
  blocks: rule.blocks || blocks,
  leadsTo: [...rule.leadsTo, ...leadsTo],
})

/** Version 1.0.6 prints whatever stands in memory for the flags of a table, so that only known words count. */
function flagOf(table: Field): 'dormant' | 'odd' | undefined {
  const { flags = [] } = table
  const words: readonly unknown[] = Array.isArray(flags) ? flags : [flags]
  if (words.every(word => word === 'owner' || word === 'persist')) return undefined
  return words.every(word => word === 'dormant' || word === 'owner' || word === 'persist') ? 'dormant' : 'odd'
}

/** The kernel takes the chains of a dormant table off their hooks. */
function flagged(chain: FirewallChain, flags: ReadonlyMap<string, 'dormant' | 'odd'>): FirewallChain {
  const flag = flags.get(`${chain.family}\n${chain.table}`)
  if (flag === 'dormant') return { ...chain, type: '', hook: '', priority: 0, policy: '' }
  return flag === 'odd' ? { ...chain, certain: false } : chain
}
