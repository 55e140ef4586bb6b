// Operators and functions of expressions over plain facts, by the signatures that CEL's type check found.
import { addressScope } from './address-scope.ts'
import { dateOf, duplicates, isBefore, Now, octal, versionAtLeast } from './cel-functions.ts'

/**
 * The value of a part of an expression. Ints are numbers in it, records are plain facts.
 * @throws anything where a value is unknown, of another type than its schema says, or past what a number holds exactly
 */
export type Closure = (frame: Frame) => unknown

/** Variables of the evaluation first, then the loop variables of the expression. */
export type Frame = unknown[]

/** A function of one or two values, whose types were checked. */
export type Apply = (first: unknown, second: unknown) => unknown

/** Thrown for whatever CEL's own evaluator has to look at: it knows the right words for an error. */
export const undecided: Error = new Error('undecided')

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

function exact(value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw undecided
}

/** `now` compared with a moment, on either side; noted for the time when the answer turns. */
const nowBefore =
  (inclusive: boolean, holds: boolean): Operator =>
  (a, b) =>
  frame => {
    const [now, moment] = [a(frame), b(frame)]
    if (!(now instanceof Now) || !(moment instanceof Date)) throw undecided
    return isBefore(now.clock, moment, inclusive) === holds
  }
const turned =
  (operator: Operator): Operator =>
  (a, b) =>
    operator(b, a)

const timestamp = 'google.protobuf.Timestamp'

export const operators: Readonly<Record<string, Operator>> = {
  [`Now < ${timestamp}`]: nowBefore(false, true),
  [`Now <= ${timestamp}`]: nowBefore(true, true),
  [`Now > ${timestamp}`]: nowBefore(true, false),
  [`Now >= ${timestamp}`]: nowBefore(false, false),
  [`${timestamp} > Now`]: turned(nowBefore(false, true)),
  [`${timestamp} >= Now`]: turned(nowBefore(true, true)),
  [`${timestamp} < Now`]: turned(nowBefore(true, false)),
  [`${timestamp} <= Now`]: turned(nowBefore(false, false)),
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

/** Those that read no clock of their own. */
export const calls: Readonly<Record<string, Apply>> = {
  'string(int)': String,
  'string(bool)': String,
  'int(string)': text(value => (/^-?\d{1,15}$/.test(value) ? Number(value) : fail())),
  'unknown(string)': fail,
  'date(string)': text(dateOf),
  'addressScope(string)': text(addressScope),
  'octal(string)': text(value => exact(Number(octal(value)))),
  'modeWithin(string, string)': text((mode, max) => (octal(mode) & ~octal(max)) === 0n),
  'versionAtLeast(string, string)': text(versionAtLeast),
  'duplicates(list<string>)': list => duplicates(list as readonly unknown[]),
  'duplicates(list<int>)': list => duplicates(list as readonly unknown[]),
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
  if (list.every(item => typeof item === 'string')) return list.join(separator)
  throw undecided
}
