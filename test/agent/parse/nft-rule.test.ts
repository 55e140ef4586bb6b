// Tests of rules as nft prints them in JSON.
import t from 'tap'
import { readNftRule } from '../../../agent/parse/nft-rule.ts'

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
