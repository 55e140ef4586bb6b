// The one-line programs of awk and sed that audits use; longer ones are not supported.
import type { Pattern } from '../../../policy/controls/pattern.ts'
import type { Place } from '../../../policy/controls/pattern-states.ts'
import { withoutEnd } from '../../../policy/without-end.ts'
import { joined, linesOf, type Program, readOptions, refuse } from '../program.ts'
import { readInput } from './files.ts'
import { guarded, patternOf } from './text.ts'

interface Rule {
  readonly matches: (line: string, number: number) => boolean
  readonly print: (line: string, fields: readonly string[]) => string
}

export const awk: Program = async (args, stdin, world) => {
  const { values, rest } = readOptions('awk', args, [], ['F'], false)
  const [source, ...files] = rest
  if (source === undefined) return refuse('awk without a program')
  const rule = ruleOf(source)
  const split = splitter(values.get('F'))
  const input = await readInput('awk', files, stdin, world)
  const lines = guarded('awk', source, () =>
    linesOf(input.stdout).flatMap((line, index) =>
      rule.matches(line, index + 1) ? [rule.print(line, split(line))] : [],
    ),
  )
  return { ...input, stdout: joined(lines), code: input.code === 0 ? 0 : 2 }
}

/** `/expression/ {print …}`, `NR==2 {print …}`, or either part alone. */
function ruleOf(source: string): Rule {
  const [, condition = '', , action] =
    /^\s*([^{]*?)\s*(\{\s*print\s*([^{}]*?)\s*;?\s*\})?\s*$/.exec(source) ?? refuse(`awk '${source}'`)
  const hasAction = /\{/.test(source)
  if (condition === '' && !hasAction) refuse(`awk '${source}'`)
  return { matches: conditionOf(condition, source), print: printOf(action ?? '', source) }
}

function conditionOf(condition: string, source: string): Rule['matches'] {
  if (condition === '') return () => true
  const number = /^(?:NR|FNR)\s*(==|>|<|!=|>=|<=)\s*(\d{1,6})$/.exec(condition)
  if (number) {
    const wanted = Number(number[2])
    const relation = number[1] ?? ''
    return (_, line) =>
      ({
        ...{ '==': line === wanted, '!=': line !== wanted, '>': line > wanted, '<': line < wanted },
        ...{ '>=': line >= wanted, '<=': line <= wanted },
      })[relation] ?? false
  }
  const expression = /^(!?)\/((?:[^/\\]|\\.)+)\/$/.exec(condition)
  if (!expression) return refuse(`awk '${source}'`)
  const pattern = patternOf('awk', (expression[2] ?? '').replaceAll('\\/', '/'), 'extended')
  return line => pattern.test(line) !== (expression[1] === '!')
}

type Term = (line: string, fields: readonly string[]) => string

function printOf(action: string, source: string): Rule['print'] {
  if (action === '') return line => line
  const outputs: Term[][] = [[]]
  let rest = action
  while (rest !== '') {
    const token = /^(?:\$(\d{1,4})|\$NF|"([^"\\]*)"|(,))\s*/.exec(rest)
    if (!token) return refuse(`awk '${source}'`)
    rest = rest.slice(token[0].length)
    const [, field, text, comma] = token
    if (comma !== undefined) outputs.push([])
    else if (text !== undefined) outputs.at(-1)?.push(() => text)
    else if (field === undefined) outputs.at(-1)?.push((line, fields) => fields.at(-1) ?? line)
    else outputs.at(-1)?.push((line, fields) => (field === '0' ? line : (fields[Number(field) - 1] ?? '')))
  }
  if (outputs.some(terms => terms.length === 0)) refuse(`awk '${source}'`)
  return (line, fields) => outputs.map(terms => terms.map(term => term(line, fields)).join('')).join(' ')
}

function splitter(separator: string | undefined): (line: string) => readonly string[] {
  if (separator === undefined || separator === ' ') {
    return line => {
      const trimmed = withoutEnd(line.replace(/^[ \t]+/, ''), ' \t')
      return trimmed === '' ? [] : trimmed.split(/[ \t]+/)
    }
  }
  if (separator === '\\t' || separator === 't') return line => (line === '' ? [] : line.split('\t'))
  if (separator.length === 1 && separator !== '\\') return line => (line === '' ? [] : line.split(separator))
  const pattern = patternOf('awk -F', separator, 'extended')
  return line => (line === '' ? [] : splitAt(line, pattern))
}

function splitAt(line: string, pattern: Pattern): readonly string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < line.length; ) {
    const match = pattern.find(line, at)
    if (!match) break
    if (match.end > match.start) {
      parts.push(line.slice(start, match.start))
      start = match.end
    }
    at = Math.max(match.end, match.start + 1)
  }
  return [...parts, line.slice(start)]
}

