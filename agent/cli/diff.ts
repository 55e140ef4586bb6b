// `gabion-agent diff`: what changed between two snapshots, in words.
import { Command, Option } from 'commander'
import { facets } from '../../proto/facets.generated.ts'
import { createDiffReport, renderDiffJson } from '../../report/diff-report.ts'
import { renderDiffTable } from '../../report/diff-table.ts'
import { usageError } from '../../runtime/errors.ts'
import { version } from '../../runtime/version.ts'
import { readSnapshot, type Snapshot } from './read-snapshot.ts'
import { terminal } from './terminal.ts'

interface DiffOptions {
  readonly output: 'table' | 'json'
}

export function diffCommand(): Command {
  return new Command('diff')
    .description('compare two snapshots of gabion-agent facts --all, in words')
    .argument('<before>', 'snapshot, - for standard input')
    .argument('<after>', 'snapshot, - for standard input')
    .addOption(new Option('-o, --output <format>', 'form of the answer').choices(['table', 'json']).default('table'))
    .addHelpText('after', help)
    .action(diff)
}

const help = `
Exit codes:
  0  no facet differs
  1  some facet differs
  2  bad usage, or a file that is no snapshot

Examples:
  gabion-agent facts --all > before.json
  gabion-agent facts --all | gabion-agent diff before.json -`

async function diff(first: string, second: string, options: DiffOptions): Promise<void> {
  if (first === '-' && second === '-') throw usageError('standard input can be only one of the two snapshots')
  const before = await readSnapshot(first)
  const after = await readSnapshot(second)
  const tool = { name: 'gabion-agent', version }
  const report = createDiffReport({ tool, before: sideOf(before), after: sideOf(after), facets })
  process.stdout.write(options.output === 'json' ? renderDiffJson(report) : renderDiffTable(report, terminal()))
  process.exitCode = report.equal ? 0 : 1
}

const sideOf = ({ unknown, ...side }: Snapshot) => side
