// Parses /etc/passwd (passwd(5)) the way glibc's `files` service does.
import { type PasswordField, readPasswordField } from './password-field.ts'

export interface PasswdEntry {
  readonly line: number
  readonly name: string
  /** undefined when the field is `x`: the password stands in /etc/shadow */
  readonly password: PasswordField | undefined
  readonly uid: number
  readonly gid: number
  readonly home: string
  readonly shell: string
}

/** A `+` or `-` line: NIS compatibility. Only the first field is kept. */
export interface LegacyEntry {
  readonly line: number
  readonly entry: string
}

export interface PasswdFile {
  readonly entries: readonly PasswdEntry[]
  readonly legacy: readonly LegacyEntry[]
  /** numbers of the lines that are neither entries nor comments, from 1 */
  readonly malformed: readonly number[]
}

/** Largest uid_t or gid_t. */
const maxId = 4_294_967_295

/**
 * Comments and empty lines are skipped. Fields after the gid may be missing and are then empty, as glibc has it; an
 * id that is not a number of 32 bits makes the line malformed. A carriage return stays part of the shell: it is.
 */
export function parsePasswd(text: string): PasswdFile {
  const entries: PasswdEntry[] = []
  const legacy: LegacyEntry[] = []
  const malformed: number[] = []
  for (const { line, fields } of accountLines(text)) {
    const [name = '', password = '', uidText = '', gidText = '', , home = '', shell = ''] = fields
    if (/^[+-]/.test(name)) {
      legacy.push({ line, entry: name })
      continue
    }
    const uid = parseId(uidText)
    const gid = parseId(gidText)
    if (name === '' || uid === undefined || gid === undefined) malformed.push(line)
    else {
      entries.push({
        line,
        name,
        password: password === 'x' ? undefined : readPasswordField(password),
        uid,
        gid,
        home,
        shell,
      })
    }
  }
  return { entries, legacy, malformed }
}

export interface AccountLine {
  readonly line: number
  readonly fields: readonly string[]
}

/** The lines of passwd, shadow and group that hold something, split at colons. */
export function accountLines(text: string): readonly AccountLine[] {
  const lines: AccountLine[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.replace(/^[ \t\v\f\r]+/, '')
    if (content === '' || content.startsWith('#')) continue
    lines.push({ line: index + 1, fields: content.split(':') })
  }
  return lines
}

/** A decimal number of 32 bits without sign, or undefined. */
export function parseId(text: string): number | undefined {
  if (!/^[0-9]{1,10}$/.test(text)) return undefined
  const id = Number(text)
  return id <= maxId ? id : undefined
}
