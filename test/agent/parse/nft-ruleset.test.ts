// Tests of the parser of `nft -j list ruleset`.
import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseNftRuleset } from '../../../agent/parse/nft-ruleset.ts'
import { damaged } from '../../damaged-text.ts'
import { fixtureCommand } from '../../fixture-host.ts'
import { matchStatement, passingStatement, verdictStatement } from '../../nft-json-text.ts'

const ruleset = (...objects: unknown[]) =>
  JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6' } }, ...objects] })
const base = (more: object = {}) => ({
  chain: {
    family: 'inet',
    table: 't',
    name: 'in',
    handle: 1,
    type: 'filter',
    hook: 'input',
    prio: -5,
    policy: 'drop',
    ...more,
  },
})

t.test('the recorded rule set has the chains and rules that nft printed as text', async t => {
  const parsed = parseNftRuleset(fixtureCommand('debian12-vm', 'nft-j'))
  const printed = new Map<string, number>()
  let place = ''
  let table = ''
  for (const line of fixtureCommand('debian12-vm', 'nft').split('\n')) {
    const [, family, name] = /^table (\S+) (\S+) \{/.exec(line) ?? []
    const chain = /^\tchain (\S+) \{/.exec(line)?.[1]
    if (family) table = `${family} ${name}`
    else if (chain) {
      place = `${table} ${chain}`
      printed.set(place, 0)
    } else if (/^\t\t(?!type )/.test(line)) printed.set(place, (printed.get(place) ?? 0) + 1)
  }
  t.ok(printed.size > 70, `${printed.size} chains`)
  t.strictSame(
    parsed?.chains.map(({ family, table, chain, rules }) => `${family} ${table} ${chain} ${rules.length}`).sort(),
    [...printed].map(row => row.join(' ')).sort(),
  )
  t.equal(parsed?.hasIptablesRules, true)
  const input = parsed?.chains.find(({ family, chain }) => family === 'ip6' && chain === 'INPUT')
  t.match(input, { type: 'filter', hook: 'input', priority: 0, policy: 'drop' })
})

t.test('base chains, a missing policy, and chains that are none', async t => {
  const parsed = parseNftRuleset(
    ruleset(base(), base({ name: 'b', policy: undefined }), {
      chain: { family: 'inet', table: 't', name: 'c', prio: 3 },
    }),
  )
  t.strictSame(
    parsed?.chains.map(({ chain, hook, priority, policy }) => [chain, hook, priority, policy]),
    [
      ['in', 'input', -5, 'drop'],
      ['b', 'input', -5, 'accept'],
      ['c', '', 0, ''],
    ],
  )
  t.equal(parsed?.hasIptablesRules, false)
})

t.test('a dormant table filters nothing', async t => {
  const table = { table: { family: 'inet', name: 't', flags: 'dormant' } }
  t.match(parseNftRuleset(ruleset(table, base()))?.chains, [{ hook: '', policy: '', type: '' }])
  const list = { table: { family: 'inet', name: 't', flags: ['owner', 'dormant'] } }
  t.match(parseNftRuleset(ruleset(list, base()))?.chains, [{ hook: '', certain: true }])
  const owned = { table: { family: 'inet', name: 't', flags: ['owner', 'persist'] } }
  t.match(parseNftRuleset(ruleset(owned, base()))?.chains, [{ hook: 'input', certain: true }])
  // What nft 1.0.6 printed for a dormant table.
  const garbage = { table: { family: 'inet', name: 't', flags: 'Lester Gooch #5' } }
  t.match(parseNftRuleset(ruleset(garbage, base()))?.chains, [{ hook: 'input', certain: false }])
})

t.test('a named verdict map may drop and lead on wherever its table uses one', async t => {
  const rule = {
    rule: { family: 'inet', table: 't', chain: 'in', expr: [{ vmap: { key: { ct: { key: 'mark' } }, data: '@m' } }] },
  }
  const map = {
    map: {
      family: 'inet',
      table: 't',
      name: 'm',
      map: 'verdict',
      elem: [
        ['x', { drop: null }],
        ['y', { goto: { target: 'c' } }],
      ],
    },
  }
  t.match(parseNftRuleset(ruleset(base(), map, rule))?.chains[0]?.rules, [{ blocks: true, leadsTo: ['c'] }])
})

t.test('objects of other kinds and forms are passed over', async t => {
  const odd = [
    null,
    1,
    [],
    { set: { elem: [1] } },
    { chain: null },
    { rule: 7 },
    { rule: { chain: 'none' } },
    { chain: {} },
    { future: {} },
  ]
  t.equal(parseNftRuleset(ruleset(...odd, base()))?.chains.length, 2)
  t.match(parseNftRuleset(ruleset(base({ prio: 1.5, hook: 'input' })))?.chains, [{ priority: 0 }])
})

t.test('what is not such a document is undefined', async t => {
  const text = ruleset(base())
  for (let length = 0; length < text.length; length++) t.equal(parseNftRuleset(text.slice(0, length)), undefined)
  for (const other of ['[]', 'null', '{"nftables":{}}', '7', '\0', '{"nftables":[\udcff]}', '['.repeat(1 << 20)]) {
    t.equal(parseNftRuleset(other), undefined)
  }
})

t.test('ten thousand rules and deep expressions are read', async t => {
  const rules = Array.from({ length: 10_000 }, () => ({
    rule: { family: 'inet', table: 't', chain: 'in', expr: [{ counter: { packets: 0, bytes: 0 } }, { accept: null }] },
  }))
  t.equal(parseNftRuleset(ruleset(base(), ...rules))?.chains[0]?.rules.length, 10_000)
  const deep = `${'{"set":['.repeat(100_000)}"x"${']}'.repeat(100_000)}`
  const right = JSON.stringify({
    rule: { family: 'inet', table: 't', chain: 'in', expr: [{ match: { right: 'HERE' } }] },
  })
  const text = ruleset(base()).replace(/\]\}$/, `,${right.replace('"HERE"', deep)}]}`)
  t.equal(parseNftRuleset(text)?.chains[0]?.rules.length, 1)
})

