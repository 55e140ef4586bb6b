// Probe of kernel parameters: those in force, and those that files set at boot.
import { SysctlFacet } from '../../proto/facets/sysctl.ts'
import { defineProbe, every, present, watch } from '../probe.ts'
import { parameterRows } from '../sysctl/parameter-rows.ts'
import { readInterfaces } from '../sysctl/read-interfaces.ts'
import { readLive } from '../sysctl/read-live.ts'
import { readPersisted, sysctlConf, sysctlDirectories } from '../sysctl/read-persisted.ts'
import { wantedParameters } from '../sysctl/wanted-parameters.ts'

export const sysctl = defineProbe({
  facet: SysctlFacet,
  triggers: [watch(...sysctlDirectories, sysctlConf), every(10_000)],
  async run(host, { gaps }) {
    const persisted = await readPersisted(host, gaps)
    const paths = [...new Set([...wantedParameters, ...persisted.settings.named])]
    const live = host.live ? await readLive(host, paths) : undefined
    const interfaces = await readInterfaces(host, gaps)
    return present(
      {
        loader: persisted.loader,
        parameters: [...parameterRows(paths, live, persisted, gaps)],
        ...(interfaces && { interfaces }),
        hiddenFiles: [...persisted.hiddenFiles],
      },
      {},
    )
  },
})
