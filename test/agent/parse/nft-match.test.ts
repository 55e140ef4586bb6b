// Tests of one match of `nft -j` as tests that a packet can be put to.
import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { NamedSets } from '../../../agent/parse/nft-json.ts'
import { readNftMatch } from '../../../agent/parse/nft-match.ts'

const sets: NamedSets = new Map([
  ['doors', { elements: [22, { range: [80, 90] }] }],
  ['friends', { elements: ['10.0.0.1', { prefix: { addr: '10.1.0.0', len: 16 } }] }],
  ['everybody', { elements: ['10.0.0.1', { prefix: { addr: '0.0.0.0', len: 0 } }] }],
  ['timed', { elements: [{ elem: { val: '10.0.0.7', timeout: 60 } }] }],
  ['many', { elements: Array.from({ length: 4097 }, (_, index) => index) }],
  ['most', { elements: Array.from({ length: 4096 }, (_, index) => index) }],
  ['moving', { elements: undefined }],
])

const is = (left: unknown, right: unknown) => readNftMatch({ op: '==', left, right }, sets)
const isNot = (left: unknown, right: unknown) => readNftMatch({ op: '!=', left, right }, sets)
const payload = (protocol: string, field: string) => ({ payload: { protocol, field } })
const meta = (key: string) => ({ meta: { key } })
const ct = (key: string) => ({ ct: { key } })
const unread = { kind: 'unread' }
const ipv4 = { kind: 'family', of: 'ipv4' }
const ipv6 = { kind: 'family', of: 'ipv6' }
const protocol = (...of: string[]) => ({ kind: 'protocol', of, negated: false })
const state = (holds: boolean) => ({ kind: 'state', holds })

t.test('addresses of both families, alone, as prefixes, ranges and sets', async t => {
  const source = (of: string[], negated = false) => ({ kind: 'source', of, negated })
  const saddr = payload('ip', 'saddr')
  t.strictSame(is(saddr, '10.0.0.1'), [ipv4, source(['10.0.0.1'])])
  t.strictSame(isNot(saddr, { prefix: { addr: '10.0.0.0', len: 8 } }), [ipv4, source(['10.0.0.0/8'], true)])
  t.strictSame(is(saddr, { range: ['10.0.0.1', '10.0.0.9'] }), [ipv4, source(['10.0.0.1-10.0.0.9'])])
  t.strictSame(is(saddr, { set: ['10.0.0.1', '10.0.0.2'] }), [ipv4, source(['10.0.0.1', '10.0.0.2'])])
  t.strictSame(is(payload('ip6', 'daddr'), '::1'), [ipv6, { kind: 'destination', of: ['::1'], negated: false }])
  t.strictSame(isNot(payload('ip', 'daddr'), '@timed'), [
    ipv4,
    { kind: 'destination', of: ['10.0.0.7'], negated: true },
  ])
  for (const right of [
    7,
    { prefix: { addr: 1, len: 8 } },
    { prefix: { addr: 'x', len: '8' } },
    { range: ['a', 'b', 'c'] },
  ])
    t.strictSame(is(saddr, right), [ipv4, unread], JSON.stringify(right))
  t.strictSame(is(saddr, { set: ['10.0.0.1', 7] }), [ipv4, unread], 'one element that is not read is enough')
})

t.test('a named set of sources stays a name, unless it means everybody', async t => {
  const saddr = payload('ip', 'saddr')
  t.strictSame(isNot(saddr, '@friends'), [ipv4, { kind: 'source', of: ['set friends'], negated: true }])
  t.strictSame(is(saddr, '@moving'), [ipv4, { kind: 'source', of: ['set moving'], negated: false }])
  t.strictSame(is(saddr, '@everybody'), [ipv4, { kind: 'source', of: ['10.0.0.1', '0.0.0.0/0'], negated: false }])
  t.strictSame(is(payload('ip', 'daddr'), '@moving'), [ipv4, unread], 'a destination is looked up')
})

