// What sends messages to one receiver, whatever kind it is of.
import type { Message, ToldChange } from './message.ts'

export interface Sender {
  /** Resolves when the receiver took it. @throws SendError, or GabionError when a secret cannot be read */
  send(message: Message, signal: AbortSignal): Promise<void>
  /** for a receiver that forgets what it is not told again */
  readonly repeating?: Repeating
}

export interface Repeating {
  readonly everyMs: number
  /** Tells what still fails. @throws SendError */
  repeat(failing: readonly ToldChange[], signal: AbortSignal): Promise<void>
  /** Tells what does not fail any more, without a change that says so. @throws SendError */
  end(ended: readonly ToldChange[], signal: AbortSignal): Promise<void>
}
