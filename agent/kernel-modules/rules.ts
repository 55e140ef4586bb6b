// Joins modprobe.d lines and kernel parameters into the rule that is in force for each module.
import { isGlob, matchesGlob } from '../parse/glob.ts'
import { isDisablingCommand } from '../parse/install-command.ts'
import type { ModprobeDirective, ModprobeLine } from '../parse/modprobe-d.ts'
import { isModuleName } from '../parse/module-name.ts'
import type { ModuleParameters } from '../parse/module-parameters.ts'

export interface ConfigurationLine extends ModprobeLine {
  readonly path: string
}

export interface RuleSource {
  readonly directive: ModprobeDirective | 'cmdline'
  readonly path: string
  readonly line: number
  readonly disables: boolean
}

export interface ModuleRule {
  /** aliases do not load it */
  readonly blacklisted: boolean
  /** modprobe runs a command that loads nothing */
  readonly installDisabled: boolean
  /** the kernel refuses it */
  readonly denied: boolean
  readonly sources: readonly RuleSource[]
}

export interface ModuleRules {
  /** modules that some line names */
  readonly names: readonly string[]
  of(name: string): ModuleRule
}

const maxPatterns = 200
const maxPatternLength = 256
const commandLinePath = '/proc/cmdline'

/**
 * @param lines of all files in the order modprobe reads them: of several install lines for a module the first one counts
 */
export function collectRules(lines: readonly ConfigurationLine[], parameters: ModuleParameters): ModuleRules {
  const named = new Map<string, ConfigurationLine[]>()
  for (const line of lines) {
    if (isModuleName(line.module) && !isSwitchedOff(line)) appendTo(named, line)
  }
  const order = new Map(lines.map((line, index) => [line, index]))
  const patterns = installPatterns(lines)
  const denied = new Set(parameters.denied)
  const blacklisted = new Set(parameters.blacklisted)
  return {
    names: [...new Set([...named.keys(), ...denied, ...blacklisted])],
    of(name) {
      const own = named.get(name) ?? []
      const install = firstInstall(name, own, patterns, order)
      const inForce = own.filter(line => line.directive !== 'install' || line === install)
      if (install && !inForce.includes(install)) inForce.push(install)
      const sources = inForce.map(sourceOf)
      if (denied.has(name) || blacklisted.has(name)) sources.push(fromCommandLine)
      return {
        blacklisted: denied.has(name) || blacklisted.has(name) || own.some(line => line.directive === 'blacklist'),
        installDisabled: install !== undefined && isDisablingCommand(install.argument),
        denied: denied.has(name),
        sources,
      }
    },
  }
}

/** `alias net-pf-3 off` leads to no module at all. */
const isSwitchedOff = ({ directive, module }: ModprobeLine) => directive === 'alias' && ['off', 'null'].includes(module)

const fromCommandLine: RuleSource = { directive: 'cmdline', path: commandLinePath, line: 1, disables: false }

function appendTo(named: Map<string, ConfigurationLine[]>, line: ConfigurationLine): void {
  const list = named.get(line.module)
  if (list) list.push(line)
  else named.set(line.module, [line])
}

/** kmod matches the name of an install line as a shell pattern. */
function installPatterns(lines: readonly ConfigurationLine[]): readonly ConfigurationLine[] {
  return lines
    .filter(({ directive, module }) => directive === 'install' && isGlob(module) && module.length <= maxPatternLength)
    .slice(0, maxPatterns)
}

function firstInstall(
  name: string,
  own: readonly ConfigurationLine[],
  patterns: readonly ConfigurationLine[],
  order: ReadonlyMap<ConfigurationLine, number>,
): ConfigurationLine | undefined {
  const exact = own.find(line => line.directive === 'install')
  const pattern = patterns.find(line => matchesGlob(line.module, name))
  if (!exact || !pattern) return exact ?? pattern
  return (order.get(pattern) ?? 0) < (order.get(exact) ?? 0) ? pattern : exact
}

function sourceOf({ directive, path, line, argument }: ConfigurationLine): RuleSource {
  return { directive, path, line, disables: directive === 'install' && isDisablingCommand(argument) }
}