t.test('the protocol after the IP header, by name or number', async t => {
  t.strictSame(is(payload('ip', 'protocol'), 'tcp'), [ipv4, protocol('tcp')])
  t.strictSame(is(payload('ip6', 'nexthdr'), 58), [ipv6, protocol('ipv6-icmp')])
  t.strictSame(is(meta('l4proto'), { set: [1, 6, 17, 132, 47, 'sctp'] }), [
    protocol('icmp', 'tcp', 'udp', 'sctp', '47', 'sctp'),
  ])
  t.strictSame(is(payload('ip', 'protocol'), '@moving'), [ipv4, unread])
  t.strictSame(is(payload('ip', 'ttl'), 1), [ipv4, unread])
})

t.test('ports of a protocol, or of any', async t => {
  const port = (of: number[][], negated = false) => ({ kind: 'port', of, negated })
  t.strictSame(is(payload('udp', 'dport'), 53), [protocol('udp'), port([[53, 53]])])
  t.strictSame(isNot(payload('tcp', 'dport'), { range: [1, 1023] }), [protocol('tcp'), port([[1, 1023]], true)])
  t.strictSame(is(payload('th', 'dport'), '@doors'), [
    port([
      [22, 22],
      [80, 90],
    ]),
  ])
  t.strictSame(is(payload('tcp', 'dport'), '@gone'), [protocol('tcp'), unread])
  t.strictSame(is(payload('tcp', 'dport'), { set: [22, 'ssh'] }), [protocol('tcp'), unread])
  t.strictSame(is(payload('tcp', 'dport'), { range: [1, 'x'] }), [protocol('tcp'), unread])
  t.strictSame(is(payload('th', 'dport'), '@many'), [unread], 'more elements than are looked at')
  t.equal(is(payload('th', 'dport'), '@most')[0]?.kind, 'port')
})

t.test('ports of the sender are kept as text', async t => {
  const sport = (of: string[], negated = false) => ({ kind: 'sourcePort', of, negated })
  t.strictSame(is(payload('th', 'sport'), { set: [53, { range: [1024, 65535] }] }), [sport(['53', '1024:65535'])])
  t.strictSame(isNot(payload('udp', 'sport'), 53), [protocol('udp'), sport(['53'], true)])
  t.strictSame(is(payload('th', 'sport'), '@moving'), [sport(['some'])])
})

t.test('other headers name their protocol at least', async t => {
  t.strictSame(is(payload('icmp', 'type'), 'echo-request'), [protocol('icmp'), unread])
  t.strictSame(is(payload('icmpv6', 'type'), 'echo-request'), [protocol('ipv6-icmp'), unread])
  t.strictSame(is(payload('tcp', 'flags'), 'syn'), [protocol('tcp')], 'a first packet has it')
  t.strictSame(isNot(payload('tcp', 'flags'), 'syn'), [protocol('tcp'), unread])
  t.strictSame(is(payload('tcp', 'flags'), 'ack'), [protocol('tcp'), unread])
  t.strictSame(is(payload('udp', 'flags'), 'syn'), [protocol('udp'), unread])
  t.strictSame(is(payload('tcp', 'window'), 'syn'), [protocol('tcp'), unread])
  for (const below of ['ether', 'vlan', 'arp']) t.strictSame(is(payload(below, 'type'), 'ip'), [unread], below)
  t.strictSame(is({ payload: { base: 'nh', offset: 8, len: 8 } }, 1), [unread])
})

t.test('interfaces by name', async t => {
  for (const key of ['iifname', 'iif'])
    t.strictSame(is(meta(key), 'lo'), [{ kind: 'interfaceIn', of: ['lo'], negated: false }], key)
  for (const key of ['oifname', 'oif'])
    t.strictSame(
      isNot(meta(key), { set: ['a', 'b*'] }),
      [{ kind: 'interfaceOut', of: ['a', 'b*'], negated: true }],
      key,
    )
  t.strictSame(is(meta('iifname'), '@moving'), [unread])
  t.strictSame(is(meta('length'), 7), [unread])
})

