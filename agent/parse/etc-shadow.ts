// Parses /etc/shadow (shadow(5)) and reduces every hash to its method before anybody else sees it.
import { accountLines, type LegacyEntry } from './etc-passwd.ts'
import { type PasswordField, readPasswordField } from './password-field.ts'

export interface ShadowEntry {
  readonly line: number
  readonly name: string
  readonly password: PasswordField
  /** YYYY-MM-DD, empty when the field is, `forced` when it is 0: a new password is due at the next login */
  readonly changedOn: string
  /** days, -1 when the field is empty; the same for the next three */
  readonly minDays: number
  readonly maxDays: number
  readonly warnDays: number
  readonly inactiveDays: number
  /** YYYY-MM-DD, empty when never */
  readonly accountExpiresOn: string
}

export interface ShadowFile {
  readonly entries: readonly ShadowEntry[]
  readonly legacy: readonly LegacyEntry[]
  /** numbers of the lines that are neither entries nor comments, from 1 */
  readonly malformed: readonly number[]
}

/** 9999-12-31 in days after 1970-01-01: what lies beyond has no date of four digits and never comes. */
const lastDay = 2_932_896

export function parseShadow(text: string): ShadowFile {
  const entries: ShadowEntry[] = []
  const legacy: LegacyEntry[] = []
  const malformed: number[] = []
  for (const { line, fields } of accountLines(text)) {
    const [name = '', password] = fields
    if (/^[+-]/.test(name)) {
      legacy.push({ line, entry: name })
      continue
    }
    const days = fields.slice(2, 8).map(parseDays)
    if (name === '' || password === undefined || fields.length > 9 || days.includes(undefined)) malformed.push(line)
    else entries.push(shadowEntry(line, name, password, days))
  }
  return { entries, legacy, malformed }
}

function shadowEntry(line: number, name: string, password: string, days: readonly (number | undefined)[]): ShadowEntry {
  const [changed = -1, minDays = -1, maxDays = -1, warnDays = -1, inactiveDays = -1, expires = -1] = days
  return {
    line,
    name,
    password: readPasswordField(password),
    changedOn: changed === 0 ? 'forced' : dayText(changed),
    minDays,
    maxDays,
    warnDays,
    inactiveDays,
    accountExpiresOn: dayText(expires),
  }
}

/** A day count, -1 for an empty field or a negative number (shadow(3) knows no other), undefined for anything else. */
function parseDays(text: string): number | undefined {
  const field = text.trim()
  if (field === '') return -1
  if (!/^-?[0-9]{1,15}$/.test(field)) return undefined
  return Math.max(-1, Number(field))
}

/** `20778` → `2026-11-21`; empty when unset or after the year 9999. */
function dayText(day: number): string {
  if (day < 0 || day > lastDay) return ''
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}
