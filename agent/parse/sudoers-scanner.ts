// Reads words and punctuation of one logical sudoers line.

/** Thrown for a line that breaks the grammar; the parser turns it into the line's number. */
export class SudoersSyntaxError extends Error {}

export interface SudoersScanner {
  /** whether nothing but blanks is left */
  atEnd(): boolean
  /** Takes a punctuation mark and the blanks before it. */
  take(mark: string): boolean
  /** @throws SudoersSyntaxError when the mark does not come next */
  expect(mark: string): void
  /** Takes what a sticky expression matches after blanks; its first group, or the whole match. */
  match(expression: RegExp): string | undefined
  /** A name or value: quoted, or up to a blank or one of `ends`; `\` takes the next character as it is. */
  word(ends: string): string
  /** Skips up to one of `ends` that is not escaped, and returns nothing of it: it may be secret. */
  skip(ends: string): void
}

export function scanSudoers(text: string): SudoersScanner {
  let at = 0
  const skipBlanks = () => {
    while (text[at] === ' ' || text[at] === '\t') at += 1
  }
  const take = (mark: string) => {
    skipBlanks()
    if (!text.startsWith(mark, at)) return false
    at += mark.length
    return true
  }
  const unquoted = (ends: string) => {
    let word = ''
    for (; at < text.length; at += 1) {
      const char = text.charAt(at)
      if (char === '\\' && at + 1 < text.length) word += text.charAt(++at)
      else if (char === ' ' || char === '\t' || ends.includes(char)) break
      else word += char
    }
    return word
  }
  const quoted = () => {
    let word = ''
    for (at += 1; at < text.length; at += 1) {
      const char = text.charAt(at)
      if (char === '"') {
        at += 1
        return word
      }
      if (char === '\\' && /["\\]/.test(text.charAt(at + 1))) word += text.charAt(++at)
      else word += char
    }
    throw new SudoersSyntaxError('a quote is not closed')
  }
  return {
    atEnd() {
      skipBlanks()
      return at >= text.length
    },
    take,
    expect(mark) {
      if (!take(mark)) throw new SudoersSyntaxError(`expected ${mark}`)
    },
    match(expression) {
      skipBlanks()
      expression.lastIndex = at
      const found = expression.exec(text)
      if (!found) return undefined
      at += found[0].length
      return found[1] ?? found[0]
    },
    word(ends) {
      skipBlanks()
      const word = text[at] === '"' ? quoted() : unquoted(ends)
      if (word === '') throw new SudoersSyntaxError('expected a word')
      return word
    },
    skip(ends) {
      for (; at < text.length && !ends.includes(text.charAt(at)); at += 1) if (text[at] === '\\') at += 1
    },
  }
}
