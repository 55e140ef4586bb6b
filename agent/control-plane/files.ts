// Lists the files of a control plane with mode and owner: those that components name, and those in the usual places.

import { posix } from 'node:path'
import type { ControlPlaneFacts } from '../../proto/facets/control-plane.ts'
import type { DirectoryEntry, FileStat, Host } from '../host/host.ts'
import type { Gaps } from '../probe.ts'
import { statRow } from '../stat-row.ts'

export type ControlPlaneFile = ControlPlaneFacts['files'][number]
export type FileRole = ControlPlaneFile['role']

export interface NamedFile {
  readonly path: string
  readonly role: FileRole
  /** left out of the list when it is not there: nothing names it, it may be there */
  readonly optional?: boolean
}

const usualFiles: readonly NamedFile[] = (
  [
    ['/etc/kubernetes/admin.conf', 'admin-kubeconfig'],
    ['/etc/kubernetes/super-admin.conf', 'admin-kubeconfig'],
    ['/root/.kube/config', 'admin-kubeconfig'],
    ['/etc/rancher/k3s/k3s.yaml', 'admin-kubeconfig'],
    ['/etc/rancher/rke2/rke2.yaml', 'admin-kubeconfig'],
    ['/var/lib/k0s/pki/admin.conf', 'admin-kubeconfig'],
    ['/var/snap/microk8s/current/credentials/client.config', 'admin-kubeconfig'],
    ['/etc/kubernetes/controller-manager.conf', 'controller-manager-kubeconfig'],
    ['/etc/kubernetes/scheduler.conf', 'scheduler-kubeconfig'],
  ] as const
).map(([path, role]) => ({ path, role, optional: true }))

/** Directories whose whole content is keys and certificates of a cluster. */
const pkiDirectories = [
  '/etc/kubernetes/pki',
  '/etc/kubernetes/ssl',
  '/var/lib/rancher/k3s/server/tls',
  '/var/lib/rancher/rke2/server/tls',
  '/var/lib/k0s/pki',
  '/var/snap/microk8s/current/certs',
]
const cniDirectories = [
  '/etc/cni/net.d',
  '/var/lib/rancher/k3s/agent/etc/cni/net.d',
  '/var/snap/microk8s/current/args/cni-network',
]
const maxFiles = 1000
const maxDepth = 4

/**
 * Each path once per role; where components name a file of the usual places, the role that they give it counts. A file
 * that cannot be looked at is a row of its own state, and a gap.
 */
export async function listFiles(
  host: Host,
  named: readonly NamedFile[],
  gaps: Gaps,
): Promise<readonly ControlPlaneFile[]> {
  const known = new Set(named.map(file => file.path))
  const all = [...named, ...usualFiles.filter(file => !known.has(file.path))]
  for (const directory of pkiDirectories)
    all.push(...(await walk(host, directory, 'pki-directory', pkiRole, known, gaps)))
  for (const directory of cniDirectories)
    all.push(...(await walk(host, directory, 'cni-directory', cniRole, known, gaps)))
  if (all.length > maxFiles) {
    const detail = `over the limit of ${maxFiles} files`
    gaps.add({ field: 'files', effect: 'incomplete', source: all[maxFiles]?.path ?? '', state: 'tooLarge', detail })
  }
  const rows = new Map<string, ControlPlaneFile>()
  for (const file of all.slice(0, maxFiles)) {
    const row = await statFile(host, file, gaps)
    if (row) rows.set(`${file.role} ${file.path}`, row)
  }
  return [...rows.values()]
}

async function statFile(
  host: Host,
  { path, role, optional }: NamedFile,
  gaps: Gaps,
): Promise<ControlPlaneFile | undefined> {
  const stat = await host.stat(path)
  if (stat.state === 'absent' && optional) return undefined
  if (stat.state !== 'present') gaps.note('files', 'incomplete', stat)
  return { path, role, kind: stat.state === 'present' ? kindOf(stat.value) : '', ...statRow(stat) }
}

function kindOf({ kind }: FileStat): 'file' | 'directory' | 'other' {
  return kind === 'file' || kind === 'directory' ? kind : 'other'
}

type RoleOf = (entry: DirectoryEntry) => FileRole | undefined

async function walk(
  host: Host,
  directory: string,
  role: FileRole,
  roleOf: RoleOf,
  known: ReadonlySet<string>,
  gaps: Gaps,
  depth = 1,
): Promise<readonly NamedFile[]> {
  const entries = await host.list(directory, { maxEntries: maxFiles })
  if (entries.state !== 'present') {
    gaps.note('files', 'incomplete', entries)
    return []
  }
  const files: NamedFile[] = [{ path: directory, role }]
  for (const entry of entries.value) {
    const path = posix.join(directory, entry.name)
    if (entry.kind === 'directory' && role === 'pki-directory' && depth < maxDepth) {
      files.push(...(await walk(host, path, role, roleOf, known, gaps, depth + 1)))
    } else if (entry.kind !== 'directory' && !known.has(path)) {
      const own = roleOf(entry)
      if (own) files.push({ path, role: own, optional: true })
    }
  }
  return files
}

function pkiRole({ name }: DirectoryEntry): FileRole {
  if (/[.-]key(?:\.pem)?$/.test(name)) return 'pki-key'
  return /\.(?:crt|cert|pem)$/.test(name) ? 'pki-certificate' : 'pki-other'
}

/** What the runtime reads: other names it passes over. */
function cniRole({ name }: DirectoryEntry): FileRole | undefined {
  return /\.(?:conf|conflist|json)$/.test(name) ? 'cni-config' : undefined
}
