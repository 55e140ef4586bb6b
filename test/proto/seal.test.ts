import * as fc from 'fast-check'
import t from 'tap'
import * as z from 'zod'
import { decodeHostBytes } from '../../agent/host/decode.ts'
import { canonicalJson, facetDigest } from '../../proto/canonical.ts'
import {
  defineFacet,
  facetLimits,
  type JsonObject,
  type JsonValue,
  keyed,
  ordered,
  sortedSet,
} from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import {
  canonicalBody,
  compareRows,
  escapeHostText,
  listKeys,
  rowKey,
  sealAbsent,
  sealFailed,
  sealPresent,
} from '../../proto/seal.ts'
import { arbitraryFacts, arbitraryObservations } from '../arbitrary-facts.ts'
import { SmallFacet } from '../small-facet.ts'

const TestFacet = defineFacet({
  name: 'test-facet',
  version: 3,
  title: 'A facet for tests',
  facts: {
    rows: keyed(z.object({ name: z.string(), port: z.int(), note: z.string().optional() }), ['name', 'port']),
    tags: sortedSet(z.string()),
    numbers: sortedSet(z.int()),
    suites: ordered(z.string()).optional(),
  },
  observations: { count: z.int() },
})

const seal = (facts: Record<string, unknown>) => {
  const state = sealPresent(TestFacet, { rows: [], tags: [], numbers: [], gaps: [], ...facts }, { count: 0 })
  if (state.state !== 'present') throw new Error('not present')
  return state
}

t.test('text of different bytes stays different', async t => {
  const bytes = fc.uint8Array({ maxLength: 12 })
  const nasty = fc.array(fc.constantFrom(0x5c, 0x78, 0x66, 0x30, 0xff, 0xc3, 0xa9, 0xed, 0xa0, 0x80), { maxLength: 8 })
  const either = fc.oneof(
    bytes,
    nasty.map(items => Uint8Array.from(items)),
  )
  const written = (input: Uint8Array) => escapeHostText(decodeHostBytes(input))
  fc.assert(fc.property(either, either, (a, b) => Buffer.compare(a, b) === 0 || written(a) !== written(b)))
  fc.assert(fc.property(either, input => written(input).isWellFormed()))
  t.equal(written(Uint8Array.of(0xff, 0x5c)), '\\xff\\\\')
  t.equal(written(Buffer.from('\\xff')), '\\\\xff')
})

t.test('plain text stays as it is', async t => {
  t.equal(escapeHostText('grüße 😀\n'), 'grüße 😀\n')
  t.equal(escapeHostText('\ud800'), '\ufffd', 'half a surrogate pair stands for no byte')
})

t.test('rows and sets are sorted by key, numbers by value; a list with a meaning keeps its order', async t => {
  const { facts } = seal({
    rows: [
      { name: 'b', port: 9 },
      { name: 'b', port: 10 },
      { name: 'a', port: 100 },
    ],
    tags: ['z', 'a', 'z'],
    numbers: [10, 9, 100],
    suites: ['z', 'a', 'z'],
  })
  t.same(facts['rows'], [
    { name: 'a', port: 100 },
    { name: 'b', port: 9 },
    { name: 'b', port: 10 },
  ])
  t.same(facts['tags'], ['a', 'z'])
  t.same(facts['numbers'], [9, 10, 100])
  t.same(facts['suites'], ['z', 'a', 'z'])
})

t.test('two rows with one key are the fault of the probe', async t => {
  const twice = [
    { name: 'a', port: 1, note: 'x' },
    { name: 'a', port: 1, note: 'y' },
  ]
  t.throws(() => seal({ rows: twice }), /two rows share the key \(name, port\)/)
})

t.test('what breaks the schema is refused with the field', async t => {
  t.throws(() => seal({ rows: [{ name: 'a', port: 1.5 }] }), /rows/)
  t.throws(() => seal({ tags: [null] }), /tags/)
  t.throws(() => seal({ tags: undefined }), /tags/)
})

t.test('a field that is undefined is left out, and one that the schema does not know is dropped', async t => {
  const bare = seal({ rows: [{ name: 'a', port: 1 }] })
  const same = seal({ rows: [{ name: 'a', port: 1, note: undefined, secret: 'x' }], suites: undefined, more: 1 })
  t.same(same.facts, bare.facts)
  t.equal(same.digest, bare.digest)
  t.notOk(Object.hasOwn(same.facts, 'suites'))
})

