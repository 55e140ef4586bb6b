// Reads the words of an audit script: quotes, backslashes, variables and what another script prints.
import { type Part, type Script, UnansweredAudit, type Word } from './script.ts'

export interface Scanner {
  readonly text: string
  at: number
  depth: number
  /** parses the script within $( ) or backticks */
  readonly inner: (text: string, depth: number) => Script
}

export const unsupported = (what: string): UnansweredAudit => new UnansweredAudit(what)

export const sees = ({ text, at }: Scanner, token: string): boolean => text.startsWith(token, at)

/** Blanks, line ends behind a backslash, comments. */
export function skipBlanks(scanner: Scanner): void {
  for (;;) {
    const char = scanner.text[scanner.at]
    if (char === ' ' || char === '\t' || char === '\r') scanner.at++
    else if (sees(scanner, '\\\n')) scanner.at += 2
    else if (char === '#') {
      while (scanner.at < scanner.text.length && !sees(scanner, '\n')) scanner.at++
    } else return
  }
}

/** The plain word that comes next, without taking it; empty for one with quotes or variables. */
export function peekWord({ text, at }: Scanner): string {
  const found = /^[^\s;&|<>()'"`$\\#]+/.exec(text.slice(at, at + 200))?.[0] ?? ''
  return /^['"`$\\]/.test(text[at + found.length] ?? '') ? '' : found
}

/** Ends before a blank or an operator. @returns undefined where no word begins */
export function readWord(scanner: Scanner): Word | undefined {
  const start = scanner.at
  const parts: Part[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') parts.push({ kind: 'text', text: plain, quoted: false })
    plain = ''
  }
  while (scanner.at < scanner.text.length) {
    const char = scanner.text[scanner.at] ?? ''
    if (/[\s;&|<>()]/.test(char)) break
    if (sees(scanner, '\\\n')) scanner.at += 2
    else if (char === "'" || char === '"' || char === '\\') {
      flush()
      parts.push(...(char === '"' ? readDouble(scanner) : [char === "'" ? readSingle(scanner) : readEscaped(scanner)]))
    } else if (char === '$' || char === '`') {
      flush()
      parts.push(readExpansion(scanner, false))
    } else {
      if (char === '~' && scanner.at === start) throw unsupported('~')
      plain += char
      scanner.at++
    }
  }
  flush()
  return scanner.at === start ? undefined : parts
}

function readSingle(scanner: Scanner): Part {
  const end = scanner.text.indexOf("'", scanner.at + 1)
  if (end < 0) throw unsupported("a ' that is not closed")
  const text = scanner.text.slice(scanner.at + 1, end)
  scanner.at = end + 1
  return { kind: 'text', text, quoted: true }
}

function readEscaped(scanner: Scanner): Part {
  const text = scanner.text[scanner.at + 1]
  if (text === undefined) throw unsupported('a \\ at the end')
  scanner.at += 2
  return { kind: 'text', text, quoted: true }
}

function readDouble(scanner: Scanner): readonly Part[] {
  const parts: Part[] = []
  let text = ''
  scanner.at++
  for (;;) {
    const char = scanner.text[scanner.at]
    const next = scanner.text[scanner.at + 1] ?? ''
    if (char === undefined) throw unsupported('a " that is not closed')
    if (char === '"') break
    if (char === '$' || char === '`') {
      parts.push({ kind: 'text', text, quoted: true })
      text = ''
      parts.push(readExpansion(scanner, true))
    } else if (char === '\\' && '$`"\\\n'.includes(next) && next !== '') {
      if (next !== '\n') text += next
      scanner.at += 2
    } else {
      text += char
      scanner.at++
    }
  }
  scanner.at++
  return [...parts, { kind: 'text', text, quoted: true }]
}

/** From a $ or a backtick on. A $ that begins nothing stands for itself. */
function readExpansion(scanner: Scanner, quoted: boolean): Part {
  if (sees(scanner, '`')) {
    const end = scanner.text.indexOf('`', scanner.at + 1)
    if (end < 0) throw unsupported('a ` that is not closed')
    const text = scanner.text.slice(scanner.at + 1, end)
    if (text.includes('\\')) throw unsupported('a \\ within backticks')
    scanner.at = end + 1
    return { kind: 'output', script: scanner.inner(text, scanner.depth), quoted }
  }
  const rest = scanner.text.slice(scanner.at, scanner.at + 200)
  if (rest.startsWith('$((')) throw unsupported('$((')
  if (rest.startsWith('$(')) {
    const end = closingBracket(scanner)
    const text = scanner.text.slice(scanner.at + 2, end)
    scanner.at = end + 1
    return { kind: 'output', script: scanner.inner(text, scanner.depth), quoted }
  }
  const name = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(rest)
  if (name) {
    scanner.at += name[0].length
    return { kind: 'variable', name: name[1] ?? name[2] ?? '', quoted, otherwise: undefined }
  }
  const preset = /^\$\{([A-Za-z_]\w*):-([\w./:-]*)\}/.exec(rest)
  if (preset) {
    scanner.at += preset[0].length
    const otherwise: Word = [{ kind: 'text', text: preset[2] ?? '', quoted: true }]
    return { kind: 'variable', name: preset[1] ?? '', quoted, otherwise }
  }
  if (/^\$[{\d@*#?$!'"-]/.test(rest) && !(quoted && rest[1] === '"')) throw unsupported(rest.slice(0, 2))
  scanner.at++
  return { kind: 'text', text: '$', quoted: true }
}

/** Where $( ends: brackets are counted outside quotes. */
function closingBracket({ text, at }: Scanner): number {
  let open = 1
  let quote = ''
  for (let place = at + 2; place < text.length; place++) {
    const char = text[place] ?? ''
    if (char === '\\' && quote !== "'") place++
    else if (quote !== '') quote = char === quote ? '' : quote
    else if (char === "'" || char === '"') quote = char
    else if (char === '(') open++
    else if (char === ')' && --open === 0) return place
  }
  throw unsupported('a $( that is not closed')
}
