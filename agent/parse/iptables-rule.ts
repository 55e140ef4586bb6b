// Reads what one `-A` line of iptables-save asks of a packet that no rule names.
import { type Condition, type FirewallRule, passingTargets, type Verdict } from './firewall-chain.ts'

/** Match extensions that come along with `-p` or say nothing about the packet. */
const silentMatches = new Set(['ah', 'comment', 'dccp', 'esp', 'icmp', 'icmp6', 'sctp', 'tcp', 'udp', 'udplite'])
/** Match extensions that need no option and hold for odd packets only. */
const namingMatches = new Set(['eui64', 'frag', 'rpfilter', 'socket', 'unclean'])

/** Options whose one value may begin like an option; of others a word that does is an option. */
export const optionsWithText: ReadonlySet<string> = new Set(
  `-m -s -d -i -o -p --comment --ctstate --state --dst-type --mark --string --hex-string --name --hashlimit-name
  --match-set --physdev-in --physdev-out --helper --path`.split(/\s+/),
)

/** @param text the line after `-A CHAIN ` @param isChain whether a name is a chain of the same table */
export function readIptablesRule(text: string, isChain: (name: string) => boolean): FirewallRule {
  const words = splitWords(text)
  const conditions: Condition[] = []
  let verdict: Verdict = { kind: 'none' }
  let negated = false
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '!') {
      negated = true
      continue
    }
    if (word === '-j' || word === '-g') {
      verdict = readTarget(word, words[at + 1] ?? '', isChain)
      break
    }
    if (word === '-m') conditions.push(...readExtension(words[at + 1] ?? '', words[at + 2]))
    else if (word.startsWith('-')) conditions.push(...readOption(word, words[at + 1] ?? '', negated))
    if (optionsWithText.has(word)) at++
    negated = false
  }
  return { conditions, verdict, blocks: verdict.kind === 'drop' || verdict.kind === 'reject', leadsTo: [] }
}

/** Words separated by blanks; double quotes hold words together, a backslash inside takes the next character. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char === '"') {
      quoted = !quoted
      word ??= ''
    } else if (quoted && char === '\\') {
      at++
      word = (word ?? '') + (text[at] ?? '')
    } else if (!quoted && (char === ' ' || char === '\t')) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  if (word !== undefined) words.push(word)
  return words
}

function readExtension(name: string, next: string | undefined): readonly Condition[] {
  if (silentMatches.has(name)) return []
  if (namingMatches.has(name)) return ['never']
  const bare = next === undefined || next === '-m' || next === '-j' || next === '-g'
  return bare ? ['maybe'] : []
}

/** Options that name an address, interface, protocol, port, set, owner or kind of message. */
const namingOption =
  /^(?:-[sdiop]|--(?:[sd]ports?|ports|match-set|(?:src|dst)-range|mac-source|icmp(?:v6)?-type|[ug]id-owner|physdev-(?:in|out)|rt-type|src-type|espspi|ahspi|helper|path|cgroup|header|tcp-flags|tcp-option))$/
/** Settings of a match that is named by another option. */
const setting =
  /^--(?:limit-burst|connlimit-(?:mask|saddr|daddr)|hashlimit-(?:burst|mode|srcmask|dstmask|name|htable-\w+|rate-\w+)|return-nomatch|update-\w+)$/
/** What is over a limit is out of the ordinary. */
const overLimit = /^--(?:connlimit-above|hashlimit-above)$/

function readOption(option: string, value: string, negated: boolean): readonly Condition[] {
  if (option === '--comment' || setting.test(option)) return []
  if (option === '--ctstate' || option === '--state') {
    return value.split(',').includes('NEW') === negated ? ['never'] : []
  }
  if (option === '--dst-type') {
    return value.split(',').includes('LOCAL') ? [negated ? 'never' : 'local'] : negated ? [] : ['never']
  }
  // A packet that no rule names bears no mark.
  if (option === '--mark') return /^0x0(?:\/|$)/.test(value) === negated ? ['never'] : []
  if (namingOption.test(option)) return negated ? [] : ['never']
  return [overLimit.test(option) && !negated ? 'never' : 'maybe']
}

function readTarget(option: string, target: string, isChain: (name: string) => boolean): Verdict {
  if (isChain(target)) return { kind: option === '-g' ? 'goto' : 'jump', chain: target }
  switch (target) {
    case 'ACCEPT':
    case 'DNAT':
    case 'SNAT':
    case 'MASQUERADE':
    case 'NETMAP':
    case 'REDIRECT':
    case 'TPROXY':
      return { kind: 'accept' }
    case 'DROP':
      return { kind: 'drop' }
    case 'REJECT':
      return { kind: 'reject' }
    case 'RETURN':
      return { kind: 'return' }
    case 'NFQUEUE':
    case 'QUEUE':
      return { kind: 'queue' }
    default:
      return { kind: passingTargets.has(target) ? 'none' : 'opaque' }
  }
}
