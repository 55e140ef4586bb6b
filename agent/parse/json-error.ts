// Finds the line in which a text stops being JSON (RFC 8259), without telling what stands there.

type Expected =
  | 'value'
  | 'value or end of list'
  | 'name or end of object'
  | 'name'
  | 'colon'
  | 'comma or end'
  | 'nothing'

const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const word = /true|false|null/y

/** @returns number of the line from 1; 0 when the text is JSON */
export function jsonErrorLine(text: string): number {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let at = skipBlanks(text, 0)
  while (at < text.length) {
    const char = text.charAt(at)
    const step = nextStep(expected, char, open)
    if (!step) return lineAt(text, at)
    const end = step === 'a scalar' ? scalarEnd(text, at) : step === 'a name' ? stringEnd(text, at) : at + 1
    if (end < 0) return lineAt(text, -end - 1)
    expected = step === 'a name' ? 'colon' : step === 'a scalar' ? afterValue(open) : step
    at = skipBlanks(text, end)
  }
  return expected === 'nothing' ? 0 : lineAt(text, text.length)
}

/** What comes after this mark, or what begins with this character. */
function nextStep(expected: Expected, char: string, open: ('{' | '[')[]): Expected | 'a scalar' | 'a name' | undefined {
  if (expected === 'nothing') return undefined
  if (expected === 'colon') return char === ':' ? 'value' : undefined
  if (expected === 'comma or end') {
    if (char === ',') return open.at(-1) === '{' ? 'name' : 'value'
    return close(char, open)
  }
  if (expected === 'name or end of object' && char === '}') return close(char, open)
  if (expected === 'value or end of list' && char === ']') return close(char, open)
  if (expected === 'name' || expected === 'name or end of object') return char === '"' ? 'a name' : undefined
  if (char === '{' || char === '[') {
    open.push(char)
    return char === '{' ? 'name or end of object' : 'value or end of list'
  }
  return 'a scalar'
}

function close(char: string, open: ('{' | '[')[]): Expected | undefined {
  if (char !== (open.at(-1) === '{' ? '}' : ']')) return undefined
  open.pop()
  return afterValue(open)
}

const afterValue = (open: readonly string[]): Expected => (open.length === 0 ? 'nothing' : 'comma or end')

/** Offset behind a scalar, or minus one minus the offset where it goes wrong. */
function scalarEnd(text: string, at: number): number {
  if (text[at] === '"') return stringEnd(text, at)
  for (const expression of [number, word]) {
    expression.lastIndex = at
    const found = expression.exec(text)
    if (found) return at + found[0].length
  }
  return -1 - at
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char === '"') return at + 1
    if (char < ' ') return -1 - at
    if (char !== '\\') continue
    at += 1
    if (text[at] === 'u' && /^[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 5))) at += 4
    else if (!/^["\\/bfnrt]$/.test(text.charAt(at))) return -1 - Math.min(at, text.length)
  }
  return -1 - text.length
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at += 1
  return at
}

function lineAt(text: string, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1
  return line
}
