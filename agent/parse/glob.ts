// Matches shell patterns as fnmatch(3) without flags does, in time linear in pattern times text.

/** `*`, `?` and `[a-z]`, `[!a-z]`; a backslash takes the next character as it is. */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0
  let from = 0
  let starAt = -1
  let starFrom = 0
  while (from < text.length) {
    const step = pattern[at] === '*' ? 0 : stepLength(pattern, at, text[from] ?? '')
    if (pattern[at] === '*') {
      starAt = at
      starFrom = from
      at++
    } else if (step > 0) {
      at += step
      from++
    } else if (starAt >= 0) {
      at = starAt + 1
      starFrom++
      from = starFrom
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}

/** Whether a text holds a character that means something in a pattern. */
export const isGlob = (text: string): boolean => /[*?[]/.test(text)

/** Number of pattern characters that match one text character, 0 when they do not. */
function stepLength(pattern: string, at: number, char: string): number {
  const token = pattern[at]
  if (token === undefined) return 0
  if (token === '?') return 1
  if (token === '\\' && at + 1 < pattern.length) return pattern[at + 1] === char ? 2 : 0
  if (token !== '[') return token === char ? 1 : 0
  const negated = pattern[at + 1] === '!' || pattern[at + 1] === '^'
  const start = at + (negated ? 2 : 1)
  const end = pattern.indexOf(']', start + 1)
  if (end < 0) return char === '[' ? 1 : 0
  return inBracket(pattern.slice(start, end), char) !== negated ? end + 1 - at : 0
}

function inBracket(members: string, char: string): boolean {
  for (let at = 0; at < members.length; at++) {
    const low = members[at] ?? ''
    const high = members[at + 2]
    if (members[at + 1] === '-' && high !== undefined) {
      if (char >= low && char <= high) return true
      at += 2
    } else if (char === low) return true
  }
  return false
}
