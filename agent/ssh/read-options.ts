// Finds what stands on sshd's command line: in its unit and the environment files of it, or in those of init scripts.
import type { Host } from '../host/host.ts'
import { readUnit, readUnitCommand } from '../kubelet/units.ts'
import { keywordName } from '../parse/sshd-keywords.ts'
import { parseSshdOptions, type SshdOptions } from '../parse/sshd-options.ts'
import { readValues } from '../parse/sshd-values.ts'
import { parseEnvironmentFile, splitWords } from '../parse/systemd-exec.ts'
import type { Obstacle } from './effective-settings.ts'
import type { Directive } from './read-configuration.ts'

export interface CommandLine {
  readonly options: readonly Directive[]
  /** empty for the usual file */
  readonly configurationFile: string
  /** unit that starts the server, empty when none does */
  readonly unit: string
  /** the unit or one of its files could not be read: nobody knows what is set there */
  readonly obstacle: Obstacle | undefined
}

const units = ['ssh.service', 'sshd.service']
const scripts = [
  ['/etc/conf.d/sshd', 'SSHD_OPTS'],
  ['/etc/default/ssh', 'SSHD_OPTS'],
  ['/etc/sysconfig/sshd', 'OPTIONS'],
] as const

export async function readOptions(host: Host): Promise<CommandLine> {
  for (const name of units) {
    const unit = await readUnit(host, name)
    if (!unit) continue
    const { argv, obstacle } = await readUnitCommand(host, unit)
    return { ...commandLine(parseSshdOptions(argv.slice(1)), name, obstacle && asObstacle(obstacle)), unit: name }
  }
  for (const [path, variable] of scripts) {
    const text = await host.readText(path)
    if (text.state === 'absent') continue
    if (text.state !== 'present') return commandLine(parseSshdOptions([]), path, text)
    const words = splitWords(parseEnvironmentFile(text.value).get(variable) ?? '')
    return commandLine(parseSshdOptions(words), path, undefined)
  }
  return commandLine(parseSshdOptions([]), '', undefined)
}

function asObstacle({ source, state, detail }: { source: string; state: Obstacle['state']; detail: string }): Obstacle {
  return { path: source, state, detail } as Obstacle
}

function commandLine(parsed: SshdOptions, origin: string, obstacle: Obstacle | undefined): CommandLine {
  const options: Directive[] = []
  for (const { keyword, arguments: words } of parsed.options) {
    const name = keywordName(keyword)
    const values = name && readValues(name, words)
    if (name && values) options.push({ name, written: keyword.toLowerCase(), values, origin, criteria: '' })
  }
  return { options, configurationFile: parsed.configurationFile, unit: '', obstacle }
}
