// Tests of rules of `nft -j` as tests of one packet.
import fc from 'fast-check'
import t from 'tap'
import { namedSetsOf } from '../../../agent/parse/nft-json.ts'
import { readNftSteps } from '../../../agent/parse/nft-step.ts'

const none = new Map()
const match = (left: unknown, right: unknown, op = '==') => ({ match: { op, left, right } })
const dport = { payload: { protocol: 'tcp', field: 'dport' } }
const tcp = { kind: 'protocol', of: ['tcp'], negated: false }

t.test('ports, sets and sources are read', async t => {
  const saddr = { payload: { protocol: 'ip', field: 'saddr' } }
  t.strictSame(
    readNftSteps([match(saddr, '@s'), match(dport, { set: [22, { range: [80, 90] }] }), { accept: null }], none),
    [
      {
        matches: [
          { kind: 'family', of: 'ipv4' },
          { kind: 'source', of: ['set s'], negated: false },
          tcp,
          {
            kind: 'port',
            of: [
              [22, 22],
              [80, 90],
            ],
            negated: false,
          },
        ],
        verdict: { kind: 'accept' },
      },
    ],
  )
})

t.test('named sets of ports are looked up, and those that rules fill are not', async t => {
  const set = { family: 'inet', table: 't', name: 'doors', elem: [22, { range: [80, 90] }] }
  const kindsOf = (object: object) => {
    const sets = namedSetsOf([{ set: object }]).get('inet\nt') ?? none
    return readNftSteps([match(dport, '@doors'), { drop: null }], sets)[0]?.matches.map(({ kind }) => kind)
  }
  t.strictSame(kindsOf(set), ['protocol', 'port'])
  t.strictSame(kindsOf({ ...set, flags: ['dynamic'] }), ['protocol', 'unread'])
})

t.test('a verdict map is one step per element', async t => {
  const key = { concat: [{ meta: { key: 'l4proto' } }, { payload: { protocol: 'th', field: 'dport' } }] }
  const data = {
    set: [
      [{ concat: ['tcp', 22] }, { jump: { target: 'one' } }],
      [{ concat: ['udp', 53] }, { drop: null }],
    ],
  }
  const steps = readNftSteps([{ vmap: { key, data } }], none)
  t.strictSame(
    steps.map(({ verdict }) => verdict),
    [{ kind: 'jump', chain: 'one' }, { kind: 'drop' }],
  )
  t.strictSame(steps[0]?.matches, [tcp, { kind: 'port', of: [[22, 22]], negated: false }])
  t.strictSame(readNftSteps([{ vmap: { key, data: '@gone' } }], none)[0]?.verdict, { kind: 'opaque' })
})

const verdictOf = (...statements: unknown[]) => readNftSteps(statements, none).map(({ verdict }) => verdict)
const matchesOf = (...statements: unknown[]) => readNftSteps([...statements, { drop: null }], none)[0]?.matches

t.test('every verdict', async t => {
  for (const kind of ['accept', 'drop', 'reject', 'return']) t.strictSame(verdictOf({ [kind]: null }), [{ kind }], kind)
  t.strictSame(verdictOf('accept'), [{ kind: 'accept' }], 'a bare word')
  for (const kind of ['jump', 'goto']) {
    t.strictSame(verdictOf({ [kind]: { target: 'x' } }), [{ kind, chain: 'x' }])
    t.strictSame(verdictOf({ [kind]: null }), [{ kind: 'opaque' }])
  }
  for (const kind of ['snat', 'masquerade']) t.strictSame(verdictOf({ [kind]: null }), [{ kind: 'accept' }], kind)
  t.strictSame(verdictOf({ frobnicate: null }, { accept: null }), [{ kind: 'opaque' }], 'what is not known may end it')
  t.strictSame(verdictOf(), [])
})

t.test('statements that neither ask nor decide are passed over', async t => {
  const quiet = ['continue', 'counter', 'ct expectation', 'ct helper', 'ct timeout', 'dup', 'flow', 'last', 'log']
  for (const name of [...quiet, 'map', 'reset', 'secmark', 'set'])
    t.strictSame(verdictOf({ [name]: {} }, { accept: null }), [{ kind: 'accept' }], name)
})

t.test('limits ask for a rate', async t => {
  for (const name of ['limit', 'quota', 'ct count', 'connlimit']) {
    t.strictSame(matchesOf({ [name]: { rate: 3 } }), [{ kind: 'rate', over: false }], name)
    t.strictSame(matchesOf({ [name]: { rate: 3, inv: true } }), [{ kind: 'rate', over: true }], `over ${name}`)
  }
})

