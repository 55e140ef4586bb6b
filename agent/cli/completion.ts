// `gabion-agent completion`: a script that completes commands and options in bash, zsh or fish.
import { Argument, Command } from 'commander'

export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('print a script that completes commands and options')
    .addArgument(new Argument('<shell>', 'the shell that will read it').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', `\nExample:\n  source <(${program.name()} completion bash)`)
    .action((shell: 'bash' | 'zsh' | 'fish') => {
      process.stdout.write(scripts[shell](program))
    })
}

interface CommandWords {
  readonly name: string
  readonly description: string
  readonly options: readonly string[]
}

function wordsOf(program: Command): readonly CommandWords[] {
  return program.commands.map(command => ({
    name: command.name(),
    description: command.description(),
    options: command.options.map(option => option.long ?? option.short ?? '').filter(word => word !== ''),
  }))
}

const scripts = {
  bash: (program: Command) => {
    const commands = wordsOf(program)
    const cases = commands.map(({ name, options }) => `    ${name}) words="${options.join(' ')} --help" ;;`)
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
  zsh: (program: Command) => `autoload -U +X bashcompinit && bashcompinit\n${scripts.bash(program)}`,
  fish: (program: Command) => {
    const lines = wordsOf(program).flatMap(({ name, description, options }) => [
      `complete -c ${program.name()} -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", "\\'")}'`,
      ...options.map(
        option =>
          `complete -c ${program.name()} -n '__fish_seen_subcommand_from ${name}' -l ${option.replace(/^--/, '')}`,
      ),
    ])
    return `${lines.join('\n')}\n`
  },
}

const identifier = (program: Command) => program.name().replace(/-/g, '_')
