// Parses a modprobe.d file (modprobe.d(5)) the way kmod reads it.
import { underscored } from './module-name.ts'

export const modprobeDirectives = ['blacklist', 'install', 'remove', 'alias', 'options', 'softdep'] as const
export type ModprobeDirective = (typeof modprobeDirectives)[number]

export interface ModprobeLine {
  /** number of the first physical line, from 1 */
  readonly line: number
  readonly directive: ModprobeDirective
  /** module it is about, `_` for `-`; a pattern where kmod takes one; for an alias the module it leads to */
  readonly module: string
  /** the alias itself, empty for other directives */
  readonly alias: string
  /** command of install and remove, parameters of options, dependencies of softdep; else empty */
  readonly argument: string
}

export interface ModprobeFile {
  readonly lines: readonly ModprobeLine[]
  /** numbers of the lines that kmod ignores as bad, from 1 */
  readonly malformed: readonly number[]
}

const known: ReadonlySet<string> = new Set(modprobeDirectives)
const withArgument: ReadonlySet<string> = new Set(['install', 'remove', 'options', 'softdep'])

/**
 * A backslash before the line end joins two lines, any other backslash vanishes; a NUL ends its line. Only blanks and
 * tabs separate words, so a carriage return belongs to the last word: a file with CRLF names modules that do not exist.
 */
export function parseModprobeD(text: string): ModprobeFile {
  const lines: ModprobeLine[] = []
  const malformed: number[] = []
  for (const { line, content } of wrappedLines(text)) {
    const command = takeWord(content)
    if (command.word === '' || command.word.startsWith('#')) continue
    const parsed = parseLine(line, command.word, command.rest)
    if (parsed) lines.push(parsed)
    else malformed.push(line)
  }
  return { lines, malformed }
}

function parseLine(line: number, directive: string, rest: string): ModprobeLine | undefined {
  if (!isDirective(directive)) return undefined
  const first = takeWord(rest)
  const name = first.word === '' ? undefined : underscored(first.word)
  if (name === undefined) return undefined
  if (directive === 'alias') {
    const target = underscored(takeWord(first.rest).word)
    return target ? { line, directive, module: target, alias: name, argument: '' } : undefined
  }
  if (!withArgument.has(directive)) return { line, directive, module: name, alias: '', argument: '' }
  return first.rest === '' ? undefined : { line, directive, module: name, alias: '', argument: first.rest }
}

const isDirective = (word: string): word is ModprobeDirective => known.has(word)

/** Skips blanks, takes the word, and drops the one separator after it, as strtok_r does. */
function takeWord(text: string): { readonly word: string; readonly rest: string } {
  let start = 0
  while (isBlank(text[start])) start++
  let end = start
  while (end < text.length && !isBlank(text[end])) end++
  return { word: text.slice(start, end), rest: text.slice(end + 1) }
}

const isBlank = (char: string | undefined) => char === ' ' || char === '\t'

function* wrappedLines(text: string): Generator<{ readonly line: number; readonly content: string }> {
  const physical = text.split('\n')
  for (let at = 0; at < physical.length; at++) {
    const line = at + 1
    let { content, continues } = withoutBackslashes(physical[at] ?? '')
    const parts = [content]
    while (continues && at + 1 < physical.length) {
      at++
      ;({ content, continues } = withoutBackslashes(physical[at] ?? ''))
      parts.push(content)
    }
    // kmod takes the end of the file after a backslash for the byte 0xff.
    if (continues) parts.push('\udcff')
    const joined = parts.join('')
    const nul = joined.indexOf('\0')
    yield { line, content: nul < 0 ? joined : joined.slice(0, nul) }
  }
}

function withoutBackslashes(physical: string): { readonly content: string; readonly continues: boolean } {
  if (!physical.includes('\\')) return { content: physical, continues: false }
  let trailing = 0
  while (physical[physical.length - 1 - trailing] === '\\') trailing++
  const continues = trailing % 2 === 1
  const body = continues ? physical.slice(0, -1) : physical
  return { content: body.replace(/\\(.)/gs, '$1'), continues }
}
