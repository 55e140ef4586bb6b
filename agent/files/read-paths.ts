// Makes a row of each path of the sensitive set that is there: what it is, whose, and who really gets at it.

import type { PathRole, SensitivePath } from '../../proto/facets/files.ts'
import type { Failure, FileKind, Host } from '../host/host.ts'
import { octalMode } from '../octal-mode.ts'
import type { Gaps } from '../probe.ts'
import type { AccountNames } from './account-names.ts'
import { effectiveAccess } from './effective-access.ts'
import { readPathChain, type StatCache } from './path-chain.ts'
import { sensitiveDirectories, sensitivePaths } from './sensitive-paths.ts'

/** Entries of one directory that become rows. */
const maxEntries = 200

/** @param names undefined when they could not be read: then nobody is named, and the caller notes why */
export async function readPaths(
  host: Host,
  names: AccountNames | undefined,
  gaps: Gaps,
): Promise<readonly SensitivePath[]> {
  const cache: StatCache = new Map()
  const rows = new Map<string, SensitivePath>()
  for (const { path, role } of [...namedPaths, ...(await listedPaths(host, gaps))]) {
    const row = await readPath(host, path, role, names, cache)
    if ('state' in row) gaps.note('paths', 'incomplete', { ...row, path })
    else if (!rows.has(path)) rows.set(path, row)
  }
  return [...rows.values()]
}

interface NamedPath {
  readonly path: string
  readonly role: PathRole
}

const namedPaths: readonly NamedPath[] = Object.entries(sensitivePaths).flatMap(([role, paths]) =>
  paths.map(path => ({ path, role: role as PathRole })),
)

async function listedPaths(host: Host, gaps: Gaps): Promise<readonly NamedPath[]> {
  const found: NamedPath[] = []
  for (const { path, role, pattern } of sensitiveDirectories) {
    const entries = await host.list(path)
    if (entries.state !== 'present') {
      gaps.note('paths', 'incomplete', entries)
      continue
    }
    const matching = entries.value.filter(({ name }) => pattern.test(name))
    if (matching.length > maxEntries) {
      gaps.note('paths', 'incomplete', { state: 'tooLarge', path, detail: `over the limit of ${maxEntries} entries` })
    }
    found.push(...matching.slice(0, maxEntries).map(({ name }) => ({ path: `${path}/${name}`, role })))
  }
  return found
}

async function readPath(
  host: Host,
  path: string,
  role: PathRole,
  names: AccountNames | undefined,
  cache: StatCache,
): Promise<SensitivePath | Failure> {
  const chain = await readPathChain(host, path, cache)
  if ('state' in chain) return chain
  const { stat, target } = chain
  const row = {
    path,
    role,
    kind: kinds[stat.kind] ?? 'other',
    target: target === path ? '' : target,
    mode: octalMode(stat.mode),
    uid: stat.uid,
    gid: stat.gid,
  }
  if (!names) return row
  const { writers, readers, writableThrough } = effectiveAccess(chain, names)
  return {
    ...row,
    user: names.users.get(stat.uid) ?? '',
    group: names.groups.get(stat.gid) ?? '',
    writers: [...writers],
    readers: [...readers],
    writableThrough,
  }
}

const kinds: Partial<Record<FileKind, SensitivePath['kind']>> = { file: 'file', directory: 'directory' }
