// Reads what one `-A` line of iptables-save asks of a concrete packet.
import { passingTargets } from './firewall-chain.ts'
import { optionsWithText, splitWords } from './iptables-rule.ts'
import type { PacketMatch, PacketStep, PortRange, StepVerdict } from './packet-step.ts'

/** Match extensions whose options are read below, or that say nothing. */
const readExtensions = new Set(
  'addrtype ah comment connlimit conntrack dccp esp hashlimit icmp icmp6 iprange limit mark multiport recent sctp set state tcp udp udplite'.split(
    ' ',
  ),
)
/** Options that belong to a match that another option reads. */
const settings =
  /^--(?:comment|limit-burst|connlimit-(?:mask|saddr|daddr)|hashlimit-(?:burst|mode|srcmask|dstmask|name|htable-\w+|rate-\w+)|name|mask|rsource|seconds|hitcount)$/

const unread: PacketMatch = { kind: 'unread' }
const never: PacketMatch = { kind: 'never' }

/** @param text the line after `-A CHAIN ` @param isChain whether a name is a chain of the same table */
export function readIptablesStep(text: string, isChain: (name: string) => boolean): PacketStep {
  const words = splitWords(text)
  const matches: PacketMatch[] = []
  let extension = ''
  let negated = false
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const value = words[at + 1] ?? ''
    if (word === '-j' || word === '-g') {
      return { matches, verdict: readTarget(word, value, words.slice(at + 2), isChain) }
    }
    if (word === '!') {
      negated = true
      continue
    }
    if (word === '-m') {
      extension = value
      at++
      if (!readExtensions.has(extension)) matches.push(/^(?:rpfilter|rt|frag|eui64)$/.test(extension) ? never : unread)
    } else if (word.startsWith('-')) {
      matches.push(...readOption(word, value, negated, extension, words.slice(at + 2)))
      if (optionsWithText.has(word)) at++
    }
    negated = false
  }
  return { matches, verdict: { kind: 'none' } }
}

function readOption(
  option: string,
  value: string,
  negated: boolean,
  extension: string,
  rest: readonly string[],
): readonly PacketMatch[] {
  switch (option) {
    case '-p':
      return value === 'all' ? [] : [{ kind: 'protocol', of: [value], negated }]
    case '-s':
    case '--src-range':
      return [{ kind: 'source', of: [value], negated }]
    case '-d':
    case '--dst-range':
      return [{ kind: 'destination', of: [value], negated }]
    case '-i':
      return [{ kind: 'interfaceIn', of: [value.replace(/\+$/, '*')], negated }]
    case '-o':
      return [{ kind: 'interfaceOut', of: [value.replace(/\+$/, '*')], negated }]
    case '--dport':
    case '--dports':
      return readPorts(value, negated)
    case '--sport':
    case '--sports':
      return [{ kind: 'sourcePort', of: value.split(','), negated }]
    case '--ctstate':
    case '--state':
      return [readState(value.split(','), negated)]
    case '--dst-type':
      return [readType(value.split(','), negated)]
    case '--mark':
      return extension === 'mark' ? [readMark(value, negated)] : [unread]
    case '--tcp-flags':
      return [readFlags(value, rest[0] ?? '', negated)]
    case '--match-set':
      return [readSet(value, rest[0] ?? '', negated)]
    default:
      return readRate(option, negated, [value, ...rest])
  }
}

function readRate(option: string, negated: boolean, rest: readonly string[]): readonly PacketMatch[] {
  if (settings.test(option)) return []
  if (negated) return [unread]
  if (option === '--limit' || /^--(?:hashlimit|connlimit)-upto$/.test(option)) return [{ kind: 'rate', over: false }]
  if (/^--(?:hashlimit|connlimit)-above$/.test(option)) return [{ kind: 'rate', over: true }]
  if (option === '--set') return []
  if (option === '--update' || option === '--rcheck') {
    return rest.includes('--hitcount') ? [{ kind: 'rate', over: true }] : [unread]
  }
  // Their protocol is another one, which `-p` says.
  return /^--(?:icmp(?:v6)?|rt)-type$/.test(option) ? [] : [unread]
}

function readPorts(value: string, negated: boolean): readonly PacketMatch[] {
  const of = value.split(',').map((text): PortRange | undefined => {
    const [, first, last] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text) ?? []
    return first === undefined ? undefined : [Number(first), Number(last ?? first)]
  })
  const known = of.filter(range => range !== undefined)
  return known.length === of.length ? [{ kind: 'port', of: known, negated }] : [unread]
}

