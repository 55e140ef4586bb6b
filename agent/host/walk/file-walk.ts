// Walks file systems for files whose bits, owners or capabilities matter. Runs in a process of its own: it blocks.
import { closeSync, constants, type Dirent, fstatSync, lstatSync, opendirSync, openSync, type Stats } from 'node:fs'
import { errnoOf } from '../../../runtime/errors.ts'
import { decodeHostBytes, encodeHostText } from '../decode.ts'
import type { Mounts } from '../mounts.ts'
import { atPlace, O_PATH } from '../resolve.ts'
import type { ReadCapability } from './read-capability.ts'
import type { DirectoryRecord, FileNote } from './walk-record.ts'
import { isSkipped, type WalkStart } from './walk-starts.ts'

export interface WalkOptions {
  readonly root: string
  readonly mounts: Mounts
  readonly starts: readonly WalkStart[]
  readonly memory: ReadonlyMap<string, DirectoryRecord>
  /** number of this walk: each one reads another part of the unchanged directories, all of them in `turns` walks */
  readonly turn: number
  readonly maxEntries: number
  /** answers true when the walk should end: its time is over, or nobody waits for it */
  readonly isOver: () => boolean
  /** wall clock, milliseconds since the epoch */
  readonly now: () => number
  /** undefined when capabilities cannot be read */
  readonly readCapability: ReadCapability | undefined
  readonly isKnownUid: (uid: number) => boolean
  readonly isKnownGid: (gid: number) => boolean
}

export interface FoundFile {
  readonly path: string
  readonly kind: 'file' | 'directory'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** security.capability in hex, empty when it has none */
  readonly capability: string
  /** an owner that nobody is; false below a directory of the same one */
  readonly unowned: boolean
}

export interface WalkOutcome {
  readonly complete: boolean
  readonly fileSystems: readonly string[]
  readonly found: readonly FoundFile[]
  readonly entries: number
  readonly directories: number
  readonly reused: number
  readonly memory: ReadonlyMap<string, DirectoryRecord>
  /** directories that could not be read, and the first of them */
  readonly unreadable: { readonly count: number; readonly path: string; readonly detail: string }
}

/** A chmod leaves no trace in the directory: unchanged ones are read again in one of so many walks. */
export const turns = 48
/** Programs are looked at each time. */
const programDirectory = /(?:^|\/)(?:s?bin|libexec)$/
/** A change in the same moment as the look at a directory would not show in its time stamp. */
const racyMs = 2_000
const maxDepth = 128
const maxFound = 50_000
/** Some 300 bytes each; directories beyond are read each time. */
const maxRecords = 150_000
const checkEvery = 512
const listFlags = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW

export function walkFiles(options: WalkOptions): WalkOutcome {
  const walk = new Walk(options)
  const memory = new Map<string, DirectoryRecord>()
  const fileSystems: string[] = []
  for (const { path } of options.starts) {
    const before = options.memory.get(path)
    const record = atPlace({ directory: options.root, mounts: options.mounts }, path, false, ({ entry, stats }) => {
      fileSystems.push(path)
      const start = { device: stats.dev, unowned: '', depth: 0 }
      return inDirectory(entry, () => walk.directory('.', path, before, start)) ?? noRecord
    })
    if ('state' in record) walk.unreadable(path, record.detail)
    else if (record !== noRecord) memory.set(path, record)
  }
  return walk.outcome(fileSystems, memory)
}

const noRecord: DirectoryRecord = {
  ...{ inode: -1, modifiedAtMs: -1, changedAtMs: -1, files: 0, owners: [], notes: [], names: [], records: [] },
}

/** Names below the current directory are found in half the time of those below a descriptor of /proc/self/fd. */
function inDirectory<T>(entry: Entry, use: () => T): T {
  const before = process.cwd()
  const descriptor = openSync(entry, listFlags)
  try {
    process.chdir(`/proc/self/fd/${descriptor}`)
    return use()
  } finally {
    process.chdir(before)
    closeSync(descriptor)
  }
}

interface Place {
  readonly device: number
  /** `uid:gid` of the unowned directory that this one is in, or '' */
  readonly unowned: string
  readonly depth: number
}

type Entry = string | Buffer

class Walk {
  readonly #options: WalkOptions
  readonly #found: FoundFile[] = []
  #entries = 0
  #directories = 0
  #reused = 0
  #records = 0
  #stopped = false
  #unreadable = { count: 0, path: '', detail: '' }

  constructor(options: WalkOptions) {
    this.#options = options
  }

