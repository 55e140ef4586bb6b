// Tests of rules as nft prints them in JSON.
import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readNftRule } from '../../../agent/parse/nft-rule.ts'
import { readNftSteps } from '../../../agent/parse/nft-step.ts'
import { matchStatement, passingStatement, verdictStatement } from '../../nft-json-text.ts'

const match = (op: string, left: unknown, right: unknown) => ({ match: { op, left, right } })
const state = { ct: { key: 'state' } }
const drop = { drop: null }
const counter = { counter: { packets: 1, bytes: 2 } }
const conditionsOf = (...expressions: unknown[]) => readNftRule(expressions).conditions

t.test('verdicts are read, statements that pass are passed over', async t => {
  t.strictSame(readNftRule([counter, { log: null }, drop]), {
    conditions: [],
    verdict: { kind: 'drop' },
    blocks: true,
    leadsTo: [],
  })
  t.strictSame(readNftRule([{ reject: { type: 'icmpx', expr: 'admin-prohibited' } }]).verdict, { kind: 'reject' })
  t.strictSame(readNftRule([{ jump: { target: 'x' } }]).verdict, { kind: 'jump', chain: 'x' })
  t.strictSame(readNftRule([{ goto: { target: 'x' } }]).verdict, { kind: 'goto', chain: 'x' })
  t.strictSame(readNftRule([{ masquerade: null }]).verdict, { kind: 'accept' })
  t.strictSame(readNftRule([counter]).verdict, { kind: 'none' })
})

t.test('a match that names something does not hold for an unnamed packet', async t => {
  t.strictSame(conditionsOf(match('==', { meta: { key: 'iifname' } }, 'lo'), drop), ['never'])
  t.strictSame(conditionsOf(match('==', { payload: { protocol: 'tcp', field: 'dport' } }, 22), drop), ['never'])
  t.strictSame(conditionsOf(match('!=', { meta: { key: 'iifname' } }, 'lo'), drop), [])
  t.strictSame(conditionsOf(match('!=', { payload: { protocol: 'ip', field: 'saddr' } }, '10.0.0.0'), drop), ['ipv4'])
  t.strictSame(conditionsOf(match('!=', { payload: { protocol: 'tcp', field: 'dport' } }, 22), drop), ['never'])
  const concatenated = { concat: [{ payload: { protocol: 'ip', field: 'saddr' } }, { meta: { key: 'iifname' } }] }
  t.strictSame(conditionsOf(match('==', concatenated, '@known'), drop), ['never'])
  const flags = { '&': [{ payload: { protocol: 'tcp', field: 'flags' } }, 'syn'] }
  t.strictSame(conditionsOf(match('!=', flags, 'syn'), drop), ['never'], 'it is of TCP')
})

t.test('a match that says nothing of names may hold', async t => {
  for (const left of [
    { meta: { key: 'pkttype' } },
    { meta: { key: 'length' } },
    { ct: { key: 'direction' } },
    { numgen: { mode: 'random' } },
    { '&': [{ meta: { key: 'mark' } }, 1] },
    {},
  ]) {
    t.strictSame(conditionsOf(match('==', left, 0), drop), ['maybe'], JSON.stringify(left))
  }
  t.strictSame(conditionsOf({ limit: { rate: 3, per: 'minute' } }, drop), ['maybe'])
  t.strictSame(conditionsOf({ limit: { rate: 3, per: 'minute', inv: true } }, drop), ['never'], 'over the limit')
})

t.test('a packet that no rule names bears no mark', async t => {
  const mark = (op: string, right: number) => conditionsOf(match(op, { meta: { key: 'mark' } }, right), drop)
  t.strictSame([mark('==', 9), mark('!=', 9), mark('==', 0), mark('!=', 0)], [['never'], [], [], ['never']])
})

t.test('a packet that no rule names is not translated: firewalld accepts what is, before it refuses', async t => {
  const status = (op: string, right: unknown) => conditionsOf(match(op, { ct: { key: 'status' } }, right), drop)
  t.strictSame([status('in', 'dnat'), status('in', ['snat', 'dnat']), status('!=', 'dnat')], [['never'], ['never'], []])
  t.strictSame(status('in', 'expected'), ['maybe'])
})

