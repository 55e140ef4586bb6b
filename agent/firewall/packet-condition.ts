// Puts one packet to one test of a rule: yes, no, not told, or on a condition.
import { type AddressRange, contains, isEverywhere, overlaps, parseAddressRange } from '../parse/address-range.ts'
import type { PacketMatch } from '../parse/packet-step.ts'

/** What of a packet from elsewhere is left open: where it comes from, by which interface, how often. */
export interface Condition {
  readonly kind: 'source' | 'interface' | 'destination' | 'sourcePort' | 'rate'
  /** equal conditions have equal keys */
  readonly key: string
  /** alternatives */
  readonly of: readonly string[]
}

export interface Assumption {
  readonly condition: Condition
  readonly holds: boolean
}

export type Answer = 'yes' | 'no' | 'unread' | { readonly condition: Condition; readonly negated: boolean }

/** A packet on its way: a new TCP connection or UDP packet from another host, by an interface to the outside. */
export interface PacketState {
  readonly family: 'ipv4' | 'ipv6'
  readonly protocol: string
  readonly port: number
  /** undefined for any address of this host */
  readonly address: AddressRange | undefined
  /** the destination is this host; undefined when that cannot be told */
  readonly local: boolean | undefined
  readonly hook: 'prerouting' | 'input' | 'forward' | 'postrouting'
  /** interface that it leaves by; undefined when that cannot be told */
  readonly interfaceOut: string | undefined
  readonly translated: boolean
  readonly untracked: boolean
  /** undefined when it cannot be told */
  readonly mark: number | undefined
  readonly assumed: readonly Assumption[]
}

export const banned: Condition = { kind: 'source', key: 'source banned', of: ['banned addresses'] }

/** Interfaces that lead to workloads of this host: a packet from another host does not come in by these. */
const inside =
  /^(?:lo|docker0|docker_gwbridge|docker\*|br-[0-9a-f]{12}|br-\*|veth.*|virbr.*|cni.*|podman.*|lxcbr.*|lxdbr.*|cali.*)$/

const answer = (holds: boolean, negated: boolean): Answer => (holds === negated ? 'no' : 'yes')

/** @param hostAddresses addresses of this host; undefined when they are not known */
export function ask(
  match: PacketMatch,
  state: PacketState,
  hostAddresses: readonly AddressRange[] | undefined,
): Answer {
  switch (match.kind) {
    case 'protocol':
      return answer(match.of.includes(state.protocol), match.negated)
    case 'port':
      return answer(
        match.of.some(([first, last]) => first <= state.port && state.port <= last),
        match.negated,
      )
    case 'family':
      return answer(match.of === state.family, false)
    case 'local':
      return state.local === undefined ? 'unread' : answer(state.local, match.negated)
    case 'state':
      return state.untracked ? 'unread' : answer(match.holds, false)
    case 'translated':
      return answer(state.translated, match.negated)
    case 'mark':
      return state.mark === undefined
        ? 'unread'
        : answer((state.mark & match.mask) >>> 0 === match.value, match.negated)
    case 'rate':
      return open({ kind: 'rate', key: 'rate', of: [] }, match.over, state)
    case 'source':
      return askSource(match.of, match.negated, state)
    case 'destination':
      return askDestination(match.of, match.negated, state, hostAddresses)
    case 'interfaceIn':
      return askInterface(match.of, match.negated, state)
    case 'interfaceOut':
      return askInterfaceOut(match.of, match.negated, state)
    case 'sourcePort':
      return open(conditionOf('sourcePort', match.of), match.negated, state)
    case 'never':
      return 'no'
    case 'unread':
      return 'unread'
  }
}

function conditionOf(kind: Condition['kind'], of: readonly string[]): Condition {
  const sorted = [...new Set(of)].sort()
  return { kind, key: `${kind} ${sorted.join(' ')}`, of: sorted }
}

function open(condition: Condition, negated: boolean, { assumed }: PacketState): Answer {
  const known = assumed.find(one => one.condition.key === condition.key)
  return known ? answer(known.holds, negated) : { condition, negated }
}

