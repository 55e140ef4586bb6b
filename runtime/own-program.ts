// How a program of ours starts as a process of its own: from a file beside this one, or inside the single executable.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { isSea } from 'node:sea'
import { fileURLToPath } from 'node:url'

export interface OwnProgram {
  /** where it may stand: beside a bundle, among the sources; the first that is there. The first has the program's name. */
  readonly places: readonly URL[]
  /** options of V8 that bound its memory */
  readonly heap: readonly string[]
  /** of its environment; nothing unless it is given */
  readonly env?: Readonly<Record<string, string>>
}

/**
 * With pipes to its input and output, in `/`, without an environment of this one.
 * @returns undefined when there is no such program
 * @throws what spawn throws
 */
export function spawnOwnProgram({ places, heap, env = {} }: OwnProgram): ChildProcess | undefined {
  const pipes = { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/' } satisfies Parameters<typeof spawn>[2]
  // The single executable takes no options of Node.js but from the environment, and knows its programs by their names.
  if (isSea()) {
    return spawn(process.execPath, [nameOf(places)], { ...pipes, env: { ...env, NODE_OPTIONS: heap.join(' ') } })
  }
  const program = places.map(place => fileURLToPath(place)).find(path => existsSync(path))
  return program === undefined ? undefined : spawn(process.execPath, [...heap, program], { ...pipes, env })
}

/** `walk-files` of `…/walk-files.mjs` */
const nameOf = ([first]: readonly URL[]): string => basename(first?.pathname ?? '', '.mjs')
