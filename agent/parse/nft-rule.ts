// Reads the statements of one rule as `nft -j` prints them (libnftables-json(5)).
import { type Condition, type FirewallRule, passingTargets, type Verdict } from './firewall-chain.ts'
import { asField, type Json, meteringStatements, only, passingStatements } from './nft-json.ts'

/** Matches of iptables that hold for named packets only. What is not here may be negated, and nft does not show it. */
const namingMatches = new Set(['ah', 'dccp', 'esp', 'frag', 'icmp', 'icmp6', 'multiport', 'rt', 'sctp', 'tcp', 'udp'])

/** Which packet is looked at is not known here, nor what becomes of it: that it is altered passes, too. */
const passing = new Set([...passingStatements, 'mangle', 'notrack'])

/** Keys of `meta` that name an interface, an owner or a protocol. */
const namingKeys = new Set([
  'bri_iifname',
  'bri_oifname',
  'cgroup',
  'ibrname',
  'iif',
  'iifgroup',
  'iifkind',
  'iifname',
  'iiftype',
  'l4proto',
  'obrname',
  'oif',
  'oifgroup',
  'oifkind',
  'oifname',
  'oiftype',
  'protocol',
  'sdif',
  'sdifname',
  'skgid',
  'skuid',
])

/** Bits of `ct status` that only a rule sets. */
const translations = new Set(['dnat', 'snat'])

const deciding = new Set(['accept', 'drop', 'return', 'queue'])

/** Everything unknown makes the rule one that may or may not match. @param expressions the `expr` of a rule */
export function readNftRule(expressions: readonly Json[]): FirewallRule {
  const conditions: Condition[] = []
  const leadsTo: string[] = []
  let verdict: Verdict = { kind: 'none' }
  let blocks = false
  for (const expression of expressions) {
    const [statement, body] = only(expression)
    if (passing.has(statement)) continue
    if (statement === 'match') conditions.push(...readMatch(body))
    else if (statement === 'vmap') {
      const map = readVerdictMap(body)
      leadsTo.push(...map.leadsTo)
      blocks ||= map.blocks
      verdict = map.verdict
      conditions.push(...map.conditions)
      if (!map.goesOn) break
    } else if (statement === 'xt') {
      const condition = readXtMatch(body)
      if (condition === undefined) verdict = readXtTarget(body)
      else if (condition !== 'always') conditions.push(condition)
    } else if (statement === 'reject') {
      conditions.push(...impliedByReject(body))
      verdict = { kind: 'reject' }
    } else if (meteringStatements.has(statement)) conditions.push(asField(body)['inv'] === true ? 'never' : 'maybe')
    else verdict = readVerdict(statement, body) ?? unknownStatement(statement, verdict, conditions)
  }
  return { conditions, verdict, blocks: blocks || verdict.kind === 'drop' || verdict.kind === 'reject', leadsTo }
}

function readVerdict(statement: string, body: Json): Verdict | undefined {
  if (deciding.has(statement)) return { kind: statement as 'accept' }
  if (statement === 'continue') return { kind: 'none' }
  if (statement !== 'jump' && statement !== 'goto') return undefined
  const { target } = asField(body)
  return typeof target === 'string' ? { kind: statement, chain: target } : { kind: 'opaque' }
}

/** The answer to a packet implies its kind, and nft does not print a match that is implied (`meta nfproto ipv6`). */
function impliedByReject(body: Json): readonly Condition[] {
  switch (asField(body)['type']) {
    case 'icmp':
      return ['ipv4']
    case 'icmpv6':
      return ['ipv6']
    case 'tcp reset':
      return ['never']
    default:
      return []
  }
}

/** Address translation and the like accept; anything else is not known to. */
function unknownStatement(statement: string, verdict: Verdict, conditions: Condition[]): Verdict {
  if (['dnat', 'snat', 'masquerade', 'redirect', 'tproxy'].includes(statement)) return { kind: 'accept' }
  conditions.push('maybe')
  return verdict
}

function readMatch(body: Json): readonly Condition[] {
  const { op, left, right } = asField(body)
  const [kind, detail] = only(left)
  const { key, protocol, result } = asField(detail)
  const negated = op === '!='
  const values = valuesOf(right)
  if (kind === 'meta' && (key === 'nfproto' || key === 'protocol')) return readFamily(values, negated)
  if (kind === 'ct' && key === 'state') return values.includes('new') === negated ? ['never'] : []
  // No rule names it, so none has translated it.
  if (kind === 'ct' && key === 'status' && values.length > 0 && values.every(value => translations.has(value))) {
    return negated ? [] : ['never']
  }
  if (kind === 'fib' && result === 'type') return values.includes('local') === negated ? ['never'] : ['local']
  if (key === 'mark' && (kind === 'meta' || kind === 'ct')) return (right === 0) === negated ? ['never'] : []
  if (kind === 'payload') return readPayload(protocol, negated)
  if (kind === 'meta' && typeof key === 'string' && namingKeys.has(key)) return negated ? [] : ['never']
  if (kind === 'fib' || kind === 'exthdr') return [negated ? 'maybe' : 'never']
  return isNaming(left, 0) ? ['never'] : ['maybe']
}

