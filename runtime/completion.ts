// The command `completion` of a program: prints a script that completes its commands and options in bash, zsh or fish.
import { Argument, Command, type Option } from 'commander'

/** Values that an option takes, by its placeholder such as `<severity>`. */
export type ValuesOf = Readonly<Record<string, readonly string[]>>

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

export function completionCommand(program: Command, valuesOf: ValuesOf = {}): Command {
  return new Command('completion')
    .description('print a script that completes commands and options')
    .addArgument(new Argument('<shell>', 'the shell that will read it').choices(shells))
    .addHelpText('after', `\nExample:\n  source <(${program.name()} completion bash)`)
    .action((shell: Shell) => {
      process.stdout.write(scripts[shell](program, valuesOf))
    })
}

interface OptionWords {
  readonly flags: readonly string[]
  /** values that it takes, empty when there is no list of them */
  readonly values: readonly string[]
}

interface CommandWords {
  readonly name: string
  readonly description: string
  readonly options: readonly OptionWords[]
  /** commands below it, as `policy lint` */
  readonly inner: readonly CommandWords[]
}

function wordsOf(program: Command, valuesOf: ValuesOf): readonly CommandWords[] {
  return program.commands.map(command => ({
    name: command.name(),
    description: command.description(),
    options: command.options.map(option => wordsOfOption(option, valuesOf)),
    inner: wordsOf(command, valuesOf),
  }))
}

const wordsOfOption = ({ short, long, flags, argChoices }: Option, valuesOf: ValuesOf): OptionWords => ({
  flags: [long, short].filter(word => word !== undefined),
  values: argChoices ?? valuesOf[flags.split(' ').at(-1) ?? ''] ?? [],
})

const longest = ({ flags }: OptionWords) => flags[0] ?? ''

const scripts = {
  bash: (program: Command, valuesOf: ValuesOf) => {
    const commands = wordsOf(program, valuesOf)
    const cases = commands.map(
      ({ name, options, inner }) =>
        `    ${name}) words="${bashWords(options)}"${valueCases(options)}${innerCases(inner)} ;;`,
    )
    const names = commands.map(({ name }) => name).join(' ')
    return `_${identifier(program)}() {
  local words="${names} --help --version"
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then words="${names} --help --version"; fi
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${identifier(program)} ${program.name()}
`
  },
  // The first line makes it a file of a directory in $fpath, too; bashcompinit defines `complete`.
  zsh: (program: Command, valuesOf: ValuesOf) => `#compdef ${program.name()}
autoload -U +X bashcompinit && bashcompinit
${scripts.bash(program, valuesOf)}if [ "\${funcstack[1]:-}" = _${program.name()} ]; then _bash_complete -o default -F _${identifier(program)}; fi
`,
  fish: (program: Command, valuesOf: ValuesOf) => {
    const lines = wordsOf(program, valuesOf).flatMap(({ name, description, options, inner }) => [
      `complete -c ${program.name()} -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", "\\'")}'`,
      ...options.map(option => fishOption(program, name, option)),
      ...inner.flatMap(command => [
        `complete -c ${program.name()} -n '__fish_seen_subcommand_from ${name}' -f -a ${command.name} -d '${command.description.replaceAll("'", "\\'")}'`,
        ...command.options.map(option => fishOption(program, command.name, option)),
      ]),
    ])
    return `${lines.join('\n')}\n`
  },
}

const bashWords = (options: readonly OptionWords[]) => [...options.map(longest), '--help'].join(' ')

/** The commands below a command, and the options of each. */
function innerCases(inner: readonly CommandWords[]): string {
  if (inner.length === 0) return ''
  const cases = inner.map(
    ({ name, options }) => `        ${name}) words="${bashWords(options)}"${valueCases(options)} ;;\n`,
  )
  const names = inner.map(({ name }) => name).join(' ')
  return `\n      case "\${COMP_WORDS[2]}" in\n${cases.join('')}        *) words="${names} --help" ;;\n      esac`
}

function fishOption(program: Command, command: string, option: OptionWords): string {
  const long = longest(option).replace(/^--/, '')
  const values = option.values.length > 0 ? ` -x -a '${option.values.join(' ')}'` : ''
  return `complete -c ${program.name()} -n '__fish_seen_subcommand_from ${command}' -l ${long}${values}`
}

/** What follows an option that takes one of several words. */
function valueCases(options: readonly OptionWords[]): string {
  const cases = options
    .filter(({ values }) => values.length > 0)
    .map(({ flags, values }) => `        ${flags.join('|')}) words="${values.join(' ')}" ;;\n`)
  return cases.length === 0 ? '' : `\n      case "\${COMP_WORDS[COMP_CWORD-1]}" in\n${cases.join('')}      esac`
}

const identifier = (program: Command) => program.name().replace(/-/g, '_')