t.test('families, one of which every packet has', async t => {
  t.strictSame(is(meta('nfproto'), 'ipv4'), [ipv4])
  t.strictSame(isNot(meta('nfproto'), 'ipv4'), [ipv6])
  t.strictSame(is(meta('protocol'), 'ip6'), [ipv6])
  t.strictSame(isNot(meta('protocol'), 'ip'), [ipv6])
  t.strictSame(is(meta('protocol'), { set: ['ip', 'ip6'] }), [state(true)])
  t.strictSame(isNot(meta('nfproto'), { set: ['ipv4', 'ipv6'] }), [state(false)])
  t.strictSame(is(meta('protocol'), 'arp'), [state(false)])
})

t.test('marks, whole and masked', async t => {
  const mark = (value: number, mask: number, negated: boolean) => [{ kind: 'mark', value, mask, negated }]
  const masked = { '&': [meta('mark'), 0xff] }
  t.strictSame(is(meta('mark'), 5), mark(5, 0xffffffff, false))
  t.strictSame(isNot(masked, 4), mark(4, 0xff, true))
  t.strictSame(is(meta('mark'), { set: [5, 6] }), [unread])
  t.strictSame(is(meta('mark'), 'five'), [unread])
  t.strictSame(is({ '&': [meta('mark'), 'x'] }, 4), [unread])
  t.strictSame(is(masked, 'x'), [unread])
  t.strictSame(is({ '&': [meta('length'), 1] }, 1), [unread])
})

t.test('of the flags of TCP, a first packet has SYN alone', async t => {
  const tcp = protocol('tcp')
  const flags = (mask: unknown, field = 'flags') => ({ '&': [payload('tcp', field), mask] })
  t.strictSame(is(flags(['fin', 'syn', 'rst', 'ack']), 'syn'), [tcp, state(true)])
  t.strictSame(isNot(flags(['fin', 'syn', 'rst', 'ack']), 'syn'), [tcp, state(false)])
  t.strictSame(is(flags(['syn', 'psh', 'urg']), 'urg'), [tcp, state(false)])
  t.strictSame(is(flags(['fin', 'ack']), 'syn'), [tcp, state(false)], 'SYN is not looked at')
  t.strictSame(is(flags(['syn', 'ecn']), 'syn'), [tcp, unread])
  t.strictSame(is(flags('syn'), 'syn'), [tcp, unread])
  t.strictSame(is(flags(['syn'], 'window'), 'syn'), [tcp, unread])
  t.strictSame(is(flags(['syn']), 0), [tcp, unread])
  t.strictSame(is({ '&': [payload('udp', 'flags'), ['syn']] }, 'syn'), [unread])
})

t.test('a first packet of a connection is new, going there, and as it was sent', async t => {
  t.strictSame(is(ct('state'), { set: ['new', 'established'] }), [state(true)])
  t.strictSame(isNot(ct('state'), 'new'), [state(false)])
  t.strictSame(readNftMatch({ op: 'in', left: ct('state'), right: ['established', 'related'] }, sets), [state(false)])
  t.strictSame(isNot(ct('state'), 'invalid'), [state(true)])
  t.strictSame(is(ct('state'), 'untracked'), [unread], 'who knows what is tracked')
  t.strictSame(is(ct('state'), { set: ['new', 'untracked'] }), [state(true)])
  t.strictSame(isNot(ct('state'), { set: ['new', 'untracked'] }), [state(false)])
  t.strictSame(isNot(ct('status'), 'dnat'), [{ kind: 'translated', negated: true }])
  t.strictSame(is(ct('status'), { set: ['dnat', 'snat'] }), [unread])
  t.strictSame(is(ct('status'), 'snat'), [unread])
  t.strictSame(is(ct('direction'), 'original'), [state(true)])
  t.strictSame(isNot(ct('direction'), 'original'), [state(false)])
  t.strictSame(is(ct('direction'), 'reply'), [state(false)])
  t.strictSame(is(ct('zone'), 1), [unread])
  t.strictSame(is(ct('state'), '@moving'), [unread])
})

