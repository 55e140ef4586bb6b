import * as fc from 'fast-check'
import t from 'tap'
import { addressScope } from '../../policy/address-scope.ts'

const scopes: Readonly<Record<string, readonly string[]>> = {
  any: ['any', 'Anywhere', '0.0.0.0', '::', '0.0.0.0/0', '::/0', '8.8.8.8/0'],
  loopback: ['127.0.0.1', '127.0.0.0/8', '127.255.255.255', '::1', '::1/128', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'],
  link: ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'fe80::/10', 'febf::1'],
  private: [
    '10.0.0.0/8',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.0/24',
    '100.64.0.1',
    'fd00::/8',
    'fc00::/7',
    '::ffff:10.0.0.1',
  ],
  public: [
    '8.8.8.8',
    '172.32.0.1',
    '10.0.0.0/7',
    '126.0.0.0/7',
    '2001:db8::1',
    'fec0::1',
    'fe00::/9',
    '::ffff:8.8.8.8',
    '0.0.0.0/8',
  ],
}

for (const [scope, texts] of Object.entries(scopes)) {
  t.test(`${scope} addresses and networks`, async t => {
    for (const text of texts) t.equal(addressScope(text), scope, text)
  })
}

t.test('what is no address is an error', async t => {
  for (const text of [
    '',
    'host',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.4/33',
    '1.2.3.4/',
    '::1/129',
    '1::2::3',
    ':::',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '10.0.0.1/8/9',
  ]) {
    t.throws(() => addressScope(text), /not an IP address or network/, text)
  }
})

t.test('any text answers a scope or an error', async t => {
  const alphabet = fc.constantFrom(...'0123456789abcdef:./%')
  const text = fc.oneof(fc.string({ unit: alphabet, maxLength: 70 }), fc.ipV4(), fc.ipV6(), fc.ipV4Extended())
  fc.assert(
    fc.property(text, input => {
      try {
        return Object.keys(scopes).includes(addressScope(input))
      } catch (error) {
        return error instanceof Error && error.message.startsWith('not an IP address')
      }
    }),
  )
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), input => addressScope(input) !== undefined))
  t.pass()
})
