// Questions to facts: values of every kind as JSON, what is not known said so, mistakes with their place.
import t from 'tap'
import { createFactQueries } from '../../policy/fact-query.ts'
import type { FacetState } from '../../proto/facet.ts'
import { sealAbsent, sealFailed, sealPresent } from '../../proto/seal.ts'
import { SmallFacet, smallState } from '../small-facet.ts'

const queries = createFactQueries([SmallFacet])
const ask = (expression: string, state: FacetState | undefined = smallState({ a: 1, b: 20 }, 'a note')) =>
  queries.compile(expression).answer(new Map(state ? [['small', state]] : []), Date.UTC(2026, 10, 22))

t.test('values are plain JSON', async t => {
  for (const [expression, value] of [
    ['small.note == "a note"', true],
    ['small.rows.exists(row, row.value > 10)', true],
    ['small.rows.all(row, row.value > 10)', false],
    ['small.rows.map(row, row.name)', ['a', 'b']],
    ['small.rows.filter(row, row.value > 10)', [{ name: 'b', value: 20 }]],
    ['small.rows[0].value + 1', 2],
    ['{"rows": size(small.rows), "first": small.rows[0].value}', { rows: 2, first: 1 }],
    ['now > date("2026-01-01")', true],
  ] as const) {
    t.same(ask(expression), { state: 'value', value, validUntilMs: Number.POSITIVE_INFINITY }, expression)
  }
  t.same(queries.compile('small.note').facets, ['small'])
})

t.test('an answer holds until time may change it, whatever in the expression reads the clock', async t => {
  const midnight = Date.UTC(2026, 10, 23)
  for (const [expression, validUntilMs] of [
    ['now > date("2026-11-23")', midnight + 1],
    ['daysSince("2026-11-20") > 90', midnight],
    ['small.note == "now"', Number.POSITIVE_INFINITY],
  ] as const) {
    t.match(ask(expression), { validUntilMs }, expression)
  }
})

t.test('of a list that may lack rows, what was found is told, and that nothing was is not known', async t => {
  const gap = {
    field: 'rows',
    effect: 'incomplete',
    source: '/etc/rows.d',
    state: 'unreadable',
    detail: 'EACCES',
  } as const
  const facts = { rows: [{ name: 'a', value: 1 }], note: '', gaps: [gap] }
  const state = sealPresent(SmallFacet, facts, { seen: 0 })
  const why = /small\.rows is incomplete: \/etc\/rows\.d unreadable \(EACCES\)/
  t.match(ask('small.rows.exists(r, r.value == 1)', state), { state: 'value', value: true, incomplete: why })
  t.match(ask('small.rows.map(r, r.name)', state), { state: 'value', value: ['a'], incomplete: why })
  t.match(ask('small.rows.exists(r, r.value == 9)', state), { state: 'unknown', reason: why })
  t.notOk('incomplete' in ask('small.note == ""', state), 'what it does not read does not matter')
})

t.test('what is not known of a host is said, and never taken for false', async t => {
  t.match(ask('small.note == ""', sealAbsent(SmallFacet, 'notInstalled', 'no small')), {
    ...{ state: 'unknown', reason: /not installed/ },
  })
  t.match(ask('small.note == ""', sealFailed(SmallFacet, 'unreadable', 'EACCES', '')), {
    state: 'unknown',
    reason: /EACCES/,
  })
  t.match(queries.compile('small.note == ""').answer(new Map(), 0), { state: 'unknown', reason: /did not send it/ })
  t.match(ask('small.rows[7].value == 1'), { state: 'unknown', reason: /evaluation failed/ })
  const long = sealPresent(SmallFacet, { rows: [], note: 'x'.repeat(30_000), gaps: [] }, { seen: 0 })
  t.match(ask('small.note', long), { state: 'unknown', reason: /more than 20000 characters/ })
})

t.test('a whole facet is its facts, without what moves by itself', async t => {
  const state = smallState({ a: 1 }, 'n', 7)
  const facts = { rows: [{ name: 'a', value: 1 }], note: 'n', gaps: [] }
  const query = queries.compile('small')
  // The second answer is the fast way's.
  for (const way of ['first', 'second']) {
    const answer = query.answer(new Map([['small', state]]), 0)
    t.same(answer, { state: 'value', value: facts, validUntilMs: Number.POSITIVE_INFINITY }, way)
  }
})

t.test('mistakes are told with their place', async t => {
  for (const [expression, message] of [
    ['small.', /line 1, column \d+/],
    ['small.nothing == 1', /nothing/],
    ['tiny.note == ""', /tiny/],
    ['small.note ==\n  smal.note', /line 2, column \d+/],
    ['small.observations.seen > 1', /questions are about facts/],
  ] as const) {
    t.throws(() => queries.compile(expression), { name: 'PolicyError', problems: [{ message }] }, expression)
  }
})
