// Tests of the text forms and reach of IP addresses.
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
