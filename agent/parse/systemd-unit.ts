// Parses systemd unit files (systemd.syntax(7)) and lays drop-ins over a unit.

export interface Directive {
  readonly section: string
  readonly key: string
  readonly value: string
  /** from 1: where the directive begins */
  readonly line: number
}

export interface UnitFile {
  readonly directives: readonly Directive[]
  /** numbers of the lines that are neither a section, a directive nor a comment */
  readonly malformed: readonly number[]
}

/** Longest directive that systemd reads; longer ones are malformed. */
const maxLength = 1_048_576

/**
 * Comments and empty lines are skipped, also inside a continued line. A backslash at the end of a line continues it
 * with a space in between.
 */
export function parseSystemdUnit(text: string): UnitFile {
  const directives: Directive[] = []
  const malformed: number[] = []
  let section = ''
  for (const { line, content } of logicalLines(text)) {
    const header = /^\[([^\]]+)\]$/.exec(content)
    const equals = content.indexOf('=')
    if (header) section = header[1] ?? ''
    else if (equals < 1 || section === '' || content.length > maxLength) malformed.push(line)
    else {
      directives.push({
        section,
        key: content.slice(0, equals).trimEnd(),
        value: content.slice(equals + 1).trimStart(),
        line,
      })
    }
  }
  return { directives, malformed }
}

/**
 * Values of a list-like directive over a unit and its drop-ins in order: an empty assignment forgets all before it.
 */
export function listDirective(files: readonly UnitFile[], section: string, key: string): readonly string[] {
  let values: string[] = []
  for (const directive of files.flatMap(file => file.directives)) {
    if (directive.section !== section || directive.key !== key) continue
    if (directive.value === '') values = []
    else values.push(directive.value)
  }
  return values
}

/** Value of a directive that holds one value: the last assignment wins; empty when there is none. */
export function lastDirective(files: readonly UnitFile[], section: string, key: string): string {
  const all = files.flatMap(file => file.directives)
  return all.findLast(directive => directive.section === section && directive.key === key)?.value ?? ''
}

function* logicalLines(text: string): Generator<{ readonly line: number; readonly content: string }> {
  const parts: string[] = []
  let start = 0
  let number = 0
  for (const raw of text.split('\n')) {
    number += 1
    const content = raw.replace(/\r$/, '')
    if (/^[ \t]*[#;]/.test(content)) continue
    if (parts.length === 0) start = number
    const continued = content.endsWith('\\')
    parts.push(continued ? content.slice(0, -1) : content)
    if (continued) continue
    const joined = parts.join(' ').trim()
    parts.length = 0
    if (joined !== '') yield { line: start, content: joined }
  }
  const rest = parts.join(' ').trim()
  if (rest !== '') yield { line: start, content: rest }
}