const loopbacks = ['127.0.0.0/8', '::1'].map(parseAddressRange).filter(range => range !== undefined)

function askSource(texts: readonly string[], negated: boolean, state: PacketState): Answer {
  const parts = texts.map(text => ({ text, range: parseAddressRange(text) }))
  const possible = parts.filter(
    ({ text, range }) =>
      text.startsWith('set ') ||
      !range ||
      (range.family === state.family && !loopbacks.some(loopback => contains(loopback, range))),
  )
  if (possible.length === 0) return answer(false, negated)
  if (possible.some(({ range }) => range && isEverywhere(range))) return answer(true, negated)
  if (possible.some(({ text, range }) => !range && !text.startsWith('set '))) return 'unread'
  const condition = conditionOf(
    'source',
    possible.map(({ text }) => text),
  )
  const implied = impliedBySources(condition, state.assumed)
  return implied === undefined ? open(condition, negated, state) : answer(implied, negated)
}

/** What is assumed of the source may already tell: part of what it is from, or of what it is not from. */
function impliedBySources(condition: Condition, assumed: readonly Assumption[]): boolean | undefined {
  const ranges = rangesOf(condition)
  for (const { condition: other, holds } of assumed) {
    const others = other.kind === 'source' ? rangesOf(other) : undefined
    if (!ranges || !others) continue
    if (holds && others.every(one => ranges.some(range => contains(range, one)))) return true
    if (holds && !others.some(one => ranges.some(range => overlaps(range, one)))) return false
    if (!holds && ranges.every(range => others.some(one => contains(one, range)))) return false
  }
  return undefined
}

function rangesOf({ of }: Condition): readonly AddressRange[] | undefined {
  const ranges = of.map(parseAddressRange).filter(range => range !== undefined)
  return ranges.length === of.length ? ranges : undefined
}

const special = ['127.0.0.0/8', '224.0.0.0/4', '255.255.255.255', 'ff00::/8', '::1']
  .map(parseAddressRange)
  .filter(range => range !== undefined)

function askDestination(
  texts: readonly string[],
  negated: boolean,
  state: PacketState,
  hostAddresses: readonly AddressRange[] | undefined,
): Answer {
  const parsed = texts.map(parseAddressRange)
  const ranges = parsed.filter(range => range !== undefined)
  if (ranges.length !== parsed.length) return 'unread'
  const { address, family } = state
  if (address) {
    return answer(
      ranges.some(range => contains(range, address)),
      negated,
    )
  }
  const own = hostAddresses?.filter(range => range.family === family)
  const possible = ranges.filter(
    range =>
      range.family === family &&
      !special.some(one => contains(one, range)) &&
      (!own || own.some(one => contains(range, one))),
  )
  if (possible.length === 0) return answer(false, negated)
  const all = own && own.length > 0 && own.every(one => possible.some(range => contains(range, one)))
  if (all || possible.some(isEverywhere)) return answer(true, negated)
  return open(conditionOf('destination', texts), negated, state)
}

function askInterface(names: readonly string[], negated: boolean, state: PacketState): Answer {
  const outside = names.filter(name => !inside.test(name))
  if (outside.length === 0) return answer(false, negated)
  if (outside.includes('*')) return answer(true, negated)
  const elsewhere = state.assumed.some(
    ({ condition, holds }) =>
      holds &&
      condition.kind === 'interface' &&
      ![...condition.of, ...outside].some(name => name.endsWith('*')) &&
      !condition.of.some(name => outside.includes(name)),
  )
  return elsewhere ? answer(false, negated) : open(conditionOf('interface', outside), negated, state)
}

function askInterfaceOut(names: readonly string[], negated: boolean, state: PacketState): Answer {
  // Before routing there is no such interface, and what is for this host leaves by none.
  if (state.hook === 'prerouting' || state.hook === 'input') return answer(false, negated)
  const { interfaceOut } = state
  if (interfaceOut === undefined) return 'unread'
  const matches = names.some(name =>
    name.endsWith('*') ? interfaceOut.startsWith(name.slice(0, -1)) : name === interfaceOut,
  )
  return answer(matches, negated)
}
