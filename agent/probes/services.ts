// Probe of services: what is installed, what a boot starts and what runs, with logging, time and updates.
import { ServicesFacet } from '../../proto/facets/services.ts'
import type { Failure, Host } from '../host/host.ts'
import { defineProbe, every, type Gaps, present, watch } from '../probe.ts'
import { knownRows } from '../services/known-rows.ts'
import { readFalco } from '../services/read-falco.ts'
import { readJournald } from '../services/read-journald.ts'
import { readTimeSources } from '../services/read-time-sources.ts'
import { aptDirectory, readUpdates } from '../services/read-updates.ts'
import { readActiveUnits } from '../services/running.ts'
import { readBootServices } from '../services/unit-rows.ts'

const configuration = [
  '/etc/systemd/system',
  '/etc/systemd/system/multi-user.target.wants',
  '/etc/systemd/journald.conf',
  '/etc/systemd/journald.conf.d',
  '/etc/init.d',
  '/etc/chrony',
  aptDirectory,
] as const

export const services = defineProbe({
  facet: ServicesFacet,
  triggers: [watch(...configuration), every(30_000)],
  async run(host, context) {
    const { gaps } = context
    const ownInit = await isOtherInit(host)
    const boot = await readBootServices(host, ownInit, gaps)
    const active = ownInit ? notSystemd : await readActiveUnits(host)
    const known = await knownRows(host, { boot, table: await context.processes(), active }, gaps)
    const failedUnits = ownInit ? [] : failedOf(active, gaps)
    const falco = [...(await readFalco(host, context, known))]
    const journald = await readJournald(host, gaps)
    const timeSources = await readTimeSources(host, known, gaps)
    const automaticUpdates = await readUpdates(host, { known, units: boot.units, ownInit }, gaps)
    return present(
      {
        known: [...known],
        units: [...boot.units],
        startedAtBoot: [...boot.startedAtBoot],
        falco,
        ...(failedUnits && { failedUnits: [...failedUnits] }),
        ...(journald && { journald }),
        ...(timeSources && { timeSources }),
        ...(automaticUpdates && { automaticUpdates }),
      },
      {},
    )
  },
})

/** An offline root is taken for one of systemd: its SysV scripts count where it has no unit. */
async function isOtherInit(host: Host): Promise<boolean> {
  const init = host.live ? await host.readText('/proc/1/comm') : undefined
  return init?.state === 'present' && init.value.trim() !== 'systemd'
}

const notSystemd: Failure = { state: 'unavailable', path: '/proc/1/comm', detail: 'init is not systemd' }

function failedOf(active: Awaited<ReturnType<typeof readActiveUnits>>, gaps: Gaps): readonly string[] | undefined {
  if (active.state === 'present') return active.value.filter(unit => unit.active === 'failed').map(({ unit }) => unit)
  gaps.note('failedUnits', 'omitted', active)
  return undefined
}
