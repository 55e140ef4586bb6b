// Parses os-release(5): shell-like assignments without expansion.

export interface OsRelease {
  /** variable → value; of repeated ones the last, as in a shell */
  readonly values: ReadonlyMap<string, string>
  /** numbers of the lines that are neither assignments nor comments, from 1 */
  readonly malformed: readonly number[]
}

const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s
/** what a backslash takes its meaning from between double quotes; before anything else it stays */
const escapable = '$"\\`'

/**
 * Values are bare, in single quotes (nothing is special) or in double quotes (a backslash frees dollar, quote,
 * backslash and backtick).
 * White space around a line, a carriage return among it, does not count.
 */
export function parseOsRelease(text: string): OsRelease {
  const values = new Map<string, string>()
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim()
    if (content === '' || content.startsWith('#')) continue
    const [, name, quoted = ''] = assignment.exec(content) ?? []
    const value = name === undefined ? undefined : unquote(quoted)
    if (name === undefined || value === undefined) malformed.push(index + 1)
    else values.set(name, value)
  }
  return { values, malformed }
}

function unquote(quoted: string): string | undefined {
  const quote = quoted[0]
  if (quote !== '"' && quote !== "'") return unquoteBare(quoted)
  if (quoted.length < 2 || !quoted.endsWith(quote)) return undefined
  const inner = quoted.slice(1, -1)
  if (quote === "'") return inner.includes("'") ? undefined : inner
  return unquoteDouble(inner)
}

/** Neither white space nor quotes may stand in a bare value; a backslash frees the character behind it. */
function unquoteBare(bare: string): string | undefined {
  let value = ''
  for (let at = 0; at < bare.length; at += 1) {
    const char = bare[at] ?? ''
    if (char === '\\') {
      at += 1
      if (at >= bare.length) return undefined
      value += bare[at] ?? ''
    } else if (/[\s"']/.test(char)) return undefined
    else value += char
  }
  return value
}

function unquoteDouble(inner: string): string | undefined {
  let value = ''
  for (let at = 0; at < inner.length; at += 1) {
    const char = inner[at] ?? ''
    if (char === '"') return undefined
    if (char !== '\\') {
      value += char
      continue
    }
    const next = inner[at + 1]
    if (next === undefined) return undefined
    value += escapable.includes(next) ? next : `\\${next}`
    at += 1
  }
  return value
}
