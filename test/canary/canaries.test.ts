// The search itself: a secret is found in every form, wherever it begins, and nothing is found where none is.
import t from 'tap'
import { createCanaries } from './canaries.ts'

t.test('a secret is found in every form and at every offset, and its place is told', async t => {
  const canaries = createCanaries()
  canaries.plant('elsewhere')
  const secret = canaries.plant('shadow')
  const forms: readonly ((text: string) => string)[] = [
    text => text,
    text => text.toUpperCase(),
    text => text.slice(0, 16),
    text => Buffer.from(text).toString('base64'),
    text => Buffer.from(text).toString('base64url'),
    text => Buffer.from(text).toString('hex'),
    text => Buffer.from(text).toString('hex').toUpperCase(),
    text => encodeURIComponent(text),
    text => [...Buffer.from(text)].map(byte => `%${byte.toString(16).toUpperCase()}`).join(''),
    text => Buffer.from(text, 'utf16le').toString('latin1'),
  ]
  for (const [index, form] of forms.entries()) {
    for (const before of ['', 'a', 'ab', 'abc']) {
      t.not(canaries.leaks('there', form(before + secret)).length, 0, `form ${index} behind ${before.length} bytes`)
    }
  }
  t.match(canaries.leaks('there', `x${secret}y`), [/^shadow \(plain\) in there: /])
  t.match(canaries.leaks('there', Buffer.from(secret)), [/^shadow/])
})

t.test('of nothing that was planted nothing is found', async t => {
  const canaries = createCanaries()
  const other = createCanaries()
  canaries.plant('here')
  t.same(canaries.leaks('there', `${other.plant('there')} ${'abcdefghij0123456789'.repeat(1000)}`), [])
})

t.test('no two secrets are equal', async t => {
  const canaries = createCanaries()
  const secrets = Array.from({ length: 1000 }, (_, index) => canaries.plant(String(index)))
  t.equal(new Set(secrets).size, 1000)
})
