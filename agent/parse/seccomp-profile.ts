// Reads a seccomp profile as container runtimes do: the OCI runtime specification's form and that of Docker and Podman.
import { jsonErrorLine } from './json-error.ts'
import {
  actionKind,
  isAction,
  isArchitecture,
  isComparison,
  isFlag,
  type SeccompRule,
  SeccompSyntaxError,
} from './seccomp-vocabulary.ts'

export interface SeccompContent {
  readonly defaultAction: string
  readonly architectures: readonly string[]
  readonly flags: readonly string[]
  /** in the order of the file; conditions on capabilities and architectures are not kept */
  readonly rules: readonly SeccompRule[]
}

export type SeccompParse =
  | { readonly state: 'valid'; readonly content: SeccompContent }
  /** `problem` names the line or the place, never what stands there */
  | { readonly state: 'invalid'; readonly problem: string }

/**
 * Strict JSON; unknown fields are passed over and names of fields compared without case, as Go does.
 *
 * Names that no system call has are no error: runtimes pass over them. A name that could never be one is: nobody meant
 * it, and it protects nothing.
 */
export function parseSeccompProfile(text: string): SeccompParse {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { state: 'invalid', problem: `line ${jsonErrorLine(text)}: not JSON` }
  }
  try {
    return { state: 'valid', content: readContent(value) }
  } catch (error) {
    if (error instanceof SeccompSyntaxError) return { state: 'invalid', problem: error.message }
    throw error
  }
}

function readContent(value: unknown): SeccompContent {
  const profile = objectAt('the profile', value)
  const defaultAction = actionAt('defaultAction', field(profile, 'defaultAction'))
  if (defaultAction === 'SCMP_ACT_NOTIFY') fail('defaultAction', 'cannot be SCMP_ACT_NOTIFY')
  wholeNumberAt('defaultErrnoRet', field(profile, 'defaultErrnoRet'))
  const architectures = [
    ...wordsAt('architectures', field(profile, 'architectures'), isArchitecture, 'no architecture'),
    ...readArchMap(field(profile, 'archMap')),
  ]
  const flags = wordsAt('flags', field(profile, 'flags'), isFlag, 'no flag of seccomp')
  const rules = listAt('syscalls', field(profile, 'syscalls')).map((rule, index) =>
    readRule(`syscalls[${index}]`, rule),
  )
  return { defaultAction, architectures, flags, rules }
}

/** `{architecture, subArchitectures}` rows of Docker and Podman. */
function readArchMap(value: unknown): readonly string[] {
  return listAt('archMap', value).flatMap((row, index) => {
    const place = `archMap[${index}]`
    const entry = objectAt(place, row)
    const main = field(entry, 'architecture')
    return [
      ...wordsAt(`${place}.architecture`, main === undefined ? [] : [main], isArchitecture, 'no architecture'),
      ...wordsAt(`${place}.subArchitectures`, field(entry, 'subArchitectures'), isArchitecture, 'no architecture'),
    ]
  })
}

const callName = /^[a-z_][a-z0-9_]{0,63}$/

function readRule(place: string, value: unknown): SeccompRule {
  const rule = objectAt(place, value)
  const single = field(rule, 'name')
  const names = wordsAt(`${place}.names`, field(rule, 'names'), name => callName.test(name), 'no name of a call')
  if (single !== undefined && single !== '') {
    if (names.length > 0) fail(place, 'has both name and names')
    names.push(...wordsAt(`${place}.name`, [single], name => callName.test(name), 'no name of a call'))
  }
  if (names.length === 0) fail(place, 'names no call')
  const action = actionAt(`${place}.action`, field(rule, 'action'))
  if (action === 'SCMP_ACT_NOTIFY' && names.includes('write')) fail(place, 'cannot be SCMP_ACT_NOTIFY for write')
  wholeNumberAt(`${place}.errnoRet`, field(rule, 'errnoRet'))
  const args = listAt(`${place}.args`, field(rule, 'args'))
  for (const [index, arg] of args.entries()) checkArgument(`${place}.args[${index}]`, arg)
  return { names, action, kind: actionKind(action), hasArguments: args.length > 0 }
}

function checkArgument(place: string, value: unknown): void {
  const argument = objectAt(place, value)
  const index = wholeNumberAt(`${place}.index`, field(argument, 'index'))
  if (index > 5) fail(`${place}.index`, 'is over 5')
  for (const name of ['value', 'valueTwo']) wholeNumberAt(`${place}.${name}`, field(argument, name))
  wordsAt(`${place}.op`, [field(argument, 'op')], isComparison, 'no comparison')
}

type Json = Readonly<Record<string, unknown>>

function fail(place: string, reason: string): never {
  throw new SeccompSyntaxError(`${place} ${reason}`)
}

/** The value of a field, whatever the case of its name; null is what a missing field is. */
function field(record: Json, name: string): unknown {
  const wanted = name.toLowerCase()
  const key = Object.keys(record).findLast(found => found === name || found.toLowerCase() === wanted)
  return key === undefined ? undefined : (record[key] ?? undefined)
}

function objectAt(place: string, value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) fail(place, 'is no object')
  return value as Json
}

function listAt(place: string, value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : fail(place, 'is no list')
}

function wordsAt(place: string, value: unknown, isWord: (word: string) => boolean, reason: string): string[] {
  return listAt(place, value).map((item, index) => {
    return typeof item === 'string' && isWord(item) ? item : fail(`${place}[${index}]`, `is ${reason}`)
  })
}

function actionAt(place: string, value: unknown): string {
  if (value === undefined || value === '') fail(place, 'is missing')
  return typeof value === 'string' && isAction(value) ? value : fail(place, 'is no action of seccomp')
}

/** An unsigned number; 0 when left out. */
function wholeNumberAt(place: string, value: unknown): number {
  if (value === undefined) return 0
  const isWhole = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 64
  return isWhole || value === 2 ** 64 ? Number(value) : fail(place, 'is no whole number')
}