  outcome(fileSystems: readonly string[], memory: WalkOutcome['memory']): WalkOutcome {
    const found = this.#found.sort((a, b) => (a.path < b.path ? -1 : 1))
    return {
      ...{ complete: !this.#stopped, fileSystems, found, memory, unreadable: this.#unreadable },
      ...{ entries: this.#entries, directories: this.#directories, reused: this.#reused },
    }
  }

  unreadable(path: string, detail: string): void {
    const { count } = this.#unreadable
    this.#unreadable = count === 0 ? { count: 1, path, detail } : { ...this.#unreadable, count: count + 1 }
  }

  /** @returns undefined when it is no directory of this file system, or nothing may be remembered of it */
  directory(entry: Entry, path: string, before: DirectoryRecord | undefined, at: Place): DirectoryRecord | undefined {
    const stats = lstatSync(entry, { throwIfNoEntry: false })
    if (!stats?.isDirectory() || stats.dev !== at.device || isSkipped(path)) return undefined
    this.#count(1)
    this.#directories += 1
    const inside = { ...at, unowned: this.#judge(path, stats, '', at.unowned), depth: at.depth + 1 }
    try {
      if (before && this.#isUnchanged(before, stats, path)) {
        const record = this.#reuse(entry, path, before, inside)
        if (record) return record
      }
      return this.#read(entry, path, stats, before, inside)
    } catch (error) {
      const errno = errnoOf(error)
      // Gone, or replaced by something else, while we looked.
      if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errno)) this.unreadable(path, errno || 'unknown error')
      return undefined
    }
  }

  #isUnchanged(before: DirectoryRecord, stats: Stats, path: string): boolean {
    if (before.inode !== stats.ino || before.modifiedAtMs !== stats.mtimeMs) return false
    if (before.changedAtMs !== stats.ctimeMs || programDirectory.test(path)) return false
    if (stats.ino % turns === this.#options.turn % turns) return false
    return before.owners.every(owner => this.#isKnown(owner))
  }

  /**
   * Looks at what is remembered without opening anything: a directory that somebody swaps meanwhile has another inode,
   * and is then opened step by step.
   * @returns undefined when something in it has changed after all
   */
  #reuse(entry: Entry, path: string, before: DirectoryRecord, at: Place): DirectoryRecord | undefined {
    if (!before.notes.every(note => isSame(note, this.#look(entry, note.name)))) return undefined
    this.#count(before.files)
    this.#reused += 1
    for (const note of before.notes) this.#note(path, note, at.unowned)
    if (before.names.length === 0) return this.#remember(before)
    const inner = before.names.map((name, index) => ({ name, before: before.records[index] }))
    return this.#remember({ ...before, ...this.#descend(entry, path, inner, at) })
  }

  #read(
    entry: Entry,
    path: string,
    stats: Stats,
    before: DirectoryRecord | undefined,
    at: Place,
  ): DirectoryRecord | undefined {
    const descriptor = openStepwise(entry)
    try {
      if (fstatSync(descriptor).ino !== stats.ino) return undefined
      const place = `/proc/self/fd/${descriptor}`
      const { files, owners, notes, names } = this.#list(place, path, at)
      const known = new Map(before?.names.map((name, index) => [name, before.records[index]]))
      const inner = this.#descend(
        place,
        path,
        names.map(name => ({ name, before: known.get(name) })),
        at,
      )
      const isRacy = Math.max(stats.mtimeMs, stats.ctimeMs) > this.#options.now() - racyMs
      const isWhole = !this.#stopped && !isRacy
      return this.#remember({
        inode: stats.ino,
        modifiedAtMs: isWhole ? stats.mtimeMs : -1,
        changedAtMs: stats.ctimeMs,
        ...{ files, owners: orNone([...owners]), notes: orNone(notes), ...inner },
      })
    } finally {
      closeSync(descriptor)
    }
  }

  #list(place: Entry, path: string, at: Place) {
    const names: string[] = []
    const notes: FileNote[] = []
    const owners = new Set<string>()
    let files = 0
    const handle = opendirSync(place, { encoding: 'buffer' as BufferEncoding, bufferSize: 512 })
    try {
      for (let dirent = handle.readSync(); dirent && !this.#stopped; dirent = handle.readSync()) {
        const name = decodeHostBytes(dirent.name as unknown as Buffer)
        if (isDirectoryEntry(dirent, place, name)) {
          names.push(name)
          continue
        }
        files += 1
        this.#count(1)
        if (!dirent.isFile() && !isUnknown(dirent)) continue
        const note = this.#look(place, name)
        if (!note) continue
        if (note.uid !== 0 || note.gid !== 0) owners.add(`${note.uid}:${note.gid}`)
        if (this.#matters(note)) notes.push(note)
      }
    } finally {
      handle.closeSync()
    }
    for (const note of notes) this.#note(path, note, at.unowned)
    return { names, notes, owners, files }
  }

