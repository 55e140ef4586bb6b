// Reads Falco's configuration: its files laid over each other, its flags over them, and what of it says that it watches.
import { type ConfigObject, type ConfigValue, isObject } from './kubernetes-document.ts'

export interface FalcoFlags {
  /** -c, empty when not given */
  readonly config: string
  /** -r: rules files instead of those of the configuration */
  readonly rules: readonly string[]
  /** -o KEY=VALUE, by key */
  readonly options: ReadonlyMap<string, string>
  /** driver that a flag of older versions names, empty when none does */
  readonly driver: string
}

export interface FalcoSettings {
  /** kind of driver as configured, empty when nothing says */
  readonly driver: string
  readonly rules: readonly string[]
  readonly outputs: readonly string[]
  readonly priority: string
}

const valueFlags: Readonly<Record<string, 'config' | 'rules' | 'options'>> = {
  '-c': 'config',
  '--config': 'config',
  '-r': 'rules',
  '--rules': 'rules',
  '-o': 'options',
  '--option': 'options',
}
const driverFlags: Readonly<Record<string, string>> = {
  '--modern-bpf': 'modern_ebpf',
  '--nodriver': 'nodriver',
  '-g': 'gvisor',
  '--gvisor-config': 'gvisor',
}

/** @param args the arguments after the program's name; all others are passed over */
export function parseFalcoFlags(args: readonly string[]): FalcoFlags {
  let [config, driver] = ['', '']
  const rules: string[] = []
  const options = new Map<string, string>()
  const take = (kind: 'config' | 'rules' | 'options', value: string) => {
    const at = value.indexOf('=')
    if (kind === 'config') config = value
    else if (kind === 'rules') rules.push(value)
    else if (at > 0) options.set(value.slice(0, at), value.slice(at + 1))
  }
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? ''
    const equals = arg.startsWith('--') ? arg.indexOf('=') : -1
    const name = equals > 0 ? arg.slice(0, equals) : arg
    const kind = Object.hasOwn(valueFlags, name) ? valueFlags[name] : undefined
    if (Object.hasOwn(driverFlags, name)) driver = driverFlags[name] ?? ''
    else if (kind !== undefined && equals > 0) take(kind, arg.slice(equals + 1))
    else if (kind !== undefined) {
      index += 1
      take(kind, args[index] ?? '')
    }
  }
  return { config, rules, options, driver }
}

export interface IncludedFile {
  readonly path: string
  readonly strategy: 'append' | 'override' | 'add-only'
}

/** `config_files`: paths of files and directories, or objects with a strategy. */
export function includedFiles(values: ConfigObject): readonly IncludedFile[] {
  const list = values['config_files']
  return (Array.isArray(list) ? list : []).flatMap((item: ConfigValue): IncludedFile[] => {
    if (typeof item === 'string') return [{ path: item, strategy: 'append' }]
    const { path, strategy } = isObject(item) ? item : {}
    if (typeof path !== 'string') return []
    return [{ path, strategy: strategy === 'override' || strategy === 'add-only' ? strategy : 'append' }]
  })
}

/** Whole keys of the first level are replaced; lists are added to, unless the strategy is another. */
export function mergeFalcoConfig(
  values: ConfigObject,
  more: ConfigObject,
  strategy: IncludedFile['strategy'],
): ConfigObject {
  const merged = new Map(Object.entries(values))
  for (const [key, value] of Object.entries(more)) {
    const before = merged.get(key)
    if (strategy === 'append' && Array.isArray(value) && (before === undefined || Array.isArray(before))) {
      merged.set(key, [...(before ?? []), ...value])
    } else if (strategy !== 'add-only' || before === undefined) merged.set(key, value)
  }
  return Object.fromEntries(merged)
}

/** Key of an output channel → its name. */
const channels = ['stdout', 'syslog', 'file', 'program', 'http', 'grpc'] as const

export function falcoSettings(values: ConfigObject, flags: FalcoFlags): FalcoSettings {
  const text = (...path: readonly string[]) => textAt(values, flags, path)
  const listed = values['rules_files'] ?? values['rules_file']
  const rules = (Array.isArray(listed) ? listed : [listed]).filter(item => typeof item === 'string')
  return {
    driver: flags.driver || text('engine', 'kind'),
    rules: flags.rules.length > 0 ? flags.rules : rules,
    outputs: channels.filter(channel => text(`${channel}_output`, 'enabled') === 'true'),
    priority: text('priority').toLowerCase() || 'debug',
  }
}

function textAt(values: ConfigObject, { options }: FalcoFlags, path: readonly string[]): string {
  const option = options.get(path.join('.'))
  if (option !== undefined) return option
  let value: ConfigValue | undefined = values
  for (const key of path) value = isObject(value) ? value[key] : undefined
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : ''
}
