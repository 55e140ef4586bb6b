// Reads the arguments of dockerd the way pflag does, keeping typed values of an allow-list of options only.
import {
  type DeclaredRuntime,
  type DockerdOptions,
  dockerdOptions,
  isBooleanOption,
  isOptionName,
  knownKeys,
  type OptionKind,
  type OptionName,
  type OptionValue,
  optionOfFlag,
  optionOfShorthand,
} from './dockerd-options.ts'

export interface DockerdCommandLine {
  readonly options: DockerdOptions
  /** --config-file, empty when not given */
  readonly configFile: string
  /** options that are given, by their names in daemon.json; only such as dockerd knows */
  readonly given: readonly string[]
  /** options whose value no dockerd accepts: such a one does not start */
  readonly invalid: readonly OptionName[]
}

/**
 * @param args the arguments after the program's name
 *
 * pflag's rules: `--flag value` and `--flag=value`; a boolean flag takes no separate value; of repeated flags the last
 * wins, but lists add up; letters join (`-Dl info`, `-Hfd://`); `--` ends the flags.
 */
export function parseDockerdFlags(args: readonly string[]): DockerdCommandLine {
  const values = new Map<OptionName, OptionValue>()
  const given = new Set<string>()
  const invalid = new Set<OptionName>()
  let configFile = ''
  for (const { name, value } of splitArguments(args)) {
    if (name === 'config-file') configFile = value ?? ''
    if (knownKeys.has(name)) given.add(name)
    if (!isOptionName(name)) continue
    const next = readValue(dockerdOptions[name], value, values.get(name))
    if (next === undefined) invalid.add(name)
    else values.set(name, next)
  }
  return {
    options: Object.fromEntries(values) as DockerdOptions,
    configFile,
    given: [...given].sort(),
    invalid: [...invalid].sort(),
  }
}

interface Argument {
  /** as in daemon.json */
  readonly name: string
  /** undefined when an option that wants a value is the last argument */
  readonly value: string | undefined
}

function* splitArguments(args: readonly string[]): Generator<Argument> {
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    if (arg === '--') return
    const { found, wantsNext } = arg.startsWith('--') ? longFlag(arg, args[index + 1]) : letters(arg)
    yield* found.map(one => (wantsNext && one === found.at(-1) ? { ...one, value: args[index + 1] } : one))
    if (wantsNext) index += 1
  }
}

interface Split {
  readonly found: readonly Argument[]
  /** the value of the last one is the next argument */
  readonly wantsNext: boolean
}

function longFlag(arg: string, next: string | undefined): Split {
  const equals = arg.indexOf('=')
  const flag = equals < 0 ? arg.slice(2) : arg.slice(2, equals)
  const name = optionOfFlag(flag)
  if (equals >= 0) return { found: [{ name, value: arg.slice(equals + 1) }], wantsNext: false }
  if (isBooleanOption(name)) return { found: [{ name, value: 'true' }], wantsNext: false }
  const isKnown = knownKeys.has(name) || name === 'config-file'
  const wantsNext = isKnown || !(next ?? '-').startsWith('-')
  return { found: [{ name, value: undefined }], wantsNext }
}

/** `-D`, `-H fd://`, `-H=fd://`, `-Hfd://`, `-DH fd://` */
function letters(arg: string): Split {
  const found: Argument[] = []
  if (!arg.startsWith('-')) return { found, wantsNext: false }
  for (let at = 1; at < arg.length; at += 1) {
    const name = optionOfShorthand(arg.charAt(at))
    if (name === undefined) break
    const rest = arg.slice(at + 1)
    if (isBooleanOption(name) && !rest.startsWith('=')) {
      found.push({ name, value: 'true' })
      continue
    }
    found.push({ name, value: rest === '' ? undefined : rest.replace(/^=/, '') })
    return { found, wantsNext: rest === '' }
  }
  return { found, wantsNext: false }
}

function readValue(
  kind: OptionKind,
  text: string | undefined,
  before: OptionValue | undefined,
): OptionValue | undefined {
  if (text === undefined) return undefined
  if (kind === 'text') return text
  if (kind === 'bool') return parseBool(text)
  if (kind === 'given') return true
  if (kind === 'list') return [...((before as readonly string[] | undefined) ?? []), text]
  const runtime = parseRuntime(text)
  return runtime && [...((before as readonly DeclaredRuntime[] | undefined) ?? []), runtime]
}

/** `NAME=PATH` of --add-runtime. */
function parseRuntime(text: string): DeclaredRuntime | undefined {
  const equals = text.indexOf('=')
  if (equals < 1 || equals === text.length - 1) return undefined
  return { name: text.slice(0, equals).trim().toLowerCase(), path: text.slice(equals + 1).trim(), type: '' }
}

/** strconv.ParseBool. */
function parseBool(text: string): boolean | undefined {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(text)) return true
  return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(text) ? false : undefined
}
