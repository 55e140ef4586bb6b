// Cuts AppArmor policy (apparmor.d(5)) into words, marks and variable assignments; comments and includes are passed over.

export type AppArmorToken =
  | { readonly kind: 'word'; readonly text: string; readonly line: number }
  /** block braces, and the comma that ends a rule */
  | { readonly kind: 'open' | 'close' | 'comma'; readonly line: number }
  | { readonly kind: 'variable'; readonly name: string; readonly values: readonly string[]; readonly line: number }

const include = /#?include(?:[ \t]+if[ \t]+exists)?[ \t]*(?:<[^>\n]*>|"[^"\n]*"|[ \t][^\s{}]+)/y
const assignment = /(?:@\{([A-Za-z0-9_]+)\}|\$\{?[A-Za-z0-9_]+\}?)[ \t]*\+?=([^\n]*)/y
/** `{a,b}` at the beginning of a word; a block has blanks in it, or nothing. */
const alternation = /\{[^\s{},]*,[^\s{}]*\}/y

/** Every token of the text in order. */
export function* apparmorTokens(text: string): Generator<AppArmorToken> {
  let at = 0
  let line = 1
  let fresh = true
  let afterArrow = false
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '\n') line += 1
    const directive = fresh ? (sticky(include, text, at) ?? sticky(assignment, text, at)) : undefined
    if (directive) {
      const [all, name, values = ''] = directive
      if (name !== undefined) yield { kind: 'variable', name, values: variableValues(values), line }
      at += all.length
    } else if (/\s/.test(char)) at += 1
    else if (char === '#') at = endOfLine(text, at)
    else if (char === '{' && !afterArrow && !sticky(alternation, text, at)) {
      yield { kind: 'open', line }
      fresh = true
      at += 1
    } else if (char === '}' || char === ',') {
      yield { kind: char === '}' ? 'close' : 'comma', line }
      fresh = true
      at += 1
    } else {
      const word = readWord(text, at)
      yield { kind: 'word', text: word.text, line }
      line += word.lines
      at = word.end
      fresh = false
      afterArrow = word.text === '->'
      continue
    }
    if (char !== ' ' && char !== '\t') afterArrow = false
  }
}

function sticky(expression: RegExp, text: string, at: number): RegExpExecArray | undefined {
  expression.lastIndex = at
  return expression.exec(text) ?? undefined
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end
}

interface Word {
  readonly text: string
  readonly end: number
  /** line ends inside of quotes */
  readonly lines: number
}

/**
 * A word ends at a blank, at a comma that a blank or a brace follows, and at a brace that closes nothing of its own.
 * Quotes are taken off; a backslash stays with the character it escapes.
 */
function readWord(text: string, start: number): Word {
  let word = ''
  let depth = 0
  let lines = 0
  let at = start
  for (; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '"') {
      const end = closingQuote(text, at + 1)
      const quoted = text.slice(at + 1, end)
      word += quoted
      lines += quoted.split('\n').length - 1
      at = end
    } else if (char === '\\') {
      at += 1
      word += char + text.charAt(at)
      if (text.charAt(at) === '\n') lines += 1
    } else if (/\s/.test(char)) break
    else if (char === ',' && depth === 0 && /^[\s}#]?$/.test(text.charAt(at + 1))) break
    else if (char === '}' && depth === 0) break
    else {
      if (char === '{') depth += 1
      if (char === '}') depth -= 1
      word += char
    }
  }
  return { text: word, end: Math.max(at, start + 1), lines }
}

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '"') return at
  }
  return text.length
}

/** Values of `@{NAME} = a b "c d"`, up to a comment. */
function variableValues(text: string): readonly string[] {
  const values: string[] = []
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at)
    if (char === '#') break
    if (/[\s,]/.test(char)) at += 1
    else {
      const { text: word, end } = readWord(text, at)
      if (word !== '') values.push(word)
      at = end
    }
  }
  return values
}