t.test('a reject implies what it answers to', async t => {
  const reject = (type: string) => readNftSteps([{ reject: { type } }], none)
  t.strictSame(reject('icmp'), [{ matches: [{ kind: 'family', of: 'ipv4' }], verdict: { kind: 'reject' } }])
  t.strictSame(reject('icmpv6')[0]?.matches, [{ kind: 'family', of: 'ipv6' }])
  t.strictSame(reject('tcp reset')[0]?.matches, [tcp])
  t.strictSame(reject('icmpx')[0]?.matches, [])
})

t.test('translations, with the address and port where they are plain', async t => {
  const translate = (address: string | undefined, port: number) => [{ kind: 'translate', address, port }]
  t.strictSame(verdictOf({ dnat: { addr: '10.0.0.2', port: 80 } }), translate('10.0.0.2', 80))
  t.strictSame(verdictOf({ dnat: { family: 'ip', addr: '10.0.0.2' } }), translate('10.0.0.2', 0))
  t.strictSame(verdictOf({ dnat: { addr: { map: {} }, port: { range: [1, 2] } } }), translate(undefined, -1))
  t.strictSame(verdictOf({ redirect: { port: 8080 } }), translate('', 8080))
  t.strictSame(verdictOf({ redirect: null }), translate('', 0))
})

t.test('marks are set and the rule goes on', async t => {
  const mangle = (key: unknown, value: unknown) => verdictOf({ mangle: { key, value } }, { accept: null })
  const mark = { meta: { key: 'mark' } }
  const unknown = { kind: 'mark', value: 0, mask: -1 }
  t.strictSame(mangle(mark, 5), [{ kind: 'mark', value: 5, mask: 0xffffffff }, { kind: 'accept' }])
  t.strictSame(mangle(mark, { '|': [mark, 4] })[0], { kind: 'mark', value: 4, mask: 4 })
  t.strictSame(mangle(mark, { '^': [mark, 4] })[0], unknown)
  t.strictSame(mangle(mark, { '|': [{ meta: { key: 'length' } }, 4] })[0], unknown)
  t.strictSame(mangle(mark, { '|': [mark, 'x'] })[0], unknown)
  t.strictSame(mangle(mark, { ct: { key: 'mark' } })[0], unknown)
  t.strictSame(mangle({ meta: { key: 'priority' } }, 5), [{ kind: 'accept' }])
  t.strictSame(mangle({ ct: { key: 'mark' } }, 5), [{ kind: 'accept' }], "a connection's mark is not the packet's")
  t.strictSame(
    mangle({ payload: { protocol: 'tcp', field: 'dport' } }, 5),
    [{ kind: 'opaque' }],
    'the packet is changed',
  )
  t.strictSame(verdictOf({ notrack: null }, { accept: null }), [{ kind: 'untrack' }, { kind: 'accept' }])
})

t.test('the tests before a mark hold for it alone', async t => {
  const steps = readNftSteps(
    [
      match(dport, 22),
      { mangle: { key: { meta: { key: 'mark' } }, value: 1 } },
      match({ meta: { key: 'iif' } }, 'lo'),
      'drop',
    ],
    none,
  )
  t.strictSame(
    steps.map(({ matches }) => matches.map(({ kind }) => kind)),
    [
      ['protocol', 'port'],
      ['protocol', 'port', 'interfaceIn'],
    ],
  )
})

t.test('parts of iptables are read as far as they are shown', async t => {
  const xt = (type: string, name: unknown) => ({ xt: { type, name } })
  t.strictSame(matchesOf(xt('match', 'comment')), [])
  t.strictSame(matchesOf(xt('match', 'recent')), [{ kind: 'unread' }])
  t.strictSame(verdictOf(xt('target', 'REJECT')), [{ kind: 'reject' }])
  for (const name of ['MARK', 'CONNMARK'])
    t.strictSame(verdictOf(xt('target', name), 'drop'), [{ kind: 'mark', value: 0, mask: -1 }, { kind: 'drop' }], name)
  for (const name of ['DNAT', 'REDIRECT', 'NETMAP'])
    t.strictSame(verdictOf(xt('target', name)), [{ kind: 'translate', address: undefined, port: -1 }], name)
  for (const name of ['SNAT', 'MASQUERADE']) t.strictSame(verdictOf(xt('target', name)), [{ kind: 'accept' }], name)
  t.strictSame(verdictOf(xt('target', 'LOG'), 'drop'), [{ kind: 'drop' }])
  for (const name of ['CT', 'NOTRACK', 'TARPIT', 7]) t.strictSame(verdictOf(xt('target', name)), [{ kind: 'opaque' }])
  t.strictSame(verdictOf({ xt: null }), [{ kind: 'opaque' }])
  t.strictSame(verdictOf(xt('watcher', 'LOG')), [{ kind: 'opaque' }])
})

