// Splits the text of one sshd_config file (sshd_config(5)) into lines of a keyword and its arguments.

export interface SshdLine {
  /** from 1 */
  readonly line: number
  /** as written */
  readonly keyword: string
  /** without quotes and escapes; empty when there are none */
  readonly arguments: readonly string[]
}

export interface SshdText {
  readonly lines: readonly SshdLine[]
  /** numbers of lines that sshd refuses: quotes left open, a keyword alone, a byte that ends C's strings */
  readonly malformed: readonly number[]
}

/** Longer lines are not written by people. */
const maxLineLength = 16_384

export function parseSshdConfig(text: string): SshdText {
  const lines: SshdLine[] = []
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = index + 1
    const rest = raw.slice(0, maxLineLength + 1).replace(/[ \t\r\f]+$/, '')
    if (rest.length > maxLineLength || rest.includes('\0')) {
      malformed.push(line)
      continue
    }
    const head = splitKeyword(rest.replace(/^[ \t\r]+/, ''))
    if (!head) {
      malformed.push(line)
      continue
    }
    if (head.keyword === '' || head.keyword.startsWith('#')) continue
    const words = splitArguments(head.rest)
    if (words && words.length > 0) lines.push({ line, keyword: head.keyword, arguments: words })
    else malformed.push(line)
  }
  return { lines, malformed }
}

/** The first word, which may stand in quotes, and what follows blanks and at most one `=`. */
function splitKeyword(text: string): { readonly keyword: string; readonly rest: string } | undefined {
  const end = text.search(/[ \t\r"=]/)
  if (end < 0) return { keyword: text, rest: '' }
  if (text[end] === '"') {
    const close = text.indexOf('"', end + 1)
    if (close < 0) return undefined
    return { keyword: text.slice(0, end) + text.slice(end + 1, close), rest: afterBlanks(text.slice(close + 1)) }
  }
  const rest = afterBlanks(text.slice(end + 1))
  const isEqualsLeft = text[end] !== '=' && rest.startsWith('=')
  return { keyword: text.slice(0, end), rest: isEqualsLeft ? afterBlanks(rest.slice(1)) : rest }
}

const afterBlanks = (text: string): string => text.replace(/^[ \t\r]+/, '')

/** Words between blanks with quotes and backslashes, up to a `#` that begins a word; undefined when a quote is open. */
export function splitArguments(text: string): readonly string[] | undefined {
  const words: string[] = []
  let at = 0
  while (at < text.length) {
    if (text[at] === ' ' || text[at] === '\t') {
      at += 1
      continue
    }
    if (text[at] === '#') break
    const word = wordAt(text, at)
    if (!word) return undefined
    words.push(word.text)
    at = word.end
  }
  return words
}

function wordAt(text: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let word = ''
  let quote = ''
  let at = start
  for (; at < text.length; at += 1) {
    const char = text[at] ?? ''
    const next = text[at + 1] ?? ''
    if (char === '\\' && (next === '"' || next === "'" || next === '\\' || (quote === '' && next === ' '))) {
      word += next
      at += 1
    } else if (quote === '' && (char === ' ' || char === '\t')) break
    else if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (quote !== '' && char === quote) quote = ''
    else word += char
  }
  return quote === '' ? { text: word, end: at } : undefined
}
