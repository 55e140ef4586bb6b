// Parses /etc/group (group(5)) the way glibc's `files` service does.
import { accountLines, type LegacyEntry, parseId } from './etc-passwd.ts'

export interface GroupEntry {
  readonly line: number
  readonly name: string
  readonly gid: number
  /** as listed, without empty names */
  readonly members: readonly string[]
}

export interface GroupFile {
  readonly entries: readonly GroupEntry[]
  readonly legacy: readonly LegacyEntry[]
  /** numbers of the lines that are neither entries nor comments, from 1 */
  readonly malformed: readonly number[]
}

/** The password field of a group is dropped: gshadow has it, and nobody should use it. */
export function parseGroup(text: string): GroupFile {
  const entries: GroupEntry[] = []
  const legacy: LegacyEntry[] = []
  const malformed: number[] = []
  for (const { line, fields } of accountLines(text)) {
    const [name = '', , gidText = '', ...rest] = fields
    if (/^[+-]/.test(name)) {
      legacy.push({ line, entry: name })
      continue
    }
    const gid = parseId(gidText)
    if (name === '' || gid === undefined) malformed.push(line)
    else entries.push({ line, name, gid, members: memberNames(rest.join(':')) })
  }
  return { entries, legacy, malformed }
}

function memberNames(list: string): readonly string[] {
  return list
    .split(',')
    .map(name => name.replace(/^[ \t]+/, ''))
    .filter(name => name !== '')
}