t.test('where the kernel would send it', async t => {
  const type = (...flags: string[]) => ({ fib: { result: 'type', flags } })
  t.strictSame(is(type('daddr'), 'local'), [{ kind: 'local', negated: false }])
  t.strictSame(isNot({ fib: { result: 'type', flags: 'daddr' } }, { set: ['local', 'broadcast'] }), [
    { kind: 'local', negated: true },
  ])
  for (const word of ['broadcast', 'multicast', 'anycast']) t.strictSame(is(type('daddr'), word), [state(false)], word)
  t.strictSame(isNot(type('daddr'), 'broadcast'), [state(true)])
  t.strictSame(is(type('daddr'), { set: ['broadcast', 'unicast'] }), [unread])
  t.strictSame(is(type('saddr'), 'local'), [unread])
  t.strictSame(is(type('daddr', 'iif'), 'local'), [unread], 'an address of that interface only')
  t.strictSame(is(type('daddr'), '@moving'), [unread])
  const back = { fib: { result: 'oif', flags: ['saddr', 'iif'] } }
  t.strictSame(is(back, false), [{ kind: 'never' }], 'the way back exists')
  t.strictSame(is({ fib: { result: 'oifname', flags: ['saddr'] } }, false), [{ kind: 'never' }])
  t.strictSame(isNot(back, false), [unread])
  t.strictSame(is(back, true), [unread])
  t.strictSame(is({ fib: { result: 'oif', flags: ['daddr'] } }, false), [unread])
  t.strictSame(is(type('saddr'), false), [unread])
})

t.test('other operators and expressions are not read', async t => {
  for (const op of ['<', '>=', undefined])
    t.strictSame(readNftMatch({ op, left: meta('iif'), right: 'lo' }, sets), [unread])
  for (const left of [{ socket: { key: 'mark' } }, 'x', null, {}, { numgen: {} }]) t.strictSame(is(left, 1), [unread])
})

const address = fc.oneof(
  fc.ipV4(),
  fc.tuple(fc.ipV4(), fc.nat({ max: 32 })).map(([addr, len]) => ({ prefix: { addr, len } })),
  fc.tuple(fc.ipV4(), fc.ipV4()).map(ends => ({ range: ends })),
)
const portValue = fc.oneof(
  fc.nat({ max: 65_535 }),
  fc.tuple(fc.nat({ max: 1000 }), fc.integer({ min: 1000, max: 65_535 })).map(range => ({ range })),
)
/** What is compared, with values of its kind. */
const comparison = fc.oneof(
  fc.tuple(
    fc.constantFrom(payload('ip', 'saddr'), payload('ip', 'daddr'), payload('ip6', 'daddr')),
    fc.array(address, { minLength: 1, maxLength: 3 }),
  ),
  fc.tuple(
    fc.constantFrom(payload('tcp', 'dport'), payload('th', 'dport'), payload('udp', 'sport')),
    fc.array(portValue, { minLength: 1, maxLength: 3 }),
  ),
  fc.tuple(
    fc.constantFrom(meta('iifname'), meta('oifname'), meta('l4proto')),
    fc.array(fc.constantFrom('lo', 'eth0', 'tcp', 'udp'), { minLength: 1, maxLength: 3 }),
  ),
  fc.tuple(
    fc.constantFrom(ct('state'), ct('status'), ct('direction')),
    fc.array(fc.constantFrom('new', 'established', 'dnat', 'original', 'untracked'), { minLength: 1, maxLength: 3 }),
  ),
  fc.tuple(
    fc.constantFrom(meta('nfproto'), meta('protocol')),
    fc.array(fc.constantFrom('ipv4', 'ipv6', 'ip', 'ip6', 'arp'), { minLength: 1, maxLength: 2 }),
  ),
  fc.tuple(
    fc.constant({ fib: { result: 'type', flags: ['daddr'] } }),
    fc.array(fc.constantFrom('local', 'broadcast', 'unicast'), { minLength: 1, maxLength: 2 }),
  ),
) as fc.Arbitrary<readonly [object, readonly unknown[]]>