t.test('host text is escaped everywhere, also in keys of rows', async t => {
  const { facts } = seal({ rows: [{ name: '\udcff', port: 1 }], tags: ['a\\b'] })
  t.same(facts['rows'], [{ name: '\\xff', port: 1 }])
  t.same(facts['tags'], ['a\\\\b'])
})

t.test('observations do not enter the digest', async t => {
  const facts = { rows: [], tags: [], numbers: [], gaps: [] }
  const [a, b] = [1, 2].map(count => sealPresent(TestFacet, facts, { count }))
  t.equal(a?.digest, b?.digest)
})

t.test('the digest is that of the canonical body, for every state', async t => {
  const states = [
    seal({}),
    sealAbsent(TestFacet, 'notInstalled', 'no such thing'),
    sealFailed(TestFacet, 'unreadable', 'EACCES', 'needs SYS_PTRACE'),
    sealFailed(TestFacet, 'error', 'timeout', 'after 10 s'),
  ]
  for (const state of states) {
    t.equal(state.digest, facetDigest('test-facet', 3, state.state, canonicalBody(state)), state.state)
  }
  t.equal(new Set(states.map(state => state.digest)).size, states.length)
})

t.test('details are escaped as facts are', async t => {
  const state = sealFailed(TestFacet, 'error', 'x', 'bad \udcff')
  t.match(state, { reason: { detail: 'bad \\xff' } })
})

for (const facet of facets) {
  t.test(`${facet.name}: sealing does not depend on the order in which rows were read, and is stable`, async t => {
    fc.assert(
      fc.property(arbitraryFacts(facet), arbitraryObservations(facet), (facts, observations) => {
        const once = sealPresent(facet, facts, observations)
        const shuffled = sealPresent(facet, turned(facet, facts), observations)
        return once.digest === shuffled.digest && canonicalBody(once) === canonicalBody(shuffled)
      }),
      { numRuns: 30 },
    )
    t.ok(listKeys(facet).has('gaps'))
  })
}

/** The same facts with every keyed list and set of the top level in reverse order. */
function turned(facet: (typeof facets)[number], facts: JsonObject): JsonObject {
  const keys = listKeys(facet)
  return Object.fromEntries(
    Object.entries(facts).map(([field, value]) => {
      return [field, keys.has(field) && Array.isArray(value) ? value.toReversed() : value]
    }),
  )
}

t.test('rows tie in order only when their keys are equal', async t => {
  const row = fc.record(
    { name: fc.constantFrom<JsonValue>('', 'a', '9', 9, 10, true), constructor: fc.constantFrom<JsonValue>('', 'a') },
    { requiredKeys: [] },
  ) as fc.Arbitrary<JsonObject>
  const key = ['name', 'constructor']
  fc.assert(fc.property(row, row, (a, b) => (compareRows(a, b, key) === 0) === (rowKey(a, key) === rowKey(b, key))))
  t.equal(rowKey({}, ['constructor', '__proto__']), '["",""]', 'what every object inherits is no field of a row')
  t.equal(rowKey('text', ['name']), canonicalJson(['']), 'a row that is no record has an empty key')
})

t.test('a facet larger than a collector takes is a failed one, with a digest of its own', async t => {
  const row = (name: string) => ({ name, value: 1 })
  const rows = Array.from({ length: 60_000 }, (_, index) => row(`${'x'.repeat(120)}${index}`))
  const large = sealPresent(SmallFacet, { rows, note: '', gaps: [] }, { seen: 1 })
  const limit = facetLimits.factsBytes
  t.match(large, {
    state: 'error',
    reason: { code: 'tooLarge', detail: `the facts of small are over the limit of ${limit} bytes` },
  })
  t.equal(
    sealPresent(SmallFacet, { rows: rows.slice(0, 59_000), note: '', gaps: [] }, { seen: 1 }).digest,
    large.digest,
  )
  t.equal(sealPresent(SmallFacet, { rows: rows.slice(0, 20_000), note: '', gaps: [] }, { seen: 1 }).state, 'present')
})
