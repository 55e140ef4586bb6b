// Expands a path with wildcards as glob(3) does: sorted, without hidden entries unless the pattern names the dot.
import type { Failure, Host } from '../host/host.ts'
import { isGlob, matchesGlob } from '../parse/glob.ts'

export interface ExpandedPaths {
  readonly paths: readonly string[]
  /** directories that could not be listed */
  readonly failures: readonly Failure[]
}

const maxPaths = 500

/** @param pattern absolute */
export async function expandPaths(host: Host, pattern: string): Promise<ExpandedPaths> {
  const failures: Failure[] = []
  let paths = ['']
  const parts = pattern.split('/').filter(part => part !== '')
  for (const [index, part] of parts.entries()) {
    if (!isGlob(part)) {
      paths = paths.map(path => `${path}/${part.replace(/\\(.)/g, '$1')}`)
      continue
    }
    const isLast = index === parts.length - 1
    const found: string[] = []
    for (const path of paths) found.push(...(await matchesIn(host, path || '/', part, isLast, failures)))
    if (found.length > maxPaths) {
      failures.push({ state: 'tooLarge', path: pattern, detail: `over the limit of ${maxPaths} matches` })
    }
    paths = found.slice(0, maxPaths)
  }
  return { paths: await existing(host, paths, failures), failures }
}

async function matchesIn(
  host: Host,
  directory: string,
  part: string,
  isLast: boolean,
  failures: Failure[],
): Promise<readonly string[]> {
  const entries = await host.list(directory)
  if (entries.state !== 'present') {
    if (entries.state !== 'absent' && !isFile(entries)) failures.push(entries)
    return []
  }
  const prefix = directory === '/' ? '' : directory
  return entries.value
    .filter(({ kind }) => isLast || kind === 'directory' || kind === 'symlink')
    .filter(({ name }) => (!name.startsWith('.') || part.startsWith('.')) && matchesGlob(part, name))
    .map(({ name }) => `${prefix}/${name}`)
}

/** What is no directory has nothing to match. */
const isFile = (failure: Failure): boolean => failure.state === 'notRegular' || failure.detail.startsWith('ENOTDIR')

async function existing(host: Host, paths: readonly string[], failures: Failure[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const path of paths) {
    const stat = await host.stat(path)
    if (stat.state === 'present') found.push(path)
    else if (stat.state !== 'absent') failures.push(stat)
  }
  return found
}
