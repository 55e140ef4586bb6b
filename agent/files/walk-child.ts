// The process that walks: reads a request from standard input, walks, and writes its answer to standard output.
// A program of its own with as few imports as can be, since it shares the agent's memory limit.

import { setPriority } from 'node:os'
import { systemClock } from '../../runtime/clock.ts'
import { errnoOf } from '../../runtime/errors.ts'
import { openHostFiles, openRootedFiles } from '../host/host-files.ts'
import { mountinfoOf, mountPrefix } from '../host/mounts.ts'
import { type FoundFile, type WalkOutcome, walkFiles } from '../host/walk/file-walk.ts'
import { openCapabilityReader } from '../host/walk/read-capability.ts'
import { noMemory, packMemory, unpackMemory, type WalkMemory } from '../host/walk/walk-record.ts'
import { walkStarts } from '../host/walk/walk-starts.ts'
import { type KnownOwners, readKnownOwners } from './known-owners.ts'
import { type PackageOwners, packageOwners } from './package-owners.ts'
import type { WalkAnswer } from './walk-answer.ts'
import { frame, unframe, type WalkRequest } from './walk-request.ts'

async function runWalkChild(): Promise<void> {
  const parent = process.ppid
  const { message, memory } = unframe(await readInput())
  const request = message as WalkRequest
  lowerPriority(request.niceness)
  const started = systemClock.monotonic()
  const isLate = () => systemClock.monotonic() - started > request.durationMs
  const files = openRootedFiles(request)
  const host = openHostFiles(files)
  const owners = await readKnownOwners(host)
  const readCapability = await openCapabilityReader(request.stateDirectory)
  const before = readMemory(memory)
  const outcome = walkFiles({
    root: request.root,
    mounts: files.mounts,
    starts: walkStarts(mountinfoOf(request.root)(), mountPrefix(request.root)),
    memory: before.directories,
    turn: request.turn,
    maxEntries: request.maxEntries,
    // Whoever asked may be gone: then nobody waits for the answer.
    isOver: () => isLate() || process.ppid !== parent,
    now: systemClock.now,
    readCapability,
    ...owners,
  })
  const reason = outcome.complete ? '' : isLate() ? 'time' : 'entries'
  const lists = pickLists(outcome.found, request.maxRows)
  const paths = [...new Set([...lists.setIdFiles, ...lists.capabilityFiles].map(({ path }) => path))]
  const packages = await packageOwners(host, paths, before.packages)
  const answer = answerOf(outcome, lists, owners, packages, readCapability !== undefined)
  const after = packMemory({ directories: outcome.memory, packages: packages ?? noMemory.packages })
  process.stdout.write(frame({ ...answer, reason }, after))
}

function lowerPriority(niceness: number): void {
  try {
    setPriority(niceness)
  } catch (error) {
    // Then it runs as everything else does.
    if (errnoOf(error) === '') throw error
  }
}

async function readInput(): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What cannot be read any more is forgotten: the walk is then as long as the first. */
function readMemory(bytes: Uint8Array): WalkMemory {
  try {
    return unpackMemory(bytes)
  } catch {
    return noMemory
  }
}

function pickLists(found: readonly FoundFile[], maxRows: number) {
  const cut: string[] = []
  const pick = (list: string, wanted: (file: FoundFile) => boolean) => {
    const files = found.filter(wanted)
    if (files.length > maxRows) cut.push(list)
    return files.slice(0, maxRows)
  }
  const isFile = ({ kind }: FoundFile) => kind === 'file'
  return {
    setIdFiles: pick('setIdFiles', file => isFile(file) && (file.mode & 0o6000) !== 0),
    capabilityFiles: pick('capabilityFiles', ({ capability }) => capability !== ''),
    worldWritableFiles: pick('worldWritableFiles', file => isFile(file) && (file.mode & 2) !== 0),
    worldWritableDirectories: pick('worldWritableDirectories', file => !isFile(file) && (file.mode & 0o1002) === 2),
    unowned: pick('unowned', file => file.unowned),
    cut,
  }
}

function answerOf(
  { fileSystems, complete, entries, directories, reused, unreadable }: WalkOutcome,
  lists: ReturnType<typeof pickLists>,
  owners: KnownOwners,
  packages: PackageOwners | undefined,
  hasCapabilities: boolean,
): Omit<WalkAnswer, 'reason'> {
  const owned = ({ path, uid, gid }: FoundFile) => {
    const name = packages?.names.get(path)
    return { path, uid, gid, ...(name !== undefined && { package: name }) }
  }
  const capabilityFiles = lists.capabilityFiles.map(file => ({ ...owned(file), capability: file.capability }))
  return {
    ...{ complete, entries, directories, reused, unreadable, fileSystems: [...fileSystems], cut: lists.cut },
    setIdFiles: lists.setIdFiles.map(file => ({ ...owned(file), mode: file.mode })),
    ...(hasCapabilities && { capabilityFiles }),
    worldWritableFiles: lists.worldWritableFiles.map(({ path }) => path),
    worldWritableDirectories: lists.worldWritableDirectories.map(({ path }) => path),
    ...(owners.unknown === '' && { unowned: lists.unowned.map(file => strangerOf(file, owners)) }),
    unownedUnknown: owners.unknown,
  }
}

function strangerOf({ path, uid, gid }: FoundFile, { isKnownUid, isKnownGid }: KnownOwners) {
  const missing = isKnownUid(uid) ? 'group' : isKnownGid(gid) ? 'user' : 'both'
  return { path, uid, gid, missing } as const
}

// What rejects ends the process with 1.
void runWalkChild()
