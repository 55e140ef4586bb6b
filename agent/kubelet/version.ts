// Tells a kubelet's version from what lies on disk; no program of the host is run for it.
import type { Host } from '../host/host.ts'
import type { FoundKubelet } from './found-kubelet.ts'

const dpkgStatus = '/var/lib/dpkg/status'
const maxStatusBytes = 32 * 1024 * 1024

/**
 * Such as `1.30.2`, or undefined when nothing on disk says it. Asked in order: the program's path, the snap's
 * description, Debian's package. A program that was replaced after the kubelet started does not tell what runs.
 *
 * @param startedAtMs when the process started, undefined when it does not run
 */
export async function readVersion(
  host: Host,
  { kind, process }: FoundKubelet,
  startedAtMs: number | undefined,
  memory: Map<string, unknown>,
): Promise<string | undefined> {
  const executable = process?.executable ?? ''
  const inPath = versionInPath(executable)
  if (inPath !== undefined) return inPath
  if (kind === 'microk8s') return await snapVersion(host, executable)
  if (kind !== 'kubelet' && kind !== 'openshift') return undefined
  const program = executable === '' ? '/usr/bin/kubelet' : executable
  if (program !== '/usr/bin/kubelet') return undefined
  const stat = await host.stat(program)
  if (stat.state !== 'present') return undefined
  if (startedAtMs !== undefined && stat.value.changedAtMs > startedAtMs) return undefined
  return await packageVersion(host, memory)
}

/** `/var/lib/rancher/rke2/data/v1.30.1-rke2r1-…/bin/kubelet`, `/opt/kubernetes-v1.29.4/kubelet` */
export function versionInPath(path: string): string | undefined {
  return /(?:^|[/_-])v?(1\.\d{1,3}\.\d{1,3})(?=[/+_-])/.exec(path)?.[1]
}

/** The version in a Debian package's version: `1.30.2-1.1`, `1:1.20.5+really1.20.2-1`. */
export function upstreamVersion(version: string): string | undefined {
  const upstream = /\+really(.*)$/.exec(version)?.[1] ?? version.replace(/^\d+:/, '')
  return /^(1\.\d{1,3}\.\d{1,3})(?!\d|\.)/.exec(upstream)?.[1]
}

async function snapVersion(host: Host, executable: string): Promise<string | undefined> {
  const snap = /^(\/snap\/[^/]+\/[^/]+)\//.exec(executable)?.[1] ?? '/snap/microk8s/current'
  const text = await host.readText(`${snap}/meta/snap.yaml`)
  if (text.state !== 'present') return undefined
  return /^version: *['"]?v?(1\.\d{1,3}\.\d{1,3})['"]?\s*$/m.exec(text.value)?.[1]
}

/** The status file is large and seldom changes, so what it said is remembered with its size and time. */
async function packageVersion(host: Host, memory: Map<string, unknown>): Promise<string | undefined> {
  const stat = await host.stat(dpkgStatus)
  if (stat.state !== 'present') return undefined
  const key = `${stat.value.modifiedAtMs} ${stat.value.sizeBytes}`
  const remembered = memory.get('package') as { readonly key: string; readonly version: string | undefined } | undefined
  if (remembered?.key === key) return remembered.version
  const text = await host.readText(dpkgStatus, { maxBytes: maxStatusBytes })
  const version = text.state === 'present' ? statusVersion(text.value) : undefined
  memory.set('package', { key, version })
  return version
}

function statusVersion(status: string): string | undefined {
  const start = status.startsWith('Package: kubelet\n') ? 0 : status.indexOf('\nPackage: kubelet\n') + 1
  if (start === 0 && !status.startsWith('Package: kubelet\n')) return undefined
  const end = status.indexOf('\n\n', start)
  const stanza = status.slice(start, end < 0 ? undefined : end)
  if (!/^Status: install ok installed$/m.test(stanza)) return undefined
  return upstreamVersion(/^Version: (.{1,100})$/m.exec(stanza)?.[1] ?? '')
}