t.test('families, new connections and local destinations are told', async t => {
  t.strictSame(conditionsOf(match('==', { meta: { key: 'nfproto' } }, 'ipv6'), drop), ['ipv6'])
  t.strictSame(conditionsOf(match('!=', { meta: { key: 'nfproto' } }, 'ipv6'), drop), ['ipv4'])
  t.strictSame(conditionsOf(match('==', { meta: { key: 'protocol' } }, { set: ['ip', 'ip6'] }), drop), [])
  t.strictSame(conditionsOf(match('in', state, ['established', 'related']), drop), ['never'])
  t.strictSame(conditionsOf(match('in', state, 'new'), drop), [])
  t.strictSame(conditionsOf(match('==', state, { set: ['new', 'untracked'] }), drop), [])
  t.strictSame(conditionsOf(match('!=', state, 'new'), drop), ['never'])
  t.strictSame(conditionsOf(match('==', { fib: { result: 'type', flags: ['daddr'] } }, 'local'), drop), ['local'])
  t.strictSame(conditionsOf(match('!=', { fib: { result: 'type', flags: ['daddr'] } }, 'local'), drop), ['never'])
})

t.test('the answer of a reject implies what it answers to', async t => {
  const reject = (type: string) => conditionsOf({ reject: { type } })
  t.strictSame([reject('icmp'), reject('icmpv6'), reject('icmpx')], [['ipv4'], ['ipv6'], []])
  t.strictSame(reject('tcp reset'), ['never'], 'only TCP is reset')
  t.strictSame(conditionsOf({ reject: null }), [])
})

t.test('verdict maps decide by connection state, lead to chains, and may drop', async t => {
  const map = (set: unknown) => ({ vmap: { key: state, data: set } })
  const elements = {
    set: [
      ['established', { accept: null }],
      ['invalid', drop],
      ['new', { jump: { target: 'fresh' } }],
    ],
  }
  t.strictSame(readNftRule([map(elements)]), {
    conditions: [],
    verdict: { kind: 'jump', chain: 'fresh' },
    blocks: true,
    leadsTo: ['fresh'],
  })
  t.strictSame(
    readNftRule([{ vmap: { key: { meta: { key: 'iifname' } }, data: { set: [['lo', { accept: null }]] } } }]),
    {
      conditions: [],
      verdict: { kind: 'none' },
      blocks: false,
      leadsTo: [],
    },
  )
  t.match(readNftRule([{ vmap: { key: state, data: '@services' } }]), {
    conditions: ['maybe'],
    verdict: { kind: 'opaque' },
  })
})

t.test('parts of iptables are read as far as they are shown', async t => {
  const xt = (type: string, name: string) => ({ xt: { type, name } })
  t.strictSame(readNftRule([xt('match', 'conntrack'), drop]).conditions, ['maybe'])
  t.strictSame(readNftRule([xt('match', 'icmp'), drop]).conditions, ['never'])
  t.strictSame(readNftRule([xt('match', 'comment'), drop]).conditions, [])
  t.match(readNftRule([xt('target', 'REJECT')]), { verdict: { kind: 'reject' }, blocks: true })
  t.match(readNftRule([xt('target', 'LOG')]).verdict, { kind: 'none' })
  t.match(readNftRule([xt('target', 'TARPIT')]).verdict, { kind: 'opaque' })
  t.match(readNftRule([{ xt: null }]), { conditions: [], verdict: { kind: 'opaque' } }, 'old versions tell nothing')
})

