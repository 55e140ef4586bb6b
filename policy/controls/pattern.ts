// Regular expressions of Go, grep, awk and sed, matched in time linear in pattern times text.
import {
  add,
  build,
  groupsOf,
  PatternError,
  type Place,
  run,
  type State,
  type Test,
  type Tree,
} from './pattern-states.ts'

export { PatternError } from './pattern-states.ts'

/** `go`: RE2 as Go has it; `extended` and `basic`: POSIX as GNU grep and sed read them. */
export type Dialect = 'go' | 'extended' | 'basic'

export interface Pattern {
  /** whether it matches anywhere */
  test(text: string): boolean
  /** the leftmost, longest match at or after an offset */
  find(text: string, from: number): Place | undefined
  /**
   * What the groups of a match took, by number from 1. @throws PatternError for groups that repeat or stand beside
   * alternatives, of which expressions of different origin take different ones
   */
  groups(text: string, match: Place): readonly string[]
}

const maxPattern = 2000
const maxFindLength = 20_000

/** @throws PatternError */
export function compilePattern(source: string, dialect: Dialect, ignoreCase: boolean = false): Pattern {
  if (source.length > maxPattern) throw new PatternError('is too long')
  const inline = dialect === 'go' ? /^\(\?i\)/.exec(source) : null
  const fold = ignoreCase || inline !== null
  const reader = { source, at: inline ? 4 : 0, dialect, fold, depth: 0, groups: 0 }
  const tree = readAlternatives(reader)
  if (reader.at < source.length) throw new PatternError('has a ) too many')
  const states: State[] = []
  const accept = add(states, { next: [] })
  const start = build(tree, accept, states)
  return {
    test: text => run(states, start, accept, text, 0, true) >= 0,
    find: (text, from) => {
      if (text.length > maxFindLength) throw new PatternError('is held against a line that is too long')
      if (run(states, start, accept, text, from, true) < 0) return undefined
      for (let at = from; at <= text.length; at++) {
        const end = run(states, start, accept, text, at, false)
        if (end >= 0) return { start: at, end }
      }
      return undefined
    },
    groups: (text, match) => {
      if (hasUncertainGroups(tree)) throw new PatternError('has groups that repeat or stand beside alternatives')
      return groupsOf(states, start, accept, text, match)
    },
  }
}

/** Whether groups stand beside alternatives anywhere, or within what repeats. */
function hasUncertainGroups(tree: Tree): boolean {
  return has(tree, 'group') && (has(tree, 'any') || repeatsGroup(tree))
}

function partsOf(tree: Tree): readonly Tree[] {
  if ('parts' in tree) return tree.parts
  return 'part' in tree ? [tree.part] : []
}

const has = (tree: Tree, kind: Tree['kind']): boolean =>
  tree.kind === kind || partsOf(tree).some(part => has(part, kind))

const repeatsGroup = (tree: Tree): boolean =>
  tree.kind === 'repeat' ? has(tree, 'group') : partsOf(tree).some(repeatsGroup)

interface Reader {
  readonly source: string
  at: number
  readonly dialect: Dialect
  readonly fold: boolean
  depth: number
  /** groups that were opened so far */
  groups: number
}

const isBasic = ({ dialect }: Reader) => dialect === 'basic'
/** Basic expressions have their operators behind a backslash. */
const operator = (reader: Reader, char: string) => (isBasic(reader) ? `\\${char}` : char)
const sees = ({ source, at }: Reader, token: string) => source.startsWith(token, at)

function readAlternatives(reader: Reader): Tree {
  const parts = [readSequence(reader)]
  while (sees(reader, operator(reader, '|'))) {
    reader.at += operator(reader, '|').length
    parts.push(readSequence(reader))
  }
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'any', parts }
}

function readSequence(reader: Reader): Tree {
  const parts: Tree[] = []
  const start = reader.at
  while (reader.at < reader.source.length) {
    if (sees(reader, operator(reader, '|')) || sees(reader, operator(reader, ')'))) break
    const atom = readAtom(reader, reader.at === start)
    parts.push(readRepeats(reader, atom))
  }
  return { kind: 'all', parts }
}

function readAtom(reader: Reader, first: boolean): Tree {
  const open = operator(reader, '(')
  if (sees(reader, open)) return readGroup(reader, open)
  const char = reader.source[reader.at] ?? ''
  reader.at++
  if (char === '\\') return readEscape(reader)
  if (char === '[') return { kind: 'char', test: readSet(reader) }
  if (char === '.') return { kind: 'char', test: other => other !== '\n' }
  if (char === '^' && (!isBasic(reader) || first)) return { kind: 'start' }
  if (char === '$' && (!isBasic(reader) || isLast(reader))) return { kind: 'end' }
  if (!isBasic(reader) && '*+?'.includes(char)) throw new PatternError(`repeats nothing with ${char}`)
  return literal(reader, char)
}

const isLast = (reader: Reader) => reader.at >= reader.source.length || sees(reader, '\\)') || sees(reader, '\\|')

function literal({ fold }: Reader, char: string): Tree {
  const lower = char.toLowerCase()
  return { kind: 'char', test: fold ? other => other.toLowerCase() === lower : other => other === char }
}

function readGroup(reader: Reader, open: string): Tree {
  reader.at += open.length
  let number = ++reader.groups
  if (reader.dialect === 'go' && sees(reader, '?')) {
    const named = /^\?(:|P?<[A-Za-z_]\w*>)/.exec(reader.source.slice(reader.at, reader.at + 80))
    if (!named) throw new PatternError('has a group that is not supported')
    reader.at += named[0].length
    if (named[1] === ':') {
      reader.groups--
      number = 0
    }
  }
  if (++reader.depth > 50) throw new PatternError('is nested too deeply')
  const inner = readAlternatives(reader)
  const close = operator(reader, ')')
  if (!sees(reader, close)) throw new PatternError('lacks a )')
  reader.at += close.length
  reader.depth--
  return number === 0 ? inner : { kind: 'group', number, part: inner }
}

