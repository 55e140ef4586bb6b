// What a walk answers: the process that walks writes it, the agent reads it and trusts nothing of it.
import * as z from 'zod'

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