  /** A regular file as it is now; undefined for anything else. */
  #look(place: Entry, name: string): FileNote | undefined {
    const file = join(place, name)
    const stats = lstatSync(file, { throwIfNoEntry: false })
    if (!stats?.isFile()) return undefined
    const isProgram = (stats.mode & 0o111) !== 0
    const capability = isProgram ? this.#capability(file) : ''
    return { name, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, capability }
  }

  #capability(file: Entry): string {
    const { readCapability } = this.#options
    if (!readCapability) return ''
    if (typeof file === 'string') return readCapability(file)
    const pin = openSync(file, O_PATH | constants.O_NOFOLLOW)
    try {
      return readCapability(`/proc/self/fd/${pin}`)
    } finally {
      closeSync(pin)
    }
  }

  #matters({ mode, uid, gid, capability }: FileNote): boolean {
    return (mode & 0o6002) !== 0 || capability !== '' || !this.#isKnown(`${uid}:${gid}`)
  }

  #descend(
    place: Entry,
    path: string,
    inner: readonly { readonly name: string; readonly before: DirectoryRecord | undefined }[],
    at: Place,
  ): Pick<DirectoryRecord, 'names' | 'records'> {
    const names: string[] = []
    const records: DirectoryRecord[] = []
    for (const { name, before } of inner) {
      const child = path === '/' ? `/${name}` : `${path}/${name}`
      const isTooDeep = at.depth >= maxDepth
      if (isTooDeep) this.unreadable(child, `deeper than ${maxDepth} directories`)
      const record = this.#stopped || isTooDeep ? before : this.directory(join(place, name), child, before, at)
      if (!record) continue
      names.push(name)
      records.push(record)
    }
    return { names: orNone(names), records: orNone(records) }
  }

  #note(path: string, { name, mode, uid, gid, capability }: FileNote, unowned: string): void {
    this.#judgeFile(path === '/' ? `/${name}` : `${path}/${name}`, 'file', mode, uid, gid, capability, unowned)
  }

  /** @returns what the directory's entries are in: an unowned directory, or '' */
  #judge(path: string, { mode, uid, gid }: Stats, capability: string, unowned: string): string {
    this.#judgeFile(path, 'directory', mode & 0o7777, uid, gid, capability, unowned)
    const owner = `${uid}:${gid}`
    return this.#isKnown(owner) ? '' : owner
  }

  #judgeFile(
    path: string,
    kind: FoundFile['kind'],
    mode: number,
    uid: number,
    gid: number,
    capability: string,
    inside: string,
  ): void {
    const owner = `${uid}:${gid}`
    const unowned = owner !== inside && !this.#isKnown(owner)
    const matters = kind === 'file' ? (mode & 0o6002) !== 0 || capability !== '' : (mode & 0o1002) === 0o002
    if ((!matters && !unowned) || this.#found.length >= maxFound) return
    this.#found.push({ path, kind, mode, uid, gid, capability, unowned })
  }

  readonly #known = new Map<string, boolean>()

  #isKnown(owner: string): boolean {
    const known = this.#known.get(owner)
    if (known !== undefined) return known
    const [uid = 0, gid = 0] = owner.split(':').map(Number)
    const answer = this.#options.isKnownUid(uid) && this.#options.isKnownGid(gid)
    this.#known.set(owner, answer)
    return answer
  }

  #remember(record: DirectoryRecord): DirectoryRecord | undefined {
    this.#records += 1
    return this.#records > maxRecords ? undefined : record
  }

  #count(entries: number): void {
    const before = this.#entries
    this.#entries += entries
    if (this.#entries >= this.#options.maxEntries) this.#stopped = true
    if (Math.trunc(before / checkEvery) !== Math.trunc(this.#entries / checkEvery) && this.#options.isOver()) {
      this.#stopped = true
    }
  }
}

const none: readonly never[] = []
/** Most directories have none of a thing: they share one list. */
const orNone = <T>(items: readonly T[]): readonly T[] => (items.length === 0 ? none : items)

function join(place: Entry, name: string): Entry {
  if (typeof place === 'string' && name.isWellFormed()) return `${place}/${name}`
  return Buffer.concat([Buffer.from(place), encodeHostText(`/${name}`)])
}

const held = /^\/proc\/self\/fd\/\d+/

/** Opens a directory one component after the other, from the descriptor its path begins with or from here. */
function openStepwise(entry: Entry): number {
  const path = typeof entry === 'string' ? entry : decodeHostBytes(entry)
  const base = held.exec(path)?.[0] ?? '.'
  let descriptor = openSync(base, O_PATH | constants.O_DIRECTORY)
  for (const name of path.slice(base.length).split('/')) {
    if (name === '') continue
    const parent = descriptor
    try {
      descriptor = openSync(join(`/proc/self/fd/${parent}`, name), listFlags)
    } finally {
      closeSync(parent)
    }
  }
  return descriptor
}

/** Some file systems do not say in the listing what an entry is. */
const isUnknown = (dirent: Dirent) =>
  !dirent.isDirectory() && !dirent.isSymbolicLink() && !dirent.isSocket() && !dirent.isFIFO() && !isDevice(dirent)

const isDevice = (dirent: Dirent) => dirent.isBlockDevice() || dirent.isCharacterDevice()

function isDirectoryEntry(dirent: Dirent, place: Entry, name: string): boolean {
  if (dirent.isDirectory()) return true
  if (dirent.isFile() || !isUnknown(dirent)) return false
  return lstatSync(join(place, name), { throwIfNoEntry: false })?.isDirectory() ?? false
}

function isSame(note: FileNote, now: FileNote | undefined): boolean {
  const { mode, uid, gid, capability } = now ?? {}
  return mode === note.mode && uid === note.uid && gid === note.gid && capability === note.capability
}
