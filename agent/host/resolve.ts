// Walks a path inside a root, one component at a time from directory to directory, so that nothing can lead out of it.
import { closeSync, constants, lstatSync, openSync, readlinkSync, type Stats } from 'node:fs'
import { errnoOf } from '../../runtime/errors.ts'
import { decodeHostBytes, encodeHostText, fsPath } from './decode.ts'
import { absentFailure, failureOf } from './failure.ts'
import type { Failure } from './host.ts'
import type { Mounts } from './mounts.ts'

/** open(2) flag of Linux that Node does not name: refer to a file without opening it. */
export const O_PATH = 0o10000000
const directoryFlags = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW
const maxLinks = 40
/** Steps of one walk; `..` after a symbolic link walks again from the root. */
const maxSteps = 8192
const maxPathBytes = 4096

export interface Place {
  /** the entry through its directory's descriptor, good only while `use` runs */
  readonly entry: string | Buffer
  /** the resolved path inside the root */
  readonly path: string
  readonly stats: Stats
}

export interface Root {
  readonly directory: string
  readonly mounts: Mounts
}

/**
 * Resolves `path` inside the root and hands its last entry to `use` while the directory that holds it is held open.
 * @param follow whether a symbolic link as the last component is followed too
 */
export function atPlace<T>(root: Root, path: string, follow: boolean, use: (place: Place) => T): T | Failure {
  const refused = refusePath(path)
  if (refused) return refused
  const walk = new Walk(root, path, follow)
  try {
    const end = walk.run()
    return 'state' in end ? end : use(end)
  } catch (error) {
    // That the root is gone says nothing about what it held.
    if (error instanceof RootLost) return { state: 'unavailable', path, detail: error.message }
    return failureOf(path, error)
  } finally {
    walk.close()
  }
}

function refusePath(path: string): Failure | undefined {
  if (!path.startsWith('/')) return { state: 'unavailable', path, detail: 'not an absolute path' }
  if (path.includes('\0')) return absentFailure(path, 'a path with a NUL byte')
  if (encodeHostText(path).length >= maxPathBytes) return { state: 'unreadable', path, detail: 'ENAMETOOLONG' }
  return undefined
}

/** Links below /proc/PID that lead into another process's view of the file system instead of along their text. */
const processLink = /^\/proc\/(?:\d+|self|thread-self)\/(?:task\/\d+\/)?(?:cwd|root|exe|(?:fd|map_files|ns)\/[^/]+)$/

/** One walk: the directory reached so far (held by descriptor), its resolved path, and the components still to go. */
class Walk {
  readonly #root: Root
  readonly #asked: string
  readonly #follow: boolean
  readonly #pending: string[]
  #reached: string[] = []
  #directory = -1
  #links = 0
  #steps = 0

  constructor(root: Root, path: string, follow: boolean) {
    this.#root = root
    this.#asked = path
    this.#follow = follow
    this.#pending = components(path).reverse()
  }

  run(): Place | Failure {
    this.#restart()
    for (;;) {
      const name = this.#pending.pop()
      if (name === undefined) return this.#here()
      this.#steps += 1
      if (this.#steps > maxSteps) return this.#loop()
      if (name === '.') continue
      if (name === '..') {
        this.#pending.push(...this.#reached.slice(0, -1).reverse())
        this.#restart()
        continue
      }
      const end = this.#step(name)
      if (end) return end
    }
  }

  close(): void {
    if (this.#directory >= 0) closeSync(this.#directory)
    this.#directory = -1
  }

  #step(name: string): Place | Failure | undefined {
    const path = `/${[...this.#reached, name].join('/')}`
    const fsType = this.#root.mounts.remoteType(path)
    if (fsType) return { state: 'remote', path: this.#asked, detail: `on a mount of type ${fsType}` }
    const entry = fsPath(`/proc/self/fd/${this.#directory}/${name}`)
    const last = this.#pending.length === 0
    if (!last && this.#enter(entry, name)) return undefined
    const stats = lstatSync(entry)
    if (stats.isSymbolicLink() && (!last || this.#follow)) return this.#jump(entry, path)
    if (last) return { entry, path, stats }
    if (!stats.isDirectory()) return absentFailure(this.#asked, 'ENOTDIR')
    return this.#again(name)
  }

  /** Goes into a directory; false when the entry is something else. */
  #enter(entry: string | Buffer, name: string): boolean {
    let next: number
    try {
      next = openSync(entry, directoryFlags)
    } catch (error) {
      if (errnoOf(error) === 'ENOTDIR' || errnoOf(error) === 'ELOOP') return false
      throw error
    }
    this.close()
    this.#directory = next
    this.#reached.push(name)
    return true
  }

  #jump(entry: string | Buffer, path: string): Failure | undefined {
    if (processLink.test(path)) {
      return { state: 'unavailable', path: this.#asked, detail: 'a link of a process is read, not followed' }
    }
    this.#links += 1
    if (this.#links > maxLinks) return this.#loop()
    const target = decodeHostBytes(readlinkSync(entry, { encoding: 'buffer' }))
    this.#pending.push(...components(target).reverse())
    if (this.#pending.length > maxSteps) return this.#loop()
    if (target.startsWith('/')) {
      this.#reached = []
      this.#restart()
    }
    return undefined
  }

  /** The entry was no directory a moment ago and is one now: somebody is changing it. Look again, but not for ever. */
  #again(name: string): Failure | undefined {
    this.#links += 1
    if (this.#links > maxLinks) return this.#loop()
    this.#pending.push(name)
    return undefined
  }

  #loop(): Failure {
    return { state: 'unreadable', path: this.#asked, detail: 'ELOOP' }
  }

  #here(): Place {
    const entry = `/proc/self/fd/${this.#directory}/.`
    return { entry, path: `/${this.#reached.join('/')}`, stats: lstatSync(entry) }
  }

  #restart(): void {
    this.close()
    this.#directory = openRoot(this.#root.directory)
    this.#reached = []
  }
}

class RootLost extends Error {}

function openRoot(directory: string): number {
  try {
    return openSync(fsPath(directory), O_PATH | constants.O_DIRECTORY)
  } catch (error) {
    throw new RootLost(`root directory: ${errnoOf(error)}`, { cause: error })
  }
}

function components(path: string): string[] {
  const parts = path.split('/').filter(part => part !== '')
  // A slash at the end asks for a directory, as `.` does.
  return path.endsWith('/') ? [...parts, '.'] : parts
}
