// Builds hosts with a recorded kubelet, and reads what the probe says of them.
import type { Host, HttpAnswer } from '../../../agent/host/host.ts'
import { kubelet } from '../../../agent/probes/kubelet.ts'
import type { KubeletFacts } from '../../../proto/facets/kubelet.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { type RecordedKubelet, recordedHostFiles, recordedKubelet } from '../../recorded-kubelets.ts'
import { presentFacts, type RunOptions, runProbe } from '../../run-probe.ts'

export async function factsOf(host: Host, options?: RunOptions): Promise<KubeletFacts> {
  return presentFacts(await runProbe(kubelet, host, options)) as unknown as KubeletFacts
}

/** A kubelet whose configuration lets nobody in without a name. */
export const hardened = () => recordedKubelet('v1.36.2', 'm-hard-api')

/** A host with that kubelet, its ports included; files and answers may be added or replaced. */
export function recordedHost(
  t: Parameters<typeof hostFrom>[0],
  recorded: RecordedKubelet,
  more: {
    readonly files?: Record<string, FixtureFile>
    readonly http?: Record<string, HttpAnswer>
    live?: boolean
  } = {},
): Promise<Host> {
  return hostFrom(t, {
    files: { ...recordedHostFiles(recorded), ...more.files },
    http: { ...recorded.answers, ...more.http },
    tls: recorded.tls,
    live: more.live ?? true,
  })
}
