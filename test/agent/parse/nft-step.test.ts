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

t.test('any statements have an answer', async () => {
  fc.assert(fc.property(fc.array(fc.jsonValue()), list => Array.isArray(readNftSteps(list, none))))
  const odd = fc.record({
    match: fc.record({ op: fc.constantFrom('==', '!=', 'in'), left: fc.jsonValue(), right: fc.jsonValue() }),
  })
  fc.assert(fc.property(fc.array(odd), list => Array.isArray(readNftSteps(list, none))))
})
