// Few that differ from many: whose difference it is, and that what divides evenly sets nobody apart.
import * as fc from 'fast-check'
import t from 'tap'
import { findOutliers } from '../../policy/outliers.ts'
import type { JsonObject } from '../../proto/facet.ts'
import { SmallFacet } from '../small-facet.ts'

const facts = (rows: Readonly<Record<string, number>>, note = ''): JsonObject => ({
  ...{ rows: Object.entries(rows).map(([name, value]) => ({ name, value })), note, gaps: [] },
})

t.test('rows that few have, lack or have otherwise', async t => {
  const groups = [
    { facts: facts({ a: 1, b: 1 }), hosts: 47 },
    { facts: facts({ a: 1, b: 1, c: 1 }), hosts: 1 },
    { facts: facts({ a: 1 }), hosts: 1 },
    { facts: facts({ a: 1, b: 9 }), hosts: 1 },
  ]
  const { typical, outliers } = findOutliers(SmallFacet, groups)
  t.equal(typical, 0)
  t.same(
    outliers.map(({ field, hosts, groups: places }) => ({ field, hosts, groups: places })),
    [
      { field: 'rows', hosts: 1, groups: [2] },
      { field: 'rows.value', hosts: 1, groups: [3] },
      { field: 'rows', hosts: 1, groups: [1] },
    ],
  )
  t.match(outliers.map(({ text }) => text).join('; '), /b/)
})

t.test('hosts that all differ in one thing are held against what the others have in common', async t => {
  const own = (index: number) => ({ [`own${index}`]: index })
  const groups = Array.from({ length: 20 }, (_, index) => ({
    facts: facts({ common: index === 7 ? 2 : 1, ...own(index), ...(index === 3 ? {} : { everywhere: 1 }) }),
    hosts: 1,
  }))
  const { typical, outliers } = findOutliers(SmallFacet, groups)
  t.ok(typical !== 3 && typical !== 7)
  t.match(
    outliers.filter(({ key }) => key?.includes('common')),
    [{ field: 'rows.value', groups: [7], hosts: 1 }],
  )
  t.match(
    outliers.filter(({ key }) => key?.includes('everywhere')),
    [{ groups: [3], hosts: 1 }],
  )
})

t.test('what divides hosts evenly sets nobody apart, and one host has nobody to differ from', async t => {
  const halves = [
    { facts: facts({ a: 1 }), hosts: 5 },
    { facts: facts({ a: 2 }), hosts: 5 },
  ]
  t.same(findOutliers(SmallFacet, halves).outliers, [])
  t.same(findOutliers(SmallFacet, [{ facts: facts({ a: 1 }), hosts: 1 }]), { typical: 0, outliers: [] })
  t.same(findOutliers(SmallFacet, []), { typical: -1, outliers: [] })
})

t.test('of any hosts, an outlier names few of them, and never those that are all alike', async t => {
  const rows = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 2 }))
  fc.assert(
    fc.property(fc.array(fc.record({ rows, hosts: fc.integer({ min: 1, max: 9 }) }), { maxLength: 12 }), given => {
      const groups = given.map(one => ({ facts: facts(one.rows), hosts: one.hosts }))
      const all = groups.reduce((sum, { hosts }) => sum + hosts, 0)
      const { outliers } = findOutliers(SmallFacet, groups)
      for (const { hosts, groups: places } of outliers) {
        const counted = places.reduce((sum, place) => sum + (groups[place]?.hosts ?? Number.NaN), 0)
        if (counted !== hosts || hosts > all * 0.34 || new Set(places).size !== places.length) return false
      }
      return outliers.length === 0 || new Set(groups.map(group => JSON.stringify(group.facts))).size > 1
    }),
  )
  t.pass('for any groups')
})
