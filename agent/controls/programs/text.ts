// The programs of audits that only work on text: echo, grep, cut, tr, head, tail, sort, uniq, wc.
import { compilePattern, type Pattern, PatternError } from '../../../policy/controls/pattern.ts'
import {
  type AuditWorld,
  failed,
  joined,
  linesOf,
  type Output,
  type Program,
  printed,
  readOptions,
  refuse,
} from '../program.ts'
import { readInput } from './files.ts'

/** @throws UnansweredAudit for an expression that is not supported */
export function patternOf(program: string, source: string, dialect: 'basic' | 'extended', fold = false): Pattern {
  return guarded(program, source, () => compilePattern(source, dialect, fold))
}

/** @throws UnansweredAudit where matching is refused */
export function guarded<T>(program: string, source: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    return refuse(`${program} '${source}': the expression ${error.message}`)
  }
}

export const echo: Program = args => {
  if (args[0] === '-e' || args[0] === '-E') refuse(`echo ${args[0]}`)
  const text = (args[0] === '-n' ? args.slice(1) : args).join(' ')
  if (text.includes('\\')) refuse('echo with a \\')
  return printed(args[0] === '-n' ? text : `${text}\n`)
}

export const printf: Program = ([format = '', ...values]) => {
  const plain = format.replaceAll('\\n', '\n').replaceAll('\\t', '\t')
  if (plain.includes('\\') || /%[^s%]/.test(plain) || plain.endsWith('%')) refuse(`printf ${format}`)
  const places = plain.replaceAll('%%', '').split('%s').length - 1
  if (values.length > places) refuse('printf with more values than places')
  const rest = [...values]
  return printed(plain.replace(/%[s%]/g, place => (place === '%s' ? (rest.shift() ?? '') : '%')))
}

const grepFlags = [
  ...['v', 'i', 'o', 'q', 'c', 'w', 'x', 'E', 'F', 'G', 'h', 's', 'a', 'y'],
  ...['quiet', 'silent', 'invert-match', 'ignore-case', 'only-matching', 'count', 'extended-regexp', 'fixed-strings'],
]

const contextOptions = ['A', 'B', 'C', 'after-context', 'before-context', 'context']
const grepValues = ['e', 'm', 'max-count', 'color', 'colour', ...contextOptions]

export const grep: Program = async (args, stdin, world) => {
  const { flags, values, rest } = readOptions('grep', args, grepFlags, grepValues)
  if (args.filter(arg => /^-[a-zA-Z]*e/.test(arg)).length > 1) refuse('grep with several expressions')
  const source = values.get('e') ?? rest[0] ?? refuse('grep without an expression')
  const files = values.has('e') ? rest : rest.slice(1)
  const has = (...names: readonly string[]) => names.some(name => flags.has(name))
  if (files.length > 1 && !has('h')) refuse('grep in several files')
  const input = await readInput('grep', files, stdin, world)
  const pattern = grepPattern(source, has)
  const limit = Number(values.get('m') ?? values.get('max-count') ?? Number.POSITIVE_INFINITY)
  const isWanted = (line: string) => pattern.test(line) !== has('v', 'invert-match')
  const lines = linesOf(input.stdout)
  const places = guarded('grep', source, () => lines.flatMap((line, at) => (isWanted(line) ? [at] : []))).slice(
    0,
    limit,
  )
  const found = places.map(at => lines[at] ?? '')
  const code = input.code !== 0 ? 2 : found.length > 0 ? 0 : 1
  if (has('q', 'quiet', 'silent')) return { stdout: '', stderr: input.stderr, code: found.length > 0 ? 0 : code }
  if (has('c', 'count')) return { stdout: `${found.length}\n`, stderr: input.stderr, code }
  if (!has('o', 'only-matching')) {
    const shown = withContext(lines, places, contextOf(values), limit)
    return { stdout: joined(shown), stderr: has('s') ? '' : input.stderr, code }
  }
  if (has('v', 'invert-match')) refuse('grep -ov')
  const parts = guarded('grep', source, () => found.flatMap(line => partsOf(line, pattern)))
  return { stdout: joined(parts), stderr: input.stderr, code }
}

interface Context {
  readonly before: number
  readonly after: number
}

/** `-A 1`, `-B 2`, `-C 3`. */
function contextOf(values: ReadonlyMap<string, string>): Context | undefined {
  if (!contextOptions.some(name => values.has(name))) return undefined
  const count = (...names: readonly string[]) => {
    const text = names.map(name => values.get(name)).find(value => value !== undefined) ?? '0'
    return /^\d{1,4}$/.test(text) ? Number(text) : refuse(`grep with ${text} lines around`)
  }
  const around = ['C', 'context']
  return { before: count('B', 'before-context', ...around), after: count('A', 'after-context', ...around) }
}

