// Probe `seccomp`: whether the kernel filters system calls, and what the profiles offered to pods are worth.
import { SeccompFacet, type SeccompFacts } from '../../proto/facets/seccomp.ts'
import { defineProbe, every, present, watch } from '../probe.ts'
import { readKernelSupport } from '../seccomp/kernel-support.ts'
import { countProcessModes } from '../seccomp/process-modes.ts'
import { defaultRoot, findProfileRoots } from '../seccomp/profile-roots.ts'
import { describeRoot, readProfiles } from '../seccomp/read-profiles.ts'

export const seccomp = defineProbe({
  facet: SeccompFacet,
  triggers: [watch(defaultRoot), every(300_000)],
  async run(host, context) {
    const { gaps } = context
    const support = await readKernelSupport(host, gaps)
    const directories: SeccompFacts['directories'] = []
    const profiles: SeccompFacts['profiles'] = []
    for (const root of await findProfileRoots(host, context)) {
      const directory = await describeRoot(host, gaps, root)
      directories.push(directory)
      if (directory.state === 'present') profiles.push(...(await readProfiles(host, gaps, root)))
    }
    const processes = host.live ? await countProcessModes(host, await context.processes()) : undefined
    return present({ ...support, directories, profiles }, { ...(processes && { processes }) })
  },
})