type Edit = (
  line: string,
  number: number,
  last: number,
) => { readonly line: string; readonly keep: boolean; readonly print: boolean }

export const sed: Program = async (args, stdin, world) => {
  const { flags, values, rest } = readOptions('sed', args, ['n', 'E', 'r'], ['e'], false)
  if (args.filter(arg => /^-[a-zA-Z]*e/.test(arg)).length > 1) refuse('sed with several scripts')
  const source = values.get('e') ?? rest[0] ?? refuse('sed without a script')
  const files = values.has('e') ? rest : rest.slice(1)
  const edit = editOf(source, flags.has('E') || flags.has('r') ? 'extended' : 'basic')
  const input = await readInput('sed', files, stdin, world)
  const lines = linesOf(input.stdout)
  const edited = guarded('sed', source, () =>
    lines.flatMap((line, index) => {
      const result = edit(line, index + 1, lines.length)
      return [...(result.print ? [result.line] : []), ...(result.keep && !flags.has('n') ? [result.line] : [])]
    }),
  )
  return { ...input, stdout: joined(edited), code: input.code === 0 ? 0 : 2 }
}

/** `s/…/…/`, `/…/d`, `/…/p`, `3d`, `$p`. */
function editOf(source: string, dialect: 'basic' | 'extended'): Edit {
  const script = source.trim()
  if (/^s[^\w\s\\]/.test(script)) return substitution(script, source, dialect)
  const found = /^(?:\/((?:[^/\\]|\\.)+)\/|(\d{1,6})|(\$))\s*([dp])$/.exec(script)
  if (!found) return refuse(`sed '${source}'`)
  const [, expression, number, , command] = found
  const pattern = expression === undefined ? undefined : patternOf('sed', expression.replaceAll('\\/', '/'), dialect)
  return (line, at, last) => {
    const isMeant = pattern ? pattern.test(line) : number === undefined ? at === last : at === Number(number)
    return { line, keep: !(isMeant && command === 'd'), print: isMeant && command === 'p' }
  }
}

function substitution(script: string, source: string, dialect: 'basic' | 'extended'): Edit {
  const mark = script[1] ?? ''
  const parts = splitUnescaped(script.slice(2), mark)
  const [expression, replacement, letters, ...more] = parts
  const isWhole = expression !== undefined && expression !== '' && replacement !== undefined && more.length === 0
  if (!isWhole || !/^[gp]{0,2}$/.test(letters ?? 'x')) return refuse(`sed '${source}'`)
  if (/\\[^/&.\\\-1-9]|\\\\/.test(replacement) || replacement.includes('\n')) return refuse(`sed '${source}'`)
  const pattern = patternOf('sed', expression, dialect)
  const hasGroups = /\\[1-9]/.test(replacement)
  const put = (line: string, match: Place) => {
    const groups = hasGroups ? pattern.groups(line, match) : []
    return replacement.replace(/\\(.)|&/g, (token, char: string = '') => {
      if (token === '&') return line.slice(match.start, match.end)
      return /[1-9]/.test(char) ? (groups[Number(char) - 1] ?? refuse(`sed '${source}'`)) : char
    })
  }
  const isEach = letters?.includes('g') ?? false
  return line => {
    let [out, at, changed] = ['', 0, false]
    while (at <= line.length && (isEach || !changed)) {
      const match = pattern.find(line, at)
      if (!match) break
      if (match.end === match.start && isEach) refuse(`sed '${source}' where nothing matches`)
      out += line.slice(at, match.start) + put(line, match)
      at = match.end
      changed = true
      if (pattern.test('') || expression.startsWith('^')) break
    }
    return { line: out + line.slice(at), keep: true, print: changed && (letters?.includes('p') ?? false) }
  }
}

function splitUnescaped(text: string, mark: string): readonly string[] {
  const parts = ['']
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    const add = (more: string) => parts.push((parts.pop() ?? '') + more)
    if (char === '\\' && text[at + 1] === mark) {
      add(mark)
      at++
    } else if (char === '\\') {
      add(char + (text[at + 1] ?? ''))
      at++
    } else if (char === mark) parts.push('')
    else add(char)
  }
  return parts
}
