// Probe of loaded kernel modules with the rules that keep others from being loaded.
import { KernelModulesFacet, seldomUsedModules } from '../../proto/facets/kernel-modules.ts'
import type { Host } from '../host/host.ts'
import { moduleRows } from '../kernel-modules/module-rows.ts'
import { autoloadDirectories, modprobeDirectories, readConfiguration } from '../kernel-modules/read-configuration.ts'
import { type InstalledModules, readInstalled } from '../kernel-modules/read-installed.ts'
import { readRunning } from '../kernel-modules/read-running.ts'
import { offline } from '../no-answer.ts'
import { defineProbe, every, type Gaps, present, watch } from '../probe.ts'

export const kernelModules = defineProbe({
  facet: KernelModulesFacet,
  triggers: [watch(...modprobeDirectories, ...autoloadDirectories, '/etc/modules'), every(2000)],
  async run(host, context) {
    const running = await readRunning(host, context.gaps)
    const configuration = await readConfiguration(host, context.gaps)
    const installed = await readInstalled(host, context.gaps, context.memory)
    const { loadingDisabled, modprobePath, tainted, taintFlags } = running
    const support = running.support ?? supportOnDisk(host, installed, context.gaps)
    const facts = {
      ...(support && { support }),
      ...(loadingDisabled !== undefined && { loadingDisabled }),
      ...(modprobePath !== undefined && { modprobePath }),
      ...(tainted !== undefined && { tainted }),
      ...(taintFlags && { taintFlags: [...taintFlags] }),
      modules: [...moduleRows({ configuration, installed, running, live: host.live }, seldomUsedModules)],
      hiddenFiles: [...configuration.hiddenFiles],
    }
    const loaded = [...(running.loaded?.values() ?? [])].map(({ name, sizeBytes, refcount, dependants }) => {
      return { name, sizeBytes, refcount, dependants: [...dependants] }
    })
    return present(facts, { loaded })
  },
})

/** A kernel that has modules on disk was built to load them. A live root whose /proc/modules is unreadable has its gap. */
function supportOnDisk(host: Host, { available }: InstalledModules, gaps: Gaps): 'modular' | undefined {
  if (host.live) return undefined
  if (available && available.size > 0) return 'modular'
  gaps.note('support', 'omitted', offline('/proc/modules'))
  return undefined
}
