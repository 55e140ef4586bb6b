// What a walk is asked for, and how request and answer go between the agent and the process that walks.

export interface WalkRequest {
  /** absolute */
  readonly root: string
  /** number of the walk */
  readonly turn: number
  readonly durationMs: number
  /** of the process, 0 to 19: nice(1) */
  readonly niceness: number
  readonly maxEntries: number
  /** rows of each list */
  readonly maxRows: number
  /** the agent's own directory, where the single executable keeps a module; '' for none */
  readonly stateDirectory: string
}

const lineFeed = 0x0a

/** One line of JSON and, behind it, bytes that only the process that walks understands. */
export function frame(message: unknown, memory: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(message)}\n`), memory])
}

/** @throws SyntaxError for what is no such message */
export function unframe(bytes: Uint8Array): { readonly message: unknown; readonly memory: Uint8Array } {
  const end = bytes.indexOf(lineFeed)
  const line = Buffer.from(bytes.subarray(0, end < 0 ? bytes.length : end)).toString('utf8')
  return { message: JSON.parse(line), memory: end < 0 ? new Uint8Array() : bytes.subarray(end + 1) }
}
