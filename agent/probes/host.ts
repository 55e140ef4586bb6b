// Probe `host`: which machine this is, what it boots, and which roles it has.
import { HostFacet } from '../../proto/facets/host.ts'
import type { Hardware, Host } from '../host/host.ts'
import { readBoot, readBootState } from '../machine/boot-state.ts'
import { readFirmware } from '../machine/firmware.ts'
import { readHostname, readMachineId, readOperatingSystem } from '../machine/identity.ts'
import { readRoles } from '../machine/roles.ts'
import { defineProbe, every, type Gaps, present, watch } from '../probe.ts'

/** roles also come with processes, which no file tells */
const againMs = 300_000

export const host = defineProbe({
  facet: HostFacet,
  triggers: [
    watch('/etc/machine-id', '/etc/hostname', '/etc/os-release', '/usr/lib/os-release', '/etc/kubernetes/manifests'),
    every(againMs),
  ],
  deadlineMs: 20_000,
  async run(host, { gaps, processes }) {
    const os = await readOperatingSystem(host, gaps)
    const hardware = await readHardware(host, gaps)
    const table = await processes()
    return present(
      {
        machineId: await readMachineId(host, gaps),
        hostname: await readHostname(host, gaps),
        ...(os && { os }),
        ...(await readBootState(host, gaps)),
        ...(await readFirmware(host, gaps)),
        ...(hardware && { hardware }),
        ...(await readRoles(host, table.processes, gaps)),
      },
      await readBoot(host),
    )
  },
})

async function readHardware(host: Host, gaps: Gaps): Promise<Hardware | undefined> {
  const hardware = await host.hardware()
  if (hardware.state === 'present') return hardware.value
  const { path: source, detail } = hardware
  // On an offline root the answer is `absent`, but the machine's hardware is not: it is unknown.
  const state = hardware.state === 'absent' ? 'unavailable' : hardware.state
  gaps.add({ field: 'hardware', effect: 'omitted', source, state, detail })
  return undefined
}
