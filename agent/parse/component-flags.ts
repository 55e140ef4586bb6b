// Reads the arguments of a Kubernetes component or of etcd, keeping typed values of an allow-list of flags only.
import { type FlagKind, type FlagValue, readFlagValue } from './flag-value.ts'

/** The allow-list: flag name without dashes → its type. */
export type FlagKinds = Readonly<Record<string, FlagKind>>

/**
 * - `pflag`: Kubernetes. Names with `_` are those with `-`; of repeated flags the last wins, lists and feature gates add up.
 * - `go`: etcd. One dash is as good as two; of repeated flags the last wins, also of lists; the first word ends the flags.
 */
export type FlagStyle = 'pflag' | 'go'

export interface ComponentFlags {
  readonly values: ReadonlyMap<string, FlagValue>
  /** allow-listed flags whose value no such program accepts: it does not start */
  readonly invalid: readonly string[]
}

/**
 * @param args the arguments after the program's name
 *
 * `--flag value` and `--flag=value`; a boolean flag takes no separate value. These programs refuse arguments that are no
 * flags, so a word after an unknown flag is its value.
 */
export function parseComponentFlags(
  args: readonly string[],
  kinds: FlagKinds,
  style: FlagStyle = 'pflag',
): ComponentFlags {
  const values = new Map<string, FlagValue>()
  const invalid = new Set<string>()
  for (const { name, value } of splitFlags(args, kinds, style)) {
    const kind = kindOf(kinds, name)
    if (kind === undefined) continue
    const next = readFlagValue(kind, value, style === 'go' ? undefined : values.get(name))
    if (next === undefined) invalid.add(name)
    else values.set(name, next)
  }
  return { values, invalid: [...invalid].sort() }
}

interface GivenFlag {
  readonly name: string
  /** undefined when a flag that wants a value is the last argument */
  readonly value: string | undefined
}

function* splitFlags(args: readonly string[], kinds: FlagKinds, style: FlagStyle): Generator<GivenFlag> {
  const dashes = style === 'go' ? /^--?(?=[^-])/ : /^--(?=[^-])/
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    if (arg === '--' || (style === 'go' && !arg.startsWith('-'))) return
    if (!dashes.test(arg)) continue
    const word = arg.replace(dashes, '')
    const equals = word.indexOf('=')
    const name = spelled(equals < 0 ? word : word.slice(0, equals), style)
    const kind = kindOf(kinds, name)
    if (equals >= 0) yield { name, value: word.slice(equals + 1) }
    else if (kind === 'bool') yield { name, value: 'true' }
    else if (kind !== undefined || !(args[index + 1] ?? '-').startsWith('-')) {
      index += 1
      yield { name, value: args[index] }
    }
  }
}

function spelled(name: string, style: FlagStyle): string {
  return style === 'go' ? name : name.replaceAll('_', '-')
}

function kindOf(kinds: FlagKinds, name: string): FlagKind | undefined {
  return Object.hasOwn(kinds, name) ? kinds[name] : undefined
}