t.test('a set means the same unnamed, as a list, by name and with its elements wrapped', async () => {
  fc.assert(
    fc.property(comparison, fc.constantFrom('==', '!=', 'in'), ([left, values], op) => {
      const named: NamedSets = new Map([['mine', { elements: values }]])
      const readAs = (right: unknown) => readNftMatch({ op, left, right }, named)
      const expected = readAs({ set: values })
      deepEqual(readAs({ set: values.map(val => ({ elem: { val, timeout: 60 } })) }), expected)
      deepEqual(readAs(values), expected)
      if (values.length === 1) deepEqual(readAs(values[0]), readAs({ set: values }))
      if (!JSON.stringify(left).includes('saddr')) deepEqual(readAs('@mine'), expected)
    }),
    { numRuns: 300 },
  )
})

t.test('what is negated holds where the plain test does not, and asks for the same header', async () => {
  const opposite = (match: object) => {
    if ('negated' in match) return { ...match, negated: !match.negated }
    if ('holds' in match) return { ...match, holds: !match.holds }
    return 'of' in match ? { ...match, of: match.of === 'ipv4' ? 'ipv6' : 'ipv4' } : match
  }
  fc.assert(
    fc.property(comparison, ([left, values]) => {
      const [plain, negated] = [is(left, { set: values }), isNot(left, { set: values })]
      deepEqual(negated.slice(0, -1), plain.slice(0, -1), 'headers are there in both')
      deepEqual(negated.slice(-1), plain.slice(-1).map(opposite))
    }),
    { numRuns: 300 },
  )
})

t.test('any addresses and ports come out as text and numbers', async () => {
  const text = (value: unknown) => {
    if (typeof value === 'string') return value
    const { prefix, range } = value as { prefix?: { addr: string; len: number }; range?: string[] }
    return prefix ? `${prefix.addr}/${prefix.len}` : range?.join('-')
  }
  fc.assert(
    fc.property(fc.array(address, { minLength: 1 }), fc.array(portValue, { minLength: 1 }), (addresses, ports) => {
      deepEqual(is(payload('ip', 'saddr'), { set: addresses }), [
        ipv4,
        { kind: 'source', of: addresses.map(text), negated: false },
      ])
      const ranges = ports.map(port => (typeof port === 'number' ? [port, port] : port.range))
      deepEqual(is(payload('th', 'dport'), { set: ports }), [{ kind: 'port', of: ranges, negated: false }])
    }),
  )
})

t.test('any JSON is read as few tests', async () => {
  const keys = [
    'payload',
    'meta',
    'ct',
    'fib',
    '&',
    'protocol',
    'field',
    'key',
    'set',
    'range',
    'prefix',
    'result',
    'flags',
  ]
  const json = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('ip', 'tcp', 'saddr', 'dport', 'mark', 'state', '@doors', '@moving', 'local'),
      fc.nat(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 3 }),
    ),
  })).value
  fc.assert(
    fc.property(fc.constantFrom('==', '!=', 'in', '<'), json, json, (op, left, right) => {
      const matches = readNftMatch({ op, left, right }, sets)
      equal(matches.length > 0 && matches.length <= 2, true)
      equal(op !== '<' || matches[0]?.kind === 'unread', true)
    }),
    { numRuns: 500 },
  )
})
