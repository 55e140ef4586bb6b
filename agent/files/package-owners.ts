// Tells which package a few files belong to, from the lists that dpkg or apk keep of their packages' files.
import type { HostFiles } from '../host/host-files.ts'

const dpkgInfo = '/var/lib/dpkg/info'
const dpkgStatus = '/var/lib/dpkg/status'
const apkInstalled = '/lib/apk/db/installed'
const maxLists = 20_000
const maxListBytes = 8 * 1024 * 1024
const maxAllBytes = 256 * 1024 * 1024

export interface PackageOwners {
  /** package by path, '' for none */
  readonly names: ReadonlyMap<string, string>
  /** changes whenever the package database does */
  readonly stamp: string
}

/**
 * @param before the answer of another time: it stands while the database has not changed and knows every path
 * @returns undefined when there is no list that could be read as a whole
 */
export async function packageOwners(
  host: HostFiles,
  paths: readonly string[],
  before: PackageOwners,
): Promise<PackageOwners | undefined> {
  const stamp = await stampOf(host)
  if (before.stamp === stamp && paths.every(path => before.names.has(path))) return before
  const names = await ownersOf(host, paths)
  return names && { names, stamp }
}

async function stampOf(host: HostFiles): Promise<string> {
  const stats = await Promise.all([dpkgStatus, apkInstalled].map(path => host.stat(path)))
  return stats
    .map(stat => (stat.state === 'present' ? `${stat.value.changedAtMs} ${stat.value.sizeBytes}` : stat.state))
    .join(' ')
}

async function ownersOf(host: HostFiles, paths: readonly string[]): Promise<ReadonlyMap<string, string> | undefined> {
  if (paths.length === 0) return new Map()
  const bin = await host.realPath('/bin')
  const isMerged = bin.state === 'present' && bin.value === '/usr/bin'
  const wanted = new Map<string, string>(paths.map(path => [path, path]))
  if (isMerged) for (const path of paths) if (isMoved(path)) wanted.set(path.slice('/usr'.length), path)
  const found = (await dpkgOwners(host, wanted)) ?? (await apkOwners(host, wanted))
  return found && new Map(paths.map(path => [path, found.get(path) ?? '']))
}

/** A package may name a file by the place that it had before /bin, /sbin and /lib became links into /usr. */
const isMoved = (path: string) => /^\/usr\/(?:bin|sbin|lib\w*)\//.test(path)

async function dpkgOwners(
  host: HostFiles,
  wanted: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const entries = await host.list(dpkgInfo, { maxEntries: maxLists * 8 })
  if (entries.state !== 'present') return undefined
  const lists = entries.value.filter(({ name }) => name.endsWith('.list'))
  if (lists.length === 0 || lists.length > maxLists) return undefined
  const found = new Map<string, string>()
  let bytes = 0
  for (const { name } of lists) {
    const text = await host.readText(`${dpkgInfo}/${name}`, { maxBytes: maxListBytes })
    if (text.state !== 'present') return undefined
    bytes += text.value.length
    if (bytes > maxAllBytes) return undefined
    const owner = name.slice(0, -'.list'.length).replace(/:.*$/, '')
    for (const line of text.value.split('\n')) {
      const path = wanted.get(line)
      if (path !== undefined) found.set(path, owner)
    }
  }
  return found
}

/** @source apk-installed: `P:` names a package, `F:` a directory of it, `R:` a file in that directory */
async function apkOwners(
  host: HostFiles,
  wanted: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await host.readText(apkInstalled, { maxBytes: maxAllBytes })
  if (text.state !== 'present') return undefined
  const found = new Map<string, string>()
  let [owner, directory] = ['', '']
  for (const line of text.value.split('\n')) {
    const value = line.slice(2)
    if (line.startsWith('P:')) owner = value
    if (line.startsWith('F:')) directory = value
    const path = line.startsWith('R:') ? wanted.get(`/${directory}/${value}`) : undefined
    if (path !== undefined) found.set(path, owner)
  }
  return found
}
