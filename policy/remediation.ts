// Remediation templates: prose with commands in backticks, into which values of the host are put safely.
import { type CelEnvironment, type Expression, ExpressionError } from './cel-environment.ts'
import { hasInvisible, visible } from './visible-text.ts'

/**
 * A remediation is text. A command is what stands between backticks, or between lines of three backticks. `{{ CEL }}`
 * puts in a string, int, bool or list: quoted for a POSIX shell in a command, as it is in prose.
 *
 * A command that would carry a control character, an unknown value, an empty list, or an argument that looks like an
 * option is left out, and a note stands in its place.
 */
export interface Remediation {
  readonly expressions: readonly Expression[]
  render(variables: Readonly<Record<string, unknown>>): string
}

interface Part {
  readonly command: boolean
  /** the backticks around a command */
  readonly open: string
  readonly close: string
  readonly pieces: readonly (string | Slot)[]
}

interface Slot {
  readonly expression: Expression
  /** the value begins a word of the command, where a dash would make it an option */
  readonly startsWord: boolean
}

// A fenced block, or a backtick span within one line.
const commands = /^(```[a-z]*\n)([\s\S]*?)(^```[ \t]*)$|(`)([^`\n]+)(`)/gm
const slots = /\{\{([\s\S]*?)\}\}/g

/** The expressions in a template, as they are written. */
export function slotSources(text: string): readonly string[] {
  return [...text.matchAll(slots)].map(([, source = '']) => source)
}

/** Compiles a template. @throws ExpressionError with the offset in the text */
export function parseRemediation(text: string, environment: CelEnvironment): Remediation {
  const parts: Part[] = []
  let end = 0
  for (const match of text.matchAll(commands)) {
    const [whole, fence, block, fenceEnd, tick = '', span = ''] = match
    parts.push(prose(text, end, match.index, environment))
    const open = fence ?? tick
    const pieces = piecesOf(block ?? span, match.index + open.length, environment, true)
    parts.push({ command: true, open, close: fenceEnd ?? tick, pieces })
    end = match.index + whole.length
  }
  parts.push(prose(text, end, text.length, environment))
  const expressions = parts.flatMap(part =>
    part.pieces.flatMap(piece => (typeof piece === 'string' ? [] : piece.expression)),
  )
  return { expressions, render: variables => parts.map(part => renderPart(part, variables)).join('') }
}

function prose(text: string, from: number, to: number, environment: CelEnvironment): Part {
  const slice = text.slice(from, to)
  const tick = slice.indexOf('`')
  if (tick >= 0) throw new ExpressionError('a backtick without its partner', from + tick)
  return { command: false, open: '', close: '', pieces: piecesOf(slice, from, environment, false) }
}

function piecesOf(text: string, offset: number, environment: CelEnvironment, command: boolean): Part['pieces'] {
  const pieces: (string | Slot)[] = []
  let end = 0
  let shell = ''
  for (const match of text.matchAll(slots)) {
    const before = text.slice(end, match.index)
    shell += before
    if (command) refuseQuoted(shell, offset + match.index)
    pieces.push(before)
    const startsWord = command && /(^|\s)$/.test(shell)
    pieces.push({ expression: compileSlot(match[1] ?? '', offset + match.index + 2, environment), startsWord })
    shell += '_'
    end = match.index + match[0].length
  }
  const rest = text.slice(end)
  const brace = rest.search(/\{\{|\}\}/)
  if (brace >= 0)
    throw new ExpressionError('`{{` and `}}` stand in pairs on one side of a backtick', offset + end + brace)
  pieces.push(rest)
  return pieces
}

function compileSlot(source: string, offset: number, environment: CelEnvironment): Expression {
  try {
    return environment.compile(source.trim(), 'value')
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const indent = source.length - source.trimStart().length
    throw new ExpressionError(error.message, offset + indent + error.offset)
  }
}

/** Inside quotes, after a backslash, in a comment or a here-document, a quoted value would not stay one word. */
function refuseQuoted(shell: string, offset: number): void {
  let quote = ''
  for (let index = 0; index < shell.length; index++) {
    const char = shell[index]
    if (quote === '' && char === '\\') {
      index++
      if (index === shell.length) throw new ExpressionError('a value after a backslash', offset)
    } else if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (quote === '"' && char === '\\') index++
    else if (char === quote) quote = ''
  }
  if (quote !== '')
    throw new ExpressionError(`a value inside ${quote}quotes${quote} of a command: leave them out`, offset)
  if (/<</.test(shell)) throw new ExpressionError('a value inside a here-document', offset)
}

function renderPart(part: Part, variables: Readonly<Record<string, unknown>>): string {
  let text = part.open
  for (const piece of part.pieces) {
    if (typeof piece === 'string') {
      text += piece
      continue
    }
    const values = slotValues(piece, variables)
    if (!part.command) {
      text += values ? values.map(value => visible(String(value))).join(', ') : '(unknown)'
      continue
    }
    if (!values) return '(command left out: a value of this host is unknown)'
    if (values.length === 0) return '(command left out: it has nothing to act on here)'
    if (values.some(isUnsafe)) return '(command left out: a value of this host has control characters)'
    if (piece.startsWord && values.some(isOption))
      return '(command left out: a value of this host looks like an option)'
    text += values.map(value => shellWord(String(value))).join(' ')
  }
  return text + part.close
}

/** The values of a slot, or undefined when they cannot be told. */
function slotValues(slot: Slot, variables: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  try {
    const value = slot.expression.evaluate(variables)
    return Array.isArray(value) ? value : [value]
  } catch {
    return undefined
  }
}

function isUnsafe(value: unknown): boolean {
  return typeof value === 'string' && (hasInvisible(value) || value.includes('`'))
}

function isOption(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('-')
}

/** A POSIX shell word: bare where no shell could read it otherwise, else in single quotes. */
export function shellWord(value: string): string {
  return /^[A-Za-z0-9_@%+:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
