// Few that differ from many: whose difference it is, and that what divides evenly sets nobody apart.
import * as fc from 'fast-check'
import t from 'tap'
import { findOutliers, outlierWords } from '../../policy/outliers.ts'
import { createParts } from '../../policy/parts.ts'
import type { JsonObject } from '../../proto/facet.ts'
import { SmallFacet } from '../small-facet.ts'

const facts = (rows: Readonly<Record<string, number>>, note = ''): JsonObject => ({
  ...{ rows: Object.entries(rows).map(([name, value]) => ({ name, value })), note, gaps: [] },
})

interface Given {
  readonly facts: JsonObject
  readonly hosts: number
}

function find(groups: readonly Given[], limit = 100) {
  const parts = createParts(SmallFacet)
  const { typical, found, outliers } = findOutliers(
    parts,
    groups.map(({ facts, hosts }) => ({ parts: parts.of(facts), hosts })),
    limit,
  )
  const told = outliers.map(({ trait, groups: places, reference, has, hosts }) => {
    const [before, after] = [groups[reference]?.facts, groups[places[0] ?? -1]?.facts]
    const change = before && after && outlierWords(SmallFacet, { trait, has }, before, after)
    return { field: change?.field, key: change?.key, text: change?.text, hosts, groups: places }
  })
  return { typical, found, outliers: told }
}

t.test('rows that few have, lack or have otherwise', async t => {
  const groups = [
    { facts: facts({ a: 1, b: 1 }), hosts: 47 },
    { facts: facts({ a: 1, b: 1, c: 1 }), hosts: 1 },
    { facts: facts({ a: 1 }), hosts: 1 },
    { facts: facts({ a: 1, b: 9 }), hosts: 1 },
  ]
  const { typical, found, outliers } = find(groups)
  t.equal(typical, 0)
  t.equal(found, 3)
  t.same(
    outliers.map(({ text, hosts, groups: places }) => [text, hosts, places]),
    [
      ['rows b removed', 1, [2]],
      ['rows c added', 1, [1]],
      ['rows b value changed from 1 to 9', 1, [3]],
    ],
  )
})

t.test('hosts that all differ in one thing are held against what the others have in common', async t => {
  const own = (index: number) => ({ [`own${index}`]: index })
  const groups = Array.from({ length: 20 }, (_, index) => ({
    facts: facts({ common: index === 7 ? 2 : 1, ...own(index), ...(index === 3 ? {} : { everywhere: 1 }) }),
    hosts: 1,
  }))
  const { typical, outliers } = find(groups)
  t.ok(typical !== 3 && typical !== 7)
  t.match(
    outliers.filter(({ key }) => key?.includes('common')),
    [{ text: 'rows common value changed from 1 to 2', groups: [7], hosts: 1 }],
  )
  t.match(
    outliers.filter(({ key }) => key?.includes('everywhere')),
    [{ text: 'rows everywhere removed', groups: [3], hosts: 1 }],
  )
  t.match(
    outliers.filter(({ key }) => key?.includes(`own${typical}`)),
    [{ text: `rows own${typical} added`, groups: [typical] }],
    'what only the typical one has is its own',
  )
})

t.test('what divides hosts evenly sets nobody apart, and one host has nobody to differ from', async t => {
  const halves = [
    { facts: facts({ a: 1 }), hosts: 5 },
    { facts: facts({ a: 2 }), hosts: 5 },
  ]
  t.same(find(halves).outliers, [])
  t.same(find([{ facts: facts({ a: 1 }), hosts: 1 }]), { typical: 0, found: 0, outliers: [] })
  t.same(find([]), { typical: -1, found: 0, outliers: [] })
})

t.test('the rarest are told first, and all are counted', async t => {
  const groups = [
    { facts: facts({ a: 1 }), hosts: 90 },
    { facts: facts({ a: 1, two: 1 }), hosts: 2 },
    { facts: facts({ a: 1, one: 1 }), hosts: 1 },
    { facts: facts({ a: 1 }, 'other'), hosts: 1 },
  ]
  const { found, outliers } = find(groups, 2)
  t.equal(found, 3)
  t.same(outliers.map(({ text }) => text).sort(), ['rows one added', 'small note changed from (empty) to other'])
})

t.test('where most hosts have rows of their own, what few lack comes before these', async t => {
  const groups = Array.from({ length: 10 }, (_, index) => ({
    facts: facts({ [`own${index}`]: index, ...(index === 3 ? {} : { common: 1 }) }, `note ${index}`),
    hosts: 1,
  }))
  const { found, outliers } = find(groups, 2)
  t.equal(found, 11, 'notes that are all different are none')
  t.same(
    outliers.map(({ text }) => text),
    ['rows common removed', 'rows own0 added'],
  )
})

t.test('of any hosts, an outlier names few of them in words, and never those that are all alike', async t => {
  const rows = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 2 }))
  fc.assert(
    fc.property(fc.array(fc.record({ rows, hosts: fc.integer({ min: 1, max: 9 }) }), { maxLength: 12 }), given => {
      const groups = given.map(one => ({ facts: facts(one.rows), hosts: one.hosts }))
      const all = groups.reduce((sum, { hosts }) => sum + hosts, 0)
      const { outliers, found } = find(groups)
      for (const { hosts, groups: places, text } of outliers) {
        const counted = places.reduce((sum, place) => sum + (groups[place]?.hosts ?? Number.NaN), 0)
        if (counted !== hosts || hosts > all * 0.34 || new Set(places).size !== places.length || !text) return false
      }
      return found === outliers.length && (found === 0 || new Set(given.map(one => JSON.stringify(one.rows))).size > 1)
    }),
  )
  t.pass('for any groups')
})
