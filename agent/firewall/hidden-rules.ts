// Finds ufw rules that never decide, since an earlier one takes every packet of theirs.
import type { UfwRule } from '../../proto/facets/firewall.ts'
import { type AddressRange, contains, parseAddressRange } from '../parse/address-range.ts'

/** Each rule is held against those before it. */
const maxRules = 2_000

type Declared = Omit<UfwRule, 'hiddenBy' | 'loaded'>
interface Reach {
  readonly rule: Declared
  /** every packet of these protocols; undefined for all */
  readonly protocols: readonly string[] | undefined
  readonly to: Place
  readonly from: Place
  readonly toPort: Ports
  readonly fromPort: Ports
}
/** undefined for anywhere */
type Place = AddressRange | 'unread' | undefined
type Ports = readonly (readonly [number, number])[] | 'unread' | undefined

/**
 * Position of the first earlier rule that takes all packets of a rule, 0 for none; what is not understood hides nothing
 * and is not hidden. Undefined for more rules than are looked at.
 * @param rules of one family, in their order
 */
export function hiddenRules(rules: readonly Declared[]): readonly number[] | undefined {
  if (rules.length > maxRules) return undefined
  const before = new Map<string, Reach[]>()
  return rules.map(rule => {
    const reach = reachOf(rule)
    const earlier = before.get(rule.direction) ?? []
    const first = earlier.find(one => takesAll(one, reach))
    before.set(rule.direction, earlier)
    earlier.push(reach)
    return first?.rule.position ?? 0
  })
}

function reachOf(rule: Declared): Reach {
  const named = rule.toPort !== 'any' || rule.fromPort !== 'any'
  // Of `any` with a port ufw makes a rule for TCP and one for UDP.
  const protocols = rule.protocol !== 'any' ? [rule.protocol] : named ? ['tcp', 'udp'] : undefined
  return {
    rule,
    protocols,
    ...{ to: placeOf(rule.to), from: placeOf(rule.from) },
    ...{ toPort: portsOf(rule.toPort), fromPort: portsOf(rule.fromPort) },
  }
}

const placeOf = (text: string): Place => (text === 'any' ? undefined : (parseAddressRange(text) ?? 'unread'))

function portsOf(text: string): Ports {
  if (text === 'any') return undefined
  const ranges = text.split(',').map((part): readonly [number, number] | undefined => {
    const [, first, last] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(part) ?? []
    return first === undefined ? undefined : [Number(first), Number(last ?? first)]
  })
  const known = ranges.filter(range => range !== undefined)
  return known.length === ranges.length ? known : 'unread'
}

function takesAll(one: Reach, other: Reach): boolean {
  return (
    (one.rule.interfaceIn === '' || one.rule.interfaceIn === other.rule.interfaceIn) &&
    (one.rule.interfaceOut === '' || one.rule.interfaceOut === other.rule.interfaceOut) &&
    holdsProtocols(one.protocols, other.protocols) &&
    holdsPlace(one.to, other.to) &&
    holdsPlace(one.from, other.from) &&
    holdsPorts(one.toPort, other.toPort) &&
    holdsPorts(one.fromPort, other.fromPort)
  )
}

function holdsProtocols(outer: Reach['protocols'], inner: Reach['protocols']): boolean {
  return outer === undefined || inner?.every(protocol => outer.includes(protocol)) === true
}

function holdsPlace(outer: Place, inner: Place): boolean {
  if (outer === undefined) return true
  return outer !== 'unread' && inner !== undefined && inner !== 'unread' && contains(outer, inner)
}

function holdsPorts(outer: Ports, inner: Ports): boolean {
  if (outer === undefined) return true
  if (outer === 'unread' || inner === undefined || inner === 'unread') return false
  return inner.every(([first, last]) => outer.some(range => range[0] <= first && range[1] >= last))
}
