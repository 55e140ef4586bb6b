// Matches paths against AppArmor's patterns (apparmor.d(5), "Globbing") without ever taking longer than their product.

const maxPatternLength = 1_024
const maxVariants = 256

/**
 * Patterns without variables and alternations that mean the same together.
 *
 * @returns undefined for a variable nobody defines, and for a pattern too large to look at
 */
export function expandPattern(
  pattern: string,
  variables: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const found = new Set<string>()
  const waiting = [pattern]
  for (let steps = 0; waiting.length > 0; steps += 1) {
    if (found.size + waiting.length > maxVariants || steps > 16 * maxVariants) return undefined
    const next = waiting.pop() ?? ''
    if (next.length > maxPatternLength) return undefined
    const variants = expandOnce(next, variables)
    if (variants === 'unknown') return undefined
    if (variants) waiting.push(...variants)
    else found.add(next.replace(/\/{2,}/g, '/'))
  }
  return [...found]
}

/** Takes apart the first variable or alternation; undefined when there is none. */
function expandOnce(
  pattern: string,
  variables: ReadonlyMap<string, readonly string[]>,
): readonly string[] | 'unknown' | undefined {
  const variable = /@\{([A-Za-z0-9_]+)\}/.exec(pattern)
  if (variable) {
    const values = variables.get(variable[1] ?? '')
    if (!values || values.length > maxVariants || values.some(value => value.length > maxPatternLength))
      return 'unknown'
    const before = pattern.slice(0, variable.index)
    const after = pattern.slice(variable.index + variable[0].length)
    return values.map(value => before + value + after)
  }
  const open = openingBrace(pattern)
  if (open < 0) return undefined
  const parts = alternatives(pattern, open)
  return parts?.values.map(value => pattern.slice(0, open) + value + pattern.slice(parts.end))
}

function openingBrace(pattern: string): number {
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern[at] === '\\') at += 1
    else if (pattern[at] === '{') return at
  }
  return -1
}

/** What stands between the commas of one alternation; undefined when it is not closed. */
function alternatives(
  pattern: string,
  open: number,
): { readonly values: readonly string[]; readonly end: number } | undefined {
  const values: string[] = []
  let depth = 0
  let from = open + 1
  for (let at = open; at < pattern.length; at += 1) {
    const char = pattern[at]
    if (char === '\\') at += 1
    else if (char === '{') depth += 1
    else if (char === ',' && depth === 1) {
      values.push(pattern.slice(from, at))
      from = at + 1
    } else if (char === '}') {
      depth -= 1
      if (depth === 0) return { values: [...values, pattern.slice(from, at)], end: at + 1 }
    }
  }
  return undefined
}

interface Part {
  /** may stand for any number of characters */
  readonly repeats: boolean
  readonly fits: (char: string) => boolean
}

/** @param pattern one of `expandPattern`: `?`, `*`, `**`, `[…]` and escapes are left */
export function matchesPattern(pattern: string, path: string): boolean {
  const parts = partsOf(pattern)
  let states = closure(parts, new Set([0]))
  for (const char of path) {
    const next = new Set<number>()
    for (const state of states) {
      const part = parts[state]
      if (part?.fits(char)) next.add(part.repeats ? state : state + 1)
    }
    if (next.size === 0) return false
    states = closure(parts, next)
  }
  return states.has(parts.length)
}

/** A part that repeats may also stand for nothing. */
function closure(parts: readonly Part[], states: Set<number>): ReadonlySet<number> {
  for (const state of states) if (parts[state]?.repeats) states.add(state + 1)
  return states
}

const notSlash = (char: string) => char !== '/'
const anything = () => true

function partsOf(pattern: string): readonly Part[] {
  const parts: Part[] = []
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at)
    const end = char === '[' ? pattern.indexOf(']', at + 2) : -1
    if (char === '*') {
      const isDouble = pattern[at + 1] === '*'
      if (isDouble) at += 1
      parts.push({ repeats: true, fits: isDouble ? anything : notSlash })
    } else if (char === '?') parts.push({ repeats: false, fits: notSlash })
    else if (end > 0) {
      parts.push({ repeats: false, fits: characterClass(pattern.slice(at + 1, end)) })
      at = end
    } else {
      if (char === '\\') at += 1
      const literal = pattern.charAt(at)
      parts.push({ repeats: false, fits: found => found === literal })
    }
  }
  return parts
}

/** `a-z`, `abc`, `^a`: never a slash. */
function characterClass(text: string): (char: string) => boolean {
  const negated = text.startsWith('^')
  const ranges: (readonly [from: string, to: string])[] = []
  for (let at = negated ? 1 : 0; at < text.length; at += 1) {
    const from = text.charAt(at)
    const isRange = text[at + 1] === '-' && at + 2 < text.length
    ranges.push([from, isRange ? text.charAt(at + 2) : from])
    if (isRange) at += 2
  }
  return char => char !== '/' && ranges.some(([from, to]) => char >= from && char <= to) !== negated
}
