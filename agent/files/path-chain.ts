// The way from the root directory to a file: every directory on it, every symbolic link in it, and what is at its end.
import type { Failure, FileStat, Host, Outcome } from '../host/host.ts'

export interface Step {
  /** directory on the way */
  readonly directory: string
  readonly stat: FileStat
  /** the entry taken in it, not followed */
  readonly entry: FileStat
}

export interface PathChain {
  /** of the whole way; behind a symbolic link it begins at the root directory again */
  readonly steps: readonly (Step & { readonly first: boolean })[]
  /** resolved path */
  readonly target: string
  readonly stat: FileStat
}

export type StatCache = Map<string, Promise<Outcome<FileStat>>>

const maxLinks = 40
const maxSteps = 400

/** @param cache stats without following links, shared by the paths of one sweep */
export async function readPathChain(host: Host, path: string, cache: StatCache): Promise<PathChain | Failure> {
  const stat = (place: string) => {
    const known = cache.get(place) ?? host.stat(place, { follow: false })
    cache.set(place, known)
    return known
  }
  const root = await stat('/')
  if (root.state !== 'present') return root
  const steps: (Step & { first: boolean })[] = []
  const pending = components(path)
  let [at, here, links, first] = ['/', root.value, 0, true]
  while (pending.length > 0) {
    const name = pending.shift() ?? ''
    const place = at === '/' ? `/${name}` : `${at}/${name}`
    if (name === '..') {
      pending.unshift(...components(at).slice(0, -1))
      ;[at, here, first] = ['/', root.value, true]
      continue
    }
    const entry = await stat(place)
    if (entry.state !== 'present') return entry
    if (steps.length === maxSteps) return loop(path)
    steps.push({ directory: at, stat: here, entry: entry.value, first })
    first = false
    if (entry.value.kind !== 'symlink') {
      ;[at, here] = [place, entry.value]
      continue
    }
    links += 1
    if (links > maxLinks) return loop(path)
    const link = await host.readLink(place)
    if (link.state !== 'present') return link
    pending.unshift(...(link.value.startsWith('/') ? [] : components(at)), ...components(link.value))
    ;[at, here, first] = ['/', root.value, true]
  }
  return { steps, target: at, stat: here }
}

const components = (path: string) => path.split('/').filter(part => part !== '' && part !== '.')

const loop = (path: string): Failure => ({ state: 'unreadable', path, detail: 'ELOOP' })
