// The agent's own directory: the only place it ever writes to.
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf, GabionError } from '../runtime/errors.ts'
import { replaceFile, writeFileDurably } from '../runtime/write-file.ts'
import type { Wishes } from './wishes.ts'

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * The key of this host while it has no proven identity: a UUID made once and kept in `host-key`.
 * @throws GabionError with code `state_directory` when the directory cannot be used or the file is damaged
 */
export function readHostKey(directory: string): string {
  const path = join(directory, 'host-key')
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    const key = readFileSync(path, 'utf8').trim()
    if (uuidPattern.test(key)) return key
    throw new GabionError('state_directory', `${path}: not a UUID; remove the file to start as a new host`)
  } catch (cause) {
    if (cause instanceof GabionError) throw cause
    if (errnoOf(cause) === 'ENOENT') return writeHostKey(path)
    throw new GabionError('state_directory', `${path}: cannot be used (${errnoOf(cause)})`, { cause })
  }
}

function writeHostKey(path: string): string {
  const key = randomUUID()
  try {
    writeFileDurably(path, `${key}\n`, 0o600)
  } catch (cause) {
    throw new GabionError('state_directory', `${path}: cannot be written (${errnoOf(cause)})`, { cause })
  }
  return key
}

const wishesFile = 'wishes.json'

/** For people who ask what an agent does. @param wishes undefined when there are none. @throws GabionError */
export function keepWishes(directory: string, wishes: Wishes | undefined): void {
  const path = join(directory, wishesFile)
  try {
    if (wishes) replaceFile(path, `${JSON.stringify(wishes)}\n`, 0o600)
    else rmSync(path, { force: true })
  } catch (cause) {
    throw new GabionError('state_directory', `${path}: cannot be written (${errnoOf(cause)})`, { cause })
  }
}

/** What a running agent kept; undefined when there is nothing, or nothing of use. */
export function readWishes(directory: string): Wishes | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, wishesFile), 'utf8')) as Wishes
  } catch {
    return undefined
  }
}
