// Builds little hosts with container engines, and reads what the probe says of them.
import type { Test } from 'tap'
import { containerRuntime } from '../../../agent/probes/container-runtime.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { ContainerRuntimeFacts } from '../../../proto/facets/container-runtime.ts'
import { type FixtureFile, type FixtureHost, hostFrom } from '../../host-from.ts'
import { littleProc } from '../../little-processes.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

export const factsOf = (state: FacetState) => presentFacts(state) as unknown as ContainerRuntimeFacts
export const gapsOf = (facts: ContainerRuntimeFacts) =>
  facts.gaps.map(gap => `${gap.field} ${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)

export async function scan(t: Test, files: Record<string, FixtureFile>, options: Partial<FixtureHost> = {}) {
  return factsOf(await runProbe(containerRuntime, await hostFrom(t, { files, ...options })))
}

/** /proc of a host whose first process is systemd, and of one with each engine. */
export const systemd = littleProc({ pid: 1, executable: '/usr/lib/systemd/systemd', cgroup: '/init.scope' })
export const dockerd = (...args: readonly string[]) => ({
  ...systemd,
  ...littleProc({ pid: 500, executable: '/usr/bin/dockerd', args, cgroup: '/system.slice/docker.service' }),
})
export const containerd = (...args: readonly string[]) => ({
  ...systemd,
  ...littleProc({ pid: 600, executable: '/usr/bin/containerd', args, cgroup: '/system.slice/containerd.service' }),
})
