// Holds the fast evaluation of expressions against CEL's own: the same results for odd facts, errors and all.
import { Environment } from '@marcbachmann/cel-js'
import t from 'tap'
import * as z from 'zod'
import { type CelEnvironment, createCelEnvironment } from '../../policy/cel-environment.ts'
import { compileClosure } from '../../policy/closure.ts'
import { registerFacets } from '../../policy/facet-view.ts'
import { parametersType } from '../../policy/parameters.ts'
import { defineFacet, type FacetState, type JsonObject, keyed } from '../../proto/facet.ts'
import { sealPresent } from '../../proto/seal.ts'

const now = new Date('2026-06-15T12:00:00Z')
const Box = z.object({ lid: z.enum(['open', 'shut']), weight: z.int().optional() })
const ThingFacet = defineFacet({
  name: 'thing',
  version: 1,
  title: 'A thing',
  facts: {
    name: z.string(),
    count: z.int(),
    on: z.boolean(),
    words: z.array(z.string()),
    numbers: z.array(z.int()),
    box: Box.optional(),
    rows: keyed(z.object({ name: z.string(), value: z.int(), box: Box }), ['name']),
  },
  observations: { seen: z.int() },
})
const row = (name: string, value: number, weight: number) => ({ name, value, box: { lid: 'open', weight } })
const plain: JsonObject = {
  ...{ name: 'a/b', count: 5, on: true, words: ['x', 'y', 'x'], numbers: [1, 2, 2], box: { lid: 'open', weight: 3 } },
  ...{ rows: [row('r', 1, 1), row('s', 9, 2)], gaps: [] },
}
const defaults: JsonObject = { limit: 3, names: ['x', 'r'], ports: [1, 5], mode: '0640', strict: false }

/** Facts that an expression is held against, each of them odd in one way. */
const variants = [
  plain,
  { ...plain, count: 0, on: false, words: [], numbers: [], rows: [], name: '' },
  { ...plain, count: 9_007_199_254_740_991 },
  { ...plain, count: 9_007_199_254_740_992 },
  { ...plain, count: 1.5, numbers: [1.5, 'x'] },
  { ...plain, name: 7, words: ['x', 1], rows: [{ name: 'r' }, 'no row', null] },
  { ...plain, rows: [row('s', 9, 2), { ...row('r', 1, 1), value: 'x' }, row('t', 2, 1)] },
  { ...plain, rows: [{ ...row('r', 1, 1), box: { lid: 'open' } }] },
  Object.fromEntries(Object.entries(plain).filter(([key]) => key !== 'box' && key !== 'count')),
  { ...plain, box: [], words: 'x', rows: {}, numbers: null },
] as readonly unknown[] as readonly JsonObject[]

const compiled: readonly (readonly ['bool' | 'list<string>' | 'value', string])[] = [
  ['bool', 'thing.on && thing.count > 3 || !thing.on'],
  ['bool', 'thing.count < 3 || thing.name == "a/b"'],
  ['bool', 'thing.count > 3 && thing.name != "a"'],
  ['bool', 'thing.count >= params.limit && thing.count <= 100 && -thing.count < 0'],
  ['bool', 'thing.name in params.names || "x" in thing.words || thing.count in params.ports'],
  ['bool', 'thing.numbers.exists(n, n * 2 + 1 - 1 == 4)'],
  ['bool', 'thing.count + thing.count > 0 && thing.count * thing.count != 1'],
  ['bool', 'thing.rows.all(r, r.value < 10 && r.box.lid == "open")'],
  ['bool', 'thing.rows.exists(r, r.value == 9)'],
  ['bool', 'thing.rows.exists(r, r.value == 1 || thing.rows.exists(s, s.value > r.value))'],
  ['bool', 'has(thing.box) && has(thing.box.weight) && thing.box.weight > 2'],
  ['bool', 'thing.rows.all(r, has(r.box.weight) && r.box.weight < 5)'],
  ['bool', 'thing.name.startsWith("a") && thing.name.endsWith("b") && thing.name.contains("/")'],
  ['bool', 'thing.name.matches("^[a-z]/") || thing.name.lowerAscii() == thing.name'],
  ['bool', 'modeWithin(params.mode, "0644") && octal("0644") == 420 && bitAnd(thing.count, 4) == 4'],
  ['bool', 'versionAtLeast("1.30." + string(thing.count), "1.30.2")'],
  ['bool', 'thing.on == thing.rows.exists(r, r.name == "r") && thing.on != params.strict'],
  ['bool', 'int(thing.name.split("/")[0]) == 1'],
  ['bool', 'addressScope("10.0.0.1") == "private" && duplicates(thing.words).size() == 1'],
  ['bool', 'thing.count == 5 ? thing.on : unknown("nobody knows")'],
  ...['<', '<=', '>', '>='].flatMap(operator =>
    ['2026-06-15T12:00:00Z', '2026-06-16', '2020-01-01'].flatMap(moment => [
      ['bool', `now ${operator} date("${moment}")`] as const,
      ['bool', `date("${moment}") ${operator} now`] as const,
    ]),
  ),
  ['bool', 'thing.words.exists(w, w == "y" && now < date("2027-01-01")) || now < date("2026-07-01")'],
  ['list<string>', 'thing.rows.filter(r, r.value > 1).map(r, r.name + " " + string(r.value) + string(thing.on))'],
  ['list<string>', 'thing.words + ["y"] + duplicates(thing.words)'],
  ['list<string>', '[]'],
  ['list<string>', 'thing.words.filter(w, w != "y").map(w, thing.words.map(v, v + w).join(","))'],
  ['list<string>', 'cel.bind(w, thing.words.filter(x, x != "y"), w.size() > 0 ? w : ["none"])'],
  ['value', 'thing.count'],
  ['value', 'thing.numbers.map(n, n + 1)'],
  ['value', 'duplicates(thing.numbers)'],
  ['value', 'thing.rows.size()'],
  ['value', 'thing.rows[1].name'],
  ['value', 'thing.observations.seen'],
  ['value', 'params.limit'],
]

