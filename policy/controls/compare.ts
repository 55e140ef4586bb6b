// The operators that hold what was found against what a check wants.
import type { Reading } from './controls.ts'
import { compilePattern } from './pattern.ts'

export interface Comparison {
  readonly passed: boolean
  /** what is expected, in words that users of kube-bench's JSON know; empty for an operator that there is not */
  readonly expected: string
}

export interface Compared {
  readonly op: string
  /** as found */
  readonly actual: string
  /** as the check gives it */
  readonly wanted: string
  /** flag, path or variable that the value is of */
  readonly name: string
}

export const operators = [
  ...['eq', 'noteq', 'gt', 'gte', 'lt', 'lte', 'has', 'nothave', 'regex', 'valid_elements', 'bitmask'],
] as const

/** @throws PatternError for an expression that cannot be read */
export function compare({ op, actual, wanted, name }: Compared, reading: Reading): Comparison {
  switch (op) {
    case 'eq':
      return { passed: isEqual(actual, wanted, reading), expected: `'${name}' is equal to '${wanted}'` }
    case 'noteq':
      return { passed: !isEqual(actual, wanted, reading), expected: `'${name}' is not equal to '${wanted}'` }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return compareNumbers(op, actual, wanted, name)
    case 'has':
      return { passed: actual.includes(wanted), expected: `'${name}' has '${wanted}'` }
    case 'nothave':
      return { passed: !actual.includes(wanted), expected: `'${name}' does not have '${wanted}'` }
    case 'regex':
      return {
        passed: compilePattern(wanted, 'go').test(actual),
        expected: `'${name}' matched by regex expression '${wanted}'`,
      }
    case 'valid_elements':
      return {
        passed: areAllIn(elementsOf(actual), elementsOf(wanted)),
        expected: `'${name}' contains valid elements from '${wanted}'`,
      }
    case 'bitmask':
      return compareBits(actual, wanted, name)
    default:
      return { passed: false, expected: '' }
  }
}

/** Truth values are compared in lower case; kube-bench only does so with what it found. */
function isEqual(actual: string, wanted: string, reading: Reading): boolean {
  const isTruth = /^(true|false)$/i.test(actual)
  if (!isTruth) return actual === wanted
  return actual.toLowerCase() === (reading === 'strict' ? wanted : wanted.toLowerCase())
}

const relations = {
  gt: { words: 'is greater than', holds: (a: bigint, b: bigint) => a > b },
  gte: { words: 'is greater or equal to', holds: (a: bigint, b: bigint) => a >= b },
  lt: { words: 'is lower than', holds: (a: bigint, b: bigint) => a < b },
  lte: { words: 'is lower or equal to', holds: (a: bigint, b: bigint) => a <= b },
} as const

function compareNumbers(op: keyof typeof relations, actual: string, wanted: string, name: string): Comparison {
  const [a, b] = [integerOf(actual.trim()), integerOf(wanted.trim())]
  if (a === undefined || b === undefined) {
    return { passed: false, expected: `Invalid Number(s) used for comparison: '${actual}' '${wanted}'` }
  }
  return { passed: relations[op].holds(a, b), expected: `'${name}' ${relations[op].words} ${wanted}` }
}

/** Decimal, in 64 bits. */
function integerOf(text: string): bigint | undefined {
  if (!/^[+-]?\d{1,30}$/.test(text)) return undefined
  return inRange(BigInt(text.replace(/^\+/, '')))
}

const inRange = (value: bigint) => (BigInt.asIntN(64, value) === value ? value : undefined)

/** Permissions may have no bit that is not allowed. */
function compareBits(actual: string, wanted: string, name: string): Comparison {
  const [bits, allowed] = [octalOf(actual), octalOf(wanted)]
  if (bits === undefined) return { passed: false, expected: `Not numeric value - flag: ${actual}` }
  if (allowed === undefined) return { passed: false, expected: `Not numeric value - flag: ${wanted}` }
  return {
    passed: (allowed & bits) === bits,
    expected: `${name} has permissions ${actual}, expected ${wanted} or more restrictive`,
  }
}

function octalOf(text: string): bigint | undefined {
  const found = /^([+-]?)([0-7]{1,30})$/.exec(text)
  if (!found) return undefined
  const value = BigInt(`0o${found[2]}`)
  return inRange(found[1] === '-' ? -value : value)
}

/** Parts of a list with commas, trimmed; commas at its end do not count. */
export function elementsOf(text: string): readonly string[] {
  const trimmed = text.trim()
  let end = trimmed.length
  while (end > 0 && trimmed[end - 1] === ',') end--
  return end === 0
    ? []
    : trimmed
        .slice(0, end)
        .split(',')
        .map(part => part.trim())
}

/** An empty list is not in another, and nothing is in an empty one. */
export function areAllIn(actual: readonly string[], wanted: readonly string[]): boolean {
  if (actual.length === 0 || wanted.length === 0) return actual.length === wanted.length
  return actual.every(element => wanted.includes(element))
}