const chainModel = fc.record({
  family: fc.constantFrom('ip', 'ip6', 'inet'),
  table: fc.constantFrom('a', 'b'),
  name: fc.constantFrom('in', 'out', 'x'),
  hook: fc.constantFrom(undefined, 'input', 'output'),
  prio: fc.integer({ min: -300, max: 300 }),
  policy: fc.constantFrom('accept', 'drop'),
  rules: fc.array(fc.tuple(fc.array(fc.oneof(matchStatement, passingStatement), { maxLength: 2 }), verdictStatement), {
    maxLength: 3,
  }),
})
const ofModel = ({ rules, ...chain }: typeof chainModel extends fc.Arbitrary<infer T> ? T : never) => ({
  chain,
  rules: rules.map(([statements, { statement }]) => ({
    rule: { family: chain.family, table: chain.table, chain: chain.name, handle: 7, expr: [...statements, statement] },
  })),
})
const chains = fc.uniqueArray(chainModel, { selector: ({ family, table, name }) => `${family} ${table} ${name}` })

t.test('any chains are read with their rules, whether these follow each chain or all of them', async () => {
  fc.assert(
    fc.property(chains, fc.boolean(), (models, together) => {
      const objects = models.map(ofModel)
      const chainObjects = objects.map(({ chain }) => ({ chain }))
      const list = together
        ? [...chainObjects, ...objects.flatMap(({ rules }) => rules)]
        : objects.flatMap(({ chain, rules }) => [{ chain }, ...rules])
      const parsed = parseNftRuleset(ruleset(...list))
      equal(parsed?.hasIptablesRules, false)
      deepEqual(
        parsed?.chains.map(({ rules, steps, ...rest }) => ({
          ...rest,
          verdicts: rules.map(({ verdict }) => verdict),
          steps: steps.length,
        })),
        models.map(({ family, table, name, hook, prio, policy, rules }) => ({
          ...{ family, table, chain: name, certain: true },
          ...(hook ? { type: '', hook, priority: prio, policy } : { type: '', hook: '', priority: 0, policy: '' }),
          ...{ verdicts: rules.map(([, { verdict }]) => verdict), steps: rules.length },
        })),
      )
    }),
  )
})

t.test('what any verdict map of a table does, a rule that uses one may do', async () => {
  const verdict = verdictStatement.filter(({ statement }) => !('masquerade' in statement || 'reject' in statement))
  const map = fc.record({ table: fc.constantFrom('t', 'other'), verdicts: fc.array(verdict, { maxLength: 3 }) })
  const use = {
    rule: { family: 'inet', table: 't', chain: 'in', expr: [{ vmap: { key: { ct: { key: 'mark' } }, data: '@m' } }] },
  }
  const plain = { rule: { family: 'inet', table: 't', chain: 'in', expr: [{ accept: null }] } }
  fc.assert(
    fc.property(fc.array(map, { maxLength: 4 }), maps => {
      const objects = maps.map(({ table, verdicts }, index) => ({
        map: {
          family: 'inet',
          table,
          name: `m${index}`,
          map: 'verdict',
          elem: verdicts.map(({ statement }, key) => [key, statement]),
        },
      }))
      const own = maps.filter(({ table }) => table === 't').flatMap(({ verdicts }) => verdicts.map(one => one.verdict))
      const [used, accepts] = parseNftRuleset(ruleset(base(), ...objects, use, plain))?.chains[0]?.rules ?? []
      equal(
        used?.blocks,
        own.some(({ kind }) => kind === 'drop'),
      )
      deepEqual(
        used?.leadsTo,
        own.flatMap(({ chain }) => (chain === undefined ? [] : [chain])),
      )
      deepEqual([accepts?.blocks, accepts?.leadsTo], [false, []])
    }),
  )
})

t.test('a damaged rule set is none, or still one of chains that were there', async () => {
  const recorded = fixtureCommand('debian12-vm', 'nft-j')
  const real = `${recorded.slice(0, recorded.indexOf(', {"rule"', 4000))}]}`
  t.ok(parseNftRuleset(real)?.chains.length, 'it is one to begin with')
  fc.assert(
    fc.property(damaged(real), text => {
      const parsed = parseNftRuleset(text)
      if (parsed === undefined) return
      equal(parsed.chains.length <= text.split('"chain"').length + text.split('chain').length, true)
      deepEqual(
        parsed.chains.filter(({ priority }) => !Number.isSafeInteger(priority)),
        [],
      )
    }),
    { numRuns: 300 },
  )
})
