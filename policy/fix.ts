// Steps of a fix for a program to take: templates of a check into which values of the host are put, or nothing at all.
import { type CelEnvironment, type Expression, ExpressionError } from './cel-environment.ts'
import type { FixStep, FixTemplate } from './check.ts'
import { hasInvisible } from './visible-text.ts'

export interface Fix {
  /**
   * Nothing when a value of the host is unknown or may not stand in a command: one with a control character, a
   * backslash (which facts write doubled, or for a byte that is no text), or what looks like an option.
   */
  render(variables: Variables): readonly FixStep[] | undefined
}

type Variables = Readonly<Record<string, unknown>>

/** A text with at most one slot in it. */
interface Word {
  readonly before: string
  readonly slot: Expression | undefined
  readonly after: string
}

type Render = (variables: Variables) => FixStep | undefined

/** Octal, or letters such as `go-w`. @source chmod(1) */
const modePattern = /^(?:[0-7]{3,4}|[ugoa]*[-+=][rwxXst]*(?:,[ugoa]*[-+=][rwxXst]*)*)$/
const ownerPattern = /^[a-z_][a-z0-9_-]*:[a-z_][a-z0-9_-]*$/
/** What a line of a configuration file takes for one word, whatever reads it. */
const tokenPattern = /^[A-Za-z0-9_.@:,/+-]+$/
const programPattern = /^[A-Za-z0-9_.+-]+$/

/** @throws ExpressionError for a step that is none, or a slot that does not compile */
export function parseFix(templates: readonly FixTemplate[], environment: CelEnvironment): Fix {
  const steps = templates.map((template, index) => parseStep(template, index, environment))
  return {
    render(variables) {
      const rendered = steps.map(step => step(variables))
      return rendered.every(step => step !== undefined) ? rendered : undefined
    },
  }
}

function parseStep(template: FixTemplate, index: number, environment: CelEnvironment): Render {
  const word = (text: string) => parseWord(text, index, environment)
  const keys = Object.keys(template).filter(key => template[key as keyof FixTemplate] !== undefined)
  if ('file' in template && onlyKeys(keys, ['file', 'lines', 'mode'])) return fileStep(template, index, word)
  if ('paths' in template && onlyKeys(keys, ['paths', 'mode', 'owner'])) return rightsStep(template, index, word)
  if ('run' in template && onlyKeys(keys, ['run', 'undo'])) return runStep(template, index, word)
  throw wrong(index, 'has either `file` and `lines`, or `paths` with `mode` or `owner`, or `run`')
}

const onlyKeys = (keys: readonly string[], known: readonly string[]) => keys.every(key => known.includes(key))

type ParseWord = (text: string) => Word

function fileStep(template: Extract<FixTemplate, { readonly file: string }>, index: number, word: ParseWord): Render {
  const { file, lines, mode = '0644' } = template
  if (!isPath(file) || file.includes('{{')) throw wrong(index, '`file` is an absolute path, without values of the host')
  if (lines === undefined) throw wrong(index, 'lacks `lines`')
  if (!modePattern.test(mode)) throw wrong(index, '`mode` is no mode')
  const words = lines.map(word)
  return variables => {
    const written = words.map(line => expand(line, variables, value => tokenPattern.test(value)))
    if (!written.every(list => list !== undefined)) return undefined
    return { file, lines: written.flat(), mode }
  }
}

function rightsStep(
  template: Extract<FixTemplate, { readonly paths: string }>,
  index: number,
  word: ParseWord,
): Render {
  const { paths, mode = '', owner = '' } = template
  if (mode === '' && owner === '') throw wrong(index, '`paths` needs `mode` or `owner`')
  if (owner !== '' && !ownerPattern.test(owner)) throw wrong(index, '`owner` is USER:GROUP')
  const [places, rights] = [word(paths), word(mode)]
  if (!rights.slot && mode !== '' && !modePattern.test(mode)) throw wrong(index, '`mode` is no mode')
  return variables => {
    const found = expand(places, variables, isPath)
    const [right, ...others] = mode === '' ? [''] : (expand(rights, variables, value => modePattern.test(value)) ?? [])
    if (!found || found.length === 0 || right === undefined || others.length > 0) return undefined
    return { paths: found, mode: right, owner }
  }
}

function runStep(
  template: Extract<FixTemplate, { readonly run: readonly string[] }>,
  index: number,
  word: ParseWord,
): Render {
  const { run, undo = [] } = template
  for (const [program] of [run, undo]) {
    if (program !== undefined && !programPattern.test(program)) throw wrong(index, 'runs a program by its bare name')
  }
  const [words, back] = [run.map(word), undo.map(word)]
  return variables => {
    const [argv, undoArgv] = [words, back].map(list => argumentsOf(list, variables))
    return argv && undoArgv ? { run: argv, undo: undoArgv } : undefined
  }
}

function argumentsOf(words: readonly Word[], variables: Variables): readonly string[] | undefined {
  const values = words.map(word => {
    const isSafe = (value: string) => value !== '' && !(word.before === '' && value.startsWith('-'))
    const list = expand(word, variables, isSafe)
    return list && list.length > 0 ? list : undefined
  })
  return values.every(list => list !== undefined) ? values.flat() : undefined
}

/** The word once for each value of its slot; nothing when one of them is unknown or unsafe. */
function expand(word: Word, variables: Variables, isSafe: (value: string) => boolean): readonly string[] | undefined {
  if (!word.slot) return [word.before]
  const values = valuesOf(word.slot, variables)
  if (!values?.every(value => !hasInvisible(value) && !value.includes('\\') && isSafe(value))) return undefined
  return values.map(value => word.before + value + word.after)
}

function valuesOf(slot: Expression, variables: Variables): readonly string[] | undefined {
  try {
    const value = slot.evaluate(variables)
    return (Array.isArray(value) ? value : [value]).map(String)
  } catch {
    return undefined
  }
}

/** Absolute, and nowhere upwards. */
const isPath = (text: string) => /^\/[^/]/.test(text) && !/(?:^|\/)\.\.?(?:\/|$)/.test(text)

function parseWord(text: string, index: number, environment: CelEnvironment): Word {
  const match = /^([\s\S]*?)\{\{([\s\S]*?)\}\}([\s\S]*)$/.exec(text)
  if (!match) {
    if (/[\r\n]/.test(text)) throw wrong(index, 'has a line break in a word')
    return { before: text, slot: undefined, after: '' }
  }
  const [, before = '', source = '', after = ''] = match
  if (/\{\{|\}\}/.test(before + after)) throw wrong(index, 'has more than one value of the host in a word')
  try {
    return { before, slot: environment.compile(source.trim(), 'value'), after }
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    throw wrong(index, error.message)
  }
}

const wrong = (index: number, message: string) => new ExpressionError(`step ${index + 1} ${message}`, 0)
