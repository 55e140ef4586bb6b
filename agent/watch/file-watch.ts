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
}

/** Resolves once every change from then on will be told; what it resolves to ends when the signal aborts. */
export async function watchFiles(
  options: FileWatchOptions,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  const watchers = new Map<string, FSWatcher>()
  await arm(options, watchers)
  const fingerprints = await fingerprintAll(options)
  return { ended: repair(options, watchers, fingerprints, signal) }
}

async function repair(
  options: FileWatchOptions,
  watchers: Map<string, FSWatcher>,
  first: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, paths, onChange } = options
  let before = first
  while (!signal.aborted) {
    await clock.sleep(repairEveryMs, signal)
    if (signal.aborted) break
    await arm(options, watchers)
    const now = await fingerprintAll(options)
    for (const path of paths) if (now.get(path) !== before.get(path)) onChange(path)
    before = now
  }
  for (const watcher of watchers.values()) watcher.close()
}

async function arm(options: FileWatchOptions, watchers: Map<string, FSWatcher>): Promise<void> {
  for (const path of options.paths) await watchPath(path, options, watchers)
}

/** A file is watched through its directory, since most programs replace files instead of writing into them. */
async function watchPath(path: string, options: FileWatchOptions, watchers: Map<string, FSWatcher>): Promise<void> {
  const found = await options.host.stat(path)
  const parent = await options.host.realPath(dirname(path))
  if (parent.state === 'present') watchDirectory(parent.value, path, basename(path), options, watchers)
  if (found.state === 'present' && found.value.kind === 'directory') await watchTree(path, path, options, watchers)
}

async function watchTree(
  directory: string,
  path: string,
  options: FileWatchOptions,
  watchers: Map<string, FSWatcher>,
): Promise<void> {
  const real = await options.host.realPath(directory)
  if (real.state !== 'present' || watchers.size >= maxDirectories) return
  watchDirectory(real.value, path, undefined, options, watchers)
  const entries = await options.host.list(directory)
  if (entries.state !== 'present') return
  for (const entry of entries.value) {
    if (entry.kind === 'directory') await watchTree(join(directory, entry.name), path, options, watchers)
  }
}

/** @param only name of the one entry that matters, undefined for all */
function watchDirectory(
  directory: string,
  path: string,
  only: string | undefined,
  { host, log, onChange }: FileWatchOptions,
  watchers: Map<string, FSWatcher>,
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
  } catch (error) {
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
