// Cuts sudoers text into logical lines: continuations joined, comments gone, `#include` and `#uid` kept (sudoers(5)).

export interface SudoersLine {
  /** number of its first physical line, from 1 */
  readonly line: number
  readonly text: string
}

/** Lines that hold something. A comment ends at its line's end even when that ends in a backslash. */
export function sudoersLines(text: string): readonly SudoersLine[] {
  const lines: SudoersLine[] = []
  let joined: string[] = []
  let first = 1
  for (const [index, raw] of text.split('\n').entries()) {
    if (joined.length === 0) first = index + 1
    const physical = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    const isInclude = joined.length === 0 && /^[ \t]*#include(?:dir)?[ \t]/.test(physical)
    const content = isInclude ? physical : withoutComment(physical)
    const continued = content.length === physical.length ? beforeContinuation(content) : undefined
    joined.push(continued ?? content)
    if (continued !== undefined) continue
    addLine(lines, first, joined)
    joined = []
  }
  addLine(lines, first, joined)
  return lines
}

function addLine(lines: SudoersLine[], line: number, pieces: readonly string[]): void {
  const text = pieces.join(' ').replace(/^[ \t]+/, '')
  if (/[^ \t]/.test(text)) lines.push({ line, text })
}

/** `#` begins a comment unless it is quoted, escaped or stands before a number, which makes it an id. */
function withoutComment(line: string): string {
  if (!line.includes('#')) return line
  let quoted = false
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]
    if (char === '\\') at += 1
    else if (char === '"') quoted = quoted ? false : opensQuote(line[at - 1])
    else if (char === '#' && !quoted && !/^#-?[0-9]/.test(line.slice(at, at + 3))) return line.slice(0, at)
  }
  return line
}

/** A quote in the middle of a word (an argument such as `it"s`) is an ordinary character. */
const opensQuote = (before: string | undefined) => before === undefined || /[ \t,=:!(>@]/.test(before)

/** The content before a backslash at the end, which may have blanks behind it; undefined when there is none. */
function beforeContinuation(line: string): string | undefined {
  let end = line.length
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1
  let slashes = 0
  while (slashes < end && line[end - 1 - slashes] === '\\') slashes += 1
  return slashes % 2 === 1 ? line.slice(0, end - 1) : undefined
}
