// `gabion-agent policy`: what this host is judged by: lint, test, explain and list; the work is loaded when asked for.
import { Argument, Command } from 'commander'
import { policyDirectory } from '../../site/policy-directory.ts'
import { list, portProbesOption, rootOption, severity } from './options.ts'
import type { ExplainOptions } from './policy-explain.ts'
import type { ListOptions } from './policy-list.ts'
import { labelOption, noPolicyOption, policyOption } from './policy-options.ts'
import type { TestOptions } from './policy-test.ts'

export function policyCommand(): Command {
  return new Command('policy')
    .description('look at what hosts are judged by: lint, test, explain, list')
    .addCommand(lintCommand())
    .addCommand(testCommand())
    .addCommand(explainCommand())
    .addCommand(listCommand())
    .addHelpText('after', help)
}

const paths = () =>
  new Argument('[paths...]', `files of a site’s own policy, or directories of them (default: ${policyDirectory})`)

function lintCommand(): Command {
  return new Command('lint')
    .description('tell everything that is wrong with a policy, with file, line and column')
    .addArgument(paths())
    .addHelpText('after', '\nExit codes:\n  0  no problems\n  1  problems\n  2  bad usage')
    .action(async (files: readonly string[]) => (await import('./policy-lint.ts')).lintPolicy(files))
}

function testCommand(): Command {
  return new Command('test')
    .description('judge the rows that checks have as their tests, and print the outcome as TAP')
    .addArgument(paths())
    .option('--builtin', 'the built-in checks, too; without paths only those')
    .option('--check <ids>', 'only these checks', list)
    .addHelpText('after', '\nExit codes:\n  0  every row is as expected\n  1  one is not, or the policy has problems')
    .action(async (files: readonly string[], options: TestOptions) => {
      return (await import('./policy-test.ts')).testPolicy(files, options)
    })
}

function explainCommand(): Command {
  return new Command('explain')
    .description('tell what a check means on this host: where its values come from, what it read, what it found')
    .argument('<check>', 'id of the check')
    .addOption(policyOption())
    .addOption(noPolicyOption())
    .addOption(labelOption())
    .addOption(rootOption())
    .addOption(portProbesOption())
    .action(async (check: string, options: ExplainOptions) => {
      return (await import('./policy-explain.ts')).explainCheck(check, options)
    })
}

function listCommand(): Command {
  return new Command('list')
    .description('list checks with their severity, and the profiles that there are')
    .option('--profile <ids>', 'only the checks of these profiles', list)
    .option('--severity <severity>', 'only checks at or above it', severity)
    .addOption(policyOption())
    .addOption(noPolicyOption())
    .addOption(labelOption())
    .action(async (options: ListOptions) => (await import('./policy-list.ts')).listPolicy(options))
}

const help = `
Examples:
  gabion-agent policy lint ./policy
  gabion-agent policy test ./policy
  gabion-agent policy explain kubelet-anonymous-auth-disabled
  gabion-agent policy list --profile cks --severity high`
