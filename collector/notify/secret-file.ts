// Secrets of receivers: each in a file that nobody else may read, and read anew whenever it is needed.
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { errnoOf, GabionError } from '../../runtime/errors.ts'

const maxBytes = 16_384
/** Read by others, or written by anybody but the owner. A group may read: Kubernetes mounts Secrets so. */
const tooOpen = 0o037

/**
 * @param key of the configuration, for the error
 * @returns the text without white space around it
 * @throws GabionError (config), never with anything of the file's text
 */
export function readSecret(key: string, path: string): string {
  const fail = (reason: string, cause?: unknown) => new GabionError('config', `${key}: ${path}: ${reason}`, { cause })
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (cause) {
    throw fail(`cannot be read (${errnoOf(cause)})`, cause)
  }
  try {
    const status = fstatSync(file)
    if (!status.isFile()) throw fail('is no regular file')
    const mode = status.mode & 0o777
    if ((mode & tooOpen) !== 0)
      throw fail(`has mode 0${mode.toString(8)}: expected 0600, or 0640 for a group that reads`)
    if (status.size > maxBytes) throw fail(`is over the limit of ${maxBytes} bytes`)
    const text = readFileSync(file, 'utf8').trim()
    if (text === '') throw fail('is empty')
    return text
  } finally {
    closeSync(file)
  }
}
