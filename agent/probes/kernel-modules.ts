// Probe of loaded kernel modules with the rules that keep others from being loaded.
import { KernelModulesFacet, seldomUsedModules } from '../../proto/facets/kernel-modules.ts'
import { moduleRows } from '../kernel-modules/module-rows.ts'
import { autoloadDirectories, modprobeDirectories, readConfiguration } from '../kernel-modules/read-configuration.ts'
import { readInstalled } from '../kernel-modules/read-installed.ts'
import { readRunning } from '../kernel-modules/read-running.ts'
import { defineProbe, every, present, watch } from '../probe.ts'

export const kernelModules = defineProbe({
  facet: KernelModulesFacet,
  triggers: [watch(...modprobeDirectories, ...autoloadDirectories, '/etc/modules'), every(2000)],
  async run(host, context) {
    const running = await readRunning(host, context.gaps)
    const configuration = await readConfiguration(host, context.gaps)
    const installed = await readInstalled(host, context.gaps, context.memory)
    const { support, loadingDisabled, modprobePath, tainted, taintFlags } = running
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
