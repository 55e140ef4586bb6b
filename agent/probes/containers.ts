// Probe `containers`: what containers, daemons and static pods may really do on this host.
import { ContainersFacet } from '../../proto/facets/containers.ts'
import { readHostView } from '../containers/read-confinement.ts'
import { readDaemons } from '../containers/read-daemons.ts'
import { readStaticPods } from '../containers/read-static-pods.ts'
import { readWorkloads } from '../containers/read-workloads.ts'
import type { Host } from '../host/host.ts'
import { usualManifestDirectories } from '../kubelet/static-pod-files.ts'
import { defineProbe, every, type Gaps, type ProbeContext, present, watch } from '../probe.ts'

export const containers = defineProbe({
  facet: ContainersFacet,
  triggers: [every(10_000), watch(...usualManifestDirectories)],
  async run(host, context) {
    const staticPods = [...(await readStaticPods(host, context))]
    const nowTicks = host.live ? await readUptime(host, context.gaps) : undefined
    if (!host.live) noteAbsence(context.gaps, { source: '/proc', detail: 'offline root' })
    if (nowTicks === undefined) return present({ staticPods }, {})
    await noteUnseen(context)
    const view = await readHostView(host)
    const { facts, observations } = await readWorkloads(host, context, view, nowTicks)
    const daemons = [...(await readDaemons(host, context, view, nowTicks))]
    return present({ staticPods, workloads: [...facts], daemons }, { containers: observations })
  },
})

/** Processes that are hidden may be containers or services. */
async function noteUnseen(context: ProbeContext): Promise<void> {
  const { unreadable } = await context.processes()
  if (unreadable.count === 0) return
  for (const field of ['workloads', 'daemons']) {
    const detail = 'some processes are hidden, CAP_SYS_PTRACE would help'
    context.gaps.add({ field, effect: 'incomplete', source: '/proc/PID', state: 'unreadable', detail })
  }
}

function noteAbsence(gaps: Gaps, reason: { readonly source: string; readonly detail: string }): void {
  for (const field of ['workloads', 'daemons']) gaps.add({ field, effect: 'omitted', state: 'unavailable', ...reason })
}

/** Clock ticks since boot (USER_HZ is 100 on every architecture that we run on). */
async function readUptime(host: Host, gaps: Gaps): Promise<number | undefined> {
  const text = await host.readText('/proc/uptime')
  const seconds = text.state === 'present' ? /^(\d{1,12})\.(\d\d) /.exec(text.value) : null
  if (seconds) return Number(seconds[1]) * 100 + Number(seconds[2])
  noteAbsence(gaps, { source: '/proc/uptime', detail: 'does not tell the time since boot' })
  return undefined
}