/** Lines with those around them, groups apart from each other by `--`. */
function withContext(
  lines: readonly string[],
  places: readonly number[],
  context: Context | undefined,
  limit: number,
): readonly string[] {
  if (!context) return places.map(at => lines[at] ?? '')
  const { before, after } = context
  if (limit !== Number.POSITIVE_INFINITY) refuse('grep -m with lines around')
  const shown: string[] = []
  let next = 0
  for (const at of places) {
    const from = Math.max(next, at - before)
    if (shown.length > 0 && from > next) shown.push('--')
    const to = Math.min(lines.length, at + after + 1)
    for (next = from; next < to; next++) shown.push(lines[next] ?? '')
  }
  return shown
}

/** Bytes that are no text in UTF-8 are lone surrogates, which an expression takes as one character. */
function grepPattern(source: string, has: (...names: readonly string[]) => boolean): Pattern {
  const fold = has('i', 'y', 'ignore-case')
  const sources = source.split('\n').map(one => (has('F', 'fixed-strings') ? literal(one) : one))
  const isExtended = has('E', 'F', 'extended-regexp', 'fixed-strings')
  const around = (one: string) => {
    if (has('x')) return isExtended ? `^(${one})$` : `^\\(${one}\\)$`
    return has('w') ? refuse('grep -w') : one
  }
  if (sources.length > 1) refuse('grep with several expressions')
  return patternOf('grep', around(sources[0] ?? ''), isExtended ? 'extended' : 'basic', fold)
}

const literal = (text: string) => text.replace(/[.*+?()[\]{}^$|\\]/g, '\\$&')

function partsOf(line: string, pattern: Pattern): readonly string[] {
  const parts: string[] = []
  for (let at = 0; at <= line.length; ) {
    const match = pattern.find(line, at)
    if (!match) break
    if (match.end > match.start) parts.push(line.slice(match.start, match.end))
    at = Math.max(match.end, match.start + 1)
  }
  return parts
}

export const cut: Program = async (args, stdin, world) => {
  const { values, flags, rest } = readOptions('cut', args, ['s'], ['d', 'f', 'c', 'delimiter', 'fields', 'characters'])
  const list = values.get('f') ?? values.get('fields')
  const columns = values.get('c') ?? values.get('characters')
  const input = await readInput('cut', rest, stdin, world)
  if (columns !== undefined) return withLines(input, line => [chosen([...line], columns).join('')])
  const delimiter = values.get('d') ?? values.get('delimiter') ?? '\t'
  if (list === undefined || [...delimiter].length !== 1) return refuse('cut without fields')
  return withLines(input, line => {
    if (!line.includes(delimiter)) return flags.has('s') ? [] : [line]
    return [chosen(line.split(delimiter), list).join(delimiter)]
  })
}

/** `2`, `1,3`, `2-`, `-3`, `2-4`. */
function chosen(parts: readonly string[], list: string): readonly string[] {
  const wanted = new Set<number>()
  for (const range of list.split(',')) {
    const found = /^(\d{0,6})(-?)(\d{0,6})$/.exec(range)
    if (!found || (found[1] === '' && found[3] === '')) refuse(`cut ${list}`)
    const from = Number(found[1] || 1)
    const to = found[2] === '' ? from : Number(found[3] || parts.length)
    for (let at = from; at <= Math.min(to, parts.length); at++) wanted.add(at)
  }
  return parts.filter((_, index) => wanted.has(index + 1))
}

const withLines = (input: Output, change: (line: string) => readonly string[]): Output => ({
  ...input,
  stdout: joined(linesOf(input.stdout).flatMap(change)),
})

export const tr: Program = (args, stdin) => {
  const { flags, rest } = readOptions('tr', args, ['d', 's', 'delete', 'squeeze-repeats'])
  const [from, to, ...more] = rest
  const isDelete = flags.has('d') || flags.has('delete')
  const isSqueeze = flags.has('s') || flags.has('squeeze-repeats')
  if (from === undefined || more.length > 0 || (isDelete && (to !== undefined || isSqueeze)))
    return refuse('tr so used')
  const set = charsOf(from)
  if (isDelete) return printed([...stdin].filter(char => !set.includes(char)).join(''))
  if (to === undefined) return isSqueeze ? printed(squeezed(stdin, set)) : refuse('tr so used')
  const onto = charsOf(to)
  if (onto.length === 0) refuse('tr so used')
  const mapped = [...stdin].map(char => {
    const index = set.indexOf(char)
    return index < 0 ? char : (onto[Math.min(index, onto.length - 1)] ?? char)
  })
  return printed(isSqueeze ? squeezed(mapped.join(''), onto) : mapped.join(''))
}

