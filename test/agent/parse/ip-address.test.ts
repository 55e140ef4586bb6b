// Tests of the text forms and reach of IP addresses.
import { deepEqual, equal } from 'node:assert/strict'
import { BlockList } from 'node:net'
import fc from 'fast-check'
import t from 'tap'
import { addressBytes, addressScope, addressText } from '../../../agent/parse/ip-address.ts'

/** Bytes of eight hexadecimal groups. */
const v6 = (...groups: readonly number[]) => groups.flatMap(group => [group >> 8, group & 0xff])

t.test('IPv6 is written as RFC 5952 recommends', async t => {
  const cases: readonly (readonly [readonly number[], string])[] = [
    [v6(0x2001, 0xdb8, 0, 0, 0, 0, 2, 1), '2001:db8::2:1'],
    [v6(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1), '2001:db8:0:1:1:1:1:1'],
    [v6(0x2001, 0, 0, 1, 0, 0, 0, 1), '2001:0:0:1::1'],
    [v6(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1), '2001:db8::1:0:0:1'],
    [v6(0, 0, 0, 0, 0, 0, 0, 0), '::'],
    [v6(1, 0, 0, 0, 0, 0, 0, 0), '1::'],
    [v6(0, 0, 0, 0, 0, 0, 0, 0xabcd), '::abcd'],
    [v6(0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201), '::ffff:192.0.2.1'],
  ]
  for (const [bytes, text] of cases) t.equal(addressText(bytes), text)
  t.equal(addressText([192, 0, 2, 1]), '192.0.2.1')
})

t.test('the reach of an address follows its range', async t => {
  const cases: readonly (readonly [readonly number[], string])[] = [
    [[127, 255, 0, 1], 'loopback'],
    [[0, 0, 0, 0], 'any'],
    [[0, 0, 0, 1], 'specific'],
    [[169, 254, 1, 1], 'link'],
    [[224, 0, 0, 251], 'link'],
    [[255, 255, 255, 255], 'link'],
    [[10, 0, 0, 1], 'specific'],
    [[10, 0, 0, 0], 'specific'],
    [[0, 1, 0, 0], 'specific'],
    [[0, 0, 1, 0], 'specific'],
    [[169, 253, 1, 1], 'specific'],
    [[10, 254, 1, 1], 'specific'],
    [[224, 1, 0, 1], 'specific'],
    [[224, 0, 1, 1], 'specific'],
    [[255, 255, 255, 0], 'specific'],
    [v6(0xff02, 0, 0, 0, 0, 0, 0, 1), 'link'],
    [v6(0xff05, 0, 0, 0, 0, 0, 0, 1), 'specific'],
    [v6(0x2001, 0, 0, 0, 0, 0, 0, 1), 'specific'],
    [v6(0x2002, 0, 0, 0, 0, 0, 0, 2), 'specific'],
    [v6(0xfd80, 0, 0, 0, 0, 0, 0, 1), 'specific'],
    [v6(0, 0, 0, 0, 0, 0xff00, 0x7f00, 1), 'specific'],
    [v6(0, 0, 0, 0, 0, 0x00ff, 0x7f00, 1), 'specific'],
    [v6(1, 0, 0, 0, 0, 0xffff, 0x7f00, 1), 'specific'],
    [v6(0, 0, 0, 0, 0, 0, 0, 1), 'loopback'],
    [v6(0, 0, 0, 0, 0, 0, 0, 0), 'any'],
    [v6(0, 0, 0, 0, 0, 0, 0, 2), 'specific'],
    [v6(0xfe80, 0, 0, 0, 0, 0, 0, 1), 'link'],
    [v6(0xfebf, 0, 0, 0, 0, 0, 0, 1), 'link'],
    [v6(0xfec0, 0, 0, 0, 0, 0, 0, 1), 'specific'],
    [v6(0xff02, 0, 0, 0, 0, 0, 0, 0xfb), 'link'],
    [v6(0xff01, 0, 0, 0, 0, 0, 0, 1), 'loopback'],
    [v6(0, 0, 0, 0, 0, 0xffff, 0x7f00, 1), 'loopback'],
    [v6(0, 0, 0, 0, 0, 0xffff, 0, 0), 'any'],
  ]
  for (const [bytes, scope] of cases) t.equal(addressScope(bytes), scope, addressText(bytes))
})

