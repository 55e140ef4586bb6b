// Tests of finding certificates in PEM text.
import fc from 'fast-check'
import t from 'tap'
import { parsePemCertificates } from '../../../agent/parse/pem.ts'

const block = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`

t.test('certificates are found between keys and text, which are passed over', async t => {
  const text = `subject=CN = a\n${block('CERTIFICATE', 'AAAA')}\n${block('PRIVATE KEY', 'canary')}\r\n${block('CERTIFICATE', 'BBBB')}`
  t.strictSame(parsePemCertificates(text), {
    certificates: [block('CERTIFICATE', 'AAAA'), block('CERTIFICATE', 'BBBB')],
    brokenLine: 0,
  })
  t.strictSame(parsePemCertificates(''), { certificates: [], brokenLine: 0 })
})

t.test('a block without an end is told by its line, and those before it are kept', async t => {
  const text = `${block('CERTIFICATE', 'AAAA')}\n-----BEGIN CERTIFICATE-----\nBBBB\n`
  t.strictSame(parsePemCertificates(text), { certificates: [block('CERTIFICATE', 'AAAA')], brokenLine: 4 })
})

t.test('no file makes it read on for ever', async t => {
  t.equal(parsePemCertificates(`${block('CERTIFICATE', 'A')}\n`.repeat(10_000)).certificates.length, 200)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      t.ok(parsePemCertificates(text).certificates.length === 0)
    }),
  )
})
