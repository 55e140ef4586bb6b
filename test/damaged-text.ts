// Real text as damage leaves it, for parsers that have to answer whatever stands in a file.
import { deepEqual, ok } from 'node:assert/strict'
import fc from 'fast-check'

/** What breaks parsers: ends of lines and texts, quotes, signs, numbers too long, bytes that are not UTF-8. */
const hostile = fc.constantFrom(
  ...['\0', '\r', '\n', '\r\n', '\t', ' ', '"', "'", '\\', '#', '=', ':', ';', ',', '-', '--', '!', '{', '}', '['],
  ...[']', '(', ')', '<', '>', '@', '$', '%', '*', '.', '/', '0', '-1', '99999999999999999999', '1e9', '0x', 'é'],
  ...['\udcff', '\u2028', '\ufeff', '__proto__', 'constructor', 'toString', 'x'.repeat(300), '\\\n', ' \n'],
)

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 40 }),
  how: fc.constantFrom('cut', 'end', 'double', 'insert', 'insert', 'replace', 'swap'),
  piece: hostile,
})
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

/** The text after up to six accidents: pieces cut, doubled, exchanged, or with hostile characters in them. */
export function damaged(real: string): fc.Arbitrary<string> {
  return fc.array(edit, { maxLength: 6 }).map(edits => edits.reduce(applied, real))
}

function applied(text: string, { at, length, how, piece }: Edit): string {
  const start = Math.floor(at * text.length)
  const [before, middle, after] = [text.slice(0, start), text.slice(start, start + length), text.slice(start + length)]
  switch (how) {
    case 'cut':
      return before + after
    case 'end':
      return before
    case 'double':
      return before + middle + middle + after
    case 'insert':
      return before + piece + middle + after
    case 'replace':
      return before + piece + after
    case 'swap':
      return middle + before + after
  }
}

/** Any text at all, or one of the given kind after some damage. */
export function anyText(real: string): fc.Arbitrary<string> {
  return fc.oneof(damaged(real), fc.string({ unit: 'binary', maxLength: 200 }))
}

/** Holds that line numbers are told in order, each once, and are those of lines that exist. */
export function tellsRealLines(malformed: readonly number[], text: string): void {
  const count = text.split('\n').length
  deepEqual(
    malformed.filter((line, index) => !Number.isInteger(line) || line <= (malformed[index - 1] ?? 0) || line > count),
    [],
    JSON.stringify(text),
  )
}

/** Holds that each line of such a file is judged by itself: what is wrong in two files is wrong in both joined. */
export function judgesLinesAlone(
  parse: (text: string) => { readonly malformed: readonly number[] },
  real: string,
): void {
  fc.assert(
    fc.property(anyText(real), anyText(real), (one, other) => {
      const { malformed } = parse(`${one}\n${other}`)
      tellsRealLines(malformed, `${one}\n${other}`)
      const shift = one.split('\n').length
      deepEqual(malformed, [...parse(one).malformed, ...parse(other).malformed.map(line => line + shift)])
      ok(malformed.length <= one.length + other.length + 1)
    }),
  )
}
