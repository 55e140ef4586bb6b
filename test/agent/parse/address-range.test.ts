// Tests of addresses, prefixes and ranges of packet filter rules.
import fc from 'fast-check'
import t from 'tap'
import { contains, isEverywhere, overlaps, parseAddressRange } from '../../../agent/parse/address-range.ts'

const rangeOf = (text: string) => {
  const range = parseAddressRange(text)
  if (!range) throw new Error(`${text} is none`)
  return range
}

t.test('prefixes, masks and ranges contain what they name', async t => {
  t.ok(contains(rangeOf('10.0.0.0/8'), rangeOf('10.255.255.255')))
  t.notOk(contains(rangeOf('10.0.0.0/8'), rangeOf('11.0.0.0')))
  t.strictSame(rangeOf('10.1.2.3/255.255.0.0'), rangeOf('10.1.0.0-10.1.255.255'))
  t.ok(contains(rangeOf('fe80::/10'), rangeOf('fe80::1')))
  t.notOk(overlaps(rangeOf('fd00::/8'), rangeOf('10.0.0.1')))
  t.strictSame(rangeOf('::ffff:1.2.3.4'), rangeOf('0:0:0:0:0:ffff:102:304'))
  t.ok(isEverywhere(rangeOf('0.0.0.0/0')) && isEverywhere(rangeOf('::/0')))
  t.notOk(isEverywhere(rangeOf('0.0.0.0/1')))
})

t.test('what is none of these is undefined', async t => {
  for (const text of ['', 'x', '1.2.3', '1.2.3.256', '1.2.3.4/33', '1.2.3.4/255.0.255.0', '::/129', '1::2::3', ':::']) {
    t.equal(parseAddressRange(text), undefined, text)
  }
  t.equal(parseAddressRange('10.0.0.9-10.0.0.1'), undefined)
  t.equal(parseAddressRange('10.0.0.1-::1'), undefined)
})

t.test('any text has an answer', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef:./-') }), text => {
      const range = parseAddressRange(text)
      return range === undefined || range.first <= range.last
    }),
  )
})
