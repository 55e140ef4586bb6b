// Where notifications may go: every form of an address that is not public is refused, unless the configuration names it.
import t from 'tap'
import { allowedAddresses, parseAddressRule } from '../../../collector/notify/allowed-addresses.ts'

const rules = (...texts: readonly string[]) =>
  texts.map(text => {
    const rule = parseAddressRule(text)
    if (!rule) throw new Error(`${text} is no rule`)
    return rule
  })
const none = allowedAddresses([])

const refused: Readonly<Record<string, RegExp>> = {
  '127.0.0.1': /loopback/,
  '127.255.255.254': /loopback/,
  '0.0.0.0': /this network/,
  '10.0.0.1': /private/,
  '172.16.0.1': /private/,
  '172.31.255.255': /private/,
  '192.168.1.1': /private/,
  '100.64.0.1': /carriers/,
  '100.127.255.255': /carriers/,
  '169.254.1.1': /link-local/,
  '169.254.169.254': /metadata/,
  '169.254.170.2': /metadata/,
  '100.100.100.200': /metadata/,
  '192.0.0.192': /metadata/,
  '168.63.129.16': /metadata/,
  'fd00:ec2::254': /metadata/,
  'FD00:0EC2:0:0:0:0:0:254': /metadata/,
  'fd20:ce::254': /metadata/,
  '192.0.2.1': /documentation/,
  '198.51.100.7': /documentation/,
  '203.0.113.7': /documentation/,
  '198.18.0.1': /benchmarks/,
  '192.88.99.1': /6to4/,
  '224.0.0.1': /multicast/,
  '239.255.255.250': /multicast/,
  '240.0.0.1': /reserved/,
  '255.255.255.255': /reserved/,
  '::': /not public/,
  '::1': /not public/,
  '::127.0.0.1': /not public/,
  'fe80::1': /not public/,
  'fec0::1': /not public/,
  'fc00::1': /not public/,
  'fdff::1': /not public/,
  'ff02::1': /not public/,
  '::ffff:127.0.0.1': /IPv4 address/,
  '::ffff:7f00:1': /IPv4 address/,
  '::ffff:8.8.8.8': /IPv4 address/,
  '::ffff:0:127.0.0.1': /IPv4 address/,
  '64:ff9b::7f00:1': /NAT64/,
  '64:ff9b::8.8.8.8': /NAT64/,
  '64:ff9b:1::1': /NAT64/,
  '2002:7f00:1::': /6to4/,
  '2002:a9fe:a9fe::1': /6to4/,
  '2001::1': /Teredo/,
  '2001:db8::1': /documentation/,
  '3fff::1': /documentation/,
  '5f00::1': /not public/,
  '100::1': /not public/,
  'fe80::1%eth0': /no address/,
  localhost: /no address/,
  '2130706433': /no address/,
  '0177.0.0.1': /no address/,
  '127.1': /no address/,
  '': /no address/,
}

t.test('what is not public is refused, whatever its form', t => {
  for (const [address, why] of Object.entries(refused)) t.match(none.refusal(address) ?? 'taken', why, address)
  t.end()
})

t.test('public addresses are taken', t => {
  for (const address of [
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '193.0.0.1',
    '2606:4700::1111',
    '2a00:1450::1',
  ]) {
    t.equal(none.refusal(address), undefined, address)
    t.equal(none.isNamed(address), false)
  }
  t.end()
})

t.test('the configuration names what else is taken', t => {
  const some = allowedAddresses(rules('10.1.0.0/16', '127.0.0.1', 'fd12::/16', '::1'))
  for (const address of ['10.1.2.3', '127.0.0.1', 'fd12::7', '::1']) {
    t.equal(some.refusal(address), undefined, address)
    t.ok(some.isNamed(address), address)
  }
  for (const address of ['10.2.0.1', '127.0.0.2', 'fd13::7', '::ffff:10.1.2.3', '2002:a01:203::', '64:ff9b::a01:203']) {
    t.ok(some.refusal(address), address)
  }
  t.end()
})

t.test('a network names no metadata service, and nothing names an address within another', t => {
  const all = allowedAddresses(rules('0.0.0.0/0', '::/0'))
  t.equal(all.refusal('192.168.0.1'), undefined)
  for (const address of [
    '169.254.169.254',
    '100.100.100.200',
    'fd00:ec2::254',
    '::ffff:10.0.0.1',
    '2002::1',
    '64:ff9b::1',
  ]) {
    t.ok(all.refusal(address), address)
  }
  const one = allowedAddresses(rules('169.254.169.254', 'fd00:0ec2::0254'))
  t.equal(one.refusal('169.254.169.254'), undefined)
  t.equal(one.refusal('fd00:ec2::254'), undefined)
  t.ok(one.refusal('169.254.170.2'))
  t.end()
})

t.test('what is no address and no network is no rule', t => {
  for (const text of [
    '',
    'example.org',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0.0/-1',
    '10.0.0.0/1e1',
    'fe80::1%1',
  ]) {
    t.equal(parseAddressRule(text), undefined, text)
  }
  t.same(parseAddressRule('10.0.0.0/8'), { address: '10.0.0.0', prefix: 8 })
  t.same(parseAddressRule('::1'), { address: '::1', prefix: 128 })
  t.end()
})