/** What only CEL's own evaluator knows. */
const left: readonly (readonly ['bool' | 'list<string>' | 'value', string])[] = [
  ['bool', 'now > date("2026-01-01") + duration("1h")'],
  ['bool', 'daysSince("2026-01-01") > 3'],
  ['bool', 'thing.rows.exists_one(r, r.value == 1)'],
  ['bool', 'thing.words == ["x"]'],
  ['bool', 'thing.count % 2 == 1'],
  ['bool', 'size(thing.name) == 3'],
  ['bool', 'thing.count == 9223372036854775807'],
]

const environments = [false, true].map(interpreted => {
  const made = createCelEnvironment([ThingFacet], interpreted)
  made.clock.nowMs = now.getTime()
  return made.withParameters(defaults)
})

type Present = FacetState & { readonly state: 'present' }

function answer(environment: CelEnvironment, type: 'bool' | 'list<string>' | 'value', source: string) {
  const expression = environment.compile(source, type)
  const params = environment.parameters(defaults)
  return (facts: JsonObject): unknown => {
    const state = { ...sealPresent(ThingFacet, plain, { seen: 4 }), facts } as FacetState & {
      readonly state: 'present'
    }
    try {
      environment.clock.changesAtMs = Number.POSITIVE_INFINITY
      const value = expression.evaluate({ now: environment.now, params, thing: environment.view(state, 'thing') })
      return [value, environment.clock.changesAtMs]
    } catch (error) {
      return [expression.missingField(error), error instanceof Error ? error.message : error]
    }
  }
}

const types = new Map([
  ...registerFacets(new Environment(), [ThingFacet]).types,
  ['params', parametersType({ limit: 'int', names: '', ports: '', mode: '', strict: '' })] as const,
])

const [quick, thorough] = environments
if (!quick || !thorough) throw new Error('two environments were made')

for (const [type, source] of [...compiled, ...left]) {
  t.test(`evaluated alike: ${source}`, t => {
    const closure = compileClosure(quick.compile(source, type).ast, types)
    t.equal(
      closure !== undefined,
      compiled.some(([, one]) => one === source),
      'done fast where it can be',
    )
    const [ours, theirs] = [answer(quick, type, source), answer(thorough, type, source)]
    t.same(ours(plain), theirs(plain), 'the first time')
    for (const facts of variants) t.same(ours(facts), theirs(facts), JSON.stringify(facts))
    if (closure && !source.startsWith('int(')) {
      const state = { ...sealPresent(ThingFacet, plain, { seen: 4 }), facts: plain } as Present
      const variables = { now: quick.now, params: quick.parameters(defaults), thing: quick.view(state, 'thing') }
      quick.clock.changesAtMs = Number.POSITIVE_INFINITY
      t.same([closure(variables), quick.clock.changesAtMs], theirs(plain), 'the fast way decides by itself')
    }
    t.end()
  })
}
