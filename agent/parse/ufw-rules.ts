// Parses the rules of ufw's user.rules and user6.rules from their `### tuple ###` lines.
import type { UfwRule } from '../../proto/facets/firewall.ts'

/** A rule as its line declares it. */
export type DeclaredUfwRule = Omit<UfwRule, 'hiddenBy' | 'loaded'>

export interface UfwRulesFile {
  readonly rules: readonly DeclaredUfwRule[]
  /** numbers of the tuple lines that ufw itself skips as malformed, from 1 */
  readonly malformed: readonly number[]
}

/** Begins the line that declares a rule. */
export const ufwTuple = '### tuple ###'
const maxLineLength = 4096

/**
 * `ACTION PROTOCOL DPORT DST SPORT SRC [DAPP SAPP] [DIRECTION] [comment=HEX]`, as ufw's own reader takes it: ACTION may
 * begin with `route:` and end in `_log` or `_log-all`, DIRECTION may name interfaces (`in_eth0`, `in_eth0!out_eth1`).
 * The iptables lines that follow a tuple are made from it; `ufw-kernel-lines.ts` reads them.
 */
export function parseUfwRules(text: string, family: 'ipv4' | 'ipv6'): UfwRulesFile {
  const rules: DeclaredUfwRule[] = []
  const malformed: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.startsWith(ufwTuple)) continue
    const rule = readUfwTuple(line, family, rules.length + 1)
    if (rule) rules.push(rule)
    else malformed.push(index + 1)
  }
  return { rules, malformed }
}

/** The rule that a line declares; undefined for what ufw skips as malformed. */
export function readUfwTuple(line: string, family: 'ipv4' | 'ipv6', position: number): DeclaredUfwRule | undefined {
  return line.length <= maxLineLength ? readTuple(line.slice(ufwTuple.length), family, position) : undefined
}

function readTuple(text: string, family: 'ipv4' | 'ipv6', position: number): DeclaredUfwRule | undefined {
  const [tuple = '', hex, ...more] = text.split(' comment=')
  const words = tuple.trim().split(/\s+/)
  if (words.length < 6 || words.length > 9 || more.length > 0) return undefined
  const [actionText = '', protocol = '', toPort = '', to = '', fromPort = '', from = ''] = words
  const [toApp, fromApp] = words.length >= 8 ? [readApp(words[6]), readApp(words[7])] : ['', '']
  const action = readAction(actionText)
  // Old versions wrote no direction: six words, or eight with applications.
  const way = readWay(words.length % 2 === 1 ? (words.at(-1) ?? '') : 'in')
  const comment = hex === undefined ? '' : readComment(hex.trim())
  if (!action || !way || comment === undefined) return undefined
  const ends = { to: readAddress(to), from: readAddress(from) }
  if (ends.to === undefined || ends.from === undefined) return undefined
  if (!/^[a-z][a-z0-9-]{0,15}$/.test(protocol) || !isPort(toPort) || !isPort(fromPort)) return undefined
  return {
    family,
    position,
    action: action.action,
    direction: action.routed ? 'routed' : way.direction,
    protocol,
    to: ends.to,
    toPort,
    toApp,
    from: ends.from,
    fromPort,
    fromApp,
    interfaceIn: way.interfaceIn,
    interfaceOut: way.interfaceOut,
    log: action.log,
    comment,
  }
}

/** A word that is no action denies: that is what ufw makes of it. */
function readAction(text: string) {
  const [before = '', after] = text.split(':')
  const [word = '', log = ''] = (after ?? before).toLowerCase().split('_')
  if (log !== '' && log !== 'log' && log !== 'log-all') return undefined
  const action: UfwRule['action'] = word === 'allow' || word === 'reject' || word === 'limit' ? word : 'deny'
  return { routed: after !== undefined, action, log } as const
}

interface Way {
  readonly direction: 'in' | 'out'
  readonly interfaceIn: string
  readonly interfaceOut: string
}

function readWay(text: string): Way | undefined {
  const [first = '', second] = text.split('!')
  if (second !== undefined) {
    const inside = readInterface(first, 'in_')
    const outside = readInterface(second, 'out_')
    if (inside === undefined || outside === undefined) return undefined
    return { direction: 'in', interfaceIn: inside, interfaceOut: outside }
  }
  if (text === 'in' || text === 'out') return { direction: text, interfaceIn: '', interfaceOut: '' }
  const inside = readInterface(text, 'in_')
  if (inside !== undefined) return { direction: 'in', interfaceIn: inside, interfaceOut: '' }
  const outside = readInterface(text, 'out_')
  return outside === undefined ? undefined : { direction: 'out', interfaceIn: '', interfaceOut: outside }
}

/** Interface names of the kernel: at most 15 bytes, no slash, colon or white space. */
function readInterface(text: string, prefix: string): string | undefined {
  if (!text.startsWith(prefix)) return undefined
  const name = text.slice(prefix.length)
  return /^[^/:!\s]{1,15}$/.test(name) && name !== '.' && name !== '..' ? name : undefined
}

const readApp = (word = '-') => (word === '-' ? '' : word.replaceAll('%20', ' '))

function readAddress(text: string): string | undefined {
  const address = text.toLowerCase()
  if (address === 'any' || address === '0.0.0.0/0' || address === '::/0') return 'any'
  const [, host = '', mask = ''] = /^([0-9a-f.:]+)(?:\/([0-9.]+))?$/.exec(address) ?? []
  const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
  const known = ipv4.test(host)
    ? mask === '' || /^\d{1,2}$/.test(mask) || ipv4.test(mask)
    : host.includes(':') && /^\d{0,3}$/.test(mask)
  return known ? address : undefined
}

/** `any`, or numbers, ranges `10:20` and names of services, joined by commas. */
function isPort(text: string): boolean {
  return /^(?:any|[a-zA-Z0-9_][\w-]*(?::\d+)?(?:,[a-zA-Z0-9_][\w-]*(?::\d+)?)*)$/.test(text)
}

function readComment(hex: string): string | undefined {
  if (hex.length % 2 === 1 || !/^[0-9a-fA-F]*$/.test(hex)) return undefined
  return decodeUtf8(Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16)))
}

function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}
