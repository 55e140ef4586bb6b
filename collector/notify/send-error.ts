// Why a message was not taken, and whether it is worth another try.

/** later: try again; never: this message will not be taken however often it is sent. */
export type SendFate = 'later' | 'never'

/** Its message names neither secrets nor what the other side said. */
export class SendError extends Error {
  override readonly name = 'SendError'
  readonly fate: SendFate
  /** what the other side asked for, undefined when it did not */
  readonly retryAfterMs: number | undefined
  constructor(message: string, fate: SendFate = 'later', retryAfterMs?: number) {
    super(message)
    this.fate = fate
    this.retryAfterMs = retryAfterMs
  }
}
