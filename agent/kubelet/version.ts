// Tells a kubelet's version from what lies on disk; no program of the host is run for it.
import type { Failure, Host } from '../host/host.ts'
import { readRpmVersions } from '../packages/rpm-versions.ts'
import { type FoundKubelet, type Obstacle, obstacleOf } from './found-kubelet.ts'

const dpkgStatus = '/var/lib/dpkg/status'
const maxStatusBytes = 32 * 1024 * 1024

/** Such as `1.30.2`, or what keeps it from being told. */
export type Version = { readonly version: string } | { readonly obstacle: Obstacle }

/**
 * The version as far as the disk tells it. Asked in order: the program's path, the snap's
 * description, the package of Debian or Red Hat. A program that was replaced after the kubelet started does not tell what runs.
 *
 * @param startedAtMs when the process started, undefined when it does not run
 */
export async function readVersion(
  host: Host,
  found: FoundKubelet,
  startedAtMs: number | undefined,
  memory: Map<string, unknown>,
): Promise<Version> {
  const { kind, process } = found
  const executable = process?.executable ?? ''
  const inPath = versionInPath(executable)
  if (inPath !== undefined) return { version: inPath }
  const nowhere: Version = { obstacle: unknownVersion(found) }
  if (kind === 'microk8s') return (await snapVersion(host, executable)) ?? nowhere
  if (kind !== 'kubelet' && kind !== 'openshift') return nowhere
  const program = executable === '' ? '/usr/bin/kubelet' : executable
  if (program !== '/usr/bin/kubelet') return nowhere
  const stat = await host.stat(program)
  if (stat.state !== 'present') return { obstacle: obstacleOf(stat) }
  if (startedAtMs !== undefined && stat.value.changedAtMs > startedAtMs) return nowhere
  return (await packageVersion(host, memory)) ?? (await rpmVersion(host)) ?? nowhere
}

/** What tells nothing of the version, when there is nothing else to blame. */
export function unknownVersion({ kind, unit, process }: FoundKubelet): Obstacle {
  const source = process?.executable || unit || kind
  return { source, state: 'unavailable', detail: 'nothing on disk tells the version of this binary' }
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

async function snapVersion(host: Host, executable: string): Promise<Version | undefined> {
  const snap = /^(\/snap\/[^/]+\/[^/]+)\//.exec(executable)?.[1] ?? '/snap/microk8s/current'
  const text = await host.readText(`${snap}/meta/snap.yaml`)
  if (text.state !== 'present') return obstacleUnlessAbsent(text)
  const version = /^version: *['"]?v?(1\.\d{1,3}\.\d{1,3})['"]?\s*$/m.exec(text.value)?.[1]
  return version === undefined ? undefined : { version }
}

/** The status file is large and seldom changes, so what it said is remembered with its size and time. */
async function packageVersion(host: Host, memory: Map<string, unknown>): Promise<Version | undefined> {
  const stat = await host.stat(dpkgStatus)
  if (stat.state !== 'present') return obstacleUnlessAbsent(stat)
  const key = `${stat.value.modifiedAtMs} ${stat.value.sizeBytes}`
  const remembered = memory.get('package') as { readonly key: string; readonly version: string | undefined } | undefined
  if (remembered?.key === key) return remembered.version === undefined ? undefined : { version: remembered.version }
  const text = await host.readText(dpkgStatus, { maxBytes: maxStatusBytes })
  if (text.state !== 'present') return obstacleUnlessAbsent(text)
  const version = statusVersion(text.value)
  memory.set('package', { key, version })
  return version === undefined ? undefined : { version }
}

async function rpmVersion(host: Host): Promise<Version | undefined> {
  const versions = await readRpmVersions(host)
  if (versions && 'state' in versions) return { obstacle: obstacleOf(versions) }
  const version = upstreamVersion(versions?.get('kubelet') ?? '')
  return version === undefined ? undefined : { version }
}

function obstacleUnlessAbsent(failure: Failure): Version | undefined {
  return failure.state === 'absent' ? undefined : { obstacle: obstacleOf(failure) }
}

function statusVersion(status: string): string | undefined {
  const start = status.startsWith('Package: kubelet\n') ? 0 : status.indexOf('\nPackage: kubelet\n') + 1
  if (start === 0 && !status.startsWith('Package: kubelet\n')) return undefined
  const end = status.indexOf('\n\n', start)
  const stanza = status.slice(start, end < 0 ? undefined : end)
  if (!/^Status: install ok installed$/m.test(stanza)) return undefined
  return upstreamVersion(/^Version: (.{1,100})$/m.exec(stanza)?.[1] ?? '')
}