function readState(states: readonly string[], negated: boolean): PacketMatch {
  if (states.includes('NEW')) return { kind: 'state', holds: !negated }
  if (states.includes('UNTRACKED')) return unread
  if (states.includes('DNAT')) return { kind: 'translated', negated }
  return states.includes('SNAT') ? unread : { kind: 'state', holds: negated }
}

function readType(types: readonly string[], negated: boolean): PacketMatch {
  if (types.includes('LOCAL')) return { kind: 'local', negated }
  const others = types.every(type => ['BROADCAST', 'MULTICAST', 'ANYCAST', 'BLACKHOLE', 'PROHIBIT'].includes(type))
  if (!others) return unread
  return { kind: 'state', holds: negated }
}

function readMark(text: string, negated: boolean): PacketMatch {
  const [value, mask] = markNumbers(text)
  return value === undefined || mask === undefined ? unread : { kind: 'mark', value, mask, negated }
}

function markNumbers(text: string): readonly (number | undefined)[] {
  const [, value, mask = '0xffffffff'] = /^(0x[\da-f]{1,8}|\d{1,10})(?:\/(0x[\da-f]{1,8}))?$/i.exec(text) ?? []
  return value === undefined ? [] : [Number(value), Number(mask)]
}

/** Of the flags looked at, a first packet has SYN alone. Those for congestion may or may not be set. */
function readFlags(mask: string, set: string, negated: boolean): PacketMatch {
  const looked = mask === 'ALL' ? ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] : mask.split(',')
  if (looked.some(flag => !['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'NONE'].includes(flag))) return unread
  const wanted = set === 'NONE' ? '' : set
  return { kind: 'state', holds: (wanted === (looked.includes('SYN') ? 'SYN' : '')) !== negated }
}

function readSet(name: string, direction: string, negated: boolean): PacketMatch {
  return direction === 'src' ? { kind: 'source', of: [`set ${name}`], negated } : unread
}

function readTarget(
  option: string,
  target: string,
  rest: readonly string[],
  isChain: (name: string) => boolean,
): StepVerdict {
  if (isChain(target)) return { kind: option === '-g' ? 'goto' : 'jump', chain: target }
  const after = (name: string) => (rest.includes(name) ? (rest[rest.indexOf(name) + 1] ?? '') : undefined)
  switch (target) {
    case 'ACCEPT':
      return { kind: 'accept' }
    case 'DROP':
      return { kind: 'drop' }
    case 'REJECT':
      return { kind: 'reject' }
    case 'RETURN':
      return { kind: 'return' }
    case 'SNAT':
    case 'MASQUERADE':
      return { kind: 'accept' }
    case 'DNAT':
      return readTranslation(after('--to-destination') ?? '')
    case 'REDIRECT':
      return { kind: 'translate', address: '', port: Number(/^\d{1,5}$/.exec(after('--to-ports') ?? '0')?.[0] ?? -1) }
    case 'NOTRACK':
      return { kind: 'untrack' }
    case 'CT':
      return { kind: rest.includes('--notrack') ? 'untrack' : 'none' }
    case 'MARK': {
      const [value, mask] = markNumbers(after('--set-xmark') ?? '')
      return { kind: 'mark', value: value ?? 0, mask: value === undefined ? -1 : (mask ?? -1) }
    }
    case 'CONNMARK':
      return rest.includes('--restore-mark') ? { kind: 'mark', value: 0, mask: -1 } : { kind: 'none' }
    default:
      return { kind: passingTargets.has(target) ? 'none' : 'opaque' }
  }
}

/** `10.0.0.2:80`, `10.0.0.2`, `[fd00::2]:80`, `fd00::2`; ranges and ports alone are not followed. */
function readTranslation(text: string): StepVerdict {
  const bracketed = /^\[([\da-fA-F:.]+)\](?::(\d{1,5}))?$/.exec(text)
  const plain =
    /^(\d+\.\d+\.\d+\.\d+)(?::(\d{1,5}))?$/.exec(text) ?? /^([\da-fA-F]*:[\da-fA-F]*:[\da-fA-F:]*)$/.exec(text)
  const [, address, port = '0'] = bracketed ?? plain ?? []
  return { kind: 'translate', address, port: Number(port) }
}
