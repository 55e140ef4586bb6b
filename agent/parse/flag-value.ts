// Reads the values of command line flags as Go programs read them: typed, and only what their types accept.
import { parseGoDuration } from './go-duration.ts'

/** `array` is one item per flag, however many commas it has. */
export type FlagKind = 'text' | 'bool' | 'int' | 'duration' | 'list' | 'array' | 'gates'

export interface FlagTypes {
  readonly text: string
  readonly bool: boolean
  readonly int: number
  /** nanoseconds */
  readonly duration: bigint
  readonly list: readonly string[]
  readonly array: readonly string[]
  readonly gates: Readonly<Record<string, boolean>>
}
export type FlagValue = FlagTypes[FlagKind]

/**
 * @param before what the same flag said before: lists, arrays and feature gates add up, as pflag has it
 * @returns undefined for what no program accepts
 */
export function readFlagValue(
  kind: FlagKind,
  text: string | undefined,
  before: FlagValue | undefined,
): FlagValue | undefined {
  if (text === undefined) return undefined
  switch (kind) {
    case 'text':
      return text
    case 'bool':
      return parseGoBool(text)
    case 'int':
      return parseGoInt(text)
    case 'duration':
      return parseGoDuration(text)
    case 'list':
      return [...((before as readonly string[] | undefined) ?? []), ...splitList(text)]
    case 'array':
      return [...((before as readonly string[] | undefined) ?? []), text]
    case 'gates':
      return addGates((before as Record<string, boolean> | undefined) ?? {}, text)
  }
}

/** strconv.ParseBool. */
function parseGoBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text)) return false
  return undefined
}

/** strconv.ParseInt with base 0, within 32 bits unless the flag is wider; none of ours needs more than 53. */
function parseGoInt(text: string): number | undefined {
  const match = /^([+-]?)(0x[0-9a-f]+|0b[01]+|0o?[0-7]*|[1-9][0-9]*)$/i.exec(text)
  if (!match || text.length > 40) return undefined
  const [, sign = '', digits = ''] = match
  const octal = /^0o?([0-7]+)$/i.exec(digits)
  const magnitude = octal ? Number.parseInt(octal[1] ?? '', 8) : Number(digits)
  const value = sign === '-' ? -magnitude : magnitude
  return Number.isSafeInteger(value) ? value + 0 : undefined
}

/** A comma separated list; quotes of a CSV field are taken off. */
function splitList(text: string): readonly string[] {
  if (text === '') return []
  return text.split(',').map(item => (/^".*"$/s.test(item) ? item.slice(1, -1).replaceAll('""', '"') : item))
}

function addGates(before: Readonly<Record<string, boolean>>, text: string): Record<string, boolean> | undefined {
  const added: [string, boolean][] = []
  for (const pair of text.split(',')) {
    if (pair.trim() === '') continue
    const equals = pair.indexOf('=')
    const value = parseGoBool(pair.slice(equals + 1).trim())
    if (equals < 0 || value === undefined) return undefined
    added.push([pair.slice(0, equals).trim(), value])
  }
  return Object.fromEntries([...Object.entries(before), ...added])
}
