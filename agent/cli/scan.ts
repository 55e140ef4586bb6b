// `gabion-agent scan`: its options; the work is loaded when it is asked for.
import { Command, Option } from 'commander'
import { usageError } from '../../runtime/errors.ts'
import { days, kubeletTokenOption, list, portProbesOption, rootOption, severity } from './options.ts'
import { formatHelp, outputOption } from './outputs.ts'
import { labelOption, noPolicyOption, policyOption } from './policy-options.ts'
import type { ScanOptions } from './scan-host.ts'

export function scanCommand(): Command {
  return new Command('scan')
    .description('read this host once, judge it and print the verdict')
    .addOption(outputOption())
    .addOption(rootOption())
    .addOption(factsOption())
    .option('--since <report>', 'compare with an earlier report (-o json); --fail-on then counts only what is new')
    .option('--probe <names>', 'only these probes, judged by every check that needs nothing else', list)
    .option('--check <ids>', 'only these checks', list)
    .option('--profile <ids>', 'only the checks of these profiles, instead of those that fit the host', list)
    .addOption(new Option('--severity <severity>', 'only checks at or above it').argParser(severity))
    .addOption(new Option('--fail-on <severity>', 'exit with 1 on a finding at or above it').argParser(severity))
    .option('--fix-plan <path>', 'write a script (.sh) or playbook (.yaml) of what to do; both into a directory')
    .option('--all', 'also list what passed and what does not apply')
    .addOption(policyOption())
    .addOption(noPolicyOption())
    .addOption(labelOption())
    .addOption(waiverNoticeOption())
    .addOption(portProbesOption())
    .addOption(kubeletTokenOption())
    .addOption(controlsOption())
    .option('--strict-compat', 'judge --controls as kube-bench itself would, with its quirks')
    .addHelpText('after', formatHelp)
    .addHelpText('after', help)
    .action(async (options: ScanOptions) => {
      if (options.controls) await (await import('./scan-controls.ts')).scanControls(options.controls, options)
      else if (options.strictCompat) throw usageError('--strict-compat goes with --controls')
      else await (await import('./scan-host.ts')).scan(options)
    })
}

/** Controls bring their own checks: what selects, tailors or compares those of the catalog does not go with them. */
const controlsOption = () =>
  new Option('--controls <path>', 'judge by controls files in kube-bench’s format instead; may be repeated')
    .argParser((path: string, before: readonly string[] | undefined) => [...(before ?? []), path])
    .conflicts(['facts', 'since', 'probe', 'profile', 'severity', 'fixPlan', 'kubeletTokenFile', 'label', 'policy'])

const factsOption = () =>
  new Option('--facts <file>', 'judge a snapshot of gabion-agent facts --all instead, - for standard input').conflicts([
    'root',
    'probe',
    'portProbes',
    'kubeletTokenFile',
  ])

const waiverNoticeOption = () =>
  new Option('--waiver-notice <days>', 'tell of waivers that end within so many days').default(30).argParser(days)

const help = `
Exit codes:
  0  done, also with findings
  1  --fail-on: a finding at or above that severity
  2  bad usage
  3  --fail-on: a check at or above that severity could not be judged

Examples:
  gabion-agent scan
  gabion-agent scan --root /mnt/image --output json
  gabion-agent scan --probe kubelet --fail-on high
  gabion-agent scan --facts snapshot.json
  gabion-agent scan -o table -o sarif=gabion.sarif -o html=report.html
  gabion-agent scan --fix-plan . && bash fix-plan.sh
  gabion-agent scan --since yesterday.json --fail-on high -o json=today.json
  gabion-agent scan --policy ./policy --label role=web
  gabion-agent scan --controls ./cfg/cis-1.12 -o kube-bench`
