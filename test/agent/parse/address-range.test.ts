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

t.test('one range holds another only from end to end', async t => {
  const holds = (outer: string, inner: string) => contains(rangeOf(outer), rangeOf(inner))
  t.equal(holds('10.0.0.1-10.0.0.5', '10.0.0.1-10.0.0.5'), true, 'itself')
  t.equal(holds('10.0.0.1-10.0.0.5', '10.0.0.0-10.0.0.5'), false)
  t.equal(holds('10.0.0.1-10.0.0.5', '10.0.0.1-10.0.0.6'), false)
  t.equal(holds('::/0', '0.0.0.0'), false, 'families stay apart')
  t.equal(holds('0.0.0.0/0', '::1'), false)
})

t.test('ranges overlap from their first common address on', async t => {
  const meet = (one: string, other: string) => overlaps(rangeOf(one), rangeOf(other))
  t.equal(meet('10.0.0.1-10.0.0.5', '10.0.0.5-10.0.0.9'), true)
  t.equal(meet('10.0.0.5-10.0.0.9', '10.0.0.1-10.0.0.5'), true)
  t.equal(meet('10.0.0.1-10.0.0.5', '10.0.0.6-10.0.0.9'), false)
  t.equal(meet('10.0.0.6-10.0.0.9', '10.0.0.1-10.0.0.5'), false)
  t.equal(meet('0.0.0.0/0', '::/0'), false, 'families stay apart')
})

t.test('everywhere begins at zero and ends at the last address of its family', async t => {
  t.equal(isEverywhere(rangeOf('0.0.0.1-255.255.255.255')), false)
  t.equal(isEverywhere(rangeOf('::-::ffff:ffff')), false, 'as many as the addresses of the other family')
})

t.test('addresses have one value, however they are written', async t => {
  t.strictSame(rangeOf('1.2.3.4'), { family: 'ipv4', first: 0x01020304n, last: 0x01020304n })
  t.strictSame(rangeOf('1.2.3.4/32'), rangeOf('1.2.3.4'))
  t.strictSame(rangeOf('1.2.3.4-1.2.3.4'), rangeOf('1.2.3.4'))
  t.strictSame(rangeOf('1.2.3.4/0.0.0.0'), rangeOf('0.0.0.0/0'))
  t.strictSame(rangeOf('fe80::/ffc0::'), rangeOf('fe80::/10'))
  t.strictSame(rangeOf('2001:db8::1:2'), {
    family: 'ipv6',
    first: 0x20010db8_00000000_00000000_00010002n,
    last: 0x20010db8_00000000_00000000_00010002n,
  })
  t.strictSame(rangeOf('1:2:3:4:5:6:7:8').first, 0x00010002_00030004_00050006_00070008n)
  t.strictSame(rangeOf('1:2:3:4:5:6:7::').first, 0x00010002_00030004_00050006_00070000n)
  t.strictSame(rangeOf('::FFFF:192.168.100.200').first, 0xffff_c0a864c8n)
  t.strictSame(rangeOf('64:ff9b::10.0.0.1').first, 0x0064ff9b_00000000_00000000_0a000001n)
})

t.test('what is nearly an address is none', async t => {
  const wrong = [
    ...['1.2.3.4-1.2.3.5-1.2.3.6', '1.2.3.4-x', 'x-1.2.3.4', '1.2.3.4/8/8', 'x1.2.3.4', '1.2.3.4x', '1.2.3.4.5'],
    ...['1.2.3.4/x', '1.2.3.4/', '1.2.3.4/255.255', '::1-255.255.255.255', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9'],
    ...['1:2:3:4::5:6:7:8', '::12345', '::g', '::1g', 'g::', '1:2:x::', '::1.2.3.256', '::1.2.3.4x', '::1.2.3.4:1'],
  ]
  for (const text of wrong) t.equal(parseAddressRange(text), undefined, text)
})

t.test('any text has an answer', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abcdef:./-') }), text => {
      const range = parseAddressRange(text)
      return range === undefined || range.first <= range.last
    }),
  )
})
