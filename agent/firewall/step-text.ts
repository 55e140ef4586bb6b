// Says in few words what a rule tests and does, without what changes by itself.
import type { PacketMatch, PacketStep } from '../parse/packet-step.ts'
import type { PacketState } from './packet-condition.ts'

const maxLength = 200
const maxNames = 4

/** `tcp port 22 from 10.0.0.0/8 accept`. Where the destination was translated, it is an address of a workload. */
export function stepText({ matches, verdict }: PacketStep, { translated }: Pick<PacketState, 'translated'>): string {
  const tests = matches.map(match => matchText(match, translated)).filter(text => text !== '')
  const text = [...new Set(tests), verdict.kind].join(' ')
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
}

function matchText(match: PacketMatch, translated: boolean): string {
  switch (match.kind) {
    case 'protocol':
      return not(match.negated, names(match.of))
    case 'port':
      return translated ? '' : `port ${not(match.negated, names(match.of.map(range => [...new Set(range)].join('-'))))}`
    case 'source':
      return `from ${not(match.negated, names(match.of))}`
    case 'destination':
      return translated ? '' : `to ${not(match.negated, names(match.of))}`
    case 'interfaceIn':
      return match.negated ? '' : `on ${names(match.of)}`
    case 'sourcePort':
      return `from port ${not(match.negated, names(match.of))}`
    case 'rate':
      return match.over ? 'over a rate' : 'within a rate'
    default:
      return ''
  }
}

const not = (negated: boolean, text: string) => (negated ? `not ${text}` : text)

function names(of: readonly string[]): string {
  const sorted = [...of].sort()
  return sorted.length > maxNames ? `${sorted.slice(0, maxNames).join(', ')} and others` : sorted.join(', ')
}
