// Finds the value of a flag, a path or an environment variable in what an audit printed.
import { parseDocument } from 'yaml'
import type { Reading, TestItem } from './controls.ts'
import { evaluatePath, PathError } from './json-path.ts'
import { compilePattern } from './pattern.ts'

export type Found =
  | { readonly found: boolean; readonly value: string }
  /** the text or the item cannot be read; counts as not found */
  | { readonly problem: string }

const missing: Found = { found: false, value: '' }

/**
 * `--flag=value`, `flag: value`, `--flag value` or the bare flag.
 *
 * Strict: any place where the flag's letters stand, the first of several, and no value behind a blank.
 * @throws PatternError in the strict reading, where a flag is an expression
 */
export function findFlag(text: string, item: TestItem, reading: Reading): Found {
  const { flag } = item
  if (text === '' || flag === '' || !text.includes(flag)) return missing
  if (reading === 'strict') return { found: true, value: valueAt(text, strictPlace(text, flag), item, false) }
  const line = text.split('\n').find(one => placesOf(one, flag).length > 0)
  const last = line === undefined ? undefined : placesOf(line, flag).at(-1)
  if (line === undefined || last === undefined) return missing
  return { found: true, value: valueAt(line, { start: last, end: last + flag.length }, item, true) }
}

interface Place {
  readonly start: number
  readonly end: number
}

function strictPlace(text: string, flag: string): Place {
  const start = text.indexOf(flag)
  if (!/[.+*?()[\]{}^$|\\]/.test(flag)) return { start, end: start + flag.length }
  return compilePattern(flag, 'go').find(text, 0) ?? { start, end: start + flag.length }
}

/** Where a flag stands as a word of its own; dashes before a bare word belong to it. */
function placesOf(line: string, flag: string): readonly number[] {
  const places: number[] = []
  for (let at = line.indexOf(flag); at >= 0; at = line.indexOf(flag, at + 1)) {
    let before = at - 1
    if (!flag.startsWith('-')) while (line[before] === '-') before--
    const isBound = !/^[\w-]/.test(flag) || !/[\w.-]/.test(line[before] ?? ' ')
    const isEnd = !/[\w-]$/.test(flag) || !/[\w-]/.test(line[at + flag.length] ?? ' ')
    if (isBound && isEnd) places.push(at)
  }
  return places
}

function valueAt(text: string, { start, end }: Place, { flag, op }: TestItem, apart: boolean): string {
  let at = end
  for (;;) {
    if (text[at] === '=') at++
    else if (text[at] === ':') {
      at++
      while (text[at] === ' ') at++
    } else break
  }
  const value = wordAt(text, at)
  if (value !== '') return value
  if (apart && flag.startsWith('-') && op !== '' && /[ \t]/.test(text[end] ?? '')) {
    const next = wordAt(text, skipBlanks(text, end))
    if (next !== '' && !next.startsWith('-')) return next
  }
  return flag.startsWith('--') ? 'true' : text.slice(start, end)
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at++
  return at
}

function wordAt(text: string, from: number): string {
  let at = from
  while (at < text.length && !/[\t\n\f\r ]/.test(text[at] ?? '')) at++
  return text.slice(from, at)
}

/** @param text JSON, else YAML */
export function findPath(text: string, path: string, reading: Reading): Found {
  const parsed = parseData(text)
  if ('problem' in parsed) return parsed
  const template = reading === 'right' && /^[.$[]/.test(path.trim()) ? `{${path.trim()}}` : path
  if (reading === 'right' && path.trim() !== '' && !template.includes('{')) {
    return { problem: `${path} is no path: it lacks its braces` }
  }
  try {
    const isStrict = reading === 'strict'
    const number = isStrict && parsed.format === 'json' ? goNumber : String
    const value = evaluatePath(template, parsed.value, { number, empty: isStrict ? 'null' : '' })
    return { found: value !== '', value }
  } catch (error) {
    if (!(error instanceof PathError)) throw error
    return { problem: `the path ${path} ${error.message}` }
  }
}

type Data = { readonly value: unknown; readonly format: 'json' | 'yaml' } | { readonly problem: string }

export function parseData(text: string): Data {
  try {
    return { value: JSON.parse(text) as unknown, format: 'json' }
  } catch {
    return parseYaml(text)
  }
}

function parseYaml(text: string): Data {
  try {
    const document = parseDocument(text, { version: '1.1', uniqueKeys: false, prettyErrors: false })
    if (document.errors.some(({ code }) => code !== 'MULTIPLE_DOCS')) return unreadable
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown, format: 'yaml' }
  } catch (error) {
    if (error instanceof RangeError || error instanceof ReferenceError) return unreadable
    throw error
  }
}

const unreadable: Data = { problem: 'what the audit printed is neither JSON nor YAML' }

/** A float64 as Go's %v prints it: from seven digits on with an exponent, as 1e+06. */
function goNumber(value: number): string {
  const [digits = '', exponent = '0'] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** `NAME=value` on a line of its own; strict: wherever the letters stand. An empty value counts as not there. */
export function findEnv(text: string, name: string, reading: Reading): Found {
  if (text === '' || name === '') return missing
  const assignment = `${name}=`
  for (const line of text.split('\n')) {
    const at = reading === 'strict' ? line.indexOf(assignment) : line.startsWith(assignment) ? 0 : -1
    if (at < 0) continue
    const value = line.slice(at + assignment.length)
    return { found: value !== '', value }
  }
  return missing
}
