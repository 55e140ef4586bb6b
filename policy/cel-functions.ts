// The functions that expressions have besides CEL's own: dates, file modes, bit masks, versions and addresses.
import type { Environment } from '@marcbachmann/cel-js'
import { addressScope } from './address-scope.ts'

/** The time of one evaluation; it notes when a comparison made with it will turn out otherwise. */
export interface Clock {
  /** ms since the epoch */
  nowMs: number
  /** earliest later time at which a time-dependent value differs, Infinity when none was read */
  changesAtMs: number
}

/** The type of `now`. It compares with timestamps only, so that every use of time is seen. */
export class Now {
  readonly clock: Clock
  constructor(clock: Clock) {
    this.clock = clock
  }
}

const dayMs = 86_400_000
export const timestamp = 'google.protobuf.Timestamp'

/**
 * Registers:
 *
 * - `now` and `now < t`, `<=`, `>`, `>=` both ways round, t a timestamp
 * - `date(string): timestamp` — `YYYY-MM-DD` (its first moment, UTC) or an ISO 8601 time; an error for anything else
 * - `daysUntil(string): int` — days of the calendar (UTC) from today until that date, negative when it is past
 * - `daysSince(string): int` — the same, counted from that date until today
 * - `octal(string): int` — `0644` → 420; an error for what is not octal
 * - `modeWithin(string mode, string max): bool` — mode has no permission bit that max lacks: `0600` is within `0640`
 * - `bitAnd(int, int): int`
 * - `versionAtLeast(string version, string minimum): bool` — numbers between dots compared one by one
 * - `addressScope(string): string` — `any`, `loopback`, `link`, `private` or `public` of an address or network
 * - `duplicates(list<string>)`, `duplicates(list<int>)` — items that stand more than once in the list, each once
 * - `unknown(string): bool` — no answer: the check is an error with this reason
 */
export function registerFunctions(environment: Environment, clock: Clock): void {
  environment
    .registerType('Now', { ctor: Now, fields: {} })
    .registerVariable('now', 'Now', { description: 'time of the evaluation' })
    .registerFunction('daysUntil(string): int', (text: string) => daysUntil(clock, text))
    .registerFunction('daysSince(string): int', (text: string) => -daysUntil(clock, text))
    .registerFunction('octal(string): int', octal)
    .registerFunction('bitAnd(int, int): int', (a: bigint, b: bigint) => a & b)
    .registerFunction('unknown(string): bool', unknown)
  for (const [declaration, apply] of Object.entries(functionsOfTexts)) environment.registerFunction(declaration, apply)
  for (const comparison of comparisons) {
    const { operator, turned } = comparison
    environment
      .registerOperator(`Now ${operator} ${timestamp}: bool`, (now: Now, moment: Date) => {
        return holds(comparison, now, moment)
      })
      .registerOperator(`${timestamp} ${turned} Now: bool`, (moment: Date, now: Now) => {
        return holds(comparison, now, moment)
      })
  }
}

/** By declaration: those that need no clock and no ints of CEL's own. @throws Error for what is none of theirs */
export const functionsOfTexts: Readonly<Record<string, (first: never, second: never) => unknown>> = {
  [`date(string): ${timestamp}`]: dateOf,
  'modeWithin(string, string): bool': (mode: string, max: string) => (octal(mode) & ~octal(max)) === 0n,
  'versionAtLeast(string, string): bool': versionAtLeast,
  'addressScope(string): string': addressScope,
  'duplicates(list<string>): list<string>': duplicates,
  'duplicates(list<int>): list<int>': duplicates,
}

/** `now OPERATOR t`, and with the sides turned `t TURNED now`. */
export interface Comparison {
  readonly operator: string
  readonly turned: string
  /** whether the moment itself counts as before */
  readonly inclusive: boolean
  /** of a now that is before */
  readonly before: boolean
}

export const comparisons: readonly Comparison[] = [
  { operator: '<', turned: '>', inclusive: false, before: true },
  { operator: '<=', turned: '>=', inclusive: true, before: true },
  { operator: '>', turned: '<', inclusive: true, before: false },
  { operator: '>=', turned: '<=', inclusive: false, before: false },
]

/** Notes the time when the answer turns. The moment itself still counts as not after, hence the extra millisecond. */
export function holds({ inclusive, before }: Comparison, { clock }: Now, moment: Date): boolean {
  const flips = moment.getTime() + (inclusive ? 1 : 0)
  note(clock, flips)
  return clock.nowMs < flips === before
}

function note(clock: Clock, atMs: number): void {
  if (atMs > clock.nowMs && atMs < clock.changesAtMs) clock.changesAtMs = atMs
}

/** The count of days changes at the next midnight UTC. */
function daysUntil(clock: Clock, text: string): bigint {
  const today = Math.floor(clock.nowMs / dayMs)
  note(clock, (today + 1) * dayMs)
  return BigInt(Math.floor(dateOf(text).getTime() / dayMs) - today)
}

const day = /^\d{4}-\d\d-\d\d$/
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

function dateOf(text: string): Date {
  const date = new Date(day.test(text) ? `${text}T00:00:00Z` : instant.test(text) ? text : Number.NaN)
  if (Number.isNaN(date.getTime())) throw new Error(`not a date: ${JSON.stringify(text)}`)
  // Date turns the 31st of a short month into the next month instead of refusing it.
  if (day.test(text) && date.toISOString().slice(0, 10) !== text) throw new Error(`not a date: ${JSON.stringify(text)}`)
  return date
}

/** @throws Error for what is not octal */
export function octal(text: string): bigint {
  if (!/^[0-7]{1,12}$/.test(text)) throw new Error(`not an octal mode: ${JSON.stringify(text)}`)
  return BigInt(`0o${text}`)
}

/** Numbers of a version up to the first part that is none: `v1.30.2-gke.1` → 1, 30, 2. */
function versionNumbers(text: string): readonly bigint[] {
  const match = /^v?(\d{1,9}(?:\.\d{1,9}){0,7})/.exec(text)
  if (!match?.[1]) throw new Error(`not a version: ${JSON.stringify(text)}`)
  return match[1].split('.').map(BigInt)
}

function versionAtLeast(version: string, minimum: string): boolean {
  const have = versionNumbers(version)
  const want = versionNumbers(minimum)
  for (let index = 0; index < Math.max(have.length, want.length); index++) {
    const difference = (have[index] ?? 0n) - (want[index] ?? 0n)
    if (difference !== 0n) return difference > 0n
  }
  return true
}

/** Linear, where a loop in a loop over a hostile list would not be. */
function duplicates<T>(items: readonly T[]): readonly T[] {
  const seen = new Set<T>()
  const twice = new Set<T>()
  for (const item of items) (seen.has(item) ? twice : seen).add(item)
  return [...twice]
}

function unknown(reason: string): never {
  throw new Error(reason)
}
