// Reads a whole text that a user named: a file, or standard input.
import { createReadStream } from 'node:fs'
import { visible } from '../../policy/visible-text.ts'
import { errnoOf, type GabionError, usageError } from '../../runtime/errors.ts'

export interface Input {
  /** the file as it was named, `standard input` for `-` */
  readonly file: string
  readonly text: string
}

/** The largest hosts give a few MiB. */
const maxBytes = 64 * 1024 * 1024

/**
 * @param path a file, or `-` for standard input
 * @throws GabionError (usage) for what cannot be read, is too large, or no UTF-8
 */
export async function readInput(path: string): Promise<Input> {
  const file = path === '-' ? 'standard input' : path
  const bytes = await readBytes(file, path)
  try {
    return { file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    throw refusal(file, 'is not UTF-8 text')
  }
}

async function readBytes(file: string, path: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of path === '-' ? process.stdin : createReadStream(path)) {
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBytes) throw refusal(file, `over the limit of ${maxBytes} bytes`)
    }
  } catch (error) {
    const errno = errnoOf(error)
    // What is no error of a system call is ours.
    if (!/^E[A-Z0-9]+$/.test(errno)) throw error
    throw refusal(file, `cannot be read (${errno})`)
  }
  return Buffer.concat(chunks, length)
}

const refusal = (file: string, reason: string): GabionError => usageError(visible(`${file}: ${reason}`))
