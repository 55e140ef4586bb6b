// Changes as lines of JSON, to a file or to standard output.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { errnoOf } from '../../runtime/errors.ts'
import type { Message } from './message.ts'
import type { ReceiverOf } from './notify-config.ts'
import { SendError } from './send-error.ts'
import type { Sender } from './sender.ts'

type Write = (text: string) => Promise<void>

/** @param toStandardOutput where lines go for the path `-` */
export function jsonLinesSender({ path }: ReceiverOf<'json-lines'>, toStandardOutput: Write = printed): Sender {
  const write: Write = path === '-' ? toStandardOutput : text => append(path, text)
  return { send: message => write(jsonLines(message)) }
}

export function jsonLines({ id, createdAt, isTest, group, changes, more, dropped }: Message): string {
  const common = { message: id, ...(isTest && { isTest }), ...(Object.keys(group).length > 0 && { group }) }
  const lines: object[] = changes.map(change => ({ ...common, ...change }))
  if (more + dropped > 0) lines.push({ ...common, at: createdAt, more, dropped })
  return lines.map(line => `${JSON.stringify(line)}\n`).join('')
}

/** Opened anew for each message, so that whoever rotates logs may rename it. Half a line of a crash stays one line. */
async function append(path: string, text: string): Promise<void> {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK
  try {
    const file = await open(path, flags, 0o600)
    try {
      const status = await file.stat()
      if (!status.isFile()) throw new SendError(`${path}: is no regular file`)
      const last = Buffer.alloc(1)
      if (status.size > 0) await file.read(last, 0, 1, status.size - 1)
      await file.writeFile(status.size > 0 && last[0] !== 0x0a ? `\n${text}` : text)
      await file.datasync()
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof SendError) throw cause
    throw new SendError(`${path}: cannot be written (${errnoOf(cause)})`)
  }
}

const printed: Write = text =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, error => (error ? reject(new SendError('standard output is closed')) : resolve()))
  })
