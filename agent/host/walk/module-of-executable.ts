// A native module out of the single executable: kept as a file in the agent's own directory, from where it can be loaded.
import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { getRawAsset, isSea } from 'node:sea'
import { writeFileDurably } from '../../../runtime/write-file.ts'

/** @returns undefined when this is no such executable, or its directory is not there or not only its owner's */
export function loadModuleOf(asset: string, stateDirectory: string): unknown {
  if (!isSea()) return undefined
  try {
    const path = keepModule(new Uint8Array(getRawAsset(asset) as ArrayBuffer), stateDirectory)
    const loaded: { exports: unknown } = { exports: undefined }
    process.dlopen(loaded, path)
    return loaded.exports
  } catch {
    // Absent, damaged, somebody else's, a full disk, a file system without execution: then there are other ways.
    return undefined
  }
}

/**
 * The file that holds the module, written where it is not there yet. Its name is the hash of what is in it.
 * @param stateDirectory is not made: a program that looks once leaves nothing behind
 * @throws system errors, and Error for a directory or file that others may write or that is not ours
 */
export function keepModule(bytes: Uint8Array, stateDirectory: string): string {
  requireOwn(stateDirectory, lstatSync(stateDirectory), 'directory')
  const directory = join(stateDirectory, 'native')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  requireOwn(directory, lstatSync(directory), 'directory')
  const name = `${createHash('sha256').update(bytes).digest('hex')}.node`
  const path = join(directory, name)
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats) requireOwn(path, stats, 'file')
  if (!stats || !readFileSync(path).equals(bytes)) writeFileDurably(path, bytes, 0o600)
  // Those of the versions before.
  for (const other of readdirSync(directory)) if (other !== name) rmSync(join(directory, other), { force: true })
  return path
}

function requireOwn(path: string, stats: Stats, kind: 'directory' | 'file'): void {
  const isKind = kind === 'directory' ? stats.isDirectory() : stats.isFile()
  if (!isKind || stats.uid !== process.geteuid?.() || (stats.mode & 0o077) !== 0)
    throw new Error(`${path}: is not a ${kind} of this user only`)
}
