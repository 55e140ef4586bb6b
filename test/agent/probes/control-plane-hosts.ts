// Builds hosts out of the fixture of kubeadm, and reads what the control plane probe says of them.
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../../agent/host/host.ts'
import { controlPlane } from '../../../agent/probes/control-plane.ts'
import type { ControlPlaneFacts } from '../../../proto/facets/control-plane.ts'
import { fixtureRoot } from '../../fixture-host.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { kernelFiles, processFiles } from '../../recorded-kubelets.ts'
import { presentFacts, type RunOptions, runProbe } from '../../run-probe.ts'

export async function factsOf(host: Host, options?: RunOptions): Promise<ControlPlaneFacts> {
  return presentFacts(await runProbe(controlPlane, host, options)) as unknown as ControlPlaneFacts
}

const root = fixtureRoot('kubeadm-control-plane')
/** Content of a file of the fixture, by its path on the host. */
export const text = (path: string) => readFileSync(join(root, path), 'utf8')
export const manifest = (name: string) => `/etc/kubernetes/manifests/${name}.yaml`
export const policy = '/etc/kubernetes/audit/policy.yaml'

/** Files of the fixture below /etc/kubernetes and the like, without its processes. */
const declared: Record<string, FixtureFile> = Object.fromEntries(
  globSync(['etc/kubernetes/**', 'var/lib/etcd/**', 'etc/cni/**', 'var/log/**'], { cwd: root })
    .filter(path => statSync(join(root, path)).isFile())
    .map(path => [`/${path}`, readFileSync(join(root, path))]),
)

const containerId = 'c'.repeat(64)

/** A process in a container of a static pod. */
export function inPod(pid: number, argv: readonly string[], startTicks = 6000): Record<string, FixtureFile> {
  const program = (argv[0] ?? '').split('/').at(-1) ?? ''
  return processFiles({
    pid,
    executable: `/usr/local/bin/${program}`,
    argv,
    startTicks,
    cgroup: `/kubepods/burstable/pod${'a'.repeat(32)}/${containerId}`,
    namespaces: { mnt: pid, net: 1 },
  })
}

export const init = processFiles({ pid: 1, executable: '/sbin/init', argv: ['init'], namespaces: { mnt: 1, net: 1 } })

/** A host with the fixture's files, these processes and changes; `undefined` takes a file away. */
export async function hostWith(
  t: Parameters<typeof hostFrom>[0],
  changes: Record<string, FixtureFile | undefined>,
  live = true,
): Promise<Host> {
  const all = { ...declared, ...(live ? { ...kernelFiles([]), ...init } : {}), ...changes }
  const files = Object.fromEntries(Object.entries(all).filter(([, file]) => file !== undefined))
  return await hostFrom(t, { files: files as Record<string, FixtureFile>, live })
}

/** The command line in the manifest of a component. */
export function argvOf(name: string): readonly string[] {
  return text(manifest(name)).match(/(?<=^ {4}- )(?:kube-[a-z-]+$|etcd$|--.*$)/gm) ?? []
}