const squeezed = (text: string, set: readonly string[]) =>
  [...text].filter((char, index, all) => char !== all[index - 1] || !set.includes(char)).join('')

const classRanges: Readonly<Record<string, string>> = {
  ...{
    '[:upper:]': 'A-Z',
    '[:lower:]': 'a-z',
    '[:digit:]': '0-9',
    '[:space:]': ' \\t\\n\\v\\f\\r',
    '[:blank:]': ' \\t',
  },
}

function charsOf(set: string): readonly string[] {
  const source = set.replace(/\[:\w+:\]/g, name => classRanges[name] ?? refuse(`tr ${name}`))
  const chars: string[] = []
  const escapes: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    f: '\f',
    v: '\v',
    '0': '\0',
    '\\': '\\',
  }
  for (let at = 0; at < source.length; at++) {
    const char = source[at] ?? ''
    if (char === '\\') {
      chars.push(escapes[source[++at] ?? ''] ?? refuse(`tr ${set}`))
      if (/^\d/.test(source[at + 1] ?? '') && source[at] === '0') {
        if (!/^00(?!\d)/.test(source.slice(at + 1, at + 4))) refuse(`tr ${set}`)
        at += 2
      }
    } else if (source[at + 1] === '-' && at + 2 < source.length) {
      const [low, high] = [char.charCodeAt(0), (source[at + 2] ?? '').charCodeAt(0)]
      if (high < low || high - low > 256) refuse(`tr ${set}`)
      for (let code = low; code <= high; code++) chars.push(String.fromCharCode(code))
      at += 2
    } else chars.push(char)
  }
  return chars
}

/** `-n 1`, `-n1`, `-1`. */
function countOf(
  program: string,
  args: readonly string[],
): { readonly count: number; readonly files: readonly string[] } {
  const plain = args.map(arg => (/^-\d{1,6}$/.test(arg) ? `-n${arg.slice(1)}` : arg))
  const { values, rest } = readOptions(program, plain, [], ['n', 'lines'])
  const text = values.get('n') ?? values.get('lines') ?? '10'
  if (!/^\d{1,6}$/.test(text)) refuse(`${program} -n ${text}`)
  if (rest.length > 1) refuse(`${program} of several files`)
  return { count: Number(text), files: rest }
}

export const head: Program = async (args, stdin, world) => {
  const { count, files } = countOf('head', args)
  const input = await readInput('head', files, stdin, world)
  return { ...input, stdout: joined(linesOf(input.stdout).slice(0, count)) }
}

export const tail: Program = async (args, stdin, world) => {
  const { count, files } = countOf('tail', args)
  const input = await readInput('tail', files, stdin, world)
  return { ...input, stdout: joined(count === 0 ? [] : linesOf(input.stdout).slice(-count)) }
}

const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export const sort: Program = async (args, stdin, world) => {
  const { flags, rest } = readOptions('sort', args, ['u', 'r'])
  const input = await readInput('sort', rest, stdin, world)
  const lines = [...(flags.has('u') ? new Set(linesOf(input.stdout)) : linesOf(input.stdout))].sort(byCode)
  return { ...input, stdout: joined(flags.has('r') ? lines.reverse() : lines) }
}

export const uniq: Program = async (args, stdin, world) => {
  const { rest } = readOptions('uniq', args, [])
  if (rest.length > 1) refuse('uniq into a file')
  const input = await readInput('uniq', rest, stdin, world)
  return { ...input, stdout: joined(linesOf(input.stdout).filter((line, index, all) => line !== all[index - 1])) }
}

export const wc: Program = async (args, stdin, world: AuditWorld) => {
  const { flags, rest } = readOptions('wc', args, ['l'])
  if (!flags.has('l') || rest.length > 0) return refuse('wc other than -l')
  return printed(`${stdin.split('\n').length - 1}\n`, world.budget.steps < 0 ? 1 : 0)
}

export const basename: Program = args => {
  const { rest } = readOptions('basename', args, [])
  if (rest.length !== 1) return args.length === 0 ? failed('basename: missing operand') : refuse('basename so used')
  return printed(`${(rest[0] ?? '').replace(/\/+$/, '').split('/').at(-1) || '/'}\n`)
}

export const dirname: Program = args => {
  const { rest } = readOptions('dirname', args, [])
  if (rest.length !== 1) return args.length === 0 ? failed('dirname: missing operand') : refuse('dirname so used')
  const path = (rest[0] ?? '').replace(/\/+$/, '')
  const at = path.lastIndexOf('/')
  return printed(`${at < 0 ? '.' : path.slice(0, at).replace(/\/+$/, '') || '/'}\n`)
}
