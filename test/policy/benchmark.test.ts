import { join } from 'node:path'
import t from 'tap'
import { type Benchmark, coverageOf, coverageProblems, parseBenchmark } from '../../policy/benchmark.ts'
import type { Check } from '../../policy/check.ts'
import { PolicyError, problemLine } from '../../policy/policy-error.ts'
import { readBenchmarks } from '../../scripts/generators/benchmarks.ts'
import { profilesOf, readCatalog } from '../../scripts/generators/catalog.ts'

const root = join(import.meta.dirname, '../..')
const sources = readCatalog(root)
const checks = sources.checks.flatMap(file => file.items)
const profiles = profilesOf(sources)
const benchmarks = readBenchmarks(root)

t.test('every item of every list has a check or a reason, every reference an item', async t => {
  t.same(coverageProblems(benchmarks, checks, profiles).map(problemLine), [])
})

t.test('references lead to lists, or to MITRE ATT&CK', async t => {
  const known = new Set(benchmarks.map(benchmark => benchmark.source))
  for (const check of checks) {
    for (const { source, version, id } of check.references) {
      if (source !== 'mitre-attack') t.ok(known.has(source), `${check.id}: ${source} is a list`)
      else t.match(`${version}${id}`, /^T\d{4}(\.\d{3})?$/, `${check.id}: a technique`)
    }
  }
})

t.test('a profile of a benchmark answers each item of its version and sections, and nothing else', async t => {
  const parts = [
    ['cis-kubernetes-worker', /^4\./],
    ['cis-kubernetes-control-plane', /^[123]\./],
  ] as const
  const [list] = benchmarks.filter(({ source }) => source === 'cis-kubernetes')
  for (const version of list?.versions ?? []) {
    for (const [name, section] of parts) {
      const profile = profiles.find(({ id }) => id === `${name}@${version}`)
      const mine = checks.filter(({ id }) => profile?.checks.includes(id))
      const refers = (check: Check, id: RegExp) =>
        check.references.some(at => at.source === list?.source && at.version === version && id.test(at.id))
      t.same(
        mine.filter(check => !refers(check, section)).map(({ id }) => id),
        [],
        `${name}@${version}: each check answers an item`,
      )
      const items = (list?.sections ?? []).flatMap(({ items }) => items)
      const asked = items.filter(item => {
        return section.test(item.id) && (item.versions ?? list?.versions)?.includes(version) && item.none === undefined
      })
      t.same(
        asked.filter(({ id }) => !mine.some(check => refers(check, new RegExp(`^${id.replaceAll('.', '\\.')}$`)))),
        [],
        `${name}@${version}: each item is answered`,
      )
    }
  }
})

const list: Benchmark = {
  ...{ source: 'list', title: 'A list', about: 'About it.', versions: ['1', '2'], reasons: { why: 'Because.' } },
  sections: [
    {
      title: 'One',
      items: [
        { id: '1.1', text: 'First', kind: 'automated' },
        { id: '1.2', text: 'Second', kind: 'manual', versions: ['2'], checks: ['b-*'] },
        { id: '1.3', text: 'Third', kind: 'manual', none: 'why' },
      ],
    },
  ],
}

function check(id: string, ...references: readonly (readonly [version: string, id: string])[]): Check {
  return {
    ...{
      id,
      title: id,
      severity: 'low',
      manual: 'Look.',
      rationale: 'A.',
      remediation: 'B.',
      parameters: {},
      tests: [],
    },
    references: references.map(([version, at]) => ({ source: 'list', version, id: at })),
  }
}

t.test('items are answered by references and by names', async t => {
  const [section] = coverageOf(list, [check('a', ['1', '1.1']), check('b-one'), check('b-two')], [])
  t.same(
    section?.items.map(({ item, versions, checks }) => [item.id, versions, checks.map(({ id }) => id)]),
    [
      ['1.1', ['1', '2'], ['a']],
      ['1.2', ['2'], ['b-one', 'b-two']],
      ['1.3', ['1', '2'], []],
    ],
  )
})

t.test('what does not fit is told', async t => {
  const lines = (benchmark: Benchmark, ...items: readonly Check[]) =>
    coverageProblems([benchmark], items, [
      { id: 'p', title: 'P', appliesTo: 'true', checks: ['b-one'], parameters: {} },
    ]).map(problemLine)
  t.same(lines(list, check('a', ['1', '1.1'], ['1', '1.2'], ['3', '1.1'])), [
    'benchmark list, 1.2: has neither a check nor a reason for none',
    'benchmark list, 1.2: there is no check "b-*"',
    'check a, references: list 1 has no 1.2',
    'check a, references: list 3 has no 1.1',
  ])
  t.same(lines(list, check('a', ['1', '1.1']), check('b-one', ['2', '1.3'])), [
    'benchmark list, 1.3: has a check and a reason for none',
  ])
  t.same(lines({ ...list, profile: 'p', reasons: { wyh: 'Because.' } }, check('a', ['1', '1.1']), check('b-one')), [
    'benchmark list, 1.3: there is no reason "why", did you mean "wyh"?',
    'benchmark list, reasons: nothing uses "wyh"',
  ])
  const [section] = list.sections
  const twice = { ...list, sections: [...list.sections, ...(section ? [section] : [])] }
  t.match(lines(twice, check('a', ['1', '1.1']), check('b-one')), ['benchmark list, 1.1: stands twice'])
})

t.test('a list that is none is refused with its place', async t => {
  const refusal = (text: string) => {
    try {
      parseBenchmark(text, 'a.yaml')
      return 'accepted'
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error
      return error.message
    }
  }
  t.match(refusal('source: a\n'), /a\.yaml: title: /)
  t.match(refusal('sections: [\n'), /a\.yaml: /)
  t.match(refusal('- a\n'), /a\.yaml: .*expected object/)
})
