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
  readonly directories: ReadonlyMap<string, DirectoryRecord>
}

export interface WalkMemory {
  /** by path of the file system's start */
  readonly directories: ReadonlyMap<string, DirectoryRecord>
  /** which packages files belonged to, and what the package database looked like then */
  readonly packages: { readonly stamp: string; readonly names: ReadonlyMap<string, string> }
}

export const noMemory: WalkMemory = { directories: new Map(), packages: { stamp: '', names: new Map() } }

type Packed = readonly [
  inode: number,
  modified: number,
  changed: number,
  files: number,
  owners: readonly string[],
  notes: readonly (readonly [string, number, number, number, string])[],
  names: readonly string[],
  records: readonly Packed[],
]

type Unpacked = [
  version: number,
  records: readonly (readonly [string, Packed])[],
  stamp: string,
  names: readonly (readonly [string, string])[],
]

const version = 1
/** Bounds what a damaged memory may unpack to. */
const maxBytes = 512 * 1024 * 1024

export function packMemory(memory: WalkMemory): Buffer {
  const { directories, packages } = memory
  const records = [...directories].map(([path, record]) => [path, pack(record)])
  const text = JSON.stringify([version, records, packages.stamp, [...packages.names]])
  return deflateRawSync(text, { level: 1 })
}

/** @returns empty when the bytes are those of another version, or none at all */
export function unpackMemory(bytes: Uint8Array): WalkMemory {
  if (bytes.length === 0) return noMemory
  const text = inflateRawSync(bytes, { maxOutputLength: maxBytes }).toString('utf8')
  const [found, records, stamp, names] = JSON.parse(text) as Unpacked
  if (found !== version) return noMemory
  return {
    directories: new Map(records.map(([path, packed]) => [path, unpack(packed)])),
    packages: { stamp, names: new Map(names) },
  }
}

function pack(record: DirectoryRecord): Packed {
  return [
    record.inode,
    record.modifiedAtMs,
    record.changedAtMs,
    record.files,
    record.owners,
    record.notes.map(({ name, mode, uid, gid, capability }) => [name, mode, uid, gid, capability]),
    [...record.directories.keys()],
    [...record.directories.values()].map(pack),
  ]
}

function unpack([inode, modifiedAtMs, changedAtMs, files, owners, notes, names, records]: Packed): DirectoryRecord {
  return {
    ...{ inode, modifiedAtMs, changedAtMs, files, owners },
    notes: notes.map(([name, mode, uid, gid, capability]) => ({ name, mode, uid, gid, capability })),
    directories: new Map(
      names.flatMap((name, at) => {
        const packed = records[at]
        return packed ? [[name, unpack(packed)] as const] : []
      }),
    ),
  }
}
