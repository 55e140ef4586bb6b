// Says when files change: inotify on their directories, and a stat sweep that repairs what inotify lost.
import { type FSWatcher, watch as inotify } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '../../runtime/clock.ts'
import { errnoOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import type { Host } from '../host/host.ts'

/** inotify's queue overflows silently; this bounds how long a lost event stays unseen. */
const repairEveryMs = 60_000
/** Directories below a watched one that get a watch of their own. */
const maxDirectories = 256

export interface FileWatchOptions {
  readonly host: Host
  readonly clock: Clock
  readonly log: Log
  /** host paths of files and directories; they need not exist yet */
  readonly paths: readonly string[]
  readonly onChange: (path: string) => void
  /** how many times less often to sweep; asked anew each time */
  readonly slowdown?: () => number
}

export interface WatchCounts {
  /** directories that the kernel tells changes of */
  readonly directories: number
  /** directories that it refused to watch */
  readonly refused: number
  /** changes that it did not tell of, found by the sweep */
  readonly misses: number
}

export interface FileWatch {
  /** settles when the signal has aborted */
  readonly ended: Promise<void>
  readonly counts: WatchCounts
}

interface Watching {
  readonly watchers: Map<string, FSWatcher>
  readonly refused: Set<string>
  /** paths that a change was told of since the sweep before */
  readonly told: Set<string>
  misses: number
}

/** No more watches, or no more memory for them: inotify_add_watch(2), inotify_init(2). */
const refusals: readonly string[] = ['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM']

/** Resolves once every change from then on will be told. */
export async function watchFiles(options: FileWatchOptions, signal: AbortSignal): Promise<FileWatch> {
  const watching: Watching = { watchers: new Map(), refused: new Set(), told: new Set(), misses: 0 }
  const telling: FileWatchOptions = {
    ...options,
    onChange(path) {
      watching.told.add(path)
      options.onChange(path)
    },
  }
  await arm(telling, watching)
  const fingerprints = await fingerprintAll(options)
  return {
    ended: repair(telling, watching, fingerprints, signal),
    get counts() {
      const { watchers, refused, misses } = watching
      return { directories: directoriesOf(watchers.keys()), refused: directoriesOf(refused), misses }
    },
  }
}

/** Several paths may be watched through one directory, which takes one watch of the kernel. */
function directoriesOf(ids: Iterable<string>): number {
  return new Set([...ids].map(id => id.slice(0, id.indexOf('\n')))).size
}

async function repair(
  options: FileWatchOptions,
  watching: Watching,
  first: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, paths, onChange, slowdown } = options
  let before = first
  while (!signal.aborted) {
    await clock.sleep(repairEveryMs * (slowdown?.() ?? 1), signal)
    if (signal.aborted) break
    await arm(options, watching)
    const now = await fingerprintAll(options)
    const changed = paths.filter(path => now.get(path) !== before.get(path))
    watching.misses += changed.filter(path => !watching.told.has(path)).length
    for (const path of changed) onChange(path)
    watching.told.clear()
    before = now
  }
  for (const watcher of watching.watchers.values()) watcher.close()
}

async function arm(options: FileWatchOptions, watching: Watching): Promise<void> {
  for (const path of options.paths) await watchPath(path, options, watching)
}

/** A file is watched through its directory, since most programs replace files instead of writing into them. */
async function watchPath(path: string, options: FileWatchOptions, watching: Watching): Promise<void> {
  const found = await options.host.stat(path)
  const parent = await options.host.realPath(dirname(path))
  if (parent.state === 'present') watchDirectory(parent.value, path, basename(path), options, watching)
  if (found.state === 'present' && found.value.kind === 'directory') await watchTree(path, path, options, watching)
}

async function watchTree(
  directory: string,
  path: string,
  options: FileWatchOptions,
  watching: Watching,
): Promise<void> {
  const real = await options.host.realPath(directory)
  if (real.state !== 'present' || watching.watchers.size >= maxDirectories) return
  watchDirectory(real.value, path, undefined, options, watching)
  const entries = await options.host.list(directory)
  if (entries.state !== 'present') return
  for (const entry of entries.value) {
    if (entry.kind === 'directory') await watchTree(join(directory, entry.name), path, options, watching)
  }
}

/** @param only name of the one entry that matters, undefined for all */
function watchDirectory(
  directory: string,
  path: string,
  only: string | undefined,
  { host, log, onChange }: FileWatchOptions,
  { watchers, refused }: Watching,
): void {
  const id = `${directory}\n${only ?? ''}\n${path}`
  if (watchers.has(id)) return
  try {
    const watcher = inotify(join(host.root, directory), { persistent: false }, (_, name) => {
      if (only === undefined || name === null || name === only) onChange(path)
    })
    watcher.on('error', () => {
      watcher.close()
      watchers.delete(id)
    })
    watchers.set(id, watcher)
    refused.delete(id)
  } catch (error) {
    if (refusals.includes(errnoOf(error))) refused.add(id)
    log.debug('no watch, the stat sweep will do', { path: directory, errno: errnoOf(error) })
  }
}

async function fingerprintAll({ host, paths }: FileWatchOptions): Promise<ReadonlyMap<string, string>> {
  const prints = new Map<string, string>()
  for (const path of paths) prints.set(path, await fingerprint(host, path, 4))
  return prints
}

async function fingerprint(host: Host, path: string, depth: number): Promise<string> {
  const found = await host.stat(path)
  if (found.state !== 'present') return found.state
  const { kind, mode, uid, gid, sizeBytes, modifiedAtMs, changedAtMs } = found.value
  const own = [kind, mode, uid, gid, sizeBytes, modifiedAtMs, changedAtMs].join(' ')
  if (kind !== 'directory' || depth === 0) return own
  const entries = await host.list(path)
  if (entries.state !== 'present') return `${own} ${entries.state}`
  const parts = [own]
  for (const entry of entries.value)
    parts.push(`${entry.name}: ${await fingerprint(host, join(path, entry.name), depth - 1)}`)
  return parts.join('\n')
}
