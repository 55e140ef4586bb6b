// `gabion-agent config`: the configuration that `run` would take, and where each value comes from.
import { Command } from 'commander'
import { visible } from '../../policy/visible-text.ts'
import { AgentConfigSchema } from '../agent-config.ts'
import { readWishes } from '../state-directory.ts'
import { configOf, type RunOptions, withRunOptions } from './run.ts'

const help = `
Takes the options of run. Intervals that the collector wishes of the running agent follow at the end. Secrets stand in files that the configuration names; they are not read and not printed.

Examples:
  gabion-agent config
  GABION_LOG_LEVEL=debug gabion-agent config -o json`

export function configCommand(): Command {
  return withRunOptions(
    new Command('config').description('print the configuration of run, and where each value comes from'),
  )
    .option('-o, --output <format>', 'yaml or json', 'yaml')
    .addHelpText('after', help)
    .action(printConfig)
}

function printConfig({ output, ...options }: RunOptions & { readonly output: string }): void {
  const { values, origins } = configOf(options)
  const wishes = readWishes(values.stateDir)
  if (output === 'json') {
    const entries = Object.entries(values).map(([key, value]) => [
      key,
      { value, origin: origins.get(key) ?? 'default' },
    ])
    const wished = wishes && { wishes: { value: wishes, origin: 'collector' } }
    process.stdout.write(`${JSON.stringify({ ...Object.fromEntries(entries), ...wished }, null, 2)}\n`)
    return
  }
  const lines = Object.entries(values).map(([key, value]) => {
    const { description = '' } = AgentConfigSchema.shape[key as keyof typeof values]
    const origin = origins.get(key)
    return `# ${description}${origin === undefined ? '' : `; from ${visible(origin)}`}\n${key}: ${JSON.stringify(value)}\n`
  })
  const wished = wishes ? [`# wished by the collector, goes over the above: ${visible(JSON.stringify(wishes))}\n`] : []
  process.stdout.write([...lines, ...wished].join('\n'))
}