const classes: Readonly<Record<string, Test>> = {
  d: char => /[0-9]/.test(char),
  w: char => /[A-Za-z0-9_]/.test(char),
  s: char => /[\t\n\f\r ]/.test(char),
  D: char => !/[0-9]/.test(char),
  W: char => !/[A-Za-z0-9_]/.test(char),
  S: char => !/[\t\n\f\r ]/.test(char),
}

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', v: '\v' }

function readEscape(reader: Reader): Tree {
  const char = reader.source[reader.at]
  if (char === undefined) throw new PatternError('ends in a backslash')
  reader.at++
  const isGo = reader.dialect === 'go'
  const known = classes[char]
  if (known && (isGo || 'wWsS'.includes(char))) return { kind: 'char', test: known }
  if (char === 'b') return { kind: 'boundary' }
  if (isGo && char === 'A') return { kind: 'start' }
  if (isGo && char === 'z') return { kind: 'end' }
  const control = isGo ? controls[char] : undefined
  if (control !== undefined) return literal(reader, control)
  if (/[A-Za-z0-9<>`']/.test(char)) throw new PatternError(`has \\${char}, which is not supported`)
  if (isBasic(reader) && '+?{'.includes(char)) throw new PatternError(`repeats nothing with \\${char}`)
  return literal(reader, char)
}

const named: Readonly<Record<string, RegExp>> = {
  ...{ alpha: /[A-Za-z]/, digit: /[0-9]/, alnum: /[A-Za-z0-9]/, upper: /[A-Z]/, lower: /[a-z]/ },
  ...{ space: /[ \t\n\v\f\r]/, blank: /[ \t]/, punct: /[!-/:-@[-`{-~]/, xdigit: /[0-9A-Fa-f]/ },
}

/** From behind the opening bracket to behind the closing one. */
function readSet(reader: Reader): Test {
  const { source, fold } = reader
  const negated = sees(reader, '^')
  if (negated) reader.at++
  const tests: Test[] = []
  for (let first = true; ; first = false) {
    const char = source[reader.at]
    if (char === undefined) throw new PatternError('lacks a ]')
    if (char === ']' && !first) break
    tests.push(readMember(reader))
  }
  reader.at++
  const has = (char: string) => tests.some(test => test(char))
  const either = fold ? (char: string) => has(char.toLowerCase()) || has(char.toUpperCase()) : has
  return negated ? char => !either(char) : either
}

function readMember(reader: Reader): Test {
  const { source } = reader
  const found = /^\[:(\w+):\]/.exec(source.slice(reader.at, reader.at + 12))
  if (found) {
    const test = named[found[1] ?? '']
    if (!test) throw new PatternError(`has no class [:${found[1]}:]`)
    reader.at += found[0].length
    return char => test.test(char)
  }
  if (sees(reader, '[.') || sees(reader, '[=')) throw new PatternError('has a collating element')
  const low = readMemberChar(reader)
  if (typeof low !== 'string') return low
  const isRange = source[reader.at] === '-' && (source[reader.at + 1] ?? ']') !== ']'
  if (!isRange) return char => char === low
  reader.at++
  const high = readMemberChar(reader)
  if (typeof high !== 'string' || high < low) throw new PatternError('has a range that is none')
  return char => char >= low && char <= high
}

/** POSIX takes a backslash in a set as it is. */
function readMemberChar(reader: Reader): string | Test {
  const char = reader.source[reader.at] ?? ''
  reader.at++
  if (char !== '\\' || reader.dialect !== 'go') return char
  const escaped = reader.source[reader.at]
  if (escaped === undefined) throw new PatternError('ends in a backslash')
  reader.at++
  const known = classes[escaped] ?? controls[escaped]
  if (known === undefined && /[A-Za-z0-9]/.test(escaped)) {
    throw new PatternError(`has \\${escaped}, which is not supported`)
  }
  return known ?? escaped
}

function readRepeats(reader: Reader, atom: Tree): Tree {
  let part = atom
  for (let count = 0; ; count++) {
    const found = readRepeat(reader)
    if (!found) return part
    if (count > 3) throw new PatternError('repeats what is repeated')
    part = { kind: 'repeat', part, min: found.min, max: found.max }
  }
}

function readRepeat(reader: Reader): { readonly min: number; readonly max: number } | undefined {
  const rest = reader.source.slice(reader.at, reader.at + 24)
  const found = (isBasic(reader) ? /^(?:\*|\\[+?]|\\\{(\d*)(,?)(\d*)\\\})/ : /^(?:[*+?]|\{(\d*)(,?)(\d*)\})/).exec(rest)
  if (!found) return undefined
  const [token, low = '', comma, high = ''] = found
  reader.at += token.length
  if (reader.dialect === 'go' && sees(reader, '?')) reader.at++
  const char = token.replace(/^\\/, '')[0]
  if (char === '*') return { min: 0, max: Number.POSITIVE_INFINITY }
  if (char === '+') return { min: 1, max: Number.POSITIVE_INFINITY }
  if (char === '?') return { min: 0, max: 1 }
  if (low === '') throw new PatternError('has braces that count nothing')
  const min = Number(low)
  const max = comma === '' ? min : high === '' ? Number.POSITIVE_INFINITY : Number(high)
  if (min > 1000 || (max !== Number.POSITIVE_INFINITY && (max > 1000 || max < min))) {
    throw new PatternError('counts too far')
  }
  return { min, max }
}
