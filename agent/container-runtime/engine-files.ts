// Lists the files that container engines and root's Docker client depend on, with mode and owner.
import type { ContainerRuntimeFacts } from '../../proto/facets/container-runtime.ts'
import type { Host } from '../host/host.ts'
import type { Gaps } from '../probe.ts'
import { statRow } from '../stat-row.ts'

export type EngineFile = ContainerRuntimeFacts['files'][number]

export interface NamedFile {
  readonly path: string
  readonly role: EngineFile['role']
  /** left out of the list when it is not there: nothing names it, it may be there */
  readonly optional?: boolean
}

const maxCertificates = 200

/** Files and directories of usual places that matter when they are there. */
export const usualFiles: readonly NamedFile[] = (
  [
    ['/etc/docker', 'config-directory'],
    ['/etc/containerd', 'config-directory'],
    ['/etc/crio', 'config-directory'],
    ['/etc/default/docker', 'environment'],
    ['/etc/sysconfig/docker', 'environment'],
  ] as const
).map(([path, role]) => ({ path, role, optional: true }))

/** Each file once per role, by whatever links it is named. A file that cannot be looked at is a row of its own state, and a gap. */
export async function statFiles(host: Host, named: readonly NamedFile[], gaps: Gaps): Promise<readonly EngineFile[]> {
  const rows = new Map<string, EngineFile>()
  for (const { path, role, optional } of named) {
    if (!path.startsWith('/')) continue
    const stat = await host.stat(path)
    if (stat.state === 'absent' && optional) continue
    const real = await host.realPath(path)
    const key = `${role} ${real.state === 'present' ? real.value : path}`
    if (rows.has(key)) continue
    if (stat.state !== 'present') gaps.note('files', 'incomplete', stat)
    rows.set(key, { path, role, ...statRow(stat) })
  }
  return [...rows.values()]
}

/** Keys, certificates and the configuration of the Docker client of one user. */
export async function findClientFiles(host: Host, home: string, gaps: Gaps): Promise<readonly NamedFile[]> {
  const directory = `${home}/.docker`
  const entries = await host.list(directory)
  if (entries.state !== 'present') gaps.note('files', 'incomplete', entries)
  const names = entries.state === 'present' ? entries.value.map(({ name }) => name) : []
  const keys = names.filter(name => name.endsWith('.pem'))
  return [
    ...keys.map(name => ({ path: `${directory}/${name}`, role: roleOfPem(name) })),
    ...names.filter(name => name === 'config.json').map(name => ({ ...client, path: `${directory}/${name}` })),
  ]
}

const client = { role: 'client-config' } as const

function roleOfPem(name: string): EngineFile['role'] {
  return /key/i.test(name) ? 'client-key' : 'client-certificate'
}

/** `/etc/docker/certs.d/REGISTRY/*.{crt,cert,key}` */
export async function findRegistryCertificates(host: Host, gaps: Gaps): Promise<readonly NamedFile[]> {
  const top = '/etc/docker/certs.d'
  const registries = await host.list(top, { maxEntries: maxCertificates })
  if (registries.state !== 'present') gaps.note('files', 'incomplete', registries)
  const found: NamedFile[] = []
  for (const { name } of registries.state === 'present' ? registries.value : []) {
    const entries = await host.list(`${top}/${name}`, { maxEntries: maxCertificates })
    if (entries.state !== 'present') gaps.note('files', 'incomplete', entries)
    for (const entry of entries.state === 'present' ? entries.value : []) {
      const path = `${top}/${name}/${entry.name}`
      if (entry.name.endsWith('.key')) found.push({ path, role: 'registry-key' })
      else if (/\.(?:crt|cert)$/.test(entry.name)) found.push({ path, role: 'registry-certificate' })
    }
  }
  return found
}
