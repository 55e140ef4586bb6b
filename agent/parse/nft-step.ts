// Reads what one rule as `nft -j` prints it (libnftables-json(5)) asks of a concrete packet.

import { passingTargets } from './firewall-chain.ts'
import { asField, type Json, listOf, meteringStatements, type NamedSets, only, passingStatements } from './nft-json.ts'
import { readNftMatch } from './nft-match.ts'
import type { PacketMatch, PacketStep, StepVerdict } from './packet-step.ts'

const maxSteps = 2000
const unread: PacketMatch = { kind: 'unread' }

/** A verdict map becomes one step per element, each with the tests that stand before it. */
export function readNftSteps(expressions: readonly Json[], sets: NamedSets): readonly PacketStep[] {
  const matches: PacketMatch[] = []
  const steps: PacketStep[] = []
  for (const expression of expressions) {
    const [statement, body] = only(expression)
    if (passingStatements.has(statement)) continue
    if (statement === 'match') matches.push(...readNftMatch(body, sets))
    else if (meteringStatements.has(statement)) matches.push({ kind: 'rate', over: asField(body)['inv'] === true })
    else if (statement === 'vmap') return [...steps, ...mapSteps(matches, body, sets)]
    else if (statement === 'xt' && asField(body)['type'] === 'match') {
      if (asField(body)['name'] !== 'comment') matches.push(unread)
    } else {
      if (statement === 'reject') matches.push(...impliedByReject(body))
      const verdict = readVerdict(statement, body)
      if (verdict.kind !== 'none') steps.push({ matches: [...matches], verdict })
      if (verdict.kind !== 'mark' && verdict.kind !== 'untrack' && verdict.kind !== 'none') return steps
    }
  }
  return steps
}

/** nft does not print a match that the answer implies. */
function impliedByReject(body: Json): readonly PacketMatch[] {
  switch (asField(body)['type']) {
    case 'icmp':
      return [{ kind: 'family', of: 'ipv4' }]
    case 'icmpv6':
      return [{ kind: 'family', of: 'ipv6' }]
    case 'tcp reset':
      return [{ kind: 'protocol', of: ['tcp'], negated: false }]
    default:
      return []
  }
}

function mapSteps(before: readonly PacketMatch[], body: Json, sets: NamedSets): readonly PacketStep[] {
  const { key, data } = asField(body)
  const elements = typeof data === 'string' ? sets.get(data.replace(/^@/, ''))?.elements : listOf(asField(data)['set'])
  if (!elements || elements.length > maxSteps) return [{ matches: [...before, unread], verdict: { kind: 'opaque' } }]
  return elements.map(pair => {
    const [element, verdict]: readonly Json[] = Array.isArray(pair) ? pair : []
    const value = asField(asField(element)['elem'])['val'] ?? element
    const tests = value === '*' ? [] : keyMatches(key, value, sets)
    return { matches: [...before, ...tests], verdict: readVerdict(...only(verdict)) }
  })
}

function keyMatches(key: Json, value: Json, sets: NamedSets): readonly PacketMatch[] {
  const [kind, parts] = only(key)
  if (kind !== 'concat') return readNftMatch({ op: '==', left: key, right: value }, sets)
  const [values, keys] = [listOf(asField(value)['concat']), listOf(parts)]
  if (!values || values.length !== keys?.length) return [unread]
  return keys.flatMap((left, at) => readNftMatch({ op: '==', left, right: values[at] }, sets))
}

function readVerdict(statement: string, body: Json): StepVerdict {
  switch (statement) {
    case 'accept':
    case 'drop':
    case 'reject':
    case 'return':
      return { kind: statement }
    case 'continue':
      return { kind: 'none' }
    case 'jump':
    case 'goto': {
      const { target } = asField(body)
      return typeof target === 'string' ? { kind: statement, chain: target } : { kind: 'opaque' }
    }
    case 'snat':
    case 'masquerade':
      return { kind: 'accept' }
    case 'dnat':
      return readTranslation(body, undefined)
    case 'redirect':
      return readTranslation(body, '')
    case 'notrack':
      return { kind: 'untrack' }
    case 'mangle':
      return readMangle(body)
    case 'xt':
      return readTarget(body)
    default:
      return { kind: 'opaque' }
  }
}

function readTranslation(body: Json, fallback: '' | undefined): StepVerdict {
  const { addr, port } = asField(body)
  const known = port === undefined ? 0 : typeof port === 'number' ? port : -1
  return { kind: 'translate', address: typeof addr === 'string' ? addr : fallback, port: known }
}

function readMangle(body: Json): StepVerdict {
  const { key, value } = asField(body)
  const [kind, detail] = only(key)
  if (kind !== 'meta' || asField(detail)['key'] !== 'mark') return { kind: kind === 'payload' ? 'opaque' : 'none' }
  if (typeof value === 'number') return { kind: 'mark', value, mask: 0xffffffff }
  const [operator, operands] = only(value)
  const [left, right] = listOf(operands) ?? []
  const ofMark = asField(asField(left)['meta'])['key'] === 'mark' && typeof right === 'number'
  if (!ofMark || operator !== '|') return { kind: 'mark', value: 0, mask: -1 }
  return { kind: 'mark', value: right, mask: right }
}

function readTarget(body: Json): StepVerdict {
  const { type, name } = asField(body)
  if (type !== 'target' || typeof name !== 'string') return { kind: 'opaque' }
  if (name === 'REJECT') return { kind: 'reject' }
  if (name === 'MARK' || name === 'CONNMARK') return { kind: 'mark', value: 0, mask: -1 }
  if (['DNAT', 'REDIRECT', 'NETMAP'].includes(name)) return { kind: 'translate', address: undefined, port: -1 }
  if (['SNAT', 'MASQUERADE'].includes(name)) return { kind: 'accept' }
  return { kind: passingTargets.has(name) && name !== 'CT' && name !== 'NOTRACK' ? 'none' : 'opaque' }
}