t.test('what is unknown never throws, and makes the rule uncertain', async t => {
  t.strictSame(readNftRule([{ frobnicate: 1 }, drop]), {
    conditions: ['maybe'],
    verdict: { kind: 'drop' },
    blocks: true,
    leadsTo: [],
  })
  for (const odd of [
    null,
    1,
    'x',
    [],
    {},
    { match: null },
    { match: 7 },
    { jump: null },
    { vmap: null },
    { vmap: { data: { set: [1, [], [1], [1, 2]] } } },
    { match: { left: [[[]]] } },
  ]) {
    t.ok(readNftRule([odd, drop]), JSON.stringify(odd))
  }
  t.strictSame(readNftRule(['accept']).verdict, { kind: 'accept' })
})

t.test('statements that neither match nor decide change nothing', async t => {
  const quiet = [
    'continue',
    'counter',
    'ct expectation',
    'ct helper',
    'ct timeout',
    'dup',
    'flow',
    'last',
    'log',
    'map',
  ]
  for (const name of [...quiet, 'mangle', 'notrack', 'reset', 'secmark', 'set'])
    t.strictSame(
      readNftRule([{ [name]: {} }]),
      { conditions: [], verdict: { kind: 'none' }, blocks: false, leadsTo: [] },
      name,
    )
  for (const name of ['limit', 'quota', 'ct count', 'connlimit']) {
    t.strictSame(conditionsOf({ [name]: {} }), ['maybe'], name)
    t.strictSame(conditionsOf({ [name]: { inv: true } }), ['never'], `over ${name}`)
  }
})

t.test('every verdict, also of translation', async t => {
  for (const kind of ['accept', 'drop', 'return', 'queue'])
    t.strictSame(readNftRule([{ [kind]: null }]).verdict, { kind })
  for (const name of ['dnat', 'snat', 'masquerade', 'redirect', 'tproxy'])
    t.strictSame(
      readNftRule([{ [name]: {} }]),
      { conditions: [], verdict: { kind: 'accept' }, blocks: false, leadsTo: [] },
      name,
    )
  t.strictSame(readNftRule([{ jump: {} }]).verdict, { kind: 'opaque' }, 'a jump without a target')
  t.strictSame(readNftRule([{}]), { conditions: ['maybe'], verdict: { kind: 'none' }, blocks: false, leadsTo: [] })
})

t.test('every key that names an interface, an owner or a protocol', async t => {
  const interfaces = [
    'iif',
    'iifgroup',
    'iifkind',
    'iifname',
    'iiftype',
    'oif',
    'oifgroup',
    'oifkind',
    'oifname',
    'oiftype',
  ]
  const others = [
    'bri_iifname',
    'bri_oifname',
    'cgroup',
    'ibrname',
    'l4proto',
    'obrname',
    'sdif',
    'sdifname',
    'skgid',
    'skuid',
  ]
  for (const key of [...interfaces, ...others]) {
    t.strictSame(conditionsOf(match('==', { meta: { key } }, 'x'), drop), ['never'], key)
    t.strictSame(conditionsOf(match('!=', { meta: { key } }, 'x'), drop), [], `not ${key}`)
    const concatenated = { concat: [{ meta: { key: 'length' } }, { meta: { key } }] }
    t.strictSame(conditionsOf(match('!=', concatenated, 'x'), drop), ['never'], `${key} beside another`)
  }
  t.strictSame(conditionsOf(match('==', { ct: { key: 'l4proto' } }, 'tcp'), drop), ['maybe'], 'not of meta')
})

