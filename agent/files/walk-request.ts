// What a walk is asked for and what it answers, as text between the agent and the process that walks.
import * as z from 'zod'

/** First word of the command line that makes the agent's program walk. Not for people. */
export const walkCommand = 'walk-files'

export const WalkRequestSchema = z.strictObject({
  root: z.string(),
  turn: z.int(),
  durationMs: z.int(),
  maxEntries: z.int(),
  /** rows of each list */
  maxRows: z.int(),
})
export type WalkRequest = z.infer<typeof WalkRequestSchema>

const owner = { path: z.string(), uid: z.int(), gid: z.int() }
/** `package` is left out where no package database could be read. */
const packageName = z.string().optional()

export const WalkAnswerSchema = z.strictObject({
  complete: z.boolean(),
  /** why not: time or entries */
  reason: z.string(),
  fileSystems: z.array(z.string()),
  setIdFiles: z.array(z.strictObject({ ...owner, mode: z.int(), package: packageName })),
  /** left out when capabilities cannot be read here */
  capabilityFiles: z.array(z.strictObject({ ...owner, capability: z.string(), package: packageName })).optional(),
  worldWritableFiles: z.array(z.string()),
  worldWritableDirectories: z.array(z.string()),
  /** left out when it is not known which users and groups there are */
  unowned: z.array(z.strictObject({ ...owner, missing: z.enum(['user', 'group', 'both']) })).optional(),
  unownedUnknown: z.string(),
  /** names of lists that have more rows than were asked for */
  cut: z.array(z.string()),
  entries: z.int(),
  directories: z.int(),
  reused: z.int(),
  unreadable: z.strictObject({ count: z.int(), path: z.string(), detail: z.string() }),
})
export type WalkAnswer = z.infer<typeof WalkAnswerSchema>

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
