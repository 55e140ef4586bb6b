// Manual pages, man(7): what a program's own help says, with its configuration and its exit codes.
import type { Command, Option } from 'commander'
import { environmentName } from '../../runtime/config.ts'

export interface ConfigKey {
  readonly name: string
  readonly about: string
  /** as YAML writes it */
  readonly default: string
}

export interface ManPage {
  readonly program: Command
  readonly version: string
  /** seconds since the epoch */
  readonly date: number
  readonly configFile: string
  readonly keys: readonly ConfigKey[]
  /** path or variable, and what it is for */
  readonly files: readonly (readonly [string, string])[]
  readonly exitCodes: readonly (readonly [number, string])[]
}

export function manPageOf(page: ManPage): string {
  const { program, version, date } = page
  const name = program.name()
  const day = new Date(date * 1000).toISOString().slice(0, 10)
  const lines = [
    `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 ${day} "${name} ${version}" "Gabion"`,
    ...['.SH NAME', `${plain(name)} \\- ${plain(lowerFirst(program.description()).replace(/\.$/, ''))}`],
    ...['.SH SYNOPSIS', `.B ${plain(name)}`, '.I command', '.RI [ options ]'],
    ...['.SH DESCRIPTION', plain(program.description())],
    ...['.SH COMMANDS', ...program.commands.flatMap(command => commandLines(command, name))],
    ...['.SH CONFIGURATION', plain(`${page.configFile} holds YAML. Each key may also stand in the environment.`)],
    ...page.keys.flatMap(key => keyLines(key)),
    ...['.SH FILES', ...page.files.flatMap(([path, about]) => ['.TP', `.I ${plain(path)}`, plain(about)])],
    ...['.SH EXIT STATUS', ...page.exitCodes.flatMap(([code, about]) => ['.TP', `.B ${code}`, plain(about)])],
  ]
  return `${lines.join('\n')}\n`
}

function commandLines(command: Command, above: string): readonly string[] {
  const words = `${above} ${command.name()}`
  const inner = command.commands.flatMap(each => commandLines(each, words))
  if (inner.length > 0) return inner
  return [
    `.SS ${plain(`${words} ${command.usage()}`)}`,
    plain(command.description()),
    ...command.options.flatMap(optionLines),
    ...exampleLines(command),
  ]
}

function optionLines({ flags, description, argChoices, defaultValue }: Option): readonly string[] {
  const choices = argChoices ? ` (${argChoices.join(', ')})` : ''
  const standard = typeof defaultValue === 'string' && defaultValue !== '' ? ` (default: ${defaultValue})` : ''
  return ['.TP', `.B ${plain(flags)}`, plain(`${description}${choices}${standard}`)]
}

/** What a command adds behind its help: explanations and examples, as they stand there. */
function exampleLines(command: Command): readonly string[] {
  let shown = ''
  const { writeOut } = command.configureOutput()
  command.configureOutput({ writeOut: text => (shown += text) })
  command.outputHelp()
  if (writeOut) command.configureOutput({ writeOut })
  const behind = shown.slice(shown.indexOf(command.helpInformation()) + command.helpInformation().length).trim()
  return behind === '' ? [] : ['.PP', '.nf', ...behind.split('\n').map(plain), '.fi']
}

const keyLines = ({ name, about, default: standard }: ConfigKey): readonly string[] => [
  ...['.TP', `.BR ${plain(name)} ", " ${plain(environmentName(name))}`],
  plain(`${about} (default: ${standard})`),
]

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)

/** Nothing in it is read as a request of roff. */
const plain = (text: string): string =>
  text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll("'", '\\(aq').replace(/^\./, '\\&.')
