// What a walk remembers of a directory, so that the next one need not read it again when it has not changed.
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** A file that one of the lists may name. */
export interface FileNote {
  readonly name: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** security.capability in hex, empty when it has none */
  readonly capability: string
}

export interface DirectoryRecord {
  readonly inode: number
  readonly modifiedAtMs: number
  readonly changedAtMs: number
  /** entries that are no directories */
  readonly files: number
  /** `uid:gid` of the files in it that do not belong to root, each once */
  readonly owners: readonly string[]
  readonly notes: readonly FileNote[]
  /** directories in it, and what is remembered of each */
  readonly names: readonly string[]
  readonly records: readonly DirectoryRecord[]
}

export interface WalkMemory {
  /** by path of the file system's start */
  readonly directories: ReadonlyMap<string, DirectoryRecord>
  /** which packages files belonged to, and what the package database looked like then */
  readonly packages: { readonly stamp: string; readonly names: ReadonlyMap<string, string> }
}

export const noMemory: WalkMemory = { directories: new Map(), packages: { stamp: '', names: new Map() } }

type Packed = readonly [
  version: number,
  directories: readonly (readonly [string, DirectoryRecord])[],
  stamp: string,
  names: readonly (readonly [string, string])[],
]

const version = 2
/** Bounds what a damaged memory may unpack to. */
const maxBytes = 256 * 1024 * 1024

export function packMemory({ directories, packages }: WalkMemory): Buffer {
  const packed: Packed = [version, [...directories], packages.stamp, [...packages.names]]
  return deflateRawSync(JSON.stringify(packed), { level: 1 })
}

/**
 * @returns empty when the bytes are those of another version, or none at all
 * @throws Error when the bytes were damaged
 */
export function unpackMemory(bytes: Uint8Array): WalkMemory {
  if (bytes.length === 0) return noMemory
  const text = inflateRawSync(bytes, { maxOutputLength: maxBytes }).toString('utf8')
  const [found, directories, stamp, names] = JSON.parse(text) as Packed
  if (found !== version) return noMemory
  return { directories: new Map(directories), packages: { stamp, names: new Map(names) } }
}