t.test('elements of a verdict map: wrapped, any, of a named map, and too many', async t => {
  const vmap = (data: unknown, key: unknown = { meta: { key: 'iifname' } }) => ({ vmap: { key, data } })
  const lo = { kind: 'interfaceIn', of: ['lo'], negated: false }
  const sets = new Map([
    ['named', { elements: [['lo', { accept: null }]] }],
    ['most', { elements: Array.from({ length: 2000 }, () => ['lo', { drop: null }]) }],
    ['many', { elements: Array.from({ length: 2001 }, () => ['lo', { drop: null }]) }],
  ])
  const wrapped = {
    set: [
      [{ elem: { val: 'lo', comment: 'x' } }, { accept: null }],
      ['*', { drop: null }],
    ],
  }
  t.strictSame(readNftSteps([vmap(wrapped)], none), [
    { matches: [lo], verdict: { kind: 'accept' } },
    { matches: [], verdict: { kind: 'drop' } },
  ])
  t.strictSame(readNftSteps([vmap('@named'), { drop: null }], sets), [{ matches: [lo], verdict: { kind: 'accept' } }])
  t.equal(readNftSteps([vmap('@most')], sets).length, 2000)
  t.strictSame(readNftSteps([match(dport, 22), vmap('@many')], sets), [
    {
      matches: [tcp, { kind: 'port', of: [[22, 22]], negated: false }, { kind: 'unread' }],
      verdict: { kind: 'opaque' },
    },
  ])
  t.strictSame(readNftSteps([vmap({ set: [['lo', { continue: null }], 'odd'] })], none), [
    { matches: [lo], verdict: { kind: 'none' } },
    { matches: [{ kind: 'interfaceIn', of: ['undefined'], negated: false }], verdict: { kind: 'opaque' } },
  ])
  const pair = { concat: [{ meta: { key: 'iifname' } }, { meta: { key: 'oifname' } }] }
  const odd = readNftSteps(
    [
      vmap(
        {
          set: [
            [{ concat: ['lo'] }, 'drop'],
            ['lo', 'drop'],
          ],
        },
        pair,
      ),
    ],
    none,
  )
  t.strictSame(
    odd.map(({ matches }) => matches),
    [[{ kind: 'unread' }], [{ kind: 'unread' }]],
    'parts that do not fit the key',
  )
  const steps = readNftSteps([{ mangle: { key: { meta: { key: 'mark' } }, value: 1 } }, vmap('@named')], sets)
  t.strictSame(
    steps.map(({ verdict }) => verdict.kind),
    ['mark', 'accept'],
  )
})

t.test('sets of one table are its own, those that rules or time fill are not known', async t => {
  const set = (name: unknown, more: object = {}) => ({ set: { family: 'ip', table: 'a', name, elem: [1], ...more } })
  const map = { map: { family: 'ip6', table: 'a', name: 'm' } }
  const tables = namedSetsOf([
    ...[set('plain'), set('dynamic', { flags: ['dynamic'] }), set('timeout', { flags: 'timeout' })],
    ...[set('interval', { flags: ['interval'] }), set(7), set('odd', { elem: 'x' }), map, { rule: { name: 'r' } }],
  ])
  t.strictSame([...tables.keys()], ['ip\na', 'ip6\na'])
  t.strictSame(Object.fromEntries(tables.get('ip\na') ?? []), {
    plain: { elements: [1] },
    dynamic: { elements: undefined },
    timeout: { elements: undefined },
    interval: { elements: [1] },
    odd: { elements: undefined },
  })
  t.strictSame(tables.get('ip6\na')?.get('m'), { elements: [] })
})

t.test('any statements have an answer', async () => {
  fc.assert(fc.property(fc.array(fc.jsonValue()), list => Array.isArray(readNftSteps(list, none))))
  const odd = fc.record({
    match: fc.record({ op: fc.constantFrom('==', '!=', 'in'), left: fc.jsonValue(), right: fc.jsonValue() }),
  })
  fc.assert(fc.property(fc.array(odd), list => Array.isArray(readNftSteps(list, none))))
})
