// Holds a parser of a Kubernetes file against broken text: it answers, never throws, and never tells content.
import { deepStrictEqual, match, ok } from 'node:assert/strict'
import fc from 'fast-check'
import type { Test } from 'tap'
import { stringify } from 'yaml'

const canary = 'canary4f1e'

type Answer = { readonly state: string }

/**
 * Tries every prefix of a valid text, other line ends, bytes that are not UTF-8, deep nesting, alias bombs, and values
 * of other types in every place. What is malformed is told without content, at a line of the text.
 */
export function survivesBrokenText(t: Test, parse: (text: string) => Answer, valid: string): void {
  const read = (text: string, title: string) => {
    const parsed = parse(text)
    t.type(parsed.state, 'string', title)
    if (parsed.state === 'malformed') t.notMatch(JSON.stringify(parsed), canary, `${title}: tells no content`)
    return parsed
  }
  t.not(parse(valid).state, 'malformed')
  t.strictSame(parse(valid.replaceAll('\n', '\r\n')), parse(valid), 'line ends of Windows')
  for (let end = 0; end < valid.length; end += 1) {
    const { state } = parse(valid.slice(0, end))
    if (typeof state !== 'string') t.fail(`no answer for the first ${end} characters`)
  }
  for (const text of ['', '\n', '#', '[]', 'null', '- 1\n- 2\n', '"text"', '7', '{', `${canary}: [`, '\ud800\udcff']) {
    read(text, JSON.stringify(text))
  }
  read(`${valid}\n? [${canary}]\n: {${canary}: ${canary}}\n`, 'keys that are no text')
  read(`a: ${'['.repeat(20_000)}`, 'deep nesting')
  read(`a: &a [x,x,x,x,x,x,x,x,x]\n${bomb}`, 'many aliases')
  read(`${valid}\nz: "${'x'.repeat(900_000)}"\n`, 'a long value')
  const lines = valid.split('\n')
  for (const [index, line] of lines.entries()) {
    for (const value of ['7', 'null', '[]', '{}', '[[1]]', '{a: 1}', 'true', `"${canary}"`]) {
      const other = line.replace(/^([^:]*:|\s*-).*$/, `$1 ${value}`)
      const text = [...lines.slice(0, index), other, ...lines.slice(index + 1)].join('\n')
      tellsWhere(parse(text), text)
    }
  }
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.json()), text => {
      tellsWhere(parse(text), text)
    }),
    { numRuns: 200 },
  )
}

/** What is malformed names a line of the text, or none, and says in the parser's own words what is wrong. */
function tellsWhere(parsed: Answer, text: string): void {
  if (parsed.state !== 'malformed') return
  ok('line' in parsed && 'detail' in parsed && typeof parsed.line === 'number')
  ok(Number.isInteger(parsed.line) && parsed.line >= 0 && parsed.line <= text.split(/\r\n?|\n/).length)
  match(String(parsed.detail), /^[A-Za-z0-9 ,./]{1,160}$/)
  ok(!String(parsed.detail).includes(canary))
}

/** Holds that a parser reads any such document as expected, be it written as JSON or as YAML. */
export function readsAs<Model>(
  models: fc.Arbitrary<Model>,
  documentOf: (model: Model) => object,
  parse: (text: string) => unknown,
  expected: (model: Model) => unknown,
): void {
  fc.assert(
    fc.property(models, model => {
      const document = documentOf(model)
      const yaml = stringify(document, { version: '1.1', aliasDuplicateObjects: false })
      for (const text of [JSON.stringify(document), yaml]) deepStrictEqual(parse(text), expected(model), text)
    }),
  )
}

const bomb = Array.from({ length: 20 }, (_, index) => {
  const before = index === 0 ? 'a' : `b${index - 1}`
  return `b${index}: &b${index} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`
}).join('\n')
