// Holds a parser of a Kubernetes file against broken text: it answers, never throws, and never tells content.
import fc from 'fast-check'
import type { Test } from 'tap'

const canary = 'canary4f1e'

/**
 * Tries every prefix of a valid text, other line ends, bytes that are not UTF-8, deep nesting, alias bombs, and values
 * of other types in every place.
 */
export function survivesBrokenText(t: Test, parse: (text: string) => { readonly state: string }, valid: string): void {
  const read = (text: string, title: string) => {
    const parsed = parse(text)
    t.type(parsed.state, 'string', title)
    t.notMatch(JSON.stringify(parsed), canary, `${title}: tells no content`)
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
      parse([...lines.slice(0, index), other, ...lines.slice(index + 1)].join('\n'))
    }
  }
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.json()), text => {
      parse(text)
    }),
    { numRuns: 200 },
  )
}

const bomb = Array.from({ length: 20 }, (_, index) => {
  const before = index === 0 ? 'a' : `b${index - 1}`
  return `b${index}: &b${index} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`
}).join('\n')