t.test('headers, extensions and routes', async t => {
  const field = (protocol: string) => ({ payload: { protocol, field: 'x' } })
  const not = (left: unknown) => conditionsOf(match('!=', left, 1), drop)
  t.strictSame(not(field('ip6')), ['ipv6'])
  t.strictSame(not(field('ether')), ['maybe'])
  t.strictSame(not(field('udp')), ['never'])
  t.strictSame(not({ exthdr: { name: 'frag' } }), ['maybe'])
  t.strictSame(conditionsOf(match('==', { exthdr: { name: 'frag' } }, 1), drop), ['never'])
  t.strictSame(conditionsOf(match('==', { fib: { result: 'oif' } }, false), drop), ['never'])
  t.strictSame(not({ fib: { result: 'oif' } }), ['maybe'])
  for (const protocol of ['ip', 'ip6', 'ether'])
    t.strictSame(conditionsOf(match('==', { '&': [field(protocol), 1] }, 1), drop), ['maybe'], `masked ${protocol}`)
  t.strictSame(conditionsOf(match('==', { '&': [field('udp'), 1] }, 1), drop), ['never'])
  t.strictSame(conditionsOf(match('==', { concat: [{ meta: { key: 'length' } }] }, 1), drop), ['maybe'])
  t.strictSame(conditionsOf(match('==', { concat: [field('ip')] }, 1), drop), ['never'])
  t.strictSame(conditionsOf(match('==', { ct: { key: 'mark' } }, 3), drop), ['never'])
  t.strictSame(conditionsOf(match('==', { rt: { key: 'mark' } }, 3), drop), ['maybe'])
  t.strictSame(conditionsOf(match('==', { meta: { key: 'nfproto' } }, 'arp'), drop), ['never'])
  t.strictSame(conditionsOf(match('==', { meta: { key: 'protocol' } }, 'ip'), drop), ['ipv4'])
  t.strictSame(conditionsOf(match('!=', { meta: { key: 'protocol' } }, { set: ['ip', 'ip6'] }), drop), ['never'])
  t.strictSame(conditionsOf(match('in', { ct: { key: 'status' } }, ['dnat', 'seen-reply']), drop), ['maybe'])
  t.strictSame(conditionsOf(match('==', { ct: { key: 'status' } }, 1), drop), ['maybe'])
  t.strictSame(conditionsOf(match('==', { socket: { key: 'state' } }, 'new'), drop), ['maybe'])
})

t.test('verdict maps by another key decide for every packet only by their last resort', async t => {
  const map = (key: unknown, ...set: unknown[]) => readNftRule([{ vmap: { key, data: { set } } }])
  const anything = map({ meta: { key: 'iifname' } }, ['lo', { accept: null }], ['*', { goto: { target: 'rest' } }])
  t.strictSame(anything, { conditions: [], verdict: { kind: 'goto', chain: 'rest' }, blocks: false, leadsTo: ['rest'] })
  t.strictSame(map({ ct: { key: 'direction' } }, ['new', { drop: null }]).verdict, { kind: 'none' }, 'not a state')
  t.strictSame(map({ meta: { key: 'state' } }, ['new', { drop: null }]).verdict, { kind: 'none' })
  t.strictSame(map(state, [{ elem: { val: 'new' } }, { drop: null }]).verdict, { kind: 'drop' }, 'a wrapped key')
  t.strictSame(map(state, ['new', { log: null }], ['new', drop, 1], 'new').verdict, { kind: 'none' }, 'no verdicts')
})

t.test('every part of iptables that names something, decides or passes', async t => {
  const xt = (type: unknown, name: unknown) => ({ xt: { type, name } })
  for (const name of ['ah', 'dccp', 'esp', 'frag', 'icmp', 'icmp6', 'multiport', 'rt', 'sctp', 'tcp', 'udp'])
    t.strictSame(conditionsOf(xt('match', name), drop), ['never'], name)
  t.strictSame(conditionsOf(xt('match', 7), drop), ['maybe'])
  for (const name of ['DNAT', 'SNAT', 'MASQUERADE', 'REDIRECT', 'NETMAP', 'TPROXY'])
    t.strictSame(readNftRule([xt('target', name)]).verdict, { kind: 'accept' }, name)
  for (const name of ['NFQUEUE', 'QUEUE'])
    t.strictSame(readNftRule([xt('target', name)]).verdict, { kind: 'queue' }, name)
  t.strictSame(readNftRule([xt('watcher', 'REJECT')]).verdict, { kind: 'opaque' })
  t.strictSame(readNftRule([xt('target', 7)]).verdict, { kind: 'opaque' })
})

