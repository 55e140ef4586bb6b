// The half of a Host that reads files: what a process needs that asks nothing of the running system.
import { GabionError } from '../../runtime/errors.ts'
import { decodeHostBytes } from './decode.ts'
import type { Host, Outcome } from './host.ts'
import { isKernelMount } from './live-root.ts'
import { type Mounts, openMounts } from './mounts.ts'
import {
  listFiles,
  type Ownership,
  type RootedFiles,
  readFileBytes,
  readFileParts,
  readLinkText,
  resolvePath,
  statFile,
} from './rooted-files.ts'
import { shareTurn } from './turns.ts'

export type HostFiles = Pick<
  Host,
  'readBytes' | 'readParts' | 'readText' | 'readTexts' | 'stat' | 'list' | 'readLink' | 'realPath'
>

export interface RootOptions {
  /** the directory that is the host's `/` */
  readonly root: string
  /** mode and owner by resolved path, for fixtures: git keeps neither */
  readonly overlay?: ReadonlyMap<string, Ownership>
  /** the text of mountinfo instead of our own; for tests */
  readonly readMountinfo?: () => string
}

const defaultMaxBytes = 1024 * 1024
const defaultMaxEntries = 10_000

export function openHostFiles(files: RootedFiles): HostFiles {
  const bytes = (path: string, maxBytes = defaultMaxBytes) => turn(() => readFileBytes(files, path, maxBytes))
  return {
    readBytes: (path, limits) => bytes(path, limits?.maxBytes),
    readParts: async (path, use) => {
      const wait = shareTurn()
      if (wait) await wait
      return await readFileParts(files, path, use)
    },
    readText: async (path, limits) => textOf(await bytes(path, limits?.maxBytes)),
    readTexts: async (paths, limits) => {
      const outcomes: Outcome<string>[] = []
      for (const path of paths) {
        const wait = shareTurn()
        if (wait) await wait
        outcomes.push(textOf(readFileBytes(files, path, limits?.maxBytes ?? defaultMaxBytes)))
      }
      return outcomes
    },
    stat: (path, how) => turn(() => statFile(files, path, how?.follow ?? true)),
    list: (path, limits) => turn(() => listFiles(files, path, limits?.maxEntries ?? defaultMaxEntries)),
    readLink: path => turn(() => readLinkText(files, path)),
    realPath: path => turn(() => resolvePath(files, path)),
  }
}

/** @throws GabionError `usage` when our own /proc is missing */
export function openRootedFiles(options: RootOptions): RootedFiles {
  return {
    directory: options.root,
    prefix: options.root.replace(/\/+$/, ''),
    mounts: mountsOf(options),
    kernel: { proc: isKernelMount(options.root, 'proc'), sys: isKernelMount(options.root, 'sys') },
    overlay: options.overlay ?? new Map(),
  }
}

function mountsOf(options: RootOptions): Mounts {
  try {
    return openMounts(options.root, options.readMountinfo)
  } catch (error) {
    const reason = 'the mounts cannot be told: is /proc mounted where the agent runs?'
    throw new GabionError('usage', `root ${options.root} cannot be read safely, ${reason}`, { cause: error })
  }
}

export async function turn<T>(read: () => T): Promise<T> {
  const wait = shareTurn()
  if (wait) await wait
  return read()
}

function textOf(outcome: Outcome<Uint8Array>): Outcome<string> {
  return outcome.state === 'present' ? { ...outcome, value: decodeHostBytes(outcome.value) } : outcome
}
