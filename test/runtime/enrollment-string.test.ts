// Enrollment strings: whole or refused, and never quoted in an error.
import fc from 'fast-check'
import t from 'tap'
import {
  EnrollmentStringError,
  formatEnrollmentString,
  parseEnrollmentString,
} from '../../runtime/enrollment-string.ts'

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
const target = fc.record(
  {
    endpoint: fc.constantFrom(
      'collector.example.org:50051',
      '10.0.0.7:50051',
      '[2001:db8::7]:50051',
      'bücher.example:1',
    ),
    pin: hex(64).map(text => `sha256:${text}`),
    tokenId: hex(10),
    secret: hex(64),
  },
  { noNullPrototype: true },
)

t.test('what was formatted is parsed', t => {
  fc.assert(
    fc.property(target, value => {
      const text = formatEnrollmentString(value)
      t.strictSame(parseEnrollmentString(text), value)
      return /^gabion_enroll_1_[\w-]+$/.test(text)
    }),
  )
  t.end()
})

t.test('a string that was cut, lengthened or changed is refused without quoting it', t => {
  const value = { endpoint: 'a:1', pin: `sha256:${'a'.repeat(64)}`, tokenId: 'x', secret: 'b'.repeat(64) }
  const text = formatEnrollmentString(value)
  const damaged = [...text].map(
    (_, index) => text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1),
  )
  const prefixes = [...text].map((_, index) => text.slice(0, index))
  for (const wrong of [...damaged, ...prefixes, `${text}x`, `${text}${text}`, 'rubbish', '']) {
    t.throws(() => parseEnrollmentString(wrong), EnrollmentStringError)
    try {
      parseEnrollmentString(wrong)
    } catch (error) {
      t.notMatch(String(error), /[\w-]{40}/)
    }
  }
  t.end()
})

t.test('a whole string with other content is refused', t => {
  for (const endpoint of ['a b:1', '', 'a:1\n']) {
    const text = formatEnrollmentString({
      endpoint,
      pin: `sha256:${'a'.repeat(64)}`,
      tokenId: 'x',
      secret: 'b'.repeat(64),
    })
    t.throws(() => parseEnrollmentString(text), { message: /not one of this version/ }, JSON.stringify(endpoint))
  }
  t.end()
})