/** A header that is not there matches nothing, not even what is negated: of those only IP's own is in every packet. */
function readPayload(protocol: Json, negated: boolean): readonly Condition[] {
  if (!negated) return ['never']
  if (protocol === 'ip') return ['ipv4']
  if (protocol === 'ip6') return ['ipv6']
  return [protocol === 'ether' ? 'maybe' : 'never']
}

/** Whether a part of a concatenation, or the masked part of a header above IP, names something. */
function isNaming(left: Json, depth: number): boolean {
  const [kind, detail] = only(left)
  const parts: readonly Json[] = Array.isArray(detail) ? detail : []
  if (depth > 3) return false
  if (kind === 'concat') return parts.some(part => isNaming(part, depth + 1))
  if (kind === '&')
    return (
      only(parts[0])[0] === 'payload' &&
      !['ip', 'ip6', 'ether'].includes(String(asField(only(parts[0])[1])['protocol']))
    )
  const { key } = asField(detail)
  return kind === 'payload' || (kind === 'meta' && typeof key === 'string' && namingKeys.has(key))
}

function readFamily(values: readonly string[], negated: boolean): readonly Condition[] {
  const ipv4 = values.includes('ipv4') || values.includes('ip')
  const ipv6 = values.includes('ipv6') || values.includes('ip6')
  if (ipv4 === ipv6) return ipv4 === negated ? ['never'] : []
  return [ipv4 !== negated ? 'ipv4' : 'ipv6']
}

/** Words of `"new"`, `["new", "related"]` or `{"set": [...]}`. */
function valuesOf(right: Json): readonly string[] {
  const list = Array.isArray(right) ? right : (asField(right)['set'] ?? right)
  return (Array.isArray(list) ? list : [list]).filter(value => typeof value === 'string')
}

/** What becomes of a packet that no rule names. One that is in no element leaves the rule. */
function readVerdictMap(body: Json) {
  const { key, data } = asField(body)
  const [kind, detail] = only(key)
  const elements = verdictElements(asField(data)['set'])
  const state = kind === 'ct' && asField(detail)['key'] === 'state'
  const chosen = elements.find(([value]) => value === '*' || (state && value === 'new'))?.[1]
  // Elements of a named map stand elsewhere: nobody knows whether one of them names the packet.
  const named = typeof data === 'string'
  const conditions: Condition[] = named ? ['maybe'] : []
  return {
    verdict: chosen ?? (named ? ({ kind: 'opaque' } as const) : ({ kind: 'none' } as const)),
    conditions,
    goesOn: chosen?.kind === 'none',
    blocks: elements.some(([, verdict]) => verdict.kind === 'drop'),
    leadsTo: elements.flatMap(([, verdict]) => ('chain' in verdict ? [verdict.chain] : [])),
  }
}

/** `[key, verdict]` pairs of a verdict map; a key may be wrapped as `{"elem": {"val": key}}`. */
export function verdictElements(set: Json): readonly (readonly [Json, Verdict])[] {
  if (!Array.isArray(set)) return []
  return set.flatMap((pair): (readonly [Json, Verdict])[] => {
    if (!Array.isArray(pair) || pair.length !== 2) return []
    const [statement, body] = only(pair[1])
    const verdict = readVerdict(statement, body)
    const key = asField(asField(pair[0])['elem'])['val'] ?? pair[0]
    return verdict ? [[key, verdict]] : []
  })
}

/** Undefined for a target. `{"xt": null}` of older versions may be either: it is read as a target nobody knows. */
function readXtMatch(body: Json): Condition | 'always' | undefined {
  const { type, name } = asField(body)
  if (type !== 'match') return undefined
  if (name === 'comment') return 'always'
  return typeof name === 'string' && namingMatches.has(name) ? 'never' : 'maybe'
}

function readXtTarget(body: Json): Verdict {
  const { type, name } = asField(body)
  if (type !== 'target' || typeof name !== 'string') return { kind: 'opaque' }
  if (name === 'REJECT') return { kind: 'reject' }
  if (['DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT', 'NETMAP', 'TPROXY'].includes(name)) return { kind: 'accept' }
  if (name === 'NFQUEUE' || name === 'QUEUE') return { kind: 'queue' }
  return { kind: passingTargets.has(name) ? 'none' : 'opaque' }
}