t.test('any rule asks what its matches ask one by one, and decides as its last statement says', async () => {
  fc.assert(
    fc.property(fc.array(matchStatement, { maxLength: 4 }), verdictStatement, (matches, { statement, verdict }) => {
      const rule = readNftRule([...matches, statement])
      deepEqual(
        rule.conditions,
        matches.flatMap(one => conditionsOf(one)),
      )
      deepEqual(rule.verdict, verdict)
      equal(rule.blocks, verdict.kind === 'drop' || verdict.kind === 'reject')
    }),
    { numRuns: 300 },
  )
})

t.test('statements that pass change nothing, wherever they stand', async () => {
  const statement = fc.oneof(matchStatement, matchStatement, passingStatement)
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 6 }), verdictStatement, (statements, { statement: last }) => {
      const plain = statements.filter(one => 'match' in one)
      deepEqual(readNftRule([...statements, last]), readNftRule([...plain, last]))
      deepEqual(readNftSteps([...statements, last], new Map()), readNftSteps([...plain, last], new Map()))
    }),
  )
})

const element = fc.tuple(
  fc.constantFrom<unknown[]>(22, 80, 'new', '*'),
  verdictStatement.filter(({ statement }) => !('masquerade' in statement || 'reject' in statement)),
)

t.test('a verdict map ends its rule for what it does not hold, in each reading', async () => {
  const key = fc.constantFrom<object[]>({ payload: { protocol: 'tcp', field: 'dport' } }, { ct: { key: 'state' } })
  fc.assert(
    fc.property(
      key,
      fc.uniqueArray(element, { maxLength: 4, selector: ([value]) => value }),
      verdictStatement,
      (left, elements, after) => {
        const vmap = {
          vmap: { key: left, data: { set: elements.map(([value, { statement }]) => [value, statement]) } },
        }
        const rule = readNftRule([vmap, after.statement])
        // Whoever is in no element leaves the rule there, as NFT_BREAK has it.
        deepEqual(rule, readNftRule([vmap]))
        deepEqual(readNftSteps([vmap, after.statement], new Map()), readNftSteps([vmap], new Map()))
        const chosen = elements.find(([value]) => value === '*' || (value === 'new' && 'ct' in left))
        deepEqual(rule.verdict, chosen ? chosen[1].verdict : { kind: 'none' })
        equal(
          rule.blocks,
          elements.some(([, { verdict }]) => verdict.kind === 'drop'),
        )
        deepEqual(
          rule.leadsTo,
          elements.flatMap(([, { verdict }]) => (verdict.chain === undefined ? [] : [verdict.chain])),
        )
      },
    ),
  )
})

t.test('after a verdict map only what it sends on is read', async t => {
  const port = { payload: { protocol: 'tcp', field: 'dport' } }
  const map = (...set: unknown[]) => ({ vmap: { key: port, data: { set } } })
  t.strictSame(readNftRule([map(['*', { continue: null }]), drop]).verdict, { kind: 'drop' })
  t.strictSame(readNftRule([map([22, { continue: null }]), drop]).verdict, { kind: 'none' }, 'one that is named')
  const named = { vmap: { key: port, data: '@doors' } }
  t.match(readNftRule([named, drop]), { verdict: { kind: 'opaque' }, conditions: ['maybe'], blocks: false })
})

t.test('any JSON is read, each statement as one condition at most, or two', async () => {
  const words = [
    'match',
    'vmap',
    'xt',
    'reject',
    'limit',
    'jump',
    'accept',
    'op',
    'left',
    'right',
    'key',
    'data',
    'set',
    'meta',
    'ct',
    '&',
    'concat',
  ]
  const json = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('==', '!=', 'new', 'ip', 'state', 'mark', 'target'),
      fc.nat(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words), tie('value'), { maxKeys: 3 }),
    ),
  })).value
  fc.assert(
    fc.property(fc.array(json, { maxLength: 6 }), statements => {
      const { conditions, verdict, blocks } = readNftRule(statements)
      equal(conditions.length <= 2 * statements.length, true)
      equal(blocks || (verdict.kind !== 'drop' && verdict.kind !== 'reject'), true)
    }),
    { numRuns: 500 },
  )
})
