// A comparison for a person: facets in order, signs and colours, nothing that moves a cursor.
import t from 'tap'
import type { FacetState } from '../../proto/facet.ts'
import { createDiffReport, type DiffInput, renderDiffJson } from '../../report/diff-report.ts'
import { renderDiffTable } from '../../report/diff-table.ts'
import { SmallFacet, smallState } from '../small-facet.ts'

const plain = { width: 80, paint: (_: string, text: string) => text }

function side(file: string, states: readonly FacetState[]): DiffInput['before'] {
  const about = { agentVersion: '1.2.3', readAt: '2026-11-22T00:00:00.000Z', root: '/', live: true }
  return { file, ...about, hostDigest: 'sha256:0', states }
}

function reportOf(before: readonly FacetState[], after: readonly FacetState[], file = 'b.json') {
  const tool = { name: 'gabion-agent', version: '1.2.3' }
  return createDiffReport({ tool, before: side('a.json', before), after: side(file, after), facets: [SmallFacet] })
}

const foreign = (name: string, digest: string): FacetState => ({ ...smallState({}), facet: name, digest })

t.test('each change is a line with its sign, unknown facets come last and are compared as a whole', async t => {
  const report = reportOf(
    [smallState({ a: 1, b: 1 }), foreign('zebra', 'x'), foreign('lost', 'x')],
    [smallState({ b: 2, c: 3 }), foreign('zebra', 'y'), foreign('apple', 'x')],
  )
  t.equal(
    renderDiffTable(report, plain),
    `from a host  a.json, read 2026-11-22T00:00:00.000Z by gabion-agent 1.2.3
to   a host  b.json, read 2026-11-22T00:00:00.000Z by gabion-agent 1.2.3

small
  - rows a removed
  + rows c added
  ~ rows b value changed from 1 to 2

apple  (not known to this version: compared as a whole)
  + apple was read in b.json only

lost  (not known to this version: compared as a whole)
  - lost was read in a.json only

zebra  (not known to this version: compared as a whole)
  ~ zebra changed

4 facets differ: 2 added, 2 removed, 2 changed
`,
  )
})

t.test('equal sides say so', async t => {
  const report = reportOf([smallState({ a: 1 }, '', 1)], [smallState({ a: 1 }, '', 2)])
  t.equal(report.equal, true)
  t.match(renderDiffTable(report, plain), /\n\nNo facet differs\.\n$/)
})

t.test('colours are of the kind of change', async t => {
  const paint = (style: string, text: string) => `<${style}>${text}</${style}>`
  const text = renderDiffTable(reportOf([smallState({ a: 1 })], [smallState({ b: 1 })]), { width: 80, paint })
  t.match(text, '<red>  - rows a removed</red>')
  t.match(text, '<green>  + rows b added</green>')
})

t.test('names of a hostile host and file move nothing, in the table or in JSON', async t => {
  const evil = 'x\u001b[2J\u202e\nfake'
  const report = reportOf([smallState({ [evil]: 1 }), foreign(evil, 'x')], [smallState({ [evil]: 2 })], evil)
  const table = renderDiffTable(report, plain)
  t.notMatch(table, /[\u001b\u202e]/)
  t.notMatch(table, /^fake/m)
  t.notMatch(JSON.stringify(JSON.parse(renderDiffJson(report)).facets[0].changes[0].text), /\u001b|\\u001b/)
  t.match(JSON.parse(renderDiffJson(report)), { diffVersion: 1, equal: false, facets: [{ facet: 'small' }, {}] })
})