t.test('the forms that the kernel prints become bytes, others do not', async t => {
  t.strictSame(addressBytes('192.0.2.1'), [192, 0, 2, 1])
  t.strictSame(addressBytes('2001:0db8:0000:0000:0000:0000:0000:0001'), v6(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))
  t.strictSame(addressBytes('255.100.10.255'), [255, 100, 10, 255])
  for (const text of [
    '',
    'x1.2.3.4',
    '1.2.3.4x',
    '1.2.3.4.5',
    '256.0.0.1',
    '1.2.3',
    '::1',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7:8:9',
  ]) {
    t.equal(addressBytes(text), undefined, text)
  }
})

const byte = fc.oneof(fc.constantFrom(0, 0, 0, 1, 2, 127, 169, 224, 254, 255), fc.nat({ max: 255 }))
const fourBytes = fc.array(byte, { minLength: 4, maxLength: 4 })
const sixteenBytes = fc.oneof(
  fc.array(byte, { minLength: 16, maxLength: 16 }),
  // Long runs of zeros, which texts shorten, and the beginnings that mean something.
  fc
    .tuple(
      fc.constantFrom([0, 0], [0xfe, 0x80], [0xfe, 0xbf], [0xff, 1], [0xff, 0x12], [0xfc, 0]),
      fc.nat({ max: 13 }),
      fourBytes,
    )
    .map(([start, zeros, end]) =>
      [...start, ...Array.from({ length: zeros }, () => 0), ...end, ...Array.from({ length: 16 }, () => 0)].slice(
        0,
        16,
      ),
    ),
  fourBytes.map(end => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...end]),
)
const hex = (bytes: readonly number[]) =>
  Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)).toString(16))
const isMapped = (bytes: readonly number[]) => hex(bytes).slice(0, 6).join() === '0,0,0,0,0,ffff'

t.test('any IPv6 address is written as the WHATWG URL standard writes it, but for those of IPv4', async () => {
  fc.assert(
    fc.property(sixteenBytes, bytes => {
      const host = new URL(`http://[${hex(bytes).join(':')}]/`).hostname.slice(1, -1)
      const text = addressText(bytes)
      equal(isMapped(bytes) ? new URL(`http://[${text}]/`).hostname.slice(1, -1) : text, host)
      equal(text.startsWith('::ffff:') && text.includes('.'), isMapped(bytes))
    }),
    { numRuns: 500 },
  )
})

t.test('the forms that the kernel prints lead back to the bytes', async () => {
  fc.assert(
    fc.property(fourBytes, sixteenBytes, (four, sixteen) => {
      deepEqual(addressBytes(addressText(four)), four)
      const full = hex(sixteen).map(group => group.padStart(4, '0'))
      deepEqual(addressBytes(full.join(':')), sixteen)
      deepEqual(addressBytes(full.join(':').toUpperCase()), sixteen)
    }),
  )
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f.:]{0,20}$/), text => {
      const bytes = addressBytes(text)
      if (bytes?.length === 4) equal(text.split('.').map(Number).join('.'), addressText(bytes))
      equal(bytes?.some(one => !Number.isInteger(one) || one < 0 || one > 255) ?? false, false)
    }),
  )
})

t.test('the reach of any address is that of the ranges it lies in', async () => {
  const ranges = {
    loopback: ['127.0.0.0/8', '::1/128', ...Array.from({ length: 16 }, (_, flags) => `ff${flags.toString(16)}1::/16`)],
    any: ['0.0.0.0/32', '::/128'],
    link: [
      ...['169.254.0.0/16', '224.0.0.0/24', '255.255.255.255/32', 'fe80::/10'],
      ...Array.from({ length: 16 }, (_, flags) => `ff${flags.toString(16)}2::/16`),
    ],
  }
  const listOf = (texts: readonly string[]) => {
    const list = new BlockList()
    for (const text of texts) {
      const [address = '', bits] = text.split('/')
      list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4')
    }
    return list
  }
  const lists = Object.entries(ranges).map(([scope, texts]) => ({ scope, list: listOf(texts) }))
  fc.assert(
    fc.property(fc.oneof(fourBytes, sixteenBytes), bytes => {
      const plain = bytes.length === 16 && isMapped(bytes) ? bytes.slice(12) : bytes
      const family = plain.length === 4 ? 'ipv4' : 'ipv6'
      const found = lists.find(({ list }) => list.check(addressText(plain), family))
      equal(addressScope(bytes), found?.scope ?? 'specific', addressText(bytes))
    }),
    { numRuns: 500 },
  )
})
