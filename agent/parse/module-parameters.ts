// Reads from the kernel command line which modules it forbids, blacklists or loads.
import { isModuleName } from './module-name.ts'

export interface ModuleParameters {
  /** `module_blacklist=`: the kernel itself refuses these names, spelled as the kernel spells them */
  readonly denied: readonly string[]
  /** `modprobe.blacklist=`: as a blacklist line of modprobe.d */
  readonly blacklisted: readonly string[]
  /** `modules_load=`: systemd-modules-load(8) */
  readonly autoloaded: readonly string[]
}

/**
 * `module_blacklist=` is one string to the kernel: the last one wins, nothing after `--` counts, and it compares names
 * byte by byte, so that an entry with `-` never matches. The other two are read by programs: all of them add up.
 */
export function parseModuleParameters(commandLine: string): ModuleParameters {
  let denied: readonly string[] = []
  const blacklisted: string[] = []
  const autoloaded: string[] = []
  let forKernel = true
  for (const word of words(commandLine)) {
    const [key, value] = split(word.replaceAll('"', ''))
    if (word === '--') forKernel = false
    else if (key === 'module_blacklist' && forKernel) denied = value.split(',')
    else if (key === 'modprobe.blacklist') blacklisted.push(...unquotedNames(split(word)[1]))
    else if (key === 'modules_load') autoloaded.push(...names(value))
  }
  return { denied: unique(denied), blacklisted: unique(blacklisted), autoloaded: unique(autoloaded) }
}

/** Words end at white space outside double quotes. */
function words(commandLine: string): readonly string[] {
  return commandLine.match(/(?:"[^"]*"?|[^\s"])+/g) ?? []
}

function split(word: string): readonly [string, string] {
  const equals = word.indexOf('=')
  if (equals < 0) return [word, '']
  return [word.slice(0, equals).replaceAll('-', '_'), word.slice(equals + 1)]
}

/** modprobe takes a quote for a part of the name, so that such a name is no module's. */
const unquotedNames = (value: string) => names(value).filter(name => !name.includes('"'))

const names = (value: string) => value.split(',').map(name => name.replaceAll('-', '_'))

const unique = (list: readonly string[]) => [...new Set(list)].filter(name => isModuleName(name) && !name.includes('-'))
