// Operators and functions of expressions over plain facts, by the signatures that CEL's type check found.
import { type Comparison, comparisons, functionsOfTexts, holds, Now, octal, timestamp } from './cel-functions.ts'

/**
 * The value of a part of an expression. Ints are numbers in it, records are plain facts.
 * @throws anything where a value is unknown, of another type than its schema says, or past what a number holds exactly
 */
export type Closure = (frame: Frame) => unknown

/** Variables of the evaluation first, then the loop variables of the expression. */
export type Frame = unknown[]

/** A function of one or two values, whose types were checked. */
export type Apply = (first: unknown, second: unknown) => unknown

const undecided = new Error('undecided')

/** For whatever CEL's own evaluator has to look at: it knows the right words for an error. */
export function fail(): never {
  throw undecided
}

/** An operator is given its sides as closures, so that each stands in a function of its own. */
type Operator = (left: Closure, right: Closure) => Closure

const equal: Operator = (a, b) => frame => a(frame) === b(frame)
const unequal: Operator = (a, b) => frame => a(frame) !== b(frame)
const membership: Operator = (a, b) => frame => (b(frame) as readonly unknown[]).includes(a(frame))
const ints =
  (apply: (a: number, b: number) => number): Operator =>
  (a, b) =>
  frame =>
    exact(apply(a(frame) as number, b(frame) as number))

const exact = (value: number): number => (Number.isSafeInteger(value) ? value : fail())

const compared = (comparison: Comparison, now: unknown, moment: unknown): boolean =>
  now instanceof Now && moment instanceof Date ? holds(comparison, now, moment) : fail()

const ofTime = comparisons.flatMap((comparison): readonly (readonly [string, Operator])[] => [
  [`Now ${comparison.operator} ${timestamp}`, (a, b) => frame => compared(comparison, a(frame), b(frame))],
  [`${timestamp} ${comparison.turned} Now`, (a, b) => frame => compared(comparison, b(frame), a(frame))],
])

export const operators: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(ofTime),
  'string == string': equal,
  'int == int': equal,
  'bool == bool': equal,
  'string != string': unequal,
  'int != int': unequal,
  'bool != bool': unequal,
  'string in list<string>': membership,
  'int in list<int>': membership,
  'int < int': (a, b) => frame => (a(frame) as number) < (b(frame) as number),
  'int <= int': (a, b) => frame => (a(frame) as number) <= (b(frame) as number),
  'int > int': (a, b) => frame => (a(frame) as number) > (b(frame) as number),
  'int >= int': (a, b) => frame => (a(frame) as number) >= (b(frame) as number),
  'int + int': ints((a, b) => a + b),
  'int - int': ints((a, b) => a - b),
  'int * int': ints((a, b) => a * b),
  'string + string': (a, b) => frame => (a(frame) as string) + (b(frame) as string),
  'list<string> + list<string>': (a, b) => frame => [...(a(frame) as string[]), ...(b(frame) as string[])],
}

const text =
  (apply: (a: string, b: string) => unknown): Apply =>
  (a, b) =>
    apply(a as string, b as string)

const signatureOf = (declaration: string) => declaration.slice(0, declaration.indexOf(')') + 1)

/** Those that read no clock of their own. */
export const calls: Readonly<Record<string, Apply>> = {
  ...Object.fromEntries(
    Object.entries(functionsOfTexts).map(([declaration, apply]) => [signatureOf(declaration), apply as Apply]),
  ),
  'string(int)': String,
  'string(bool)': String,
  'int(string)': text(value => (/^-?\d{1,15}$/.test(value) ? Number(value) : fail())),
  'unknown(string)': fail,
  'octal(string)': text(value => Number(octal(value))),
  'bitAnd(int, int)': (a, b) => Number(BigInt(a as number) & BigInt(b as number)),
}

export const methods: Readonly<Record<string, Apply>> = {
  'list.size()': list => (list as readonly unknown[]).length,
  'string.startsWith(string)': text((a, b) => a.startsWith(b)),
  'string.endsWith(string)': text((a, b) => a.endsWith(b)),
  'string.contains(string)': text((a, b) => a.includes(b)),
  'string.lowerAscii()': text(a => a.toLowerCase()),
  'string.split(string)': text((a, b) => a.split(b)),
  'list<string>.join(string)': (list, separator) => joined(list as readonly unknown[], separator as string),
}

function joined(list: readonly unknown[], separator: string): string {
  return list.every(item => typeof item === 'string') ? list.join(separator) : fail()
}
