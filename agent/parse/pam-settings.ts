// Parses settings of PAM modules: pwquality.conf, faillock.conf and pwhistory.conf have one form, arguments another.
import { splitArgument } from './pam-arguments.ts'

/** Whole numbers by name; flags are 1, `never` is 0. */
export type PamSettings = ReadonlyMap<string, number>

export interface PamSettingsFile {
  readonly values: PamSettings
  /** numbers of the lines that have no setting, or a value that it cannot have, from 1 */
  readonly malformed: readonly number[]
}

/** For each setting that is read: whether it is a flag or a number. Others are passed over. */
export type SettingShapes = Readonly<Record<string, 'flag' | 'number'>>

const numbers = (...names: readonly string[]) => Object.fromEntries(names.map(name => [name, 'number' as const]))

export const qualityShapes: SettingShapes = {
  ...numbers('retry', 'minlen', 'minclass', 'difok', 'dcredit', 'ucredit', 'lcredit', 'ocredit'),
  ...numbers('maxrepeat', 'maxsequence', 'maxclassrepeat', 'dictcheck', 'usercheck', 'enforcing'),
  enforce_for_root: 'flag',
  local_users_only: 'flag',
}
export const lockoutShapes: SettingShapes = {
  ...numbers('deny', 'fail_interval', 'unlock_time', 'root_unlock_time'),
  even_deny_root: 'flag',
}
export const historyShapes: SettingShapes = { remember: 'number', enforce_for_root: 'flag' }

/** `name = value` or `name value`, flags without a value; `#` begins a comment anywhere. The last line wins. */
export function parsePamSettings(text: string, shapes: SettingShapes): PamSettingsFile {
  const values = new Map<string, number>()
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = (raw.split('#', 1)[0] ?? '').trim()
    if (line === '') continue
    const [, name = '', value] = /^([A-Za-z_]{1,40})(?:[ \t]*=[ \t]*|[ \t]+|$)(\S.*)?$/.exec(line) ?? []
    const read = name === '' ? undefined : readSetting(shapes, name, value)
    if (read === undefined) malformed.push(index + 1)
    else if (read !== 'other') values.set(name, read)
  }
  return { values, malformed }
}

/** The same from the arguments of a module; those with values that they cannot have are passed over by the module, too. */
export function settingsOfArguments(args: readonly string[], shapes: SettingShapes): PamSettings {
  const values = new Map<string, number>()
  for (const arg of args) {
    const [name, value] = splitArgument(arg)
    const read = readSetting(shapes, name, value)
    if (typeof read === 'number') values.set(name, read)
  }
  return values
}

function readSetting(shapes: SettingShapes, name: string, value: string | undefined): number | 'other' | undefined {
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
  if (shape === undefined) return 'other'
  if (shape === 'flag') return 1
  if (value === 'never' && name.endsWith('unlock_time')) return 0
  return value !== undefined && /^-?\d{1,9}$/.test(value) ? Number(value) : undefined
}
