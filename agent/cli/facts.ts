// `gabion-agent facts`: what the probes read, as JSON.
import { Command } from 'commander'
import { hostDigest } from '../../proto/canonical.ts'
import { facetProperty } from '../../proto/facet.ts'
import { terminalJson } from '../../report/terminal-json.ts'
import { isoTime, systemClock } from '../../runtime/clock.ts'
import { usageError } from '../../runtime/errors.ts'
import { version } from '../../runtime/version.ts'
import { probes } from '../probes.generated.ts'
import { kubeletTokenOption, portProbesOption, rootOption, selectProbes } from './options.ts'
import { openRoot, readOnce } from './read-host.ts'

interface FactsOptions {
  readonly all?: true
  readonly root: string
  readonly portProbes: boolean
  readonly kubeletTokenFile?: string
}

export function factsCommand(): Command {
  return new Command('facts')
    .description('print what the probes read as JSON')
    .argument('[probe...]', `facets to read: ${probes.map(probe => probe.name).join(', ')}`)
    .option('-a, --all', 'read every facet')
    .addOption(rootOption())
    .addOption(portProbesOption())
    .addOption(kubeletTokenOption())
    .addHelpText('after', '\nExamples:\n  gabion-agent facts ports\n  gabion-agent facts --all > snapshot.json')
    .action(facts)
}

async function facts(names: readonly string[], options: FactsOptions): Promise<void> {
  if (names.length === 0 && !options.all) throw usageError('name the facets to read, or give --all')
  const host = await openRoot(options.root, options.kubeletTokenFile)
  const states = await readOnce(host, selectProbes(options.all ? undefined : names), options.portProbes, names)
  const snapshot = {
    agentVersion: version,
    readAt: isoTime(systemClock.now()),
    root: host.root,
    live: host.live,
    hostDigest: hostDigest(states),
    facets: Object.fromEntries(states.map(state => [facetProperty(state.facet), state])),
  }
  process.stdout.write(`${terminalJson(snapshot)}\n`)
}
