// A bundled program in ASCII means what it meant before.
import { equal, match } from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import t from 'tap'
import { asciiSource } from '../../../scripts/packaging/ascii-source.ts'

const char = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  fc.constantFrom('●', 'µ', '–', 'é', '😀'),
)
const text = fc.array(char, { maxLength: 8 }).map(chars => chars.join('').replace(/[`$\\\r]/g, '.'))

t.test('texts, templates and expressions are what they were', async () => {
  fc.assert(
    fc.property(text, text, (inText, inTemplate) => {
      const source = `[${JSON.stringify(inText)}, \`${inTemplate}\`]`
      const ascii = asciiSource(source)
      match(ascii, /^[\0-\x7f]*$/)
      equal(JSON.stringify(runInNewContext(ascii)), JSON.stringify([inText, inTemplate]))
    }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('●', '○', 'µ', '＝', '😀', 'a')),
      fc.constantFrom('', 'u'),
      text,
      (members, flags, subject) => {
        const pattern = `[x${members.join('')}]`
        const ascii = asciiSource(`/${pattern}/g${flags}`)
        equal(
          JSON.stringify(subject.match(runInNewContext(ascii))),
          JSON.stringify(subject.match(new RegExp(pattern, `g${flags}`))),
        )
      },
    ),
  )
})
